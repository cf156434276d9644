#include "dsl/sema/events.h"

#include <algorithm>
#include <utility>

#include "dsl/sema/conditions.h"
#include "dsl/support/text.h"

namespace stagecraft::sema {
namespace {

// `*` in the text after an event stands for any run of characters.
Condition TextMatches(Symbol event, std::uint32_t field, const std::string& text) {
  Condition condition;
  condition.kind = Condition::Kind::kText;
  condition.reference.space = Reference::Space::kField;
  condition.reference.event = event;
  condition.reference.symbol = field;
  condition.reference.type = Type::kText;
  condition.text_relation = text.find('*') == std::string::npos ? TextRelation::kEqual : TextRelation::kGlob;
  condition.text = FoldCase(text);
  return condition;
}

}  // namespace

EventResolver::Candidates EventResolver::Find(Terms terms) const {
  const Vocabulary& vocabulary = names_.vocabulary();
  if (const auto whole = vocabulary.FindEvent(Folded(terms)); whole.has_value()) return {{*whole}, {}};
  Candidates result;
  std::vector<syntax::Term> words;
  for (const syntax::Term& term : terms) {
    if (term.kind == syntax::Term::Kind::kText) {
      result.texts.push_back(&term);
    } else {
      words.push_back(term);
    }
  }
  if (words.empty()) {
    const auto quoted = vocabulary.FindEvent(Folded(terms.first(1)));
    if (!quoted.has_value()) return {};
    result.texts.erase(result.texts.begin());
    result.events = {*quoted};
    return result;
  }
  const std::string name = Folded(words);
  if (const auto event = vocabulary.FindEvent(name); event.has_value()) {
    result.events = {*event};
  } else {
    result.events = vocabulary.FindFamily(name);
  }
  return result;
}

bool EventResolver::IsEvent(Terms terms) const {
  if (!Find(terms).events.empty()) return true;
  const Vocabulary& vocabulary = names_.vocabulary();
  if (vocabulary.FindFamily(Folded(terms.first(1))).empty() || !vocabulary.FindOption(Folded(terms)).empty()) return false;
  const std::optional<Names::Found> value = names_.LongestValue(terms);
  if (!value.has_value()) return true;
  if (value->count == terms.size() || value->value.kind != ValueName::Kind::kProperty) return false;
  // `email opend`: a property that has no options is no beginning of a state.
  const Type type = vocabulary.property(value->value.symbol).type;
  return type != Type::kOption && type != Type::kTruth;
}

bool EventResolver::AddTextConditions(const Candidates& candidates, EventMatch& match) {
  const EventSymbol& event = names_.vocabulary().event(match.event);
  std::uint32_t field = 0;
  for (const syntax::Term* text : candidates.texts) {
    while (field < event.fields.size() && !IsText(event.fields[field].type)) ++field;
    if (field == event.fields.size()) {
      names_.reporter().Report(Code::kTypeMismatch, text->span, Tick(event.name) + " has no text that could be \"" + text->text + "\"",
                               "no field for this text");
      return false;
    }
    match.conditions.push_back(TextMatches(match.event, field, text->text));
    ++field;
  }
  return true;
}

void EventResolver::ReportUnknownEvent(Terms terms) {
  const Vocabulary& vocabulary = names_.vocabulary();
  // The nearest name is looked for without the texts, and only a phrase without texts can be replaced by it.
  std::string words;
  for (const syntax::Term& term : terms) {
    if (term.kind != syntax::Term::Kind::kText || terms.size() == 1) words += (words.empty() ? "" : " ") + term.text;
  }
  const bool has_texts = terms.size() > 1 && words != Written(terms);
  const auto report = [&](std::string message, std::string label, const std::vector<std::string>& candidates) {
    Diagnostic* diagnostic =
        names_.reporter().ReportUnknown(Code::kUnknownEvent, SpanOf(terms), words, std::move(message), std::move(label), candidates);
    if (diagnostic != nullptr && has_texts) diagnostic->fix.reset();
    return diagnostic;
  };
  const std::vector<Symbol>& family = vocabulary.FindFamily(Folded(terms.first(1)));
  if (family.empty()) {
    report("there is no event " + Tick(Shown(terms)), "not a known event", vocabulary.EventNames());
    return;
  }
  std::vector<std::string> names;
  std::vector<std::string> candidates;
  for (const Symbol symbol : family) {
    const EventSymbol& event = vocabulary.event(symbol);
    names.push_back(event.name);
    candidates.push_back(event.name);
    candidates.insert(candidates.end(), event.synonyms.begin(), event.synonyms.end());
  }
  const std::string& word = vocabulary.event(family.front()).family;
  Diagnostic* diagnostic = report(Tick(word) + " has no event " + Tick(Shown(terms)), "not an event of " + word, candidates);
  if (diagnostic != nullptr) Reporter::AddChoices(*diagnostic, "the events are", names);
}

std::optional<EventMatches> EventResolver::Resolve(Terms terms, const syntax::Condition* with) {
  const Candidates candidates = Find(terms);
  if (candidates.events.empty()) {
    ReportUnknownEvent(terms);
    return std::nullopt;
  }
  const bool narrowed = with != nullptr || !candidates.texts.empty();
  if (narrowed && candidates.events.size() > 1) {
    const EventSymbol& first = names_.vocabulary().event(candidates.events.front());
    Diagnostic& diagnostic =
        names_.reporter().Report(Code::kAmbiguousName, SpanOf(terms),
                                 Tick(first.family) + " is any of several events, and they have different fields", "several events");
    diagnostic.help.push_back("name one of them, such as " + Tick(first.name));
    return std::nullopt;
  }
  EventMatches matches;
  for (const Symbol symbol : candidates.events) {
    if (names_.vocabulary().event(symbol).broken) return std::nullopt;
    EventMatch match;
    match.event = symbol;
    if (!AddTextConditions(candidates, match)) return std::nullopt;
    if (with != nullptr) {
      Scope scope;
      scope.event = symbol;
      scope.fields_only = true;
      match.conditions.push_back(conditions_.Check(*with, scope));
    }
    matches.push_back(std::move(match));
  }
  return matches;
}

}  // namespace stagecraft::sema
