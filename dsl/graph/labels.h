// The words of a picture: short enough to be read in it.
#ifndef STAGECRAFT_DSL_GRAPH_LABELS_H_
#define STAGECRAFT_DSL_GRAPH_LABELS_H_

#include <string>
#include <string_view>
#include <vector>

#include "dsl/graph/rule_graph.h"

namespace stagecraft::graph {

// Lines of what stands in a node, and at an edge: the first reasons, then "+3 more".
std::vector<std::string> NodeLines(const Node& node);
std::vector<std::string> EdgeLines(const Edge& edge);

// What stands under the whole picture; empty when there is nothing to say.
std::string Caption(const RuleGraph& graph);

// "start", "process", "outcome"; empty for kNone.
std::string_view GroupName(ir::OptionGroup group);

// The nodes of each group in the order of the graph, by ir::OptionGroup.
std::vector<std::vector<std::uint32_t>> NodesByGroup(const RuleGraph& graph);

// True iff the edge leads back to an option that stands before, or beside, where it comes from.
bool LeadsBack(const RuleGraph& graph, const Edge& edge);

}  // namespace stagecraft::graph

#endif  // STAGECRAFT_DSL_GRAPH_LABELS_H_
