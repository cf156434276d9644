#include "dsl/sema/conditions.h"

#include <utility>

#include "dsl/sema/comparison.h"
#include "dsl/sema/units.h"
#include "dsl/sema/wording.h"
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

// Says of every part that nobody else has placed that it comes from `span`.
void MarkSpan(Condition& condition, const Span& span) {
  if (condition.span.end != 0) return;
  condition.span = span;
  for (Condition& operand : condition.operands) MarkSpan(operand, span);
}

// `in "Going cold"`, `list "Going cold"`, `"Going cold"`: the list's name.
const syntax::Term* ListTerm(Terms terms) {
  if (terms.empty() || terms.size() > 2 || terms.back().kind != syntax::Term::Kind::kText) return nullptr;
  if (terms.size() == 2 && !IsWord(terms.front(), "list") && !IsWord(terms.front(), "in")) return nullptr;
  return &terms.back();
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
  Condition result = ComparisonChecker(names_, *comparison, *left, scope).Check().value_or(Never());
  MarkSpan(result, condition.span);
  return result;
}

Condition ConditionChecker::Check(const syntax::Condition& condition, const Scope& scope) {
  Condition result = CheckNode(condition, scope);
  MarkSpan(result, condition.span);
  return result;
}

Condition ConditionChecker::CheckNode(const syntax::Condition& condition, const Scope& scope) {
  const auto check_all = [&](const std::vector<syntax::ConditionPtr>& operands, bool any) {
    std::vector<Condition> checked;
    checked.reserve(operands.size());
    for (std::size_t i = 0; i < operands.size(); ++i) {
      const syntax::Condition* next = i + 1 < operands.size() ? operands[i + 1].get() : nullptr;
      if (next != nullptr && !any && ReportBetween(*operands[i], *next)) {
        checked.push_back(Never());
        ++i;
        continue;
      }
      const std::size_t found_before = names_.reporter().count();
      checked.push_back(Check(*operands[i], scope));
      if (any && i > 0 && names_.reporter().count() != found_before) OfferList(*operands[i - 1], *operands[i], names_.reporter().last());
    }
    return checked;
  };
  struct Visitor {
    ConditionChecker& self;
    const Scope& scope;
    const decltype(check_all)& all;
    Condition operator()(const syntax::Comparison& node) const { return self.CheckComparison(node, scope); }
    Condition operator()(const syntax::BareCondition& node) const { return self.CheckBare(node, scope); }
    Condition operator()(const syntax::AndCondition& node) const { return AllOf(all(node.operands, false)); }
    Condition operator()(const syntax::OrCondition& node) const { return AnyOf(all(node.operands, true)); }
    Condition operator()(const syntax::NotCondition& node) const { return Negate(self.Check(*node.operand, scope)); }
    Condition operator()(const syntax::ParenCondition& node) const { return self.Check(*node.operand, scope); }
  };
  return std::visit(Visitor{*this, scope, check_all}, condition.node);
}

// True, and reported, for `score between 35 and 64`, which reads as two conditions.
bool ConditionChecker::ReportBetween(const syntax::Condition& one, const syntax::Condition& other) {
  const auto* end = std::get_if<syntax::BareCondition>(&other.node);
  if (end == nullptr || end->phrase.terms.size() != 1) return false;
  const syntax::Term& high = end->phrase.terms.front();
  if (high.kind != syntax::Term::Kind::kNumber && high.kind != syntax::Term::Kind::kDate) return false;
  Terms left;
  Terms behind;
  bool negated = false;
  if (const auto* bare = std::get_if<syntax::BareCondition>(&one.node)) {
    const std::optional<Names::Found> found = names_.LongestValue(TermsOf(bare->phrase));
    if (!found.has_value()) return false;
    left = TermsOf(bare->phrase).first(found->count);
    behind = TermsOf(bare->phrase).subspan(found->count);
  } else if (const auto* comparison = std::get_if<syntax::Comparison>(&one.node)) {
    const auto* right = std::get_if<syntax::Phrase>(&comparison->right.value);
    negated = comparison->op == syntax::Comparator::kIsNot;
    if (right == nullptr || (comparison->op != syntax::Comparator::kIs && !negated)) return false;
    left = TermsOf(comparison->left);
    behind = TermsOf(*right);
  }
  if (behind.size() != 2 || !IsWord(behind.front(), "between")) return false;
  const Span span{one.span.source, one.span.begin, other.span.end};
  Diagnostic& diagnostic = names_.reporter().Report(Code::kTypeMismatch, span, "a range is written with `in`", "not a range");
  Offer(diagnostic, span, Written(left) + (negated ? " not in " : " in ") + behind.back().text + ".." + high.text);
  return true;
}

