#include <utility>

#include "dsl/sema/rules.h"
#include "dsl/sema/units.h"
#include "dsl/support/text.h"

namespace stagecraft::sema {
namespace {

constexpr std::string_view kStateWanted = "a stage, a status or another option";

}  // namespace

std::optional<Trigger> TriggerChecker::Check(const syntax::Trigger& trigger) { return std::visit(*this, trigger.node); }

std::optional<Trigger> TriggerChecker::operator()(const syntax::OnTrigger& node) {
  const Terms terms = TermsOf(node.phrase);
  if (node.with != nullptr || conditions_.events().IsEvent(terms)) {
    std::optional<EventMatches> events = conditions_.events().Resolve(terms, node.with.get());
    if (!events.has_value()) return std::nullopt;
    Trigger trigger;
    trigger.events = std::move(*events);
    return trigger;
  }
  return OnState(node.phrase);
}

std::optional<Trigger> TriggerChecker::OnState(const syntax::Phrase& phrase) {
  const Terms terms = TermsOf(phrase);
  if (ReportDerived(phrase)) return std::nullopt;
  if (const auto reference = names_.FindReference(terms, Scope{}); reference.has_value()) {
    if (reference->type == Type::kDate || reference->type == Type::kTime) {
      names_.reporter().Report(Code::kNotPartOfLanguage, phrase.span,
                               "rules on a date such as " + Tick(Written(terms)) + " are not part of the language yet", "a date");
      return std::nullopt;
    }
  }
  State state;
  switch (names_.FindState(terms, state)) {
    case Names::Outcome::kReported:
      return std::nullopt;
    case Names::Outcome::kNot:
      ReportUnknown(phrase);
      return std::nullopt;
    case Names::Outcome::kFound:
      break;
  }
  Trigger trigger;
  trigger.kind = Trigger::Kind::kBecomes;
  trigger.symbol = state.property;
  trigger.options = std::move(state.options);
  return trigger;
}

// A score, a counter, a definition or a list has its own kind of trigger.
bool TriggerChecker::ReportDerived(const syntax::Phrase& phrase) {
  const Terms terms = TermsOf(phrase);
  const std::string written = Written(terms);
  const auto report = [&](std::string_view what, std::string help) {
    names_.reporter()
        .Report(Code::kTypeMismatch, phrase.span, Tick(Shown(terms)) + " is " + std::string(what) + "; it does not happen",
                "expected an event or an option")
        .help.push_back(std::move(help));
    return true;
  };
  const ValueName* value = names_.vocabulary().FindValue(FoldCase(written));
  if (value != nullptr && value->kind == ValueName::Kind::kDerived) {
    if (names_.vocabulary().derived()[value->symbol].kind == DerivedKind::kDefinition) {
      return report("a definition", "for the moment it turns true: " + Tick("when " + written));
    }
    return report("a number", "for the moment it reaches a value: " + Tick("when " + written + " reaches 10"));
  }
  if (terms.size() == 1 && terms.front().kind == syntax::Term::Kind::kText && names_.vocabulary().FindList(FoldCase(written)).has_value() &&
      names_.vocabulary().FindOption(FoldCase(written)).empty()) {
    return report("a list", "did you mean " + Tick("on joining \"" + written + "\"") + "?");
  }
  return false;
}

void TriggerChecker::ReportUnknown(const syntax::Phrase& phrase) {
  const Vocabulary& vocabulary = names_.vocabulary();
  std::vector<std::string> candidates = vocabulary.OptionNames();
  for (const std::vector<std::string>& more : {vocabulary.EventNames(), vocabulary.PropertyNames()}) {
    candidates.insert(candidates.end(), more.begin(), more.end());
  }
  const std::string written = Written(TermsOf(phrase));
  names_.reporter().ReportUnknown(Code::kUnknownName, phrase.span, written,
                                  "there is no event, stage, status or other option " + Tick(written), "not a known name", candidates, '`');
}

std::optional<Trigger> TriggerChecker::operator()(const syntax::ChangeTrigger& node) {
  const std::optional<State> from = names_.ResolveState(TermsOf(node.from), kStateWanted);
  if (!from.has_value()) return std::nullopt;
  const PropertySymbol& property = names_.vocabulary().property(from->property);
  Terms to = TermsOf(node.to);
  // `status New -> status Connected` says the property twice.
  const std::optional<Names::Found> repeated = names_.LongestValue(to);
  if (repeated.has_value() && repeated->value.kind == ValueName::Kind::kProperty && repeated->value.symbol == from->property &&
      repeated->count < to.size()) {
    to = to.subspan(repeated->count);
  }
  Trigger trigger;
  trigger.kind = Trigger::Kind::kBecomes;
  trigger.symbol = from->property;
  trigger.from = from->options;
  if (property.type == Type::kTruth) {
    const bool yes = IsWord(to.front(), "yes");
    if (!yes && !IsWord(to.front(), "no")) {
      names_.reporter().Report(Code::kTypeMismatch, node.to.span, Tick(property.name) + " is yes or no", "expected `yes` or `no`");
      return std::nullopt;
    }
    trigger.options = {yes ? 1U : 0U};
  } else {
    const std::optional<std::uint32_t> option = names_.ResolveOption(property.options, property.name, to);
    if (!option.has_value()) return std::nullopt;
    trigger.options = property.options.WithSubValues(*option);
  }
  if (trigger.options == *trigger.from) {
    names_.reporter().Report(Code::kNeverTrue, node.to.span, "this change can never happen: both sides are the same",
                             "the same as before the arrow");
    return std::nullopt;
  }
  return trigger;
}

std::optional<Trigger> TriggerChecker::operator()(const syntax::AnyChangeTrigger& node) {
  const std::optional<Symbol> property = names_.ResolveProperty(TermsOf(node.property));
  if (!property.has_value()) return std::nullopt;
  Trigger trigger;
  trigger.kind = Trigger::Kind::kChanges;
  trigger.symbol = *property;
  return trigger;
}

std::optional<Trigger> TriggerChecker::operator()(const syntax::ListTrigger& node) {
  const std::optional<Symbol> symbol = names_.ResolveList(node.list);
  if (!symbol.has_value()) return std::nullopt;
  const ListSymbol& list = names_.vocabulary().lists()[*symbol];
  Trigger trigger;
  trigger.symbol = list.member;
  if (!list.by_hand) {
    trigger.kind = node.joining ? Trigger::Kind::kRises : Trigger::Kind::kFalls;
  } else if (node.joining) {
    trigger.kind = Trigger::Kind::kBecomes;
    trigger.options = {1};
  } else {
    trigger.kind = Trigger::Kind::kChanges;
    trigger.condition = Negate(InList(list, nullptr));
  }
  return trigger;
}

std::optional<Trigger> TriggerChecker::operator()(const syntax::TurnsTrueTrigger& node) {
  Trigger trigger;
  trigger.kind = Trigger::Kind::kTurnsTrue;
  Scope scope;
  scope.reads = &reads_;
  trigger.condition = conditions_.CheckTrigger(*node.condition, scope);
  return trigger;
}

std::optional<Trigger> TriggerChecker::operator()(const syntax::StayTrigger& node) {
  std::optional<State> state = names_.ResolveState(TermsOf(node.state), kStateWanted);
  const std::optional<std::int64_t> delay = ElapsedMicros(node.duration, names_.reporter());
  if (!state.has_value() || !delay.has_value()) return std::nullopt;
  Trigger trigger;
  trigger.kind = Trigger::Kind::kStays;
  trigger.symbol = state->property;
  trigger.options = std::move(state->options);
  trigger.delay_us = *delay;
  return trigger;
}

}  // namespace stagecraft::sema
