#include <algorithm>
#include <functional>
#include <set>
#include <string>

#include "dsl/sema/analysis/lint.h"
#include "dsl/sema/analysis/walk.h"
#include "dsl/support/text.h"

namespace stagecraft::sema::lint {

namespace {

using syntax::Token;
using Visit = std::function<void(const Condition&)>;

void VisitParts(const Condition& condition, const Visit& visit) {
  visit(condition);
  for (const Condition& operand : condition.operands) VisitParts(operand, visit);
  for (const EventMatch& match : condition.events) {
    for (const Condition& field : match.conditions) VisitParts(field, visit);
  }
}

void VisitEvents(const EventMatches& events, const Visit& visit) {
  for (const EventMatch& match : events) {
    for (const Condition& field : match.conditions) VisitParts(field, visit);
  }
}

// Every condition of the script, and every part of it.
void ForEachPart(const Facts& facts, const Visit& visit) {
  const CheckedScript& script = facts.script();
  for (const Derived& derived : script.derived) {
    VisitParts(derived.condition, visit);
    VisitEvents(derived.events, visit);
    for (const Criterion& line : derived.criteria) {
      VisitParts(line.condition, visit);
      VisitEvents(line.events, visit);
    }
  }
  for (const Rule& rule : script.rules) {
    VisitEvents(rule.trigger.events, visit);
    ForEachCondition(rule, [&](const Condition& condition) { VisitParts(condition, visit); });
  }
  for (const View& view : script.views) VisitParts(view.condition, visit);
  for (const Promise& promise : script.promises) VisitParts(promise.broken, visit);
}

std::uint32_t Offset(std::size_t place) { return static_cast<std::uint32_t>(place); }

// One value of `in (A, B, C)`.
struct Item {
  Span span;
  std::string name;                    // folded, without quotation marks
  std::vector<std::uint32_t> options;  // what it stands for, where that is options
};

// The values of the list in parentheses with which the text at `span` ends; empty where it does not end with one.
std::vector<Item> ItemsOf(Span span, const Mender& mender) {
  if (!mender.TextAt(span).ends_with(')')) return {};
  const std::vector<Token> tokens = mender.TokensIn(span);
  const auto word = [&](const Token& token) { return mender.TextAt(Mender::SpanOf(span.source, token)); };
  const auto open = std::find_if(tokens.begin(), tokens.end(), [&](const Token& token) { return word(token) == "("; });
  if (open == tokens.begin() || open == tokens.end() || word(*(open - 1)) != "in" || word(tokens.back()) != ")") return {};
  std::vector<Item> items(1);
  for (auto token = open + 1; token + 1 != tokens.end(); ++token) {
    if (word(*token) == ",") {
      items.emplace_back();
      continue;
    }
    // Not a list of plain values.
    if (word(*token) == "(" || word(*token) == ")" || token->kind == Token::Kind::kComment) return {};
    Item& item = items.back();
    if (item.name.empty()) item.span = Mender::SpanOf(span.source, *token);
    item.span.end = Offset(token->end);
    std::string_view text = word(*token);
    if (token->kind == Token::Kind::kText && text.size() >= 2) text = text.substr(1, text.size() - 2);
    item.name += (item.name.empty() ? "" : " ") + FoldCase(text);
  }
  return items;
}

bool Within(const std::vector<std::uint32_t>& narrow, const std::vector<std::uint32_t>& wide) {
  return std::includes(wide.begin(), wide.end(), narrow.begin(), narrow.end());
}

// True where `item` is there already: as `other`, which comes first when they are the same.
bool IsIn(const std::vector<Item>& items, std::size_t item, std::size_t other) {
  const bool options = !items[item].options.empty() && !items[other].options.empty();
  const bool covered = options ? Within(items[item].options, items[other].options) : items[item].name == items[other].name;
  const bool same = covered && (!options || items[item].options.size() == items[other].options.size());
  return covered && (!same || other < item);
}

// The sign that says the opposite; empty where there is none.
std::string OppositeOf(std::string_view sign) {
  constexpr std::pair<std::string_view, std::string_view> kOpposites[] = {{"<", ">="}, {"<=", ">"}, {">", "<="}, {">=", "<"}};
  for (const auto& [one, other] : kOpposites) {
    if (one == sign) return std::string(other);
  }
  return {};
}

// True where the text says `not`, once, and opens parentheses.
bool IsPlainNot(Span span, const Mender& mender) {
  if (span.begin >= span.end) return false;
  const std::vector<Token> tokens = mender.TokensIn(span);
  const auto word = [&](const Token& token) { return mender.TextAt(Mender::SpanOf(span.source, token)); };
  return !tokens.empty() && word(tokens.front()) == "not" &&
         std::all_of(tokens.begin() + 1, tokens.end(), [&](const Token& token) { return word(token) == "("; });
}

void CheckItems(const Condition& condition, const Facts& facts, Findings& findings) {
  std::vector<Item> items = ItemsOf(condition.span, findings.mender());
  if (items.size() < 2) return;
  if (condition.kind == Condition::Kind::kOptionIn) {
    const OptionSet& set = OptionsOf(condition.reference, facts.vocabulary());
    for (Item& item : items) {
      if (const auto option = set.Find(item.name); option.has_value()) item.options = set.WithSubValues(*option);
    }
  }
  for (std::size_t i = 0; i < items.size(); ++i) {
    for (std::size_t other = 0; other < items.size(); ++other) {
      if (other == i || !IsIn(items, i, other)) continue;
      const std::string text = findings.TextAt(items[i].span);
      const bool part = items[i].options.size() < items[other].options.size();
      Diagnostic* found = findings.Report(
          Code::kRepeatedValue, items[i].span,
          part ? Tick(text) + " is a part of " + Tick(findings.TextAt(items[other].span)) + ", which stands in this list, too"
               : Tick(text) + " stands in this list twice",
          "adds nothing");
      if (found == nullptr) break;
      findings.Note(*found, items[other].span, part ? "this covers it" : "the first time");
      const Span rest = i > 0 ? Span{items[i].span.source, items[i - 1].span.end, items[i].span.end}
                              : Span{items[i].span.source, items[i].span.begin, items[i + 1].span.begin};
      found->fixes.push_back(findings.mender().Of({{rest, ""}}, "take " + Tick(text) + " out"));
      break;
    }
  }
}

}  // namespace

void RepeatedValues(const Facts& facts, Findings& findings) {
  std::set<std::pair<std::uint32_t, std::uint32_t>> options;  // where the lists of options stand
  ForEachPart(facts, [&](const Condition& condition) {
    if (condition.kind != Condition::Kind::kOptionIn || !IsWritten(condition.span)) return;
    if (options.emplace(condition.span.source, condition.span.begin).second) CheckItems(condition, facts, findings);
  });
  // The other lists are alternatives that are written as one.
  ForEachPart(facts, [&](const Condition& condition) {
    if (condition.kind != Condition::Kind::kOr || !IsWritten(condition.span)) return;
    const bool list = std::all_of(condition.operands.begin(), condition.operands.end(),
                                  [&](const Condition& operand) { return operand.span == condition.span; });
    if (list && options.emplace(condition.span.source, condition.span.begin).second) CheckItems(condition, facts, findings);
  });
}

// Scores and counters are always set, so that the opposite of a comparison is another one. Of what can be unset it is not.
void NegatedComparisons(const Facts& facts, Findings& findings) {
  ForEachPart(facts, [&](const Condition& condition) {
    if (condition.kind != Condition::Kind::kNot || !IsWritten(condition.span)) return;
    const Condition& compared = condition.operands.front();
    if (compared.kind != Condition::Kind::kCompare || compared.reference.space != Reference::Space::kDerived) return;
    const DerivedKind kind = facts.vocabulary().derived()[compared.reference.symbol].kind;
    if (kind != DerivedKind::kScore && kind != DerivedKind::kCounter) return;
    const Mender& mender = findings.mender();
    const std::uint32_t source = condition.span.source;
    if (!IsPlainNot({source, condition.span.begin, compared.span.begin}, mender)) return;
    for (const Token& token : mender.TokensIn(compared.span)) {
      const std::string opposite = OppositeOf(mender.TextAt(Mender::SpanOf(source, token)));
      if (opposite.empty()) continue;
      const std::string left(mender.TextAt({source, compared.span.begin, Offset(token.begin)}));
      const std::string right(mender.TextAt({source, Offset(token.end), compared.span.end}));
      const std::string plain = left + opposite + right;
      Diagnostic* found = findings.Report(Code::kNegatedComparison, condition.span,
                                          Tick(findings.TextAt(condition.span)) + " is " + Tick(plain), "turned round");
      if (found != nullptr) found->fixes.push_back(mender.Of({{condition.span, plain}}, "write " + Tick(plain)));
      return;
    }
  });
}

}  // namespace stagecraft::sema::lint
