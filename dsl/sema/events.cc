#include "dsl/sema/events.h"

#include <algorithm>
#include <sstream>
#include <unordered_set>
#include <utility>

#include "dsl/sema/conditions.h"
#include "dsl/sema/wording.h"
#include "dsl/support/nearest.h"
#include "dsl/support/overloaded.h"
#include "dsl/support/text.h"

namespace stagecraft::sema {
namespace {

constexpr std::string_view kLevelWord = "level";
constexpr std::string_view kFormField = "form";
constexpr std::string_view kPageField = "page";
// More than a list of choices has.
constexpr std::size_t kEventsShown = 10;

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

// Every name that a condition on fields asks for.
void CollectNames(const syntax::Condition& condition, std::vector<Terms>& names) {
  const auto collect_all = [&](const std::vector<syntax::ConditionPtr>& operands) {
    for (const syntax::ConditionPtr& operand : operands) CollectNames(*operand, names);
  };
  std::visit(Overloaded{[&](const syntax::Comparison& node) { names.push_back(TermsOf(node.left)); },
                        [&](const syntax::BareCondition& node) { names.push_back(TermsOf(node.phrase)); },
                        [&](const syntax::AndCondition& node) { collect_all(node.operands); },
                        [&](const syntax::OrCondition& node) { collect_all(node.operands); },
                        [&](const syntax::NotCondition& node) { CollectNames(*node.operand, names); },
                        [&](const syntax::ParenCondition& node) { CollectNames(*node.operand, names); }},
             condition.node);
}

// `form "Demo" submited`: only the words are put right, and only when there are as many in what is meant.
void KeepTexts(Terms terms, Diagnostic& diagnostic, const std::string& meant) {
  diagnostic.fixes.clear();
  std::istringstream words(meant);
  std::string right;
  for (std::size_t i = 0; i < terms.size(); ++i) {
    std::string word;
    if (terms[i].kind == syntax::Term::Kind::kText) {
      word = Shown(terms.subspan(i, 1));
    } else if (!(words >> word)) {
      return;
    }
    right += (right.empty() ? "" : " ") + word;
  }
  if (std::string more; words >> more) return;
  diagnostic.help.clear();
  Offer(diagnostic, SpanOf(terms), right);
}

}  // namespace

std::vector<Symbol> EventResolver::FindByWords(const std::vector<syntax::Term>& words) const {
  const std::string name = Folded(words);
  if (const auto event = names_.vocabulary().FindEvent(name); event.has_value()) return {*event};
  return names_.vocabulary().FindFamily(name);
}

EventResolver::Candidates EventResolver::Find(Terms terms) const {
  const Vocabulary& vocabulary = names_.vocabulary();
  if (const auto whole = vocabulary.FindEvent(Folded(terms)); whole.has_value()) return {{*whole}, {}, nullptr};
  Candidates result;
  std::vector<syntax::Term> words;
  for (std::size_t i = 0; i < terms.size(); ++i) {
    // `level BOFU` and `level "BOFU"`.
    if (i > 0 && i + 1 < terms.size() && result.level == nullptr && IsWord(terms[i], kLevelWord)) {
      result.level = &terms[++i];
    } else if (terms[i].kind == syntax::Term::Kind::kText) {
      result.texts.push_back(&terms[i]);
    } else {
      words.push_back(terms[i]);
    }
  }
  if (words.empty()) {
    const auto quoted = vocabulary.FindEvent(Folded(terms.first(1)));
    if (!quoted.has_value()) return {};
    result.texts.erase(result.texts.begin());
    result.events = {*quoted};
    return result;
  }
  result.events = FindByWords(words);
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

void EventResolver::HintUnknownForm(const syntax::Term& form) {
  // Whoever declares no form does without them.
  if (names_.vocabulary().forms().empty() || form.text.find('*') != std::string::npos) return;
  if (names_.vocabulary().HasForm(FoldCase(form.text))) return;
  Diagnostic* diagnostic =
      names_.reporter().ReportUnknown(Code::kUnknownForm, form.span, form.text, "the form \"" + form.text + "\" is not declared",
                                      "not a known form", names_.Known(Names::kForms), '"');
  if (diagnostic != nullptr) diagnostic->help.push_back("declare it: `form \"" + form.text + "\" level BOFU`");
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
    if (FoldCase(event.fields[field].name) == kFormField) HintUnknownForm(*text);
    match.conditions.push_back(TextMatches(match.event, field, text->text));
    match.conditions.back().span = text->span;
    ++field;
  }
  return true;
}

bool EventResolver::AddLevelCondition(const syntax::Term& level, EventMatch& match) {
  const EventSymbol& event = names_.vocabulary().event(match.event);
  const std::optional<std::uint32_t> field = event.FindField(kFormField);
  if (!field.has_value() || !IsText(event.fields[*field].type)) {
    names_.reporter().Report(Code::kTypeMismatch, level.span, Tick(event.name) + " is not about a form, so it has no level",
                             "no form that could have a level");
    return false;
  }
  const std::vector<Symbol>& forms = names_.vocabulary().FormsOfLevel(FoldCase(level.text));
  const std::vector<std::string>& levels = names_.vocabulary().form_levels();
  if (!names_.budget().Take(Budget::Of::kForms, forms.size(), level.span)) return false;
  std::vector<Condition> alternatives;
  for (const Symbol form : forms) {
    Condition is_form = TextMatches(match.event, *field, names_.vocabulary().forms()[form].name);
    is_form.text_relation = TextRelation::kEqual;
    alternatives.push_back(std::move(is_form));
  }
  if (alternatives.empty()) {
    Diagnostic* diagnostic = names_.reporter().ReportUnknown(
        Code::kUnknownFormLevel, level.span, level.text, "no form has the level " + Tick(level.text), "not the level of a form", levels);
    if (diagnostic == nullptr) return false;
    Reporter::AddChoices(*diagnostic, "the levels are", levels);
    diagnostic->help.push_back("declare one: " + Tick("form \"Demo\" level " + AsWritten(level.text)));
    return false;
  }
  for (Condition& alternative : alternatives) alternative.span = level.span;
  match.conditions.push_back(AnyOf(std::move(alternatives)));
  match.conditions.back().span = level.span;
  return true;
}

// `form Demo submitted` with the quotation marks that its text lacks; empty: that is not what is wrong.
std::string EventResolver::WithQuotationMarks(Terms terms) const {
  if (std::any_of(terms.begin(), terms.end(), [](const syntax::Term& term) { return term.kind != syntax::Term::Kind::kWord; })) return {};
  for (std::size_t begin = 1; begin < terms.size(); ++begin) {
    for (std::size_t end = begin + 1; end <= terms.size(); ++end) {
      std::vector<syntax::Term> words(terms.begin(), terms.begin() + static_cast<std::ptrdiff_t>(begin));
      words.insert(words.end(), terms.begin() + static_cast<std::ptrdiff_t>(end), terms.end());
      const auto event = names_.vocabulary().FindEvent(Folded(words));
      if (!event.has_value()) continue;
      const std::vector<FieldSymbol>& fields = names_.vocabulary().event(*event).fields;
      if (fields.empty() || fields.front().type != Type::kText) continue;
      // Behind an event a page may be named; anything else there is more likely no text (`email clicked has happened`).
      if (end == terms.size() && (end - begin > 1 || FoldCase(fields.front().name) != kPageField)) continue;
      std::string quoted = Written(terms.first(begin)) + " \"" + Written(terms.subspan(begin, end - begin)) + "\"";
      if (end < terms.size()) quoted += " " + Written(terms.subspan(end));
      return quoted;
    }
  }
  return {};
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
    if (diagnostic == nullptr || !has_texts) return diagnostic;
    const std::optional<Suggestion> meant = Suggest(words, candidates);
    KeepTexts(terms, *diagnostic, meant.has_value() ? meant->name : "");
    return diagnostic;
  };
  const std::vector<Symbol>& family = vocabulary.FindFamily(Folded(terms.first(1)));
  if (family.empty()) {
    Diagnostic* unknown = report("there is no event " + Tick(Shown(terms)), "not a known event", names_.Known(Names::kEvents));
    const syntax::Term& first = terms.front();
    if (unknown != nullptr && first.kind == syntax::Term::Kind::kText) {
      unknown->help.push_back("declare it: " + Tick("event \"" + first.text + "\""));
    }
    return;
  }
  std::vector<std::string> names;
  std::vector<std::string> candidates;
  const std::size_t shown = names_.reporter().MaySuggest(family.size()) ? family.size() : std::min(family.size(), kEventsShown);
  for (std::size_t i = 0; i < shown; ++i) {
    const EventSymbol& event = vocabulary.event(family[i]);
    names.push_back(event.name);
    candidates.push_back(event.name);
    candidates.insert(candidates.end(), event.synonyms.begin(), event.synonyms.end());
  }
  const bool activity = Folded(terms.first(1)) == kActivity;
  const std::string word = activity ? std::string(kActivity) : vocabulary.event(family.front()).family;
  Diagnostic* diagnostic = report(Tick(word) + " has no event " + Tick(Shown(terms)), "not an event of " + word, candidates);
  if (diagnostic == nullptr) return;
  if (const std::string quoted = WithQuotationMarks(terms); !quoted.empty()) Offer(*diagnostic, SpanOf(terms), quoted);
  Reporter::AddChoices(*diagnostic, "the events are", names);
}

