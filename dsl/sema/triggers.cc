#include <algorithm>
#include <iterator>
#include <utility>

#include "dsl/sema/days.h"
#include "dsl/sema/rules.h"
#include "dsl/sema/units.h"
#include "dsl/sema/wording.h"
#include "dsl/support/check.h"
#include "dsl/support/text.h"

namespace stagecraft::sema {
namespace {

constexpr std::string_view kRuleStarted = "rule started";
constexpr std::string_view kRuleField = "rule";
constexpr std::string_view kStateWanted = "a stage, a status or another option";

}  // namespace

std::optional<Trigger> TriggerChecker::Check(const syntax::Trigger& trigger) {
  trigger_span_ = trigger.span;
  std::optional<Trigger> checked = std::visit(*this, trigger.node);
  if (checked.has_value()) checked->span = trigger.span;
  return checked;
}

std::optional<Trigger> TriggerChecker::operator()(const syntax::OnTrigger& node) {
  const Terms terms = TermsOf(node.phrase);
  if (node.with != nullptr || conditions_.events().IsEvent(terms)) {
    if (node.with == nullptr && !conditions_.events().Exists(terms) && ReportWordBehind(terms)) return std::nullopt;
    std::optional<EventMatches> events = conditions_.events().Resolve(terms, node.with.get());
    if (ReportClock(node.at) || !events.has_value()) return std::nullopt;
    Trigger trigger;
    trigger.events = std::move(*events);
    return trigger;
  }
  if (const auto date = DateOf(node.phrase); date.has_value()) return OnDate(*date, node.phrase, node.at);
  std::optional<Trigger> trigger = OnState(node.phrase);
  if (ReportClock(node.at)) return std::nullopt;
  return trigger;
}

std::optional<Reference> TriggerChecker::DateOf(const syntax::Phrase& phrase) const {
  std::optional<Reference> reference = names_.FindReference(TermsOf(phrase), Scope{});
  if (!reference.has_value() || (reference->type != Type::kDate && reference->type != Type::kTime)) return std::nullopt;
  return reference;
}

std::optional<Trigger> TriggerChecker::OnDate(const Reference& reference, const syntax::Phrase& phrase,
                                              const std::optional<syntax::Term>& at) {
  if (reference.space == Reference::Space::kFact) {
    names_.reporter()
        .Report(Code::kTypeMismatch, phrase.span, Tick(Written(TermsOf(phrase))) + " is computed; rules go by dates that are properties",
                "not a property with a date")
        .help.emplace_back("for silence: `after 14 days without activity`; for new contacts: `2 weeks after contact created`");
    return std::nullopt;
  }
  if (reference.space == Reference::Space::kProperty && names_.vocabulary().property(reference.symbol).broken) return std::nullopt;
  Trigger trigger;
  trigger.kind = Trigger::Kind::kDate;
  trigger.reference = reference;
  if (at.has_value()) trigger.minute = MinuteOf(*at);
  return trigger;
}

// True, and reported, where a time of day has no meaning.
bool TriggerChecker::ReportClock(const std::optional<syntax::Term>& at) {
  if (!at.has_value()) return false;
  names_.reporter().Report(Code::kMisplaced, at->span, "a time of day belongs to a date, and this is none", "only after a date");
  return true;
}

std::optional<Trigger> TriggerChecker::OnState(const syntax::Phrase& phrase) {
  const Terms terms = TermsOf(phrase);
  if (ReportDerived(phrase)) return std::nullopt;
  State state;
  switch (names_.FindState(terms, state, Names::Asker::kTrigger)) {
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

// True, and reported, where the phrase begins with an event or an option and goes on with a word that is none of a rule's, or misspelt:
// `SQL unless …`, `SQL whn …`.
bool TriggerChecker::ReportWordBehind(Terms terms) {
  const Vocabulary& vocabulary = names_.vocabulary();
  for (std::size_t count = terms.size() - 1; count > 0; --count) {
    const std::string known = Folded(terms.first(count));
    if (!vocabulary.FindEvent(known).has_value() && vocabulary.FindOption(known).empty()) continue;
    const Terms behind = terms.subspan(count);
    std::string help = HelpWithModifier(behind);
    if (help.empty()) return false;
    names_.reporter()
        .Report(Code::kUnknownName, behind.front().span,
                "expected an action or `when` after " + Tick(Written(terms.first(count))) + ", found " + Tick(behind.front().text),
                "not a part of a rule")
        .help.push_back(std::move(help));
    return true;
  }
  return false;
}

// True, and reported, for `joins "Hot"`, `entering "Hot"`.
bool TriggerChecker::ReportListWord(Terms terms) {
  if (terms.size() != 2 || terms.back().kind != syntax::Term::Kind::kText) return false;
  if (IsWord(terms.front(), "joining") || IsWord(terms.front(), "leaving")) return false;
  if (!names_.vocabulary().FindList(Folded(terms.last(1))).has_value()) return false;
  static constexpr std::string_view kLeaves[] = {"leave", "leaves", "left", "exit", "exits", "exiting"};
  const bool leaves =
      std::any_of(std::begin(kLeaves), std::end(kLeaves), [&](std::string_view word) { return IsWord(terms.front(), word); });
  const std::string meant = (leaves ? "leaving " : "joining ") + Shown(terms.last(1));
  Offer(names_.reporter().Report(Code::kUnknownName, SpanOf(terms), "there is no event " + Tick(Shown(terms)), "not a known name"),
        SpanOf(terms), meant);
  return true;
}

void TriggerChecker::ReportUnknown(const syntax::Phrase& phrase) {
  const Terms terms = TermsOf(phrase);
  if (ReportWordBehind(terms) || ReportListWord(terms) || names_.ReportEntryDate(terms)) return;
  const std::string written = Written(terms);
  Diagnostic* diagnostic = names_.reporter().ReportUnknown(
      Code::kUnknownName, phrase.span, written, "there is no event, stage, status or other option " + Tick(Shown(terms)),
      "not a known name", names_.Known(Names::kOptions | Names::kEvents | Names::kProperties), '`');
  if (diagnostic == nullptr) return;
  if (terms.front().kind == syntax::Term::Kind::kNumber) diagnostic->help.push_back("a time before or after something stands without `on`");
  OfferOwnName(*diagnostic, terms, names_.vocabulary());
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

// What is computed, and a list, has its own kind of trigger.
void TriggerChecker::HelpWithChange(Terms terms, Diagnostic& diagnostic) const {
  const Vocabulary& vocabulary = names_.vocabulary();
  const std::string written = Written(terms);
  const ValueName* value = vocabulary.FindValue(FoldCase(written));
  if (value != nullptr && value->kind == ValueName::Kind::kDerived) {
    const bool is_truth = vocabulary.derived()[value->symbol].kind == DerivedKind::kDefinition;
    diagnostic.help.push_back(is_truth ? "for the moment it turns true: " + Tick("when " + written)
                                       : "for the moment it reaches a value: " + Tick("when " + written + " reaches 10"));
  } else if (vocabulary.FindList(FoldCase(written)).has_value()) {
    diagnostic.help = {"a list is joined and left: " + Tick("on joining \"" + written + "\"")};
    diagnostic.fixes.clear();
  }
}

std::optional<Trigger> TriggerChecker::operator()(const syntax::AnyChangeTrigger& node) {
  const std::size_t found_before = names_.reporter().count();
  const std::optional<Symbol> property = names_.ResolveProperty(TermsOf(node.property));
  if (!property.has_value()) {
    if (names_.reporter().count() != found_before) HelpWithChange(TermsOf(node.property), names_.reporter().last());
    return std::nullopt;
  }
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
  const std::optional<Duration> delay = AnyDuration(node.duration, context_.calendar, names_.reporter());
  if (!state.has_value() || !delay.has_value()) return std::nullopt;
  Trigger trigger;
  trigger.kind = Trigger::Kind::kStays;
  trigger.symbol = state->property;
  trigger.options = std::move(state->options);
  trigger.delay = *delay;
  return trigger;
}

std::optional<Trigger> TriggerChecker::operator()(const syntax::WithoutTrigger& node) {
  std::optional<EventMatches> events = conditions_.events().Resolve(TermsOf(node.event), node.with.get());
  const std::optional<Duration> delay = AnyDuration(node.duration, context_.calendar, names_.reporter());
  if (!events.has_value() || !delay.has_value()) return std::nullopt;
  Trigger trigger;
  trigger.kind = Trigger::Kind::kWithout;
  trigger.events = std::move(*events);
  trigger.delay = *delay;
  return trigger;
}

void TriggerChecker::ReportTimedState(const syntax::TimedTrigger& node) {
  const Terms terms = TermsOf(node.phrase);
  State state;
  if (ReportDerived(node.phrase)) return;
  const std::optional<Reference> value = names_.FindReference(terms, Scope{});
  if (value.has_value() && value->type != Type::kTruth) {
    names_.reporter().Report(Code::kTypeMismatch, node.phrase.span,
                             Tick(Written(terms)) + " is " + std::string(TypeWithArticle(value->type)) + ", neither an event nor a date",
                             "expected an event or a date");
    return;
  }
  switch (names_.FindState(terms, state)) {
    case Names::Outcome::kReported:
      return;
    case Names::Outcome::kNot:
      ReportUnknown(node.phrase);
      return;
    case Names::Outcome::kFound:
      break;
  }
  const std::string written = Written(terms);
  Diagnostic& diagnostic = names_.reporter().Report(Code::kTypeMismatch, node.phrase.span,
                                                    Tick(written) + " is neither an event nor a date", "expected an event or a date");
  if (node.before) return;
  diagnostic.help.push_back("for contacts that are in it so long: " + Tick("after 3 days in " + written));
  if (names_.vocabulary().property(state.property).tracks_entry) {
    diagnostic.help.push_back("for all that became it: " + Tick("3 days after became " + written + " date"));
  }
}

std::optional<Trigger> TriggerChecker::operator()(const syntax::TimedTrigger& node) {
  const Terms terms = TermsOf(node.phrase);
  const std::optional<Duration> delay = AnyDuration(node.duration, context_.calendar, names_.reporter());
  std::optional<Trigger> trigger;
  if (node.with != nullptr || conditions_.events().IsEvent(terms)) {
    trigger.emplace();
    trigger->kind = node.before ? Trigger::Kind::kBeforeEvent : Trigger::Kind::kAfterEvent;
    if (node.before) {
      if (!conditions_.events().ResolveAnnounced(terms, node.with.get(), *trigger)) return std::nullopt;
    } else {
      std::optional<EventMatches> events = conditions_.events().Resolve(terms, node.with.get());
      if (!events.has_value()) return std::nullopt;
      trigger->events = std::move(*events);
    }
    if (ReportClock(node.at)) return std::nullopt;
  } else if (const auto date = DateOf(node.phrase); date.has_value()) {
    trigger = OnDate(*date, node.phrase, node.at);
    if (trigger.has_value()) trigger->before = node.before;
  } else {
    ReportTimedState(node);
  }
  if (!trigger.has_value() || !delay.has_value()) return std::nullopt;
  trigger->delay = *delay;
  return trigger;
}

std::optional<Trigger> TriggerChecker::operator()(const syntax::ScheduleTrigger& node) {
  const std::optional<Recurrence> recurrence = ReadRecurrence(node.days, node.at, names_.reporter());
  Trigger trigger;
  trigger.kind = Trigger::Kind::kSchedule;
  trigger.on_everybody = !node.list.has_value();
  if (node.list.has_value()) {
    const std::optional<Symbol> list = names_.ResolveList(*node.list);
    if (!list.has_value()) return std::nullopt;
    trigger.symbol = *list;
    const ListSymbol& symbol = names_.vocabulary().lists()[*list];
    if (!symbol.by_hand) reads_.push_back(symbol.member);
  }
  if (!recurrence.has_value()) return std::nullopt;
  trigger.recurrence = *recurrence;
  return trigger;
}

std::optional<Trigger> TriggerChecker::operator()(const syntax::SlaTrigger& node) {
  return std::visit([this](const auto& of) { return (*this)(of); }, node.of);
}

std::optional<Trigger> TriggerChecker::operator()(const syntax::ByHandTrigger&) {
  // Only named rules are by hand: the grammar sees to it.
  STAGECRAFT_CHECK(name_ != nullptr);
  const Vocabulary& vocabulary = names_.vocabulary();
  const std::optional<Symbol> event = vocabulary.FindEvent(kRuleStarted);
  const std::optional<std::uint32_t> field = event.has_value() ? vocabulary.event(*event).FindField(kRuleField) : std::nullopt;
  // The vocabulary that replaces the event has lost its field.
  if (!field.has_value() || !IsText(vocabulary.event(*event).fields[*field].type)) {
    names_.reporter().Report(Code::kUnknownField, trigger_span_,
                             "the event `rule started` has no text `rule`, so no rule can be started by hand", "needs that field");
    return std::nullopt;
  }
  Condition is_this;
  is_this.kind = Condition::Kind::kText;
  is_this.reference.space = Reference::Space::kField;
  is_this.reference.event = *event;
  is_this.reference.symbol = *field;
  is_this.reference.type = vocabulary.event(*event).fields[*field].type;
  is_this.text = FoldCase(name_->text);
  Trigger trigger;
  EventMatch match;
  match.event = *event;
  match.conditions.push_back(std::move(is_this));
  trigger.events.push_back(std::move(match));
  return trigger;
}

}  // namespace stagecraft::sema
