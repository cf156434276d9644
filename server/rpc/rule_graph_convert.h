// Rule graphs to their message on the wire.
#ifndef STAGECRAFT_SERVER_RPC_RULE_GRAPH_CONVERT_H_
#define STAGECRAFT_SERVER_RPC_RULE_GRAPH_CONVERT_H_

#include <string>

#include "dsl/graph/rule_graph.h"
#include "runtime/model/status.h"
#include "stagecraft/v1/rule_graph.pb.h"
#include "stagecraft/v1/script_service.pb.h"

namespace stagecraft::server {

namespace v1 = ::stagecraft::v1;

void FillRuleGraph(const graph::RuleGraph& graph, v1::RuleGraph& out);

// The graph in the format; empty for RULE_GRAPH_FORMAT_UNSPECIFIED. As DrawSvg for SVG; INVALID_ARGUMENT for a format that is none.
runtime::Result<std::string> RenderRuleGraph(const graph::RuleGraph& graph, v1::RuleGraphFormat format);

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_RPC_RULE_GRAPH_CONVERT_H_
