// The place where the grammar stopped, and what it expected there: what all that is said of a syntax error is made of.
#ifndef STAGECRAFT_DSL_SYNTAX_PLACE_H_
#define STAGECRAFT_DSL_SYNTAX_PLACE_H_

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/support/diagnostic.h"
#include "dsl/syntax/builder.h"
#include "dsl/syntax/failure.h"
#include "dsl/syntax/scan.h"

namespace stagecraft::syntax {

// A token as a reader sees it: a date or a time of day is one.
Token WholeToken(std::string_view text, std::size_t offset);

bool Contains(const std::vector<std::string_view>& words, std::string_view word);

// Words that are spelt as they should be, wherever they stand.
bool IsPlainKeyword(std::string_view word);

class Place {
 public:
  Place(const Builder& builder, const FailedSentence& sentence);

  std::string_view text() const { return text_; }
  std::size_t begin() const { return sentence_.begin; }
  std::size_t at() const { return at_; }
  std::size_t sentence_end() const { return std::max<std::size_t>(sentence_.end, at_); }
  const Builder& builder() const { return builder_; }
  // The token at the place, and its text.
  const Token& found() const { return found_; }
  std::string_view word() const { return found_.In(text_); }

  bool Expects(Label label) const;
  bool ExpectsAction() const { return Expects(Label::kAction) || Expects(Label::kActionOrDo) || Expects(Label::kStep); }
  // "a condition, like `status is New`, or `by hand`".
  std::string Expected() const;

  Token Next(const Token& token) const { return NextToken(text_, token.end); }
  // The last token that was read before the place.
  Token Last() const;
  // The last token before `at`, in the same line; kEnd when there is none.
  Token BeforeInLine(std::size_t at) const;
  // The first token of the line of `at`.
  Token FirstOfLine(std::size_t at) const;

  Span SpanOf(const Token& token) const { return builder_.SpanOf(token.begin, token.end); }
  Span SpanOf(std::size_t begin, std::size_t end) const { return builder_.SpanOf(begin, end); }
  std::string Quoted(const Token& token) const { return "`" + std::string(token.In(text_)) + "`"; }

  // Whether the sentence is without a mistake once this is done.
  bool ReadsWith(const Fix& fix) const { return sentence_.reads_with(fix); }

  static Diagnostic Error(Code code, const Span& span, std::string message, std::string label = {}, std::vector<std::string> help = {});
  // "expected …, found `word`".
  Diagnostic Unexpected(const Token& token, const std::string& expected) const;
  // The same where a sentence goes on wrongly; where it breaks off, "expected …, after `word`".
  Diagnostic Missing(const std::string& expected) const;

 private:
  bool BeginsNextSentence() const;

  const Builder& builder_;
  const FailedSentence& sentence_;
  std::string_view text_;
  std::size_t at_;
  Token found_;
};

}  // namespace stagecraft::syntax

#endif  // STAGECRAFT_DSL_SYNTAX_PLACE_H_
