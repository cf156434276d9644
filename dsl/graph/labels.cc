#include "dsl/graph/labels.h"

#include "dsl/support/show.h"
#include "dsl/support/text.h"

namespace stagecraft::graph {
namespace {

constexpr std::size_t kNodeColumns = 24;
constexpr std::size_t kEdgeColumns = 30;
constexpr std::size_t kLinesMax = 3;  // of one name; the rest becomes an ellipsis
constexpr std::size_t kCausesShown = 2;

// `text` broken between words into lines of at most `columns`; a word that is longer is cut.
std::vector<std::string> Wrap(std::string_view text, std::size_t columns) {
  std::vector<std::string> lines;
  std::string line;
  while (!text.empty()) {
    const std::size_t space = text.find(' ');
    std::string word(text.substr(0, space));
    text.remove_prefix(space == std::string_view::npos ? text.size() : space + 1);
    word = Cut(word, columns);
    if (!line.empty() && DisplayWidth(line) + 1 + DisplayWidth(word) > columns) {
      lines.push_back(std::move(line));
      line.clear();
    }
    line += (line.empty() ? "" : " ") + word;
  }
  if (!line.empty()) lines.push_back(std::move(line));
  if (lines.size() > kLinesMax) {
    lines.resize(kLinesMax);
    lines.back() += " …";
  }
  return lines;
}

}  // namespace

std::vector<std::string> NodeLines(const Node& node) { return Wrap(OneLine(node.label), kNodeColumns); }

std::vector<std::string> EdgeLines(const Edge& edge) {
  std::vector<std::string> lines;
  const std::size_t shown = edge.causes.size() == kCausesShown + 1 ? kCausesShown + 1 : kCausesShown;
  for (std::size_t i = 0; i < edge.causes.size() && i < shown; ++i) {
    const Cause& cause = edge.causes[i];
    for (std::string& line : Wrap(OneLine(cause.text), kEdgeColumns)) lines.push_back(std::move(line));
    if (cause.note.empty()) continue;
    for (std::string& line : Wrap("(" + OneLine(cause.note) + ")", kEdgeColumns)) lines.push_back(std::move(line));
  }
  if (edge.causes.size() > shown) lines.push_back("+" + std::to_string(edge.causes.size() - shown) + " more");
  return lines;
}

std::string Caption(const RuleGraph& graph) {
  std::string text;
  if (graph.rules_left_out > 0) {
    text = std::to_string(graph.rules_left_out) + (graph.rules_left_out == 1 ? " rule that sets" : " rules that set") +
           " off no other rule and " + (graph.rules_left_out == 1 ? "is" : "are") + " set off by none";
  }
  if (graph.cut) text += std::string(text.empty() ? "" : "; ") + "there is more than can be shown";
  return text.empty() ? text : "not shown: " + text;
}

std::string_view GroupName(ir::OptionGroup group) {
  switch (group) {
    case ir::OptionGroup::kNone:
      return "";
    case ir::OptionGroup::kStart:
      return "start";
    case ir::OptionGroup::kProcess:
      return "process";
    case ir::OptionGroup::kOutcome:
      return "outcome";
  }
  return "";
}

std::vector<std::vector<std::uint32_t>> NodesByGroup(const RuleGraph& graph) {
  std::vector<std::vector<std::uint32_t>> groups(static_cast<std::size_t>(ir::OptionGroup::kOutcome) + 1);
  for (std::uint32_t i = 0; i < graph.nodes.size(); ++i) groups[static_cast<std::size_t>(graph.nodes[i].group)].push_back(i);
  return groups;
}

bool LeadsBack(const RuleGraph& graph, const Edge& edge) {
  const Node& from = graph.nodes[edge.from];
  const Node& to = graph.nodes[edge.to];
  return from.rank >= 0 && to.rank >= 0 && to.rank <= from.rank;
}

}  // namespace stagecraft::graph