std::vector<Symbol> EventResolver::WithFieldsOf(const syntax::Condition& with, const std::vector<Symbol>& events) {
  const Vocabulary& vocabulary = names_.vocabulary();
  std::vector<Terms> wanted;
  CollectNames(with, wanted);
  std::vector<Symbol> result;
  for (const Symbol event : events) {
    const auto has = [&](Terms name) { return vocabulary.event(event).FindField(Folded(name)).has_value(); };
    if (std::all_of(wanted.begin(), wanted.end(), has)) result.push_back(event);
  }
  if (!result.empty()) return result;
  std::vector<std::string> fields;
  std::unordered_set<std::string> folded_fields;
  for (const Symbol event : events) {
    for (const FieldSymbol& field : vocabulary.event(event).fields) {
      if (folded_fields.insert(FoldCase(field.name)).second) fields.push_back(field.name);
    }
  }
  // Where each field is one of some event, it is their being asked together that no event satisfies.
  const auto known = [&](Terms name) { return folded_fields.contains(Folded(name)); };
  const auto unknown = std::find_if_not(wanted.begin(), wanted.end(), known);
  const Terms blamed = unknown == wanted.end() ? wanted.back() : *unknown;
  const std::string written = Written(blamed);
  Diagnostic* diagnostic = names_.reporter().ReportUnknown(
      Code::kUnknownField, SpanOf(blamed), written,
      unknown == wanted.end() ? "none of these events has all these fields" : "none of these events has a field " + Tick(written),
      "not a field of any of them", unknown == wanted.end() ? std::vector<std::string>() : fields);
  if (diagnostic != nullptr) Reporter::AddChoices(*diagnostic, "the fields are", fields);
  return result;
}

