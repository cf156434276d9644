// What a test gives and what happens in it.
#include <algorithm>
#include <array>
#include <utility>

#include "dsl/sema/days.h"
#include "dsl/sema/test_checker.h"
#include "dsl/sema/test_values.h"
#include "dsl/sema/units.h"
#include "dsl/support/overloaded.h"
#include "dsl/support/text.h"

namespace stagecraft::sema {
namespace {

// Of one step: enough for any counter, and soon done.
constexpr std::uint32_t kTimesMax = 1'000;

constexpr std::string_view kContactUpdated = "contact updated";
constexpr std::string_view kRuleStarted = "rule started";
constexpr std::string_view kTaskCompleted = "task completed";
constexpr std::string_view kTaskReopened = "task reopened";

Holder HolderOf(const PropertySymbol& property) {
  return {property.name, property.type, property.type == Type::kOption ? &property.options : nullptr};
}

Holder HolderOf(const FieldSymbol& field) { return {field.name, field.type, field.type == Type::kOption ? &field.options : nullptr}; }

}  // namespace

std::optional<TestStep> TestChecker::CheckStep(const syntax::TestStep& step, RowFiller& filler) {
  const auto in_step = [&](auto node) -> std::optional<TestStep> {
    if (!node.has_value()) return std::nullopt;
    return TestStep{std::move(*node), step.span};
  };
  return std::visit(Overloaded{[&](const syntax::GivenStep& given) { return CheckGiven(given, step.span); },
                               [&](const syntax::WhenStep& when) {
                                 if (when.kind == syntax::WhenStep::Kind::kEvent) {
                                   if (auto user = CheckUser(when.phrase)) return in_step(std::move(user));
                                 }
                                 return in_step(CheckWhen(when));
                               },
                               [&](const syntax::TestWaitStep& wait) { return in_step(CheckWait(wait)); },
                               [&](const syntax::ExpectStep& expect) { return in_step(CheckExpects(expect, filler)); }},
                    step.node);
}

std::optional<TestStep> TestChecker::CheckGiven(const syntax::GivenStep& given, Span span) {
  const auto in_step = [&](auto node) -> std::optional<TestStep> {
    if (!node.has_value()) return std::nullopt;
    return TestStep{std::move(*node), span};
  };
  return std::visit(Overloaded{[&](const syntax::GivenStep::ContactFacts& node) { return in_step(CheckFacts(node.facts)); },
                               [&](const syntax::GivenStep::Clock& node) {
                                 const auto at = ReadMoment(node.date, node.time, names_.reporter());
                                 return in_step(at.has_value() ? std::optional(TestClock{*at}) : std::nullopt);
                               },
                               [&](const syntax::GivenStep::Happened& node) {
                                 if (auto user = CheckUser(node.event)) return in_step(std::move(user));
                                 return in_step(CheckHappened(node));
                               }},
                    given.node);
}

// ---- given ------------------------------------------------------------------------------------------------------------

std::optional<TestFacts> TestChecker::CheckFacts(const std::vector<syntax::Fact>& facts) {
  TestFacts result;
  bool good = true;
  for (const syntax::Fact& fact : facts) {
    std::optional<TestValue> value = CheckFact(fact);
    good = good && value.has_value();
    if (good) result.values.push_back(std::move(*value));
  }
  if (!good) return std::nullopt;
  return result;
}

void TestChecker::ReportComputed(Terms terms, const ValueName& value) {
  Diagnostic& diagnostic = names_.reporter().Report(
      Code::kNotAFact, SpanOf(terms), Tick(Written(terms)) + " follows from other things and cannot be given by itself", "not a property");
  const bool score = value.kind == ValueName::Kind::kDerived && names_.vocabulary().derived()[value.symbol].kind == DerivedKind::kScore;
  diagnostic.help.emplace_back(score ? "give what earns the points, such as `given form \"Pricing\" submitted`"
                                     : "give the properties and the events that it comes from");
}

std::optional<TestValue> TestChecker::ValueOfProperty(Symbol symbol, Terms terms, Span place) {
  const PropertySymbol& property = names_.vocabulary().property(symbol);
  if (property.broken) return std::nullopt;
  std::optional<std::string> value = ReadTestValue(HolderOf(property), terms, place, names_);
  if (!value.has_value()) return std::nullopt;
  return TestValue{property.name, std::move(value)};
}

std::optional<TestValue> TestChecker::CheckListFact(const syntax::Fact& fact) {
  const auto number = names_.ResolveList(fact.phrase.terms.front());
  if (!number.has_value()) return std::nullopt;
  const ListSymbol& list = names_.vocabulary().lists()[*number];
  if (list.by_hand) return TestValue{names_.vocabulary().property(list.member).name, "yes"};
  names_.reporter()
      .Report(Code::kNotAFact, fact.phrase.span, "who is in the list \"" + list.name + "\" follows from its condition", "not by hand")
      .help.emplace_back("give what the condition asks for");
  return std::nullopt;
}

std::optional<TestValue> TestChecker::CheckFact(const syntax::Fact& fact) {
  if (fact.in_list) return CheckListFact(fact);
  const Terms terms = TermsOf(fact.phrase);
  const std::optional<Names::Found> found = names_.LongestValue(terms);
  if (found.has_value() && found->value.kind == ValueName::Kind::kProperty) {
    return ValueOfProperty(found->value.symbol, terms.subspan(found->count), fact.phrase.span);
  }
  if (found.has_value()) {
    ReportComputed(terms.first(found->count), found->value);
    return std::nullopt;
  }
  // `no owner`
  if (terms.size() > 1 && IsWord(terms.front(), "no")) {
    const auto property = names_.ResolveProperty(terms.subspan(1));
    if (!property.has_value()) return std::nullopt;
    return TestValue{names_.vocabulary().property(*property).name, std::nullopt};
  }
  // An option by itself: `SQL`.
  State state;
  switch (names_.FindState(terms, state)) {
    case Names::Outcome::kFound:
      return ValueOfProperty(state.property, terms, fact.phrase.span);
    case Names::Outcome::kReported:
      return std::nullopt;
    case Names::Outcome::kNot:
      break;
  }
  const Terms first = terms.first(1);
  Diagnostic* diagnostic =
      names_.reporter().ReportUnknown(Code::kUnknownProperty, SpanOf(first), Written(first), "there is no property " + Tick(Written(first)),
                                      "not a known property", names_.vocabulary().PropertyNames());
  if (diagnostic != nullptr) diagnostic->help.emplace_back("a fact is a property and its value, such as `lifecycle SQL`");
  return std::nullopt;
}

std::optional<TestHappened> TestChecker::CheckHappened(const syntax::GivenStep::Happened& happened) {
  TestHappened result;
  std::optional<TestEvent> event = CheckEvent(happened.event, happened.fields);
  bool good = event.has_value();
  if (good) result.event = std::move(*event);
  if (happened.times.has_value()) {
    const auto times = ReadTimes(*happened.times, kTimesMax, names_.reporter());
    good = good && times.has_value();
    result.event.times = times.value_or(1);
  }
  if (happened.ago.has_value()) {
    const auto ago = AnyDuration(*happened.ago, context_.calendar, names_.reporter());
    good = good && ago.has_value();
    result.ago = ago.value_or(Duration{});
  }
  if (!good) return std::nullopt;
  return result;
}

// ---- events -----------------------------------------------------------------------------------------------------------

// `when SQL`: a state that the contact is meant to come into. True when it was reported.
bool TestChecker::ReportState(const syntax::Phrase& phrase) {
  State state;
  if (conditions_.events().IsEvent(TermsOf(phrase)) || names_.FindState(TermsOf(phrase), state) == Names::Outcome::kNot) return false;
  const PropertySymbol& property = names_.vocabulary().property(state.property);
  const std::string meant = property.name + " becomes " +
                            (property.type == Type::kOption ? AsWritten(property.options.options[state.option].label)
                             : state.option == 1            ? "yes"
                                                            : "no");
  Diagnostic& diagnostic = names_.reporter().Report(Code::kUnclearEvent, phrase.span,
                                                    Tick(Shown(TermsOf(phrase))) + " is not something that happens", "not an event");
  diagnostic.help.push_back("did you mean " + Tick(meant) + "?");
  diagnostic.fixes = {Replace(phrase.span, meant)};
  diagnostic.fixes.front().safe = false;
  return true;
}

std::optional<TestUser> TestChecker::CheckUser(const syntax::Phrase& phrase) {
  constexpr std::array<std::pair<std::string_view, TestUser::State>, 4> kStates = {{{"away", TestUser::State::kAway},
                                                                                    {"back", TestUser::State::kBack},
                                                                                    {"deactivated", TestUser::State::kDeactivated},
                                                                                    {"active", TestUser::State::kActive}}};
  const Terms terms = TermsOf(phrase);
  if (terms.size() != 3 || terms[0].kind != syntax::Term::Kind::kText || !IsWord(terms[1], "is")) return std::nullopt;
  for (const auto& [word, state] : kStates) {
    if (IsWord(terms[2], word)) return TestUser{state, terms[0].text};
  }
  return std::nullopt;
}

std::optional<TestEvent> TestChecker::CheckTask(const syntax::Phrase& phrase) {
  constexpr std::array<std::string_view, 2> kEvents = {kTaskCompleted, kTaskReopened};
  const Terms terms = TermsOf(phrase);
  const bool is_shape =
      terms.size() == 4 && IsWord(terms[0], "task") && terms[1].kind == syntax::Term::Kind::kText && IsWord(terms[2], "is");
  if (!is_shape) return std::nullopt;
  for (const std::string_view event : kEvents) {
    if (!IsWord(terms[3], event.substr(event.find(' ') + 1))) continue;
    TestEvent found;
    found.event = event;
    found.task = terms[1].text;
    return found;
  }
  return std::nullopt;
}

std::optional<TestEvent> TestChecker::CheckEvent(const syntax::Phrase& phrase, const std::vector<syntax::Fact>& fields) {
  if (std::optional<TestEvent> task = CheckTask(phrase)) return task;
  if (ReportState(phrase)) return std::nullopt;
  const std::optional<EventMatches> matches = conditions_.events().Resolve(TermsOf(phrase), nullptr);
  if (!matches.has_value() || matches->empty()) return std::nullopt;
  if (matches->size() > 1) {
    std::vector<std::string> names;
    for (const EventMatch& match : *matches) names.push_back(names_.vocabulary().event(match.event).name);
    Diagnostic& diagnostic = names_.reporter().Report(
        Code::kUnclearEvent, phrase.span, Tick(Shown(TermsOf(phrase))) + " is any of several events, and one of them must happen here",
        "which one?");
    Reporter::AddChoices(diagnostic, "the events are", names);
    return std::nullopt;
  }
  const EventSymbol& symbol = names_.vocabulary().event(matches->front().event);
  TestEvent event;
  event.event = symbol.name;
  bool good = AddFieldsOfPhrase(phrase, matches->front(), event);
  for (const syntax::Fact& fact : fields) good = AddField(symbol, fact, event) && good;
  if (!good) return std::nullopt;
  return event;
}

// The texts of `form "Demo" submitted` are fields of the event.
bool TestChecker::AddFieldsOfPhrase(const syntax::Phrase& phrase, const EventMatch& match, TestEvent& event) {
  for (const Condition& condition : match.conditions) {
    const auto says_it = [&](const syntax::Term& term) {
      return term.kind == syntax::Term::Kind::kText && FoldCase(term.text) == condition.text;
    };
    const auto term = std::find_if(phrase.terms.begin(), phrase.terms.end(), says_it);
    const bool exact = condition.kind == Condition::Kind::kText && condition.text_relation == TextRelation::kEqual;
    if (!exact || term == phrase.terms.end()) {
      names_.reporter()
          .Report(Code::kUnclearEvent, phrase.span, "what happens in a test has one exact text for each field", "which one happens?")
          .help.emplace_back("write it out, such as `page viewed \"/pricing/teams\"`");
      return false;
    }
    event.fields.push_back({names_.vocabulary().event(match.event).fields[condition.reference.symbol].name, term->text});
  }
  return true;
}

bool TestChecker::AddField(const EventSymbol& event, const syntax::Fact& fact, TestEvent& out) {
  const Terms terms = TermsOf(fact.phrase);
  for (std::size_t count = terms.size(); count > 0; --count) {
    const auto number = event.FindField(Folded(terms.first(count)));
    if (!number.has_value()) continue;
    const FieldSymbol& field = event.fields[*number];
    std::optional<std::string> value = ReadTestValue(HolderOf(field), terms.subspan(count), fact.phrase.span, names_);
    if (!value.has_value()) return false;
    out.fields.push_back({field.name, std::move(value)});
    return true;
  }
  std::vector<std::string> known;
  for (const FieldSymbol& field : event.fields) known.push_back(field.name);
  const Terms first = terms.first(1);
  Diagnostic* diagnostic =
      names_.reporter().ReportUnknown(Code::kUnknownField, SpanOf(first), Written(first),
                                      Tick(event.name) + " has no field " + Tick(Written(first)), "not a field of " + event.name, known);
  if (diagnostic != nullptr) Reporter::AddChoices(*diagnostic, "the fields are", known);
  return false;
}

// ---- when -------------------------------------------------------------------------------------------------------------

// A person changes a property.
std::optional<TestEvent> TestChecker::CheckChange(const syntax::WhenStep& when) {
  const Terms terms = TermsOf(when.phrase);
  if (const std::optional<Names::Found> found = names_.LongestValue(terms);
      found.has_value() && found->count == terms.size() && found->value.kind != ValueName::Kind::kProperty) {
    ReportComputed(terms, found->value);
    return std::nullopt;
  }
  const std::optional<Symbol> property = names_.ResolveProperty(terms);
  if (!property.has_value()) return std::nullopt;
  TestEvent event;
  event.event = kContactUpdated;
  if (when.kind == syntax::WhenStep::Kind::kCleared) {
    event.changes.push_back({names_.vocabulary().property(*property).name, std::nullopt});
    return event;
  }
  std::optional<TestValue> change = ValueOfProperty(*property, TermsOf(when.value), when.phrase.span);
  if (!change.has_value()) return std::nullopt;
  event.changes.push_back(std::move(*change));
  return event;
}

std::optional<TestHappens> TestChecker::CheckWhen(const syntax::WhenStep& when) {
  std::optional<TestEvent> event;
  switch (when.kind) {
    case syntax::WhenStep::Kind::kEvent:
      event = CheckEvent(when.phrase, when.fields);
      break;
    case syntax::WhenStep::Kind::kBecomes:
    case syntax::WhenStep::Kind::kCleared:
      event = CheckChange(when);
      break;
    case syntax::WhenStep::Kind::kRuleStarted:
      event.emplace();
      event->event = kRuleStarted;
      event->fields.push_back({"rule", Written(TermsOf(when.phrase))});
      if (!CheckRuleName(when.phrase.terms.front())) return std::nullopt;
      break;
  }
  bool good = event.has_value();
  if (when.times.has_value()) {
    const auto times = ReadTimes(*when.times, kTimesMax, names_.reporter());
    good = good && times.has_value();
    if (good) event->times = *times;
  }
  if (when.apart.has_value()) {
    const auto apart = AnyDuration(*when.apart, context_.calendar, names_.reporter());
    good = good && apart.has_value();
    if (good) event->apart = *apart;
  }
  if (!good) return std::nullopt;
  return TestHappens{std::move(*event)};
}

std::optional<TestWait> TestChecker::CheckWait(const syntax::TestWaitStep& wait) {
  TestWait result;
  if (wait.duration.has_value()) {
    result.duration = AnyDuration(*wait.duration, context_.calendar, names_.reporter());
    if (!result.duration.has_value()) return std::nullopt;
  } else if (wait.date.has_value()) {
    result.until = ReadMoment(*wait.date, wait.at, names_.reporter());
    if (!result.until.has_value()) return std::nullopt;
  } else if (wait.days.has_value()) {
    result.next = ReadRecurrence(*wait.days, wait.at, names_.reporter());
    if (!result.next.has_value()) return std::nullopt;
  } else {
    return std::nullopt;  // the parser has reported it
  }
  return result;
}

}  // namespace stagecraft::sema
