#include "dsl/syntax/scan.h"

#include <algorithm>
#include <array>

#include "dsl/support/signs.h"
#include "dsl/support/text.h"

namespace stagecraft::syntax {

namespace {

bool IsDigit(char letter) { return letter >= '0' && letter <= '9'; }

// The length of the white space or comment at the front; 0 when there is none.
std::size_t BlankBytes(std::string_view rest) {
  if (rest.empty()) return 0;
  if (rest.front() == ' ' || rest.front() == '\t' || rest.front() == '\r' || rest.front() == '\n') return 1;
  if (rest.front() == '#') return std::min(rest.find('\n'), rest.size());
  if (static_cast<unsigned char>(rest.front()) < 0x80U) return 0;
  constexpr char32_t kByteOrderMark = 0xFEFF;
  const CodePoint point = DecodeFirst(rest);
  return IsWideBlank(point.value) || point.value == kByteOrderMark ? point.bytes : 0;
}

std::size_t WordBytes(std::string_view rest) {
  std::size_t bytes = 0;
  while (bytes < rest.size()) {
    const CodePoint point = DecodeFirst(rest.substr(bytes));
    const bool hyphen = bytes > 0 && point.value == '-' && IsWordStart(DecodeFirst(rest.substr(bytes + 1)).value);
    if (bytes == 0 ? !IsWordStart(point.value) : !IsWordPart(point.value) && !hyphen) break;
    bytes += point.bytes;
  }
  return bytes;
}

std::size_t TextBytes(std::string_view rest) {
  for (std::size_t i = 1; i < rest.size() && rest[i] != '\n'; ++i) {
    if (rest[i] == '"') return i + 1;
    if (rest[i] == '\\' && i + 1 < rest.size() && rest[i + 1] != '\n') ++i;
  }
  return std::min(rest.find('\n'), rest.size());
}

std::size_t NumberBytes(std::string_view rest) {
  std::size_t bytes = 0;
  while (bytes < rest.size() && (IsDigit(rest[bytes]) || (rest[bytes] == '.' && bytes + 1 < rest.size() && IsDigit(rest[bytes + 1]))))
    ++bytes;
  if (bytes < rest.size() && rest[bytes] == '%') ++bytes;
  return bytes;
}

// `with_comments`: a comment is a token, not white space.
Token TokenFrom(std::string_view text, std::size_t offset, bool with_comments) {
  Token token;
  const std::size_t line_break = text.substr(0, offset).find_last_not_of(" \t");
  token.starts_line = line_break == std::string_view::npos || text[line_break] == '\n';
  while (const std::size_t blank = BlankBytes(text.substr(offset))) {
    if (with_comments && text[offset] == '#') {
      token.kind = Token::Kind::kComment;
      token.begin = offset;
      token.end = offset + blank;
      return token;
    }
    if (text[offset] == '\n') token.starts_line = true;
    offset += blank;
  }
  const std::string_view rest = text.substr(offset);
  token.begin = offset;
  token.end = offset;
  if (rest.empty()) return token;
  if (const std::size_t word = WordBytes(rest)) {
    token.kind = Token::Kind::kWord;
    token.end += word;
  } else if (rest.front() == '"') {
    token.kind = Token::Kind::kText;
    token.end += TextBytes(rest);
  } else if (IsDigit(rest.front())) {
    token.kind = Token::Kind::kNumber;
    token.end += NumberBytes(rest);
  } else {
    token.kind = Token::Kind::kSign;
    token.end += DecodeFirst(rest).bytes;
    for (const std::string_view sign : {"->", "==", "!=", "<>", "<=", ">=", "&&", "||", ".."}) {
      if (rest.starts_with(sign)) token.end = offset + sign.size();
    }
  }
  return token;
}

}  // namespace

Token NextToken(std::string_view text, std::size_t offset) { return TokenFrom(text, offset, false); }

std::vector<Token> ScanAll(std::string_view text) {
  std::vector<Token> tokens;
  for (Token token = TokenFrom(text, 0, true); token.kind != Token::Kind::kEnd; token = TokenFrom(text, token.end, true)) {
    tokens.push_back(token);
  }
  return tokens;
}

namespace {

// Signs that stand between two values, apart from both.
bool StandsApart(std::string_view sign) {
  constexpr std::array<std::string_view, 9> kSigns = {"->", "==", "!=", "<>", "<=", ">=", "<", ">", "="};
  return std::find(kSigns.begin(), kSigns.end(), sign) != kSigns.end();
}

}  // namespace

bool SpaceBetween(std::string_view text, const Token& left, const Token& right) {
  using Kind = Token::Kind;
  if (left.kind != Kind::kSign && right.kind != Kind::kSign) return true;
  const std::string_view before = left.In(text);
  const std::string_view after = right.In(text);
  const bool touch = left.end == right.begin;
  if (after == "," || after == ")" || after == ".." || before == "(" || before == "..") return false;
  if (before == "," || before == ")" || StandsApart(before) || StandsApart(after)) return true;
  if (after == "(") return true;
  // `"New Lead": "新規"`, and the one inside `09:00`.
  if (after == ":") return false;
  if (before == ":") return right.kind != Kind::kNumber || !touch;
  // Signs of numbers, dates and sums: whether they touch is part of their meaning.
  return !touch;
}

std::string OneLine(std::string_view text) {
  std::string line;
  Token before;
  for (const Token& token : ScanAll(text)) {
    if (token.kind == Token::Kind::kComment) continue;
    if (!line.empty() && SpaceBetween(text, before, token)) line += ' ';
    line += token.In(text);
    before = token;
  }
  return line;
}

}  // namespace stagecraft::syntax