// `status is New or Open`: the second is no condition, and the finding says so; what is meant is a list of options.
void ConditionChecker::OfferList(const syntax::Condition& one, const syntax::Condition& other, Diagnostic& diagnostic) {
  const auto* comparison = std::get_if<syntax::Comparison>(&one.node);
  const auto* bare = std::get_if<syntax::BareCondition>(&other.node);
  if (comparison == nullptr || bare == nullptr || diagnostic.span != bare->phrase.span) return;
  const auto* first = std::get_if<syntax::Phrase>(&comparison->right.value);
  const bool negated = comparison->op == syntax::Comparator::kIsNot;
  if (first == nullptr || (comparison->op != syntax::Comparator::kIs && !negated)) return;
  const std::optional<Symbol> property = names_.vocabulary().FindProperty(Folded(TermsOf(comparison->left)));
  if (!property.has_value()) return;
  const PropertySymbol& symbol = names_.vocabulary().property(*property);
  const Terms second = TermsOf(bare->phrase);
  // Of texts any word may be meant, unless it is a misspelt name.
  const bool is_text = IsText(symbol.type) && diagnostic.fixes.empty() && second.size() == 1;
  if (symbol.type == Type::kOption ? !symbol.options.Find(Folded(second)).has_value() : !is_text) return;
  const Span span{one.span.source, one.span.begin, other.span.end};
  const auto shown = [&](Terms terms) { return symbol.type == Type::kOption ? Shown(terms) : "\"" + Written(terms) + "\""; };
  Offer(diagnostic, span,
        Written(TermsOf(comparison->left)) + (negated ? " not in (" : " in (") + shown(TermsOf(*first)) + ", " + shown(second) + ")");
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
    if (scope.reads_previous != nullptr) *scope.reads_previous = true;
  }
  return ComparisonChecker(names_, comparison, *left, scope).Check().value_or(Never());
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
  const std::optional<Reference> value = names_.FindReference(terms, Scope{});
  // A yes-or-no value before an event of the same name: values are the shorter sentence.
  const bool is_truth = value.has_value() && (value->type == Type::kTruth || value->space == Reference::Space::kDerived);
  if (!about_time) return !is_truth && events_.IsEvent(terms) ? CheckSeen(bare, scope) : CheckNamed(bare, scope);
  if (!value.has_value() && !events_.IsEvent(terms) && ReportTimedState(terms)) return Never();
  if (!value.has_value() || events_.IsEvent(terms)) return CheckSeen(bare, scope);
  const bool is_moment = value->type == Type::kDate || value->type == Type::kTime;
  if (is_moment && bare.within.has_value() && !bare.since.has_value() && bare.with == nullptr) return CheckWindow(bare, *value);
  names_.reporter()
      .Report(Code::kTypeMismatch, bare.phrase.span,
              "`within`, `since` and `with` are asked of events, and " + Tick(Written(terms)) + " is a value", "an event was expected")
      .help.emplace_back("such as `email clicked within 30 days`");
  return Never();
}

// True, and reported, where `terms` are a property and one of its options: `status New within 30 days`.
bool ConditionChecker::ReportTimedState(Terms terms) {
  const std::optional<Names::Found> found = names_.LongestValue(terms);
  if (!found.has_value() || found->value.kind != ValueName::Kind::kProperty || found->count == terms.size()) return false;
  const PropertySymbol& property = names_.vocabulary().property(found->value.symbol);
  if (property.type != Type::kOption || !property.options.Find(Folded(terms.subspan(found->count))).has_value()) return false;
  const std::string option = Shown(terms.subspan(found->count));
  Diagnostic& diagnostic = names_.reporter().Report(
      Code::kTypeMismatch, SpanOf(terms), "`within`, `since` and `with` are asked of events, and " + Tick(Shown(terms)) + " is a state",
      "an event was expected");
  if (property.tracks_entry) diagnostic.help.push_back("for when it began: " + Tick("became " + option + " date within the last 30 days"));
  return true;
}

