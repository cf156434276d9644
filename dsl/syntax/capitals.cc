#include "dsl/syntax/capitals.h"

#include <algorithm>
#include <array>

#include "dsl/syntax/keywords.h"

namespace stagecraft::syntax {

namespace {

template <std::size_t Count>
bool IsOneOf(const std::array<std::string_view, Count>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool HasCapitals(std::string_view word) {
  return std::any_of(word.begin(), word.end(), [](char letter) { return letter >= 'A' && letter <= 'Z'; });
}

}  // namespace

std::string InSmallLetters(std::string_view word) {
  std::string small(word);
  for (char& letter : small) {
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  }
  return small;
}

bool BeginsInCapitals(std::string_view text, std::size_t at) {
  constexpr auto kBeforeText = std::to_array<std::string_view>(
      {"workspace", "team", "list", "rule", "sequence", "template", "view", "test", "import", "form", "event"});
  constexpr auto kBeforeWord = std::to_array<std::string_view>({"on", "after", "when", "every", "within", "always", "never", "moves", "use",
                                                                "property", "define", "counter", "event", "score", "status", "pipeline"});
  const Token word = NextToken(text, at);
  if (word.kind != Token::Kind::kWord || word.begin != at || !HasCapitals(word.In(text))) return false;
  const std::string small = InSmallLetters(word.In(text));
  const Token next = NextToken(text, word.end);
  if (next.kind == Token::Kind::kText && !next.starts_line && IsOneOf(kBeforeText, small)) return true;
  const bool indented = at > 0 && text[at - 1] != '\n';
  if (indented || !IsOneOf(kBeforeWord, small)) return false;
  if (next.starts_line) return small == "status" || small == "score";
  return next.kind == Token::Kind::kWord || next.kind == Token::Kind::kText || next.kind == Token::Kind::kNumber;
}

std::vector<Token> CapitalKeywords(std::string_view text, std::size_t begin, std::size_t end) {
  std::vector<Token> found;
  for (Token token = NextToken(text, begin); token.kind != Token::Kind::kEnd && token.begin < end; token = NextToken(text, token.end)) {
    if (token.kind != Token::Kind::kWord || !HasCapitals(token.In(text))) continue;
    if (IsKeyword(InSmallLetters(token.In(text)))) found.push_back(token);
  }
  return found;
}

bool NamesThings(std::string_view word) {
  constexpr auto kNouns = std::to_array<std::string_view>(
      {"status", "email", "date",    "time",    "text", "number", "money", "user",     "contact", "level", "amount",
       "team",   "day",   "month",   "deal",    "task", "form",   "call",  "list",     "event",   "view",  "test",
       "score",  "start", "process", "outcome", "end",  "next",   "last",  "priority", "subject", "body",  "manager"});
  return IsOneOf(kNouns, word);
}

}  // namespace stagecraft::syntax
