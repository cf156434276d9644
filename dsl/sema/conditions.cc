#include "dsl/sema/conditions.h"

#include <utility>

#include "dsl/sema/comparison.h"
#include "dsl/sema/units.h"
#include "dsl/support/text.h"

namespace stagecraft::sema {
namespace {

Condition HasTruth(const Reference& reference) {
  Condition condition;
  condition.kind = Condition::Kind::kCompare;
  condition.reference = reference;
  condition.number = 1;
  return condition;
}

}  // namespace

Condition InList(const ListSymbol& list, std::vector<Symbol>* reads) {
  Reference reference;
  reference.symbol = list.member;
  if (list.by_hand) {
    reference.type = Type::kTruth;
  } else {
    reference.space = Reference::Space::kDerived;
    if (reads != nullptr) reads->push_back(list.member);
  }
  return HasTruth(reference);
}

Condition ConditionChecker::CheckTrigger(const syntax::Condition& condition, const Scope& scope) {
  if (const auto* paren = std::get_if<syntax::ParenCondition>(&condition.node)) return CheckTrigger(*paren->operand, scope);
  const auto* comparison = std::get_if<syntax::Comparison>(&condition.node);
  if (comparison == nullptr || comparison->op != syntax::Comparator::kReaches) return Check(condition, scope);
  const std::optional<Reference> left = names_.ResolveReference(TermsOf(comparison->left), scope);
  if (!left.has_value()) return Never();
  return ComparisonChecker(names_, *comparison, *left).Check().value_or(Never());
}

Condition ConditionChecker::Check(const syntax::Condition& condition, const Scope& scope) {
  const auto check_all = [&](const std::vector<syntax::ConditionPtr>& operands) {
    std::vector<Condition> checked;
    checked.reserve(operands.size());
    for (const syntax::ConditionPtr& operand : operands) checked.push_back(Check(*operand, scope));
    return checked;
  };
  struct Visitor {
    ConditionChecker& self;
    const Scope& scope;
    const decltype(check_all)& all;
    Condition operator()(const syntax::Comparison& node) const { return self.CheckComparison(node, scope); }
    Condition operator()(const syntax::BareCondition& node) const { return self.CheckBare(node, scope); }
    Condition operator()(const syntax::AndCondition& node) const { return AllOf(all(node.operands)); }
    Condition operator()(const syntax::OrCondition& node) const { return AnyOf(all(node.operands)); }
    Condition operator()(const syntax::NotCondition& node) const { return Negate(self.Check(*node.operand, scope)); }
    Condition operator()(const syntax::ParenCondition& node) const { return self.Check(*node.operand, scope); }
  };
  return std::visit(Visitor{*this, scope, check_all}, condition.node);
}

Condition ConditionChecker::CheckComparison(const syntax::Comparison& comparison, const Scope& scope) {
  if (comparison.op == syntax::Comparator::kReaches) {
    Diagnostic& diagnostic = names_.reporter().Report(Code::kMisplaced, comparison.op_span, "`reaches` is a moment, not a state",
                                                      "only in a rule that begins with `when`");
    diagnostic.help.emplace_back("use `>=` in a condition");
    return Never();
  }
  std::optional<Reference> left = names_.ResolveReference(TermsOf(comparison.left), scope);
  if (!left.has_value()) return Never();
  if (left->space == Reference::Space::kProperty && names_.vocabulary().property(left->symbol).broken) return Never();
  if (comparison.op == syntax::Comparator::kWas) {
    if (!scope.in_rule) {
      names_.reporter().Report(Code::kMisplaced, comparison.op_span, "`was` asks for the value before an event, and here is none",
                               "only in the `when` of a rule");
      return Never();
    }
    if (left->space != Reference::Space::kProperty) {
      names_.reporter().Report(Code::kTypeMismatch, comparison.left.span, "`was` is asked of properties only", "not a property");
      return Never();
    }
    left->space = Reference::Space::kPrevious;
  }
  return ComparisonChecker(names_, comparison, *left).Check().value_or(Never());
}

Condition ConditionChecker::CheckBare(const syntax::BareCondition& bare, const Scope& scope) {
  const bool about_time = bare.within.has_value() || bare.since.has_value() || bare.with != nullptr;
  if (scope.fields_only) {
    if (!about_time) return CheckNamed(bare, scope);
    names_.reporter().Report(Code::kMisplaced, bare.phrase.span, "conditions after `with` are about the event's own fields",
                             "a field was expected");
    return Never();
  }
  const Terms terms = TermsOf(bare.phrase);
  if (about_time) return CheckSeen(bare);
  // A yes-or-no value before an event of the same name: values are the shorter sentence.
  const std::optional<Reference> value = names_.FindReference(terms, Scope{});
  const bool is_truth = value.has_value() && (value->type == Type::kTruth || value->space == Reference::Space::kDerived);
  if (!is_truth && events_.IsEvent(terms)) return CheckSeen(bare);
  return CheckNamed(bare, scope);
}

Condition ConditionChecker::CheckSeen(const syntax::BareCondition& bare) {
  const std::optional<Reference> value = names_.FindReference(TermsOf(bare.phrase), Scope{});
  if (value.has_value() && !events_.IsEvent(TermsOf(bare.phrase))) {
    names_.reporter()
        .Report(Code::kTypeMismatch, bare.phrase.span,
                "`within`, `since` and `with` are asked of events, and " + Tick(Written(TermsOf(bare.phrase))) + " is a value",
                "an event was expected")
        .help.emplace_back("such as `email clicked within 30 days`");
    return Never();
  }
  std::optional<EventMatches> events = events_.Resolve(TermsOf(bare.phrase), bare.with.get());
  Condition condition;
  condition.kind = Condition::Kind::kSeen;
  bool good = events.has_value();
  if (bare.within.has_value()) {
    const auto micros = ElapsedMicros(*bare.within, names_.reporter());
    good = good && micros.has_value();
    condition.within_us = micros.value_or(0);
  }
  if (bare.since.has_value()) {
    const auto since = names_.ResolveSince(TermsOf(*bare.since));
    good = good && since.has_value();
    if (since.has_value()) condition.since = *since;
    condition.kind = Condition::Kind::kSeenSince;
  }
  if (!good) return Never();
  condition.events = std::move(*events);
  if (!bare.within.has_value() || !bare.since.has_value()) return condition;
  // Both bounds: the last such event lies within both exactly when each holds of some event.
  Condition within = condition;
  within.kind = Condition::Kind::kSeen;
  condition.within_us = 0;
  std::vector<Condition> both;
  both.push_back(std::move(within));
  both.push_back(std::move(condition));
  return AllOf(std::move(both));
}

void ConditionChecker::ReportBareState(Terms terms, const State& state) {
  const PropertySymbol& property = names_.vocabulary().property(state.property);
  const std::string option = AsWritten(property.options.options[state.option].label);
  const std::string meant = property.name + " is " + option;
  Diagnostic& diagnostic =
      names_.reporter().Report(Code::kTypeMismatch, SpanOf(terms), Tick(Written(terms)) + " is not a condition", "neither true nor false");
  diagnostic.help.push_back("did you mean " + Tick(meant) + "?");
  diagnostic.fix = Fix{SpanOf(terms), meant};
}

Condition ConditionChecker::CheckNamed(const syntax::BareCondition& bare, const Scope& scope) {
  const Terms terms = TermsOf(bare.phrase);
  const Vocabulary& vocabulary = names_.vocabulary();
  const bool says_list = terms.size() == 2 && IsWord(terms.front(), "list") && terms.back().kind == syntax::Term::Kind::kText;
  if (!scope.fields_only && (says_list || (terms.size() == 1 && terms.front().kind == syntax::Term::Kind::kText))) {
    const auto list = names_.ResolveList(terms.back());
    return list.has_value() ? InList(vocabulary.lists()[*list], scope.reads) : Never();
  }
  if (const auto reference = names_.FindReference(terms, scope); reference.has_value()) {
    if (reference->type == Type::kTruth) return HasTruth(*reference);
    const std::string written = Written(terms);
    const std::string_view type = reference->space == Reference::Space::kDerived ? "a number" : TypeWithArticle(reference->type);
    Diagnostic& diagnostic = names_.reporter().Report(
        Code::kTypeMismatch, SpanOf(terms), Tick(written) + " is " + std::string(type) + ", not a condition", "neither true nor false");
    diagnostic.help.push_back("compare it with something, or ask " + Tick(written + " is set"));
    return Never();
  }
  State state;
  if (!scope.fields_only) {
    switch (names_.FindState(terms, state)) {
      case Names::Outcome::kFound:
        ReportBareState(terms, state);
        return Never();
      case Names::Outcome::kReported:
        return Never();
      case Names::Outcome::kNot:
        break;
    }
  }
  if (scope.fields_only) {
    names_.ResolveReference(terms, scope);
    return Never();
  }
  if (scope.event_unknown) return Never();
  std::vector<std::string> candidates = vocabulary.ValueNames();
  const std::vector<std::string> events = vocabulary.EventNames();
  candidates.insert(candidates.end(), events.begin(), events.end());
  const std::string written = Written(terms);
  names_.reporter().ReportUnknown(Code::kUnknownName, SpanOf(terms), written, "there is no condition, event or property " + Tick(written),
                                  "not a known name", candidates);
  return Never();
}

}  // namespace stagecraft::sema
