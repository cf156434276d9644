#include "server/rpc/rule_graph_convert.h"

#include "dsl/graph/render.h"
#include "runtime/picture/draw_svg.h"
#include "server/rpc/limits.h"
#include "server/rpc/status_map.h"

namespace stagecraft::server {
namespace {

v1::RuleGraphNodeKind KindOf(graph::Node::Kind kind) {
  switch (kind) {
    case graph::Node::Kind::kOption:
      return v1::RULE_GRAPH_NODE_KIND_OPTION;
    case graph::Node::Kind::kAny:
      return v1::RULE_GRAPH_NODE_KIND_ANY;
    case graph::Node::Kind::kUnset:
      return v1::RULE_GRAPH_NODE_KIND_UNSET;
    case graph::Node::Kind::kRule:
      return v1::RULE_GRAPH_NODE_KIND_RULE;
    case graph::Node::Kind::kSequence:
      return v1::RULE_GRAPH_NODE_KIND_SEQUENCE;
    case graph::Node::Kind::kSla:
      return v1::RULE_GRAPH_NODE_KIND_SLA;
  }
  return v1::RULE_GRAPH_NODE_KIND_UNSPECIFIED;
}

v1::RuleGraphGroup GroupOf(ir::OptionGroup group) {
  switch (group) {
    case ir::OptionGroup::kNone:
      return v1::RULE_GRAPH_GROUP_UNSPECIFIED;
    case ir::OptionGroup::kStart:
      return v1::RULE_GRAPH_GROUP_START;
    case ir::OptionGroup::kProcess:
      return v1::RULE_GRAPH_GROUP_PROCESS;
    case ir::OptionGroup::kOutcome:
      return v1::RULE_GRAPH_GROUP_OUTCOME;
  }
  return v1::RULE_GRAPH_GROUP_UNSPECIFIED;
}

void FillPlace(const graph::Place& place, v1::ScriptPlace& out) {
  out.set_file(place.file);
  out.set_line(static_cast<std::int32_t>(place.line));
}

}  // namespace

void FillRuleGraph(const graph::RuleGraph& graph, v1::RuleGraph& out) {
  out.set_title(graph.title);
  for (const graph::Node& node : graph.nodes) {
    v1::RuleGraphNode* added = out.add_nodes();
    added->set_id(node.id);
    added->set_label(node.label);
    added->set_kind(KindOf(node.kind));
    added->set_group(GroupOf(node.group));
    if (node.rank >= 0) added->set_rank(node.rank);
    if (node.place.line != 0) FillPlace(node.place, *added->mutable_place());
  }
  for (const graph::Edge& edge : graph.edges) {
    v1::RuleGraphEdge* added = out.add_edges();
    added->set_from(graph.nodes[edge.from].id);
    added->set_to(graph.nodes[edge.to].id);
    added->set_later(edge.later);
    for (const graph::Cause& cause : edge.causes) {
      v1::RuleGraphCause* reason = added->add_causes();
      reason->set_text(cause.text);
      reason->set_note(cause.note);
      FillPlace(cause.place, *reason->mutable_place());
    }
  }
  out.set_rules_left_out(static_cast<std::int32_t>(graph.rules_left_out));
  out.set_truncated(graph.cut);
}

runtime::Result<std::string> RenderRuleGraph(const graph::RuleGraph& graph, v1::RuleGraphFormat format) {
  switch (format) {
    case v1::RULE_GRAPH_FORMAT_UNSPECIFIED:
      return std::string();
    case v1::RULE_GRAPH_FORMAT_DOT:
      return graph::RenderDot(graph);
    case v1::RULE_GRAPH_FORMAT_MERMAID:
      return graph::RenderMermaid(graph);
    case v1::RULE_GRAPH_FORMAT_SVG:
      return runtime::DrawSvg(graph::RenderDot(graph), {limits::kDrawSeconds, limits::kDrawBytesMax, limits::kDrawTimeMax});
    default:
      return tl::unexpected(InvalidField("format", "INVALID_FORMAT", "`format` is none of the formats; expected dot, mermaid or svg"));
  }
}

}  // namespace stagecraft::server
