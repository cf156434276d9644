#include <string_view>

#include "dsl/graph/labels.h"
#include "dsl/graph/palette.h"
#include "dsl/graph/render.h"

namespace stagecraft::graph {
namespace {

// Mermaid takes character references in quoted labels, and little else.
std::string Escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    switch (c) {
      case '"':
        result += "#quot;";
        break;
      case '#':
        result += "#35;";
        break;
      case '&':
        result += "#amp;";
        break;
      case '<':
        result += "#lt;";
        break;
      case '>':
        result += "#gt;";
        break;
      case '`':
        result += "#96;";
        break;
      default:
        result += c;
    }
  }
  return result;
}

std::string QuotedLines(const std::vector<std::string>& lines) {
  std::string result = "\"";
  for (std::size_t i = 0; i < lines.size(); ++i) result += (i == 0 ? "" : "<br>") + Escaped(lines[i]);
  return result + "\"";
}

class MermaidWriter {
 public:
  explicit MermaidWriter(const RuleGraph& graph) : graph_(graph) {}

  std::string Write() {
    const std::string caption = Caption(graph_);
    out_ = graph_.kind == RuleGraph::Kind::kCascade ? "flowchart TB\n" : "flowchart LR\n";
    if (!caption.empty()) out_ += "  %% " + caption + "\n";
    const auto groups = NodesByGroup(graph_);
    for (std::size_t group = 0; group < groups.size(); ++group) Group(static_cast<ir::OptionGroup>(group), groups[group]);
    for (const Edge& edge : graph_.edges) {
      out_ += "  " + Name(edge.from) + (edge.later ? " -.->|" : " -->|") + QuotedLines(EdgeLines(edge)) + "| " + Name(edge.to) + "\n";
    }
    for (std::size_t group = 0; group < groups.size(); ++group) Colour(static_cast<ir::OptionGroup>(group), groups[group]);
    return std::move(out_);
  }

 private:
  // The names of options may be words that Mermaid knows.
  static std::string Name(std::uint32_t node) { return "n" + std::to_string(node); }

  void WriteNode(std::string_view indent, std::uint32_t number) {
    const Node& node = graph_.nodes[number];
    std::string_view open = "[";
    std::string_view close = "]";
    switch (node.kind) {
      case Node::Kind::kOption:
      case Node::Kind::kRule:
        break;
      case Node::Kind::kAny:
      case Node::Kind::kUnset:
        open = "([";
        close = "])";
        break;
      case Node::Kind::kSequence:
        open = "[[";
        close = "]]";
        break;
      case Node::Kind::kSla:
        open = "{{";
        close = "}}";
        break;
    }
    out_ += std::string(indent) + Name(number) + std::string(open) + QuotedLines(NodeLines(node)) + std::string(close) + "\n";
  }

  void Group(ir::OptionGroup group, const std::vector<std::uint32_t>& nodes) {
    if (group == ir::OptionGroup::kNone || nodes.empty()) {
      for (const std::uint32_t node : nodes) WriteNode("  ", node);
      return;
    }
    const std::string name(GroupName(group));
    out_ += "  subgraph g_" + name + "[" + name + "]\n";
    for (const std::uint32_t node : nodes) WriteNode("    ", node);
    out_ += "  end\n";
  }

  void Colour(ir::OptionGroup group, const std::vector<std::uint32_t>& nodes) {
    if (group == ir::OptionGroup::kNone || nodes.empty()) return;
    const Colours colours = ColoursOf(group);
    const std::string name(GroupName(group));
    const std::string text = ",stroke:" + std::string(colours.line) + ",color:" + std::string(kTextColour) + "\n";
    out_ += "  style g_" + name + " fill:" + std::string(colours.ground) + text;
    out_ += "  classDef " + name + " fill:" + std::string(colours.fill) + text;
    out_ += "  class ";
    for (std::size_t i = 0; i < nodes.size(); ++i) out_ += (i == 0 ? "" : ",") + Name(nodes[i]);
    out_ += " " + name + "\n";
  }

  const RuleGraph& graph_;
  std::string out_;
};

}  // namespace

std::string RenderMermaid(const RuleGraph& graph) { return MermaidWriter(graph).Write(); }

}  // namespace stagecraft::graph
