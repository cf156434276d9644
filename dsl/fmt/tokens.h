// A file as the formatter sees it: its tokens, and the comments and blank lines that stand between them.
#ifndef STAGECRAFT_DSL_FMT_TOKENS_H_
#define STAGECRAFT_DSL_FMT_TOKENS_H_

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "dsl/support/source.h"
#include "dsl/syntax/scan.h"

namespace stagecraft::layout {

// From `#` to the end of the line, without white space at its end.
struct Comment {
  std::string_view text;
  bool own_line = true;       // nothing but white space before it on its line
  bool blank_before = false;  // an empty line before it
  // It goes on with the comment of the line above, in the same column, and that one stands after code.
  bool continues = false;
  std::size_t column = 0;  // as Tokens::Column
};

inline constexpr std::size_t kIndent = 2;

class Tokens {
 public:
  explicit Tokens(std::string_view text);

  std::size_t size() const { return code_.size(); }
  std::string_view text() const { return text_; }
  const syntax::Token& operator[](std::size_t i) const { return code_[i]; }
  std::string_view Text(std::size_t i) const { return code_[i].In(text_); }
  syntax::Token::Kind KindOf(std::size_t i) const { return code_[i].kind; }
  std::size_t Begin(std::size_t i) const { return code_[i].begin; }
  std::size_t End(std::size_t i) const { return code_[i].end; }

  // The first token that begins at `offset` or later; size() when there is none.
  std::size_t At(std::size_t offset) const;
  std::size_t First(const Span& span) const { return At(span.begin); }
  // One past the last token in `span`.
  std::size_t Last(const Span& span) const { return At(span.end); }

  // A line break in the source before token `i`, which is not the first one.
  bool Breaks(std::size_t i) const { return breaks_[i]; }
  // Nothing stands between token `i` and the one before.
  bool Touches(std::size_t i) const { return i > 0 && code_[i].begin == code_[i - 1].end; }
  // An empty line directly before token `i`, that is after the comments before it.
  bool BlankBefore(std::size_t i) const { return blank_before_[i]; }
  // Those between token `i` and the one before; i = size(): those after the last one.
  const std::vector<Comment>& CommentsBefore(std::size_t i) const { return comments_[i]; }
  // Bytes before token `i` on its line; a tab counts as one indentation.
  std::size_t Column(std::size_t i) const { return ColumnOf(code_[i].begin); }

  // Where the line around `offset` begins, and where it ends, without its line break.
  std::size_t LineStart(std::size_t offset) const { return text_.substr(0, offset).rfind('\n') + 1; }
  std::size_t LineEnd(std::size_t offset) const;

 private:
  std::size_t ColumnOf(std::size_t offset) const;

  std::string_view text_;
  std::vector<syntax::Token> code_;
  std::vector<std::vector<Comment>> comments_;  // one more than tokens
  std::vector<bool> breaks_;
  std::vector<bool> blank_before_;
};

}  // namespace stagecraft::layout

#endif  // STAGECRAFT_DSL_FMT_TOKENS_H_