// Two readings, and nothing that speaks for one of them.
void ConditionChecker::ReportSideNotSaid(const syntax::BareCondition& bare) {
  Diagnostic& diagnostic =
      names_.reporter().Report(Code::kSideNotSaid, bare.within->span,
                               "is " + Tick(Written(TermsOf(bare.phrase))) + " to lie before now or after it?", "the last, or the next?");
  const Span before{bare.within->span.source, bare.within->span.begin, bare.within->span.begin};
  for (const std::string_view side : {"next", "last"}) {
    diagnostic.help.push_back("write " + Tick("within the " + std::string(side) + " …"));
    diagnostic.fixes.push_back({{{before, "the " + std::string(side) + " "}}, "write `the " + std::string(side) + "`", false});
  }
}

Condition ConditionChecker::CheckWindow(const syntax::BareCondition& bare, const Reference& moment) {
  const std::optional<std::int64_t> micros = FixedMicros(*bare.within, names_.reporter());
  if (bare.side == syntax::BareCondition::Side::kUnsaid) {
    ReportSideNotSaid(bare);
    return Never();
  }
  if (!micros.has_value()) return Never();
  if (moment.type == Type::kDate && !IsWholeDays(*bare.within)) {
    Diagnostic& diagnostic =
        names_.reporter().Report(Code::kUnitNotPossible, bare.within->span,
                                 Tick(Written(TermsOf(bare.phrase))) + " is a date and comes near by whole days only", "not whole days");
    diagnostic.help.emplace_back("write it in days or weeks, such as `1 day`");
    return Never();
  }
  Condition condition;
  condition.kind = bare.side == syntax::BareCondition::Side::kNext ? Condition::Kind::kSoon : Condition::Kind::kLately;
  condition.reference = moment;
  condition.within_us = *micros;
  return condition;
}

Condition ConditionChecker::CheckSeen(const syntax::BareCondition& bare, const Scope& scope) {
  std::optional<EventMatches> events = events_.Resolve(TermsOf(bare.phrase), bare.with.get());
  Condition condition;
  condition.kind = Condition::Kind::kSeen;
  bool good = events.has_value();
  if (bare.side == syntax::BareCondition::Side::kNext) {
    names_.reporter().Report(Code::kMisplaced, bare.within->span, "what will happen is not known", "expected `within the last`");
    good = false;
  }
  if (bare.within.has_value()) {
    const auto micros = FixedMicros(*bare.within, names_.reporter());
    good = good && micros.has_value();
    condition.within_us = micros.value_or(0);
  }
  if (bare.since.has_value()) {
    const auto since = names_.ResolveSince(TermsOf(*bare.since));
    good = good && since.has_value();
    if (since.has_value()) condition.since = *since;
    condition.kind = Condition::Kind::kSeenSince;
  } else if (scope.in_run && scope.since != nullptr) {
    condition.since = *scope.since;
    condition.kind = Condition::Kind::kSeenSince;
  } else if (scope.in_run && !bare.within.has_value()) {
    condition.kind = Condition::Kind::kSeenSinceRun;
  }
  if (!good) return Never();
  condition.events = std::move(*events);
  if (!bare.within.has_value() || condition.kind == Condition::Kind::kSeen) return condition;
  // Both bounds: the last such event lies within both exactly when each holds of some event.
  Condition within = condition;
  within.kind = Condition::Kind::kSeen;
  condition.within_us = 0;
  std::vector<Condition> both;
  both.push_back(std::move(within));
  both.push_back(std::move(condition));
  return AllOf(std::move(both));
}

