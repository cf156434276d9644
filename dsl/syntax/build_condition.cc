#include <string>

#include "dsl/syntax/build.h"
#include "dsl/syntax/scan.h"

namespace stagecraft::syntax {

namespace {

template <typename Node>
ConditionPtr Make(Node node, const Span& span) {
  auto condition = std::make_unique<Condition>();
  condition->node = std::move(node);
  condition->span = span;
  return condition;
}

Span Cover(const std::vector<ConditionPtr>& operands) {
  return {operands.front()->span.source, operands.front()->span.begin, operands.back()->span.end};
}

// `first` joins before the other one: its runs stand in parentheses.
std::string Reading(Builder& builder, const std::vector<ConditionPtr>& operands, const std::vector<Role>& joints, Role first) {
  std::string text;
  std::size_t i = 0;
  while (i < operands.size()) {
    std::size_t last = i;
    while (last < joints.size() && joints[last] == first) ++last;
    if (i > 0) text += joints[i - 1] == Role::kAnd ? " and " : " or ";
    if (last > i) text += '(';
    for (std::size_t k = i; k <= last; ++k) {
      if (k > i) text += first == Role::kAnd ? " and " : " or ";
      text += OneLine(builder.TextOf(operands[k]->span));
    }
    if (last > i) text += ')';
    i = last + 1;
  }
  return text;
}

// The parentheses that make this reading of the text, whatever stands between the operands.
Fix Parentheses(const std::vector<ConditionPtr>& operands, const std::vector<Role>& joints, Role first, std::string title) {
  Fix fix{{}, std::move(title), false};
  for (std::size_t i = 0; i < operands.size(); ++i) {
    std::size_t last = i;
    while (last < joints.size() && joints[last] == first) ++last;
    if (last == i) continue;
    const Span& begin = operands[i]->span;
    const Span& end = operands[last]->span;
    fix.edits.push_back({{begin.source, begin.begin, begin.begin}, "("});
    fix.edits.push_back({{end.source, end.end, end.end}, ")"});
    i = last;
  }
  return fix;
}

void ReportMixed(Builder& builder, const Span& span, const std::vector<ConditionPtr>& operands, const std::vector<Role>& joints) {
  const std::string by_and = "write `" + Reading(builder, operands, joints, Role::kAnd) + "`";
  const std::string by_or = "write `" + Reading(builder, operands, joints, Role::kOr) + "`";
  builder.Report(Code::kMixedAndOr, span, "`and` and `or` are mixed without parentheses", "may be read in two ways",
                 {by_and, "or " + by_or},
                 {Parentheses(operands, joints, Role::kAnd, by_and), Parentheses(operands, joints, Role::kOr, by_or)});
}

template <typename Node>
ConditionPtr Join(std::vector<ConditionPtr> operands) {
  if (operands.size() == 1) return std::move(operands.front());
  const Span span = Cover(operands);
  return Make(Node{std::move(operands)}, span);
}

}  // namespace

Operand BuildValueList(Children& children) { return {children.TakeAll<Phrase>(), children.span()}; }

Operand BuildOperand(Children& children) {
  if (auto whole = children.Take<Operand>()) return std::move(*whole);
  if (auto range = children.Take<Range>()) return {std::move(*range), children.span()};
  if (auto duration = children.Take<Duration>()) return {std::move(*duration), children.span()};
  return {children.Need<Phrase>(), children.span()};
}

ConditionPtr BuildPredicate(Children& children) {
  Phrase left = children.Need<Phrase>();
  if (const Part* op = children.FindOf<Comparator>()) {
    const Span op_span = op->span;
    const Comparator comparator = std::get<Comparator>(op->value);
    return Make(Comparison{std::move(left), comparator, op_span, children.Need<Operand>()}, children.span());
  }
  BareCondition bare;
  bare.phrase = std::move(left);
  bare.with = children.Need<ConditionPtr>(Role::kWith);
  bare.within = children.Take<Duration>(Role::kWithin);
  if (children.Has(Role::kLast)) bare.side = BareCondition::Side::kLast;
  if (children.Has(Role::kNext)) bare.side = BareCondition::Side::kNext;
  bare.since = children.Take<Phrase>(Role::kSince);
  return Make(std::move(bare), children.span());
}

ConditionPtr BuildNested(Children& children) { return Make(ParenCondition{children.Need<ConditionPtr>()}, children.span()); }

ConditionPtr BuildNegation(Children& children) {
  const std::size_t count = children.Count(Role::kNot);
  ConditionPtr condition = children.Need<ConditionPtr>();
  if (count > children.builder().limits().nesting_max) {
    children.builder().Report(Code::kNestedTooDeep, children.span(), "`not` stands " + std::to_string(count) + " times in a row");
    return condition;
  }
  for (std::size_t i = 0; i < count; ++i) condition = Make(NotCondition{std::move(condition)}, children.span());
  return condition;
}

ConditionPtr BuildJoined(Children& children) {
  const std::vector<Role> joints = children.FlagRoles();
  std::vector<ConditionPtr> operands = children.TakeAll<ConditionPtr>();
  const bool has_and = children.Has(Role::kAnd);
  const bool has_or = children.Has(Role::kOr);
  if (!has_or) return Join<AndCondition>(std::move(operands));
  if (!has_and) return Join<OrCondition>(std::move(operands));
  ReportMixed(children.builder(), Cover(operands), operands, joints);
  std::vector<ConditionPtr> groups;
  std::vector<ConditionPtr> group;
  for (std::size_t i = 0; i < operands.size(); ++i) {
    group.push_back(std::move(operands[i]));
    if (i == joints.size() || joints[i] == Role::kOr) {
      groups.push_back(Join<AndCondition>(std::move(group)));
      group.clear();
    }
  }
  return Join<OrCondition>(std::move(groups));
}

}  // namespace stagecraft::syntax
