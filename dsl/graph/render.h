// A rule graph as text for the tools that draw it.
#ifndef STAGECRAFT_DSL_GRAPH_RENDER_H_
#define STAGECRAFT_DSL_GRAPH_RENDER_H_

#include <string>

#include "dsl/graph/rule_graph.h"

namespace stagecraft::graph {

// For Graphviz (`dot -Tsvg`): groups as clusters, options from left to right in their order.
std::string RenderDot(const RuleGraph& graph);
// For Mermaid, as GitHub, GitLab and Notion draw it in Markdown.
std::string RenderMermaid(const RuleGraph& graph);

}  // namespace stagecraft::graph

#endif  // STAGECRAFT_DSL_GRAPH_RENDER_H_