Condition ConditionChecker::CheckState(Terms terms, const State& state) {
  const Reference reference = names_.PropertyReference(state.property);
  // `MQL` alone may be meant as anything; `lifecycle MQL` says what it asks.
  if (!names_.LongestValue(terms).has_value()) {
    ReportBareState(terms, state);
    return Never();
  }
  Condition condition;
  condition.reference = reference;
  if (reference.type == Type::kTruth) {
    condition.kind = Condition::Kind::kCompare;
    condition.number = state.option;
    return condition;
  }
  condition.kind = Condition::Kind::kOptionIn;
  condition.options = state.options;
  return condition;
}

void ConditionChecker::ReportBareState(Terms terms, const State& state) {
  const PropertySymbol& property = names_.vocabulary().property(state.property);
  const std::string option = AsWritten(property.options.options[state.option].label);
  const std::string meant = property.name + " is " + option;
  Diagnostic& diagnostic =
      names_.reporter().Report(Code::kTypeMismatch, SpanOf(terms), Tick(Written(terms)) + " is not a condition", "neither true nor false");
  Offer(diagnostic, SpanOf(terms), meant);
}

// True, and reported, where a value stands behind a property that has no options, without a word between them: `score 5`.
bool ConditionChecker::ReportMissingOperator(Terms terms) {
  const std::optional<Names::Found> found = names_.LongestValue(terms);
  if (!found.has_value() || found->count == terms.size()) return false;
  const std::optional<Reference> reference = names_.FindReference(terms.first(found->count), Scope{});
  if (!reference.has_value() || reference->type == Type::kOption || reference->type == Type::kTruth) return false;
  const std::string name = Shown(terms.first(found->count));
  const std::string meant = name + " is " + Shown(terms.subspan(found->count));
  const bool is_word = terms[found->count].kind == syntax::Term::Kind::kWord;
  Diagnostic& diagnostic = names_.reporter().Report(Code::kTypeMismatch, SpanOf(terms),
                                                    "how is " + Tick(name) + " to be compared with what follows it?", "a word is missing");
  if (OfferComparison(diagnostic, SpanOf(terms), name, false, terms.subspan(found->count))) return true;
  // A word is a value of texts only, and in quotation marks.
  diagnostic.help.push_back(is_word ? "such as " + Tick(name + " is set") : "such as " + Tick(meant));
  return true;
}

Condition ConditionChecker::ReportUnknown(Terms terms, const Scope& scope) {
  if (scope.event_unknown || names_.ReportPastField(terms, scope) || names_.ReportEntryDate(terms)) return Never();
  const std::string written = Written(terms);
  Diagnostic* diagnostic = names_.reporter().ReportUnknown(Code::kUnknownName, SpanOf(terms), written,
                                                           "there is no condition, event or property " + Tick(written), "not a known name",
                                                           names_.Known(Names::kValues | Names::kEvents));
  if (diagnostic == nullptr) return Never();
  const bool is_list =
      terms.size() > 1 && IsWord(terms.front(), "in") && names_.vocabulary().FindList(Folded(terms.subspan(1))).has_value();
  if (is_list) {
    Offer(*diagnostic, SpanOf(terms), "in \"" + Written(terms.subspan(1)) + "\"");
  } else {
    OfferOwnName(*diagnostic, terms, names_.vocabulary());
  }
  return Never();
}

Condition ConditionChecker::CheckNamed(const syntax::BareCondition& bare, const Scope& scope) {
  const Terms terms = TermsOf(bare.phrase);
  if (const syntax::Term* list_term = ListTerm(terms); !scope.fields_only && list_term != nullptr) {
    const auto list = names_.ResolveList(*list_term);
    return list.has_value() ? InList(names_.vocabulary().lists()[*list], scope.reads) : Never();
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
  if (scope.fields_only) {
    names_.ResolveReference(terms, scope);
    return Never();
  }
  if (ReportMissingOperator(terms)) return Never();
  State state;
  switch (names_.FindState(terms, state)) {
    case Names::Outcome::kFound:
      return CheckState(terms, state);
    case Names::Outcome::kReported:
      return Never();
    case Names::Outcome::kNot:
      break;
  }
  return ReportUnknown(terms, scope);
}

}  // namespace stagecraft::sema
