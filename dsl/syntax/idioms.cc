#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "dsl/syntax/advice.h"

namespace stagecraft::syntax {

namespace {

// `words` stand in the sentence; `meant` completes "expected …". A replacement is offered where the words alone are to be changed.
struct Idiom {
  std::string_view words;
  std::string_view meant;
  std::string_view help;
  std::string_view replacement;
};
constexpr auto kIdioms = std::to_array<Idiom>({
    {"is any of", "`in` and values in parentheses", "", ""},
    {"is one of", "`in` and values in parentheses", "", ""},
    {"is none of", "`not in` and values in parentheses", "", ""},
    {"is within", "`within`", "a window of time has no `is`, like `contract_end within the next 30 days`", "within"},
    {"is in the next", "`within the next`", "write `within the next`", "within the next"},
    {"is in the last", "`within the last`", "write `within the last`", "within the last"},
    {"unset", "`clear`", "write `clear owner`", "clear"},
    {"unless", "`when not`", "a condition stands before the first action, like `when not opted out`", ""},
    {"where", "`when`", "write `when`", "when"},
    {"increase", "`add`", "a number grows with `add`, like `add 1 to visits`", ""},
    {"increment", "`add`", "a number grows with `add`, like `add 1 to visits`", ""},
    {"decrease", "`subtract`", "a number shrinks with `subtract`, like `subtract 1 from visits`", ""},
    {"decrement", "`subtract`", "a number shrinks with `subtract`, like `subtract 1 from visits`", ""},
    {"notify the", "`notify` and somebody", "leave out `the`", "notify"},
    {"create a", "`create` and `task` or `deal`", "leave out `a`", "create"},
    {"create an", "`create` and `task` or `deal`", "leave out `an`", "create"},
    {"create the", "`create` and `task` or `deal`", "leave out `the`", "create"},
    {"assign to", "`assign` and a property", "say what is assigned, like `assign owner from \"Inside Sales\" by rotation`", ""},
    {"round robin", "`from` and a team, and `by rotation`", "write `assign owner from \"Inside Sales\" by rotation`", ""},
    {"round-robin", "`from` and a team, and `by rotation`", "write `assign owner from \"Inside Sales\" by rotation`", ""},
    {"run sequence", "`start sequence`", "write `start sequence`", "start sequence"},
    {"elseif", "`else if`", "write `else if`", "else if"},
    {"elsif", "`else if`", "write `else if`", "else if"},
    {"elif", "`else if`", "write `else if`", "else if"},
    {"does not contain", "`not` before the condition", "write `not city contains \"x\"`", ""},
});

// The end of the words when they stand at `token`; 0 when others do.
std::size_t EndOfWords(std::string_view text, Token token, std::string_view words) {
  while (true) {
    const std::size_t length = std::min(words.find(' '), words.size());
    if (token.kind != Token::Kind::kWord || token.In(text) != words.substr(0, length)) return 0;
    if (length == words.size()) return token.end;
    words.remove_prefix(length + 1);
    token = NextToken(text, token.end);
  }
}

Diagnostic Describe(const Place& place, const Token& token, std::size_t end, const Idiom& idiom) {
  const std::string words(place.text().substr(token.begin, end - token.begin));
  Diagnostic diagnostic =
      Place::Error(Code::kUnexpected, place.SpanOf(token.begin, end), "expected " + std::string(idiom.meant) + ", found `" + words + "`");
  if (!idiom.help.empty()) diagnostic.help.emplace_back(idiom.help);
  if (!idiom.replacement.empty()) {
    diagnostic.fixes = {Replace(diagnostic.span, std::string(idiom.replacement))};
    return diagnostic;
  }
  if (idiom.meant.find("parentheses") == std::string_view::npos) return diagnostic;
  const ValueList list = ValuesFrom(place.text(), NextToken(place.text(), end));
  if (list.values.empty()) return diagnostic;
  const std::string right = (idiom.words == "is none of" ? "not in " : "in ") + list.values;
  diagnostic.help = {"write `" + right + "`"};
  diagnostic.fixes = {Replace(place.SpanOf(token.begin, list.end), right)};
  return diagnostic;
}

// A `when` or an `if` behind the actions of a rule, and no action behind it: a condition that came too late.
std::optional<Diagnostic> DescribeLateCondition(const Place& place) {
  if (!place.Expects(Label::kAction)) return std::nullopt;
  const Token first = NextToken(place.text(), place.begin());
  const Token line = place.FirstOfLine(place.begin());
  const std::string_view word = first.In(place.text());
  const bool breaks_off = place.found().kind == Token::Kind::kEnd || place.found().starts_line;
  if ((word != "when" && word != "if") || line.begin == first.begin || !breaks_off) return std::nullopt;
  bool acts = false;
  for (Token token = line; token.begin < first.begin; token = place.Next(token)) {
    const std::string_view before = token.In(place.text());
    acts =
        acts || before == "set" || before == "clear" || before == "assign" || before == "notify" || before == "create" || before == "send";
  }
  if (!acts) return std::nullopt;
  Diagnostic diagnostic = place.Unexpected(first, "another action");
  diagnostic.help.emplace_back("a condition stands before the first action, like `on SQL when opted out set status New`");
  return diagnostic;
}

}  // namespace

ValueList ValuesFrom(std::string_view text, Token token) {
  const bool open = token.In(text) == "(";
  if (open) token = NextToken(text, token.end);
  ValueList list{{}, token.begin};
  std::size_t values = 0;
  bool parted = true;
  for (; token.kind != Token::Kind::kEnd; token = NextToken(text, token.end)) {
    const std::string_view word = token.In(text);
    if (open && word == ")") {
      list.end = token.end;
      break;
    }
    if (word == "," || word == "or" || word == "and") {
      parted = true;
      continue;
    }
    const bool value = token.kind == Token::Kind::kText || token.kind == Token::Kind::kNumber ||
                       (token.kind == Token::Kind::kWord && !IsPlainKeyword(word) && word != "by" && word != "once");
    if (!value || token.starts_line) break;
    list.values += parted ? (values++ == 0 ? "" : ", ") : " ";
    list.values += word;
    list.end = token.end;
    parted = false;
  }
  if (values == 0) return {};
  list.values = "(" + list.values + ")";
  return list;
}

std::optional<Diagnostic> DescribeIdiom(const Place& place) {
  if (auto late = DescribeLateCondition(place)) return late;
  for (Token token = NextToken(place.text(), place.begin()); token.kind != Token::Kind::kEnd && token.begin <= place.at();
       token = place.Next(token)) {
    for (const Idiom& idiom : kIdioms) {
      if (const std::size_t end = EndOfWords(place.text(), token, idiom.words)) {
        // A name may hold such words; what it is replaced by tells.
        Diagnostic diagnostic = Describe(place, token, end, idiom);
        for (Fix& fix : diagnostic.fixes) fix.safe = false;
        const bool certain = idiom.words.find(' ') != std::string_view::npos || diagnostic.fixes.empty() || place.ExpectsAction();
        if (certain || place.ReadsWith(diagnostic.fixes.front())) return diagnostic;
      }
    }
  }
  return std::nullopt;
}

}  // namespace stagecraft::syntax
