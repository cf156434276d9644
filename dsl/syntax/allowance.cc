#include "dsl/syntax/allowance.h"

#include <algorithm>
#include <cctype>
#include <string>
#include <string_view>

#include "dsl/support/diagnostic.h"
#include "dsl/support/nearest.h"
#include "dsl/support/text.h"
#include "dsl/syntax/scan.h"

namespace stagecraft::syntax {

namespace {

constexpr std::string_view kAllow = "allow";

// `SC0402`, and what was meant to be one.
bool LooksLikeCode(std::string_view word) {
  return (word.starts_with("SC") || word.starts_with("sc")) && word.find_first_of("0123456789") != std::string_view::npos;
}

// `backward-move`, or one of the words that other tools take for every finding. Any other word begins a sentence for people.
bool LooksLikeName(std::string_view word) {
  if (FindCode(word)) return true;
  const std::string folded = FoldCase(word);
  return folded == "all" || (folded.find('-') != std::string::npos && Nearest(folded, CodesInWords()));
}

// The code or the name at `from`, with the signs in it: one run of letters, digits and hyphens.
Token NextName(std::string_view text, std::size_t from) {
  Token name = NextToken(text, from);
  const auto goes_on = [](char letter) { return letter == '-' || std::isalnum(static_cast<unsigned char>(letter)) != 0; };
  if (name.begin >= text.size() || !goes_on(text[name.begin])) return name;
  while (name.end < text.size() && goes_on(text[name.end])) ++name.end;
  return name;
}

std::string_view Trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r");
  return first == std::string_view::npos ? std::string_view() : text.substr(first, text.find_last_not_of(" \t\r") + 1 - first);
}

// The line of the next code. Comments that follow one another share it, so that many of them do not each look for it.
class NextCode {
 public:
  explicit NextCode(const Source& source) : source_(source) {}

  std::uint32_t LineAfter(std::size_t offset) {
    if (!found_ || offset > begin_) {
      begin_ = NextToken(source_.text(), offset).begin;
      line_ = source_.PositionAt(static_cast<std::uint32_t>(begin_)).line;
      found_ = true;
    }
    return line_;
  }

 private:
  const Source& source_;
  bool found_ = false;
  std::size_t begin_ = 0;
  std::uint32_t line_ = 0;
};

// `comment` goes from its `#` to the end of the line.
void ReadComment(const Source& source, std::uint32_t source_index, const Token& comment, NextCode& next_code,
                 std::vector<Allowance>& allowances) {
  const std::string_view text = source.text().substr(0, comment.end);
  Token token = NextToken(text, comment.begin + 1);
  if (FoldCase(token.In(text)) != kAllow) return;
  const std::size_t first = allowances.size();
  // `# allow: SC0402` is read as it is meant.
  if (const Token colon = NextToken(text, token.end); colon.In(text) == ":") token = colon;
  const auto names_finding = [text](const Token& name) { return LooksLikeCode(name.In(text)) || LooksLikeName(name.In(text)); };
  for (token = NextName(text, token.end); names_finding(token); token = NextName(text, token.end)) {
    const Span span{source_index, static_cast<std::uint32_t>(token.begin), static_cast<std::uint32_t>(token.end)};
    const std::uint32_t line = comment.starts_line ? next_code.LineAfter(comment.end) : source.PositionAt(span.begin).line;
    allowances.push_back({std::string(token.In(text)), {}, line, span});
    token = NextToken(text, token.end);
    if (token.In(text) != ",") break;
  }
  if (token.In(text) != ":") return;
  for (std::size_t i = first; i < allowances.size(); ++i) allowances[i].reason = Trim(text.substr(token.end));
}

}  // namespace

std::vector<Allowance> ReadAllowances(const Source& source, std::uint32_t source_index) {
  std::vector<Allowance> allowances;
  NextCode next_code(source);
  const std::string_view text = source.text();
  // `Allow` at the beginning of a sentence, too; what the word is in full is asked where there is a comment.
  for (std::size_t at = text.find(kAllow.substr(1)); at != std::string_view::npos; at = text.find(kAllow.substr(1), at)) {
    const std::size_t begin = text.substr(0, at).rfind('\n') + 1;  // npos + 1 is the start of the text
    const std::size_t end = std::min(text.find('\n', at), text.size());
    // Whether a `#` begins a comment, only the tokens before it in its line can tell.
    for (Token token : ScanAll(text.substr(begin, end - begin))) {
      if (token.kind != Token::Kind::kComment) continue;
      token.begin += begin;
      token.end += begin;
      ReadComment(source, source_index, token, next_code, allowances);
    }
    at = end;
  }
  return allowances;
}

}  // namespace stagecraft::syntax