std::optional<EventMatch> EventResolver::Narrow(Symbol event, const Candidates& candidates, const syntax::Condition* with) {
  if (names_.vocabulary().event(event).broken) return std::nullopt;
  EventMatch match;
  match.event = event;
  if (candidates.level != nullptr && !AddLevelCondition(*candidates.level, match)) return std::nullopt;
  if (!AddTextConditions(candidates, match)) return std::nullopt;
  if (with == nullptr) return match;
  const std::size_t before = names_.reporter().count();
  Scope scope;
  scope.event = event;
  scope.fields_only = true;
  match.conditions.push_back(conditions_.Check(*with, scope));
  if (names_.reporter().count() != before) return std::nullopt;
  return match;
}

std::optional<EventMatches> EventResolver::Resolve(Terms terms, const syntax::Condition* with) {
  Candidates candidates = Find(terms);
  if (candidates.events.empty()) {
    ReportUnknownEvent(terms);
    return std::nullopt;
  }
  if (candidates.events.size() > 1 && !candidates.texts.empty()) {
    const EventSymbol& first = names_.vocabulary().event(candidates.events.front());
    Diagnostic& diagnostic = names_.reporter().Report(
        Code::kAmbiguousName, SpanOf(terms), "these are several events, and the text may be another field in each", "several events");
    diagnostic.help.push_back("name one of them, such as " + Tick(first.name));
    return std::nullopt;
  }
  if (candidates.events.size() > 1 && with != nullptr) {
    candidates.events = WithFieldsOf(*with, candidates.events);
    if (candidates.events.empty()) return std::nullopt;
  }
  if (!names_.budget().Take(Budget::Of::kEvents, candidates.events.size(), SpanOf(terms))) return std::nullopt;
  EventMatches matches;
  for (const Symbol event : candidates.events) {
    std::optional<EventMatch> match = Narrow(event, candidates, with);
    if (!match.has_value()) return std::nullopt;
    matches.push_back(std::move(*match));
  }
  return matches;
}

bool EventResolver::ResolveAnnounced(Terms terms, const syntax::Condition* with, Trigger& trigger) {
  const Vocabulary& vocabulary = names_.vocabulary();
  const Candidates candidates = Find(terms);
  if (candidates.events.empty()) {
    ReportUnknownEvent(terms);
    return false;
  }
  const auto is_meant = [&](Symbol event) {
    return std::find(candidates.events.begin(), candidates.events.end(), event) != candidates.events.end();
  };
  for (Symbol event = 0; event < vocabulary.events().size(); ++event) {
    const EventSymbol& symbol = vocabulary.event(event);
    for (std::uint32_t field = 0; field < symbol.fields.size(); ++field) {
      if (!symbol.fields[field].announces.has_value() || !is_meant(*symbol.fields[field].announces)) continue;
      std::optional<EventMatch> match = Narrow(event, candidates, with);
      if (!match.has_value()) return false;
      trigger.announcements.push_back({std::move(*match), field});
    }
    if (std::any_of(symbol.withdraws.begin(), symbol.withdraws.end(), is_meant)) trigger.withdrawals.push_back(event);
  }
  if (!trigger.announcements.empty()) return true;
  const EventSymbol& first = vocabulary.event(candidates.events.front());
  if (first.broken) return false;
  Diagnostic& diagnostic =
      names_.reporter().Report(Code::kNotAnnounced, SpanOf(terms), "nothing tells beforehand when " + Tick(Shown(terms)) + " will happen",
                               "known only when it happens");
  diagnostic.help.push_back("let an event tell it, in a field such as " + Tick("starts at time announces \"" + first.name + "\""));
  return false;
}

}  // namespace stagecraft::sema
