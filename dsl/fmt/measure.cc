#include "dsl/fmt/measure.h"

#include <algorithm>

#include "dsl/fmt/spacing.h"
#include "dsl/support/text.h"

namespace stagecraft::layout {

std::size_t Measure::Gap(std::size_t i) const {
  const auto found = gaps_.find(i);
  return found != gaps_.end() ? found->second : SpaceBefore(tokens_, plan_, i) ? 1 : 0;
}

std::size_t Measure::Width(std::size_t first, std::size_t end) const {
  std::size_t width = 0;
  for (std::size_t i = first; i < end; ++i) width += (i > first ? Gap(i) : 0) + DisplayWidth(tokens_.Text(i));
  return width;
}

std::string Measure::Text(std::size_t first, std::size_t end) const {
  std::string text;
  for (std::size_t i = first; i < end; ++i) {
    if (i > first) text.append(Gap(i), ' ');
    text += tokens_.Text(i);
  }
  return text;
}

namespace {

bool BrokenInSource(const Tokens& tokens, const Choice& choice) {
  for (const auto& [token, indent] : choice.lines) {
    if (tokens.Breaks(token)) return true;
  }
  return std::any_of(choice.inner.begin(), choice.inner.end(), [&](const Choice& inner) { return BrokenInSource(tokens, inner); });
}

bool HasComments(const Tokens& tokens, std::size_t first, std::size_t end) {
  for (std::size_t i = first + 1; i < end; ++i) {
    if (!tokens.CommentsBefore(i).empty()) return true;
  }
  return false;
}

void Make(const Choice& choice, const Tokens& tokens, const Measure& measure, Plan& plan) {
  const auto line = std::prev(plan.lines.upper_bound(choice.first));
  const bool fits = line->second + measure.Width(line->first, choice.end) <= kLineWidth;
  if (fits && !BrokenInSource(tokens, choice) && !HasComments(tokens, choice.first, choice.end)) return;
  plan.lines.insert(choice.lines.begin(), choice.lines.end());
  for (const Choice& inner : choice.inner) Make(inner, tokens, measure, plan);
}

}  // namespace

void MakeChoices(const Tokens& tokens, const Measure& measure, Plan& plan) {
  for (const Choice& choice : plan.choices) Make(choice, tokens, measure, plan);
}

std::vector<Line> CutLines(const Tokens& tokens, const std::vector<Item>& items, const Plan& plan) {
  std::vector<Line> lines;
  for (const Item& item : items) {
    if (item.kept) {
      std::size_t first = item.end - 1;
      while (first > item.first && !tokens.Breaks(first)) --first;
      lines.push_back({item.first, item.end, tokens.Column(first), true});
      continue;
    }
    for (auto line = plan.lines.find(item.first); line != plan.lines.end() && line->first < item.end; ++line) {
      const auto next = std::next(line);
      lines.push_back({line->first, next == plan.lines.end() ? item.end : std::min(next->first, item.end), line->second, false});
    }
  }
  return lines;
}

// ---- lines that are too long ----------------------------------------------------------------------------------------------

namespace {

class Wrapper {
 public:
  Wrapper(const Plan& plan, const Measure& measure) : plan_(plan), measure_(measure) {}

  void Add(Piece piece, std::size_t next) {
    const auto begin = plan_.wraps.upper_bound(piece.first);
    const auto end = plan_.wraps.lower_bound(piece.end);
    if (begin == end || Fits(piece)) {
      pieces.push_back(piece);
      return;
    }
    int level = begin->second.level;
    for (auto wrap = begin; wrap != end; ++wrap) level = std::min(level, wrap->second.level);
    std::vector<std::size_t> breaks;
    bool fill = true;
    for (auto wrap = begin; wrap != end; ++wrap) {
      if (wrap->second.level != level) continue;
      breaks.push_back(wrap->first);
      fill = fill && wrap->second.fill;
    }
    breaks.push_back(piece.end);
    Split(piece, breaks, fill, next);
  }

  std::vector<Piece> pieces;

 private:
  bool Fits(const Piece& piece) const { return piece.column + measure_.Width(piece.first, piece.end) <= kLineWidth; }

  void Split(const Piece& piece, const std::vector<std::size_t>& breaks, bool fill, std::size_t next) {
    Piece part{piece.first, piece.first, piece.column};
    for (const std::size_t at : breaks) {
      const bool full = part.end > part.first && (!fill || !Fits({part.first, at, part.column}));
      if (full) {
        Add(part, next + kIndent);
        part = {part.end, part.end, next};
      }
      part.end = at;
    }
    Add(part, next + kIndent);
  }

  const Plan& plan_;
  const Measure& measure_;
};

}  // namespace

std::vector<Piece> WrapLine(const Plan& plan, const Measure& measure, Piece whole, std::size_t next) {
  Wrapper wrapper(plan, measure);
  wrapper.Add(whole, next);
  return std::move(wrapper.pieces);
}

}  // namespace stagecraft::layout
