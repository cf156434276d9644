#include "dsl/sema/wording.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <vector>

#include "dsl/support/nearest.h"
#include "dsl/support/text.h"

namespace stagecraft::sema {
namespace {

using syntax::Term;

// What follows a comparison in other words, and so how the language's own is built.
enum class Shape : std::uint8_t { kOne, kList, kRange, kSet, kNotSet, kChange };

struct OtherWords {
  std::string_view written;
  Shape shape;
  std::string_view own;
};

// Of two that begin with the same words the longer stands first.
constexpr OtherWords kComparisons[] = {
    {"between", Shape::kRange, "in"},
    {"any of", Shape::kList, "in"},
    {"one of", Shape::kList, "in"},
    {"either", Shape::kList, "in"},
    {"none of", Shape::kList, "not in"},
    {"more than", Shape::kOne, ">"},
    {"greater than", Shape::kOne, ">"},
    {"larger than", Shape::kOne, ">"},
    {"higher than", Shape::kOne, ">"},
    {"above", Shape::kOne, ">"},
    {"over", Shape::kOne, ">"},
    {"exceeds", Shape::kOne, ">"},
    {"less than", Shape::kOne, "<"},
    {"fewer than", Shape::kOne, "<"},
    {"smaller than", Shape::kOne, "<"},
    {"lower than", Shape::kOne, "<"},
    {"below", Shape::kOne, "<"},
    {"under", Shape::kOne, "<"},
    {"the same as", Shape::kOne, "is"},
    {"equal to", Shape::kOne, "is"},
    {"equals", Shape::kOne, "is"},
    {"includes", Shape::kOne, "contains"},
    {"containing", Shape::kOne, "contains"},
    {"like", Shape::kOne, "contains"},
    {"begins with", Shape::kOne, "starts with"},
    {"starting with", Shape::kOne, "starts with"},
    {"beginning with", Shape::kOne, "starts with"},
    {"ending with", Shape::kOne, "ends with"},
    {"has any value", Shape::kSet, {}},
    {"has a value", Shape::kSet, {}},
    {"has value", Shape::kSet, {}},
    {"has no value", Shape::kNotSet, {}},
    {"known", Shape::kSet, {}},
    {"exists", Shape::kSet, {}},
    {"present", Shape::kSet, {}},
    {"unknown", Shape::kNotSet, {}},
    {"empty", Shape::kNotSet, {}},
    {"blank", Shape::kNotSet, {}},
    {"missing", Shape::kNotSet, {}},
    {"null", Shape::kNotSet, {}},
    {"none", Shape::kNotSet, {}},
    {"unset", Shape::kNotSet, {}},
    {"unassigned", Shape::kNotSet, {}},
    {"has changed", Shape::kChange, {}},
    {"changed", Shape::kChange, {}},
    {"changes", Shape::kChange, {}},
};

constexpr std::string_view kNothings[] = {"null", "none", "nothing", "nobody", "empty", "blank", "unset", "unassigned", "unknown"};

struct OtherName {
  std::string_view written;
  std::string_view own;
};
constexpr OtherName kNames[] = {
    {"lifecycle stage", "lifecycle"}, {"lead status", "status"},
    {"lead owner", "owner"},          {"contact owner", "owner"},
    {"hubspot owner", "owner"},       {"lead score", "score"},
    {"hubspot score", "score"},       {"contact email", "email"},
    {"phone number", "phone"},        {"mobile phone number", "mobile phone"},
    {"company", "company name"},
};

constexpr std::string_view kArticles[] = {"the", "a", "an", "its", "their", "his", "her"};

struct Modifier {
  std::string_view written;
  std::string_view help;
};
constexpr Modifier kModifiers[] = {
    {"unless", "a condition stands before the first action: `when not …`"},
    {"where", "a condition stands before the first action: `when …`"},
    {"if", "a condition stands before the first action: `when …`"},
    {"once", "it stands between the trigger and the first action, such as `once per contact`"},
    {"every", "it is `every time` before the first action"},
    {"disabled", "it stands between the trigger and the first action"},
    {"enroll", "did you mean `enrol`?"},
    {"enrol", "it is the action `enrol in \"…\"`"},
    {"due", "such as `due in 2 days`"},
    {"round", "in turn: `assign owner from \"…\" by rotation`"},
};
// What may follow a trigger or a value, so that a misspelt one is found.
const std::vector<std::string_view> kKeywords = {"when",   "with", "set",   "clear", "notify", "assign",   "create",  "send",
                                                 "append", "wait", "start", "leave", "every",  "disabled", "migrate", "enrol"};

std::size_t WordsIn(std::string_view words) { return static_cast<std::size_t>(std::count(words.begin(), words.end(), ' ')) + 1; }

bool BeginWith(Terms terms, std::string_view words) {
  const std::size_t count = WordsIn(words);
  return terms.size() >= count && terms.front().kind == Term::Kind::kWord && Folded(terms.first(count)) == words;
}

bool IsOneOf(const Term& term, std::span<const std::string_view> words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return IsWord(term, word); });
}

