#include <algorithm>
#include <string_view>
#include <vector>

#include "dsl/graph/labels.h"
#include "dsl/graph/palette.h"
#include "dsl/graph/render.h"
#include "dsl/support/show.h"

namespace stagecraft::graph {
namespace {

std::string Quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    result += c;
    // Else `&#27;` in a name would be the character that it stands for.
    if (c == '&') result += "amp;";
  }
  return result + '"';
}

std::string QuotedLines(const std::vector<std::string>& lines) {
  std::string result = "\"";
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string quoted = Quoted(lines[i]);
    result += (i == 0 ? "" : "\\n") + quoted.substr(1, quoted.size() - 2);
  }
  return result + '"';
}

class DotWriter {
 public:
  explicit DotWriter(const RuleGraph& graph) : graph_(graph) {}

  std::string Write() {
    Head();
    const auto groups = NodesByGroup(graph_);
    for (std::size_t group = 0; group < groups.size(); ++group) Group(static_cast<ir::OptionGroup>(group), groups[group]);
    if (graph_.kind == RuleGraph::Kind::kProperty) Order();
    for (const Edge& edge : graph_.edges) WriteEdge(edge);
    return std::move(out_) + "}\n";
  }

 private:
  void Line(std::string_view indent, std::string_view text) {
    out_ += indent;
    out_ += text;
    out_ += "\n";
  }

  void Head() {
    const std::string font = "fontname=\"Helvetica,Arial,sans-serif\", fontcolor=\"" + std::string(kTextColour) + "\"";
    const std::string caption = Caption(graph_);
    const bool cascade = graph_.kind == RuleGraph::Kind::kCascade;
    Line("", "digraph " + Quoted(OneLine(graph_.title)) + " {");
    Line("  ", "graph [rankdir=" + std::string(cascade ? "TB" : "LR") +
                   ", charset=\"UTF-8\", bgcolor=\"#ffffff\", pad=0.3, nodesep=0.35, ranksep=0.7, " + font + ", fontsize=11" +
                   (caption.empty() ? "" : ", labelloc=b, label=" + Quoted(caption)) + "];");
    Line("  ", "node [shape=box, style=\"rounded,filled\", fillcolor=\"#e2e8f0\", color=\"" + std::string(kMutedColour) +
                   "\", margin=\"0.16,0.09\", " + font + ", fontsize=12];");
    Line("  ", "edge [color=\"" + std::string(kEdgeColour) + "\", arrowsize=0.8, " + font + ", fontsize=10];");
  }

  // Names are of the user's making, and what Graphviz writes them into takes fewer characters than it reads.
  static std::string Name(std::uint32_t node) { return "n" + std::to_string(node); }

  void WriteNode(std::string_view indent, std::uint32_t number) {
    const Node& node = graph_.nodes[number];
    std::string text = Name(number) + " [label=" + QuotedLines(NodeLines(node));
    switch (node.kind) {
      case Node::Kind::kOption: {
        const Colours colours = ColoursOf(node.group);
        text += ", fillcolor=\"" + std::string(colours.fill) + "\", color=\"" + std::string(colours.line) + "\"";
        break;
      }
      case Node::Kind::kAny:
      case Node::Kind::kUnset:
        text += ", shape=ellipse, style=dashed, margin=\"0.05,0.03\"";
        break;
      case Node::Kind::kSequence:
        text += ", peripheries=2";
        break;
      case Node::Kind::kSla:
        text += ", style=filled, penwidth=2";
        break;
      case Node::Kind::kRule:
        break;
    }
    Line(indent, text + "];");
  }

  void Group(ir::OptionGroup group, const std::vector<std::uint32_t>& nodes) {
    if (group == ir::OptionGroup::kNone || nodes.empty()) {
      for (const std::uint32_t node : nodes) WriteNode("  ", node);
      return;
    }
    const Colours colours = ColoursOf(group);
    const std::string name(GroupName(group));
    Line("  ", "subgraph " + Quoted("cluster_" + name) + " {");
    Line("    ", "label=" + Quoted(name) + "; labeljust=" + (group == ir::OptionGroup::kOutcome ? "r" : "l") +
                     "; style=\"rounded,filled\"; fillcolor=\"" + std::string(colours.ground) + "\"; color=\"" + std::string(colours.line) +
                     "\"; margin=14;");
    for (const std::uint32_t node : nodes) WriteNode("    ", node);
    Line("  ", "}");
  }

  // Invisible edges from each rank to the next keep the options in their order, whatever the rules between them.
  void Order() {
    std::vector<std::vector<std::uint32_t>> ranks;
    std::vector<std::uint32_t> options;
    for (std::uint32_t i = 0; i < graph_.nodes.size(); ++i) {
      if (graph_.nodes[i].kind == Node::Kind::kOption && graph_.nodes[i].rank >= 0) options.push_back(i);
    }
    std::stable_sort(options.begin(), options.end(),
                     [&](std::uint32_t a, std::uint32_t b) { return graph_.nodes[a].rank < graph_.nodes[b].rank; });
    for (const std::uint32_t option : options) {
      if (ranks.empty() || graph_.nodes[ranks.back().front()].rank != graph_.nodes[option].rank) ranks.emplace_back();
      ranks.back().push_back(option);
    }
    for (std::size_t i = 1; i < ranks.size(); ++i) {
      for (const std::uint32_t option : ranks[i])
        Line("  ", Name(ranks[i - 1].front()) + " -> " + Name(option) + " [style=invis, weight=8];");
    }
  }

  void WriteEdge(const Edge& edge) {
    std::vector<std::string> lines = EdgeLines(edge);
    // Graphviz sets the words close to the line.
    for (std::string& line : lines) line = " " + line + " ";
    std::string text = Name(edge.from) + " -> " + Name(edge.to) + " [label=" + QuotedLines(lines);
    const bool back = graph_.kind == RuleGraph::Kind::kProperty && LeadsBack(graph_, edge);
    if (back) text += ", constraint=false, color=\"" + std::string(kBackColour) + "\"";
    if (edge.later) text += ", style=dashed";
    Line("  ", text + "];");
  }

  const RuleGraph& graph_;
  std::string out_;
};

}  // namespace

std::string RenderDot(const RuleGraph& graph) { return DotWriter(graph).Write(); }

}  // namespace stagecraft::graph
