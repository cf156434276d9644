// The graph that a person asks for by name.
#ifndef STAGECRAFT_DSL_GRAPH_CHOOSE_H_
#define STAGECRAFT_DSL_GRAPH_CHOOSE_H_

#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "dsl/graph/rule_graph.h"

namespace stagecraft::graph {

// `of`: a property with options, by name or internal name, or "rules". The error is a line for the user.
tl::expected<RuleGraph, std::string> MakeGraph(const ir::Program& program, std::string_view of);

}  // namespace stagecraft::graph

#endif  // STAGECRAFT_DSL_GRAPH_CHOOSE_H_