// What is known of this word; null: nothing.
const Modifier* FindModifier(const Term& word) {
  const auto* known =
      std::find_if(std::begin(kModifiers), std::end(kModifiers), [&](const Modifier& modifier) { return IsWord(word, modifier.written); });
  return known == std::end(kModifiers) ? nullptr : known;
}

// `35..64` of `35 to 64`; what is not there is left open.
std::string RangeOf(Terms ends) {
  std::string range;
  std::size_t count = 0;
  for (const Term& term : ends) {
    if (term.kind != Term::Kind::kNumber && term.kind != Term::Kind::kDate) continue;
    range += (count++ == 0 ? "" : "..") + term.text;
  }
  if (count == 0) return "…";
  return count == 1 ? range + "..…" : range;
}

}  // namespace

void Offer(Diagnostic& diagnostic, const Span& span, const std::string& meant) {
  diagnostic.help = {"did you mean " + Tick(meant) + "?"};
  diagnostic.fixes.clear();
  // An ellipsis stands for what the user knows and nobody else does.
  if (meant.find("…") != std::string::npos) return;
  diagnostic.fixes = {Replace(span, meant)};
  diagnostic.fixes.front().safe = false;
}

bool OfferComparison(Diagnostic& diagnostic, const Span& span, std::string_view left, bool negated, Terms behind) {
  const auto* words =
      std::find_if(std::begin(kComparisons), std::end(kComparisons), [&](const OtherWords& one) { return BeginWith(behind, one.written); });
  if (words == std::end(kComparisons)) return false;
  const Terms rest = behind.subspan(WordsIn(words->written));
  const std::string value(left);
  const std::string operand = rest.empty() ? "…" : Shown(rest);
  const std::string own = " " + std::string(negated ? "not " : "") + std::string(words->own) + " ";
  switch (words->shape) {
    case Shape::kOne:
      if (negated) return false;
      Offer(diagnostic, span, value + own + operand);
      return true;
    case Shape::kList:
      Offer(diagnostic, span, value + own + "(" + operand + ")");
      return true;
    case Shape::kRange:
      Offer(diagnostic, span, value + own + RangeOf(rest));
      return true;
    case Shape::kSet:
    case Shape::kNotSet:
      if (!rest.empty()) return false;
      Offer(diagnostic, span, value + ((words->shape == Shape::kSet) == negated ? " is not set" : " is set"));
      return true;
    case Shape::kChange:
      if (!rest.empty() || negated) return false;
      diagnostic.help = {"for any change of it: " + Tick("on change of " + value)};
      diagnostic.fixes.clear();
      return true;
  }
  return false;
}

bool MeansNothing(Terms value) { return value.size() == 1 && IsOneOf(value.front(), kNothings); }

bool OfferOwnName(Diagnostic& diagnostic, Terms terms, const Vocabulary& vocabulary) {
  for (const OtherName& name : kNames) {
    if (!BeginWith(terms, name.written) || vocabulary.FindValue(name.own) == nullptr) continue;
    const Terms written = terms.first(WordsIn(name.written));
    diagnostic.span = SpanOf(written);
    diagnostic.message = "there is no property " + Tick(Written(written));
    Offer(diagnostic, diagnostic.span, std::string(name.own));
    return true;
  }
  return false;
}

void HelpWithWordsAround(Diagnostic& diagnostic, Terms terms, const Names& names) {
  if (terms.size() < 2) return;
  if (IsOneOf(terms.front(), kArticles) && names.vocabulary().FindValue(Folded(terms.subspan(1))) != nullptr) {
    Offer(diagnostic, SpanOf(terms), Written(terms.subspan(1)));
    return;
  }
  const auto found = names.LongestValue(terms);
  if (!found.has_value() || found->count == terms.size()) return;
  if (const Modifier* known = FindModifier(terms[found->count]); known != nullptr) diagnostic.help.emplace_back(known->help);
}

std::string HelpWithModifier(Terms behind) {
  const Term& word = behind.front();
  if (const Modifier* known = FindModifier(word); known != nullptr) return std::string(known->help);
  const auto nearest = word.kind == Term::Kind::kWord ? Nearest(word.text, kKeywords) : std::nullopt;
  if (!nearest.has_value() || FoldCase(word.text) == *nearest) return {};
  return "did you mean " + Tick(*nearest) + "?";
}

}  // namespace stagecraft::sema
