// Widths of tokens on one line, and the lines that a plan comes down to once its choices are made.
#ifndef STAGECRAFT_DSL_FMT_MEASURE_H_
#define STAGECRAFT_DSL_FMT_MEASURE_H_

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/fmt/layout.h"
#include "dsl/fmt/plan.h"

namespace stagecraft::layout {

// One line of the layout before it is broken for its width or for comments inside.
struct Line {
  std::size_t first = 0;  // tokens [first, end)
  std::size_t end = 0;
  std::size_t indent = 0;  // of a kept item: of its last line
  bool kept = false;
};

class Measure {
 public:
  Measure(const Tokens& tokens, const Plan& plan) : tokens_(tokens), plan_(plan) {}

  // Columns that the tokens [first, end) take on one line.
  std::size_t Width(std::size_t first, std::size_t end) const;
  std::string Text(std::size_t first, std::size_t end) const;
  // Spaces before token `i` inside a line.
  std::size_t Gap(std::size_t i) const;

  // Token `i` stands that many spaces after the one before.
  void SetGap(std::size_t i, std::size_t gap) { gaps_[i] = gap; }
  void ResetGap(std::size_t i) { gaps_.erase(i); }

 private:
  const Tokens& tokens_;
  const Plan& plan_;
  std::map<std::size_t, std::size_t> gaps_;
};

// Makes the choices of the plan: its `lines` are all there afterwards.
void MakeChoices(const Tokens& tokens, const Measure& measure, Plan& plan);

// Cuts the items into lines.
std::vector<Line> CutLines(const Tokens& tokens, const std::vector<Item>& items, const Plan& plan);

// Sets the gaps of columns in lines of one kind that follow one another.
void AlignColumns(const Tokens& tokens, const Plan& plan, const std::vector<Line>& lines, Measure& measure);

// A line of the text: tokens [first, end) at a column.
struct Piece {
  std::size_t first = 0;
  std::size_t end = 0;
  std::size_t column = 0;
};

// Breaks a line that is too long, as far as its plan allows: the first piece stands at `column`, the others at `next` or deeper.
std::vector<Piece> WrapLine(const Plan& plan, const Measure& measure, Piece whole, std::size_t next);

}  // namespace stagecraft::layout

#endif  // STAGECRAFT_DSL_FMT_MEASURE_H_
