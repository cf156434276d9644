// How a script is to be laid out: what the tree says of each token, before anything is measured.
#ifndef STAGECRAFT_DSL_FMT_PLAN_H_
#define STAGECRAFT_DSL_FMT_PLAN_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string_view>
#include <vector>

#include "dsl/fmt/tokens.h"
#include "dsl/syntax/tree.h"

namespace stagecraft::layout {

inline constexpr std::size_t kLineWidth = 140;

// A part of a sentence that may stand on one line or go over several. It stays on one line when the source has it on one and it fits;
// otherwise all its `lines` begin a line.
struct Choice {
  std::size_t first = 0;  // its tokens: [first, end)
  std::size_t end = 0;
  std::map<std::size_t, std::size_t> lines;  // token -> indentation
  std::vector<Choice> inner;                 // asked only when this one goes over several lines
};

// A place where a line that is too long is broken: all places of the lowest level there are, or, with `fill`, as few as will do.
struct Wrap {
  int level = 0;
  bool fill = false;
};

// The start of a column: it is aligned in the lines of one kind that follow one another.
struct Cell {
  int column = 0;
  std::size_t gap = 1;  // spaces before the column
  bool always = false;  // keeps its gap in a line that stands alone
};

struct Plan {
  std::map<std::size_t, std::size_t> lines;  // tokens that begin a line -> its indentation
  std::vector<Choice> choices;
  std::map<std::size_t, Wrap> wraps;
  std::map<std::size_t, Cell> cells;
  std::map<std::size_t, std::string_view> kinds;  // the first token of a line -> which lines it is aligned with
  std::map<std::size_t, std::size_t> hangs;       // the first token of a line -> the token under which a broken line goes on
  std::set<std::size_t> tight;                    // tokens without white space before them
};

// Adds the layout of one declaration that has been read without a syntax error.
void AddDeclaration(const syntax::Declaration& declaration, const Tokens& tokens, Plan& plan);

}  // namespace stagecraft::layout

#endif  // STAGECRAFT_DSL_FMT_PLAN_H_
