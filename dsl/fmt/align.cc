// Columns: lines of one kind that follow one another without an empty line or a comment between them.
#include <algorithm>
#include <set>
#include <vector>

#include "dsl/fmt/measure.h"

namespace stagecraft::layout {

namespace {

std::string_view KindOf(const Plan& plan, const Line& line) {
  const auto found = plan.kinds.find(line.first);
  return line.kept || found == plan.kinds.end() ? std::string_view() : found->second;
}

class Aligner {
 public:
  Aligner(const Tokens& tokens, const Plan& plan, Measure& measure) : tokens_(tokens), plan_(plan), measure_(measure) {}

  void Run(const std::vector<Line>& lines) {
    std::vector<Line> group;
    for (const Line& line : lines) {
      const bool joins = IsAligned(line);
      if (!group.empty() && (!joins || !Follows(group.back(), line))) {
        Align(group);
        group.clear();
      }
      if (joins) group.push_back(line);
    }
    Align(group);
  }

 private:
  using Cells = std::map<std::size_t, Cell>::const_iterator;

  Cells CellsBegin(const Line& line) const { return plan_.cells.upper_bound(line.first); }
  Cells CellsEnd(const Line& line) const { return plan_.cells.lower_bound(line.end); }
  bool Fits(const Line& line) const { return line.indent + measure_.Width(line.first, line.end) <= kLineWidth; }
  bool CanWrap(const Line& line) const { return plan_.wraps.upper_bound(line.first) != plan_.wraps.lower_bound(line.end); }

  bool IsAligned(const Line& line) const {
    if (KindOf(plan_, line).empty() || !(Fits(line) || plan_.hangs.contains(line.first))) return false;
    const auto end = CellsEnd(line);
    const std::size_t last = CellsBegin(line) == end ? line.first : std::prev(end)->first;
    for (std::size_t i = line.first + 1; i <= last; ++i) {
      if (!tokens_.CommentsBefore(i).empty()) return false;
    }
    return true;
  }

  bool Follows(const Line& before, const Line& line) const {
    const auto& comments = tokens_.CommentsBefore(line.first);
    return before.end == line.first && before.indent == line.indent && KindOf(plan_, before) == KindOf(plan_, line) &&
           !tokens_.BlankBefore(line.first) &&
           std::none_of(comments.begin(), comments.end(), [](const Comment& comment) { return comment.own_line; });
  }

  void Align(const std::vector<Line>& group) {
    std::set<int> columns;
    for (const Line& line : group) {
      for (auto cell = CellsBegin(line); cell != CellsEnd(line); ++cell) columns.insert(cell->second.column);
    }
    for (const int column : columns) AlignColumn(group, column);
    const bool too_wide = std::any_of(group.begin(), group.end(), [this](const Line& line) { return !Fits(line) && !CanWrap(line); });
    if (!too_wide) return;
    for (const Line& line : group) {
      for (auto cell = CellsBegin(line); cell != CellsEnd(line); ++cell) measure_.ResetGap(cell->first);
    }
  }

  void AlignColumn(const std::vector<Line>& group, int column) {
    std::size_t position = 0;
    for (const Line& line : group) {
      for (auto cell = CellsBegin(line); cell != CellsEnd(line); ++cell) {
        if (cell->second.column != column) continue;
        const std::size_t gap = group.size() > 1 || cell->second.always ? cell->second.gap : 1;
        position = std::max(position, measure_.Width(line.first, cell->first) + gap);
      }
    }
    for (const Line& line : group) {
      for (auto cell = CellsBegin(line); cell != CellsEnd(line); ++cell) {
        if (cell->second.column == column) measure_.SetGap(cell->first, position - measure_.Width(line.first, cell->first));
      }
    }
  }

  const Tokens& tokens_;
  const Plan& plan_;
  Measure& measure_;
};

}  // namespace

void AlignColumns(const Tokens& tokens, const Plan& plan, const std::vector<Line>& lines, Measure& measure) {
  Aligner(tokens, plan, measure).Run(lines);
}

}  // namespace stagecraft::layout
