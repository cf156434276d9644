#include "dsl/syntax/place.h"

#include <algorithm>
#include <array>
#include <utility>

namespace stagecraft::syntax {

namespace {

// More than this many alternatives are no help.
constexpr std::size_t kAlternativesMax = 3;

std::size_t LineStart(std::string_view text, std::size_t at) { return text.substr(0, at).rfind('\n') + 1; }  // npos + 1 is 0

std::size_t ColumnOf(std::string_view text, std::size_t at) { return at - LineStart(text, at); }

}  // namespace

Token WholeToken(std::string_view text, std::size_t offset) {
  Token token = NextToken(text, offset);
  while (token.kind == Token::Kind::kNumber) {
    const Token sign = NextToken(text, token.end);
    const Token number = NextToken(text, sign.end);
    const bool joined = sign.begin == token.end && number.begin == sign.end && number.kind == Token::Kind::kNumber;
    if (!joined || (sign.In(text) != "-" && sign.In(text) != ":")) break;
    token.end = number.end;
  }
  return token;
}

bool Contains(const std::vector<std::string_view>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool IsPlainKeyword(std::string_view word) {
  constexpr auto kOthers = std::to_array<std::string_view>({"and", "or", "not", "then", "else", "end", "is", "was", "for", "from"});
  if (std::find(kOthers.begin(), kOthers.end(), word) != kOthers.end()) return true;
  return Contains(LabelKeywords(Label::kDeclaration), word) || Contains(LabelKeywords(Label::kAction), word);
}

Place::Place(const Builder& builder, const FailedSentence& sentence)
    : builder_(builder),
      sentence_(sentence),
      text_(builder.source().text()),
      at_(std::max(builder.furthest(), sentence.begin)),
      found_(WholeToken(text_, at_)) {}

bool Place::Expects(Label label) const {
  return std::find(builder_.expected().begin(), builder_.expected().end(), label) != builder_.expected().end();
}

std::string Place::Expected() const {
  std::string expected;
  const std::size_t count = std::min(builder_.expected().size(), kAlternativesMax);
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) expected += i + 1 == count ? ", or " : ", ";
    expected += LabelText(builder_.expected()[i]);
  }
  return expected;
}

Token Place::Last() const {
  Token last = WholeToken(text_, begin());
  for (Token token = last; token.kind != Token::Kind::kEnd && token.end <= builder_.furthest_token_end();
       token = WholeToken(text_, token.end)) {
    last = token;
  }
  return last;
}

Token Place::BeforeInLine(std::size_t at) const {
  Token before;
  for (Token token = NextToken(text_, LineStart(text_, at)); token.kind != Token::Kind::kEnd && token.begin < at; token = Next(token)) {
    before = token;
  }
  return before;
}

Token Place::FirstOfLine(std::size_t at) const { return NextToken(text_, LineStart(text_, at)); }

Diagnostic Place::Error(Code code, const Span& span, std::string message, std::string label, std::vector<std::string> help) {
  return {code, CodeSeverity(code), span, std::move(message), std::move(label), std::move(help), {}, {}};
}

Diagnostic Place::Unexpected(const Token& token, const std::string& expected) const {
  return Error(Code::kUnexpected, SpanOf(token), "expected " + expected + ", found " + Quoted(token));
}

// What begins like a declaration but is indented deeper than this sentence is meant as a part of it.
bool Place::BeginsNextSentence() const {
  if (found_.kind == Token::Kind::kEnd) return true;
  if (!found_.starts_line) return false;
  if (Expects(Label::kOption)) return true;
  if (ColumnOf(text_, found_.begin) > ColumnOf(text_, FirstOfLine(begin()).begin) && (ExpectsAction() || Expects(Label::kPoints))) {
    return false;
  }
  return found_.kind == Token::Kind::kNumber || Contains(LabelKeywords(Label::kDeclaration), word());
}

Diagnostic Place::Missing(const std::string& expected) const {
  const Token last = Last();
  if (last.kind == Token::Kind::kEnd) return Error(Code::kUnexpected, SpanOf(last), "expected " + expected + ", found nothing");
  if (BeginsNextSentence() && at_ > begin()) {
    return Error(Code::kUnexpected, SpanOf(last), "expected " + expected + ", after " + Quoted(last), "the sentence breaks off here");
  }
  return Unexpected(found_, expected);
}

}  // namespace stagecraft::syntax
