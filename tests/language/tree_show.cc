#include "tests/language/tree_show.h"

#include <fmt/format.h>

#include <array>

namespace stagecraft::tests {

using namespace syntax;  // NOLINT: this file speaks of nothing else

namespace {

std::string Decimal(std::int64_t millionths) {
  std::string text = fmt::format("{:.6f}", static_cast<double>(millionths) / 1e6);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

}  // namespace

std::string Show(const Term& term) {
  switch (term.kind) {
    case Term::Kind::kWord:
    case Term::Kind::kDate:
      return term.text;
    case Term::Kind::kText:
      return "\"" + term.text + "\"";
    case Term::Kind::kNumber:
      return Decimal(term.number);
    case Term::Kind::kPercent:
      return Decimal(term.number) + "%";
    case Term::Kind::kClock:
      return "@" + Decimal(term.number);
    case Term::Kind::kPlaceholder:
      return "{" + term.text + "}";
  }
  return {};
}

std::string Show(const Phrase& phrase) {
  std::string text = "[";
  for (const Term& term : phrase.terms) text += (text.size() > 1 ? " " : "") + Show(term);
  return text + "]";
}

std::string Show(const Duration& duration) {
  return fmt::format("<{}{} {}>", Decimal(duration.amount), duration.business ? " business" : "", duration.unit);
}

std::string Show(const Days& days) { return "{" + Joined(days.names, ", ") + Optional(" on ", days.day_of_month) + "}"; }

namespace {

using tests::Show;

std::string Show(const Operand& operand) {
  return std::visit(Overloaded{
                        [](std::monostate) { return std::string(); },
                        [](const Phrase& phrase) { return " " + Show(phrase); },
                        [](const std::vector<Phrase>& list) {
                          std::string text = " (";
                          for (const Phrase& phrase : list) text += (text.size() > 2 ? " " : "") + Show(phrase);
                          return text + ")";
                        },
                        [](const Range& range) { return " " + Show(range.low) + ".." + Show(range.high); },
                        [](const Duration& duration) { return " " + Show(duration); },
                    },
                    operand.value);
}

std::string_view Show(Comparator op) {
  constexpr std::array<std::string_view, 20> kNames = {
      "is",       "is-not",  "in",       "not-in",      "<",         "<=",     ">",          ">=",  "before",  "after",
      "at-least", "at-most", "contains", "starts-with", "ends-with", "is-set", "is-not-set", "was", "reaches", "matches"};
  return kNames.at(static_cast<std::size_t>(op));
}

std::string Nary(std::string_view word, const std::vector<ConditionPtr>& operands) {
  std::string text = "(" + std::string(word);
  for (const ConditionPtr& operand : operands) text += " " + Dump(*operand);
  return text + ")";
}

std::string Show(const BareCondition& bare) {
  std::string text = Show(bare.phrase);
  if (bare.with) text += " with " + Dump(*bare.with);
  constexpr std::array<std::string_view, 3> kSides = {"", "last ", "next "};
  if (bare.within) text += " within " + std::string(kSides.at(static_cast<std::size_t>(bare.side))) + Show(*bare.within);
  if (bare.since) text += " since " + Show(*bare.since);
  return text;
}

}  // namespace

std::string Dump(const Condition& condition) {
  return std::visit(Overloaded{
                        [](const Comparison& comparison) {
                          return "(" + Show(comparison.left) + " " + std::string(Show(comparison.op)) + Show(comparison.right) + ")";
                        },
                        [](const BareCondition& bare) { return "(" + Show(bare) + ")"; },
                        [](const AndCondition& all) { return Nary("and", all.operands); },
                        [](const OrCondition& any) { return Nary("or", any.operands); },
                        [](const NotCondition& negated) { return "(not " + Dump(*negated.operand) + ")"; },
                        [](const ParenCondition& paren) { return "(paren " + Dump(*paren.operand) + ")"; },
                    },
                    condition.node);
}

}  // namespace stagecraft::tests
