#include "dsl/sema/names.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "dsl/sema/wording.h"
#include "dsl/support/limits.h"
#include "dsl/support/text.h"

namespace stagecraft::sema {
namespace {

std::vector<std::uint32_t> TruthOption(bool yes) { return {yes ? 1U : 0U}; }

}  // namespace

Span SpanOf(Terms terms) { return Span{terms.front().span.source, terms.front().span.begin, terms.back().span.end}; }

namespace {

// `1_000`, `2026-1-5`: terms to the grammar, one word to whoever wrote it.
bool TouchesBefore(Terms terms, std::size_t i) {
  const bool text = terms[i].kind == syntax::Term::Kind::kText || (i > 0 && terms[i - 1].kind == syntax::Term::Kind::kText);
  return i > 0 && !text && terms[i - 1].span.end == terms[i].span.begin;
}

}  // namespace

std::string Written(Terms terms) {
  std::string result;
  for (std::size_t i = 0; i < terms.size(); ++i) {
    if (i > 0 && !TouchesBefore(terms, i)) result += ' ';
    result += terms[i].text;
  }
  return result;
}

std::string Shown(Terms terms) {
  std::string result;
  for (std::size_t i = 0; i < terms.size(); ++i) {
    if (i > 0 && !TouchesBefore(terms, i)) result += ' ';
    result += terms[i].kind == syntax::Term::Kind::kText ? "\"" + terms[i].text + "\"" : terms[i].text;
  }
  return result;
}

std::string Folded(Terms terms) { return FoldCase(Written(terms)); }

bool IsWord(const syntax::Term& term, std::string_view lower_case_word) {
  return term.kind == syntax::Term::Kind::kWord && FoldCase(term.text) == lower_case_word;
}

Reference Names::PropertyReference(Symbol property) const {
  Reference reference;
  reference.symbol = property;
  reference.type = vocabulary_.property(property).type;
  return reference;
}

std::optional<Names::Found> Names::LongestValue(Terms terms) const {
  for (std::size_t count = std::min(terms.size(), vocabulary_.value_words_max()); count > 0; --count) {
    const ValueName* value = vocabulary_.FindValue(Folded(terms.first(count)));
    if (value != nullptr) return Found{*value, count};
  }
  return std::nullopt;
}

std::vector<OptionUse> Names::EnteredUses(Terms terms) const {
  if (terms.size() < 3 || !IsWord(terms.front(), "became") || !IsWord(terms.back(), "date")) return {};
  const Terms middle = terms.subspan(1, terms.size() - 2);
  const std::optional<Found> found = LongestValue(middle);
  if (found.has_value() && found->value.kind == ValueName::Kind::kProperty && found->count < middle.size()) {
    const auto option = vocabulary_.property(found->value.symbol).options.Find(Folded(middle.subspan(found->count)));
    if (option.has_value()) return {{found->value.symbol, *option}};
  }
  return vocabulary_.FindOption(Folded(middle));
}

std::optional<Reference> Names::FindEntered(Terms terms) const {
  std::optional<Reference> entered;
  for (const OptionUse& use : EnteredUses(terms)) {
    if (!vocabulary_.property(use.property).tracks_entry) continue;
    if (entered.has_value()) return std::nullopt;
    entered.emplace();
    entered->space = Reference::Space::kEntered;
    entered->symbol = use.property;
    entered->option = use.option;
    entered->type = Type::kTime;
  }
  return entered;
}

bool Names::ReportEntryDate(Terms terms) {
  std::vector<OptionUse> uses = EnteredUses(terms);
  if (uses.empty()) return false;
  const std::string& owner = vocabulary_.property(uses.front().property).name;
  std::erase_if(uses, [&](const OptionUse& use) { return !vocabulary_.property(use.property).tracks_entry; });
  const Terms option = terms.subspan(1, terms.size() - 2);
  if (uses.empty()) {
    ReportNoEntryDate(SpanOf(terms), owner, "no date is kept of it");
    return true;
  }
  if (uses.size() == 1) return false;
  ReportAmbiguous(terms, option, uses, "became ", " date");
  return true;
}

void Names::ReportNoEntryDate(Span span, const std::string& property, std::string label) {
  Diagnostic& diagnostic = reporter_.Report(Code::kTypeMismatch, span,
                                            "entry times are kept for stages and statuses, not for " + Tick(property), std::move(label));
  diagnostic.help.push_back("declare it with ordered options: " + Tick("property " + property + " stages …"));
}

std::size_t Names::EntryDateTerms(Terms terms) const {
  for (std::size_t count = std::min(terms.size(), kNameWordsMax); count >= 3; --count) {
    if (FindEntered(terms.first(count)).has_value()) return count;
  }
  return 0;
}

bool Names::CheckUser(const syntax::Term& text, std::string_view holder, std::string help) {
  const bool is_team = vocabulary_.FindTeam(FoldCase(text.text)).has_value();
  if (!is_team && text.text.find('@') != std::string::npos) return true;
  const std::string quoted = "\"" + text.text + "\"";
  Diagnostic& diagnostic = reporter_.Report(
      Code::kTypeMismatch, text.span,
      Tick(holder) + " is a user, " + (is_team ? "and " + quoted + " is a team" : "known by an e-mail address; found " + quoted),
      "not a user");
  diagnostic.help.push_back(is_team ? std::move(help) : "such as `\"ana@acme.example\"`");
  return false;
}

std::optional<Reference> Names::FindReference(Terms terms, const Scope& scope) const {
  const auto field = [&]() -> std::optional<Reference> {
    if (!scope.event.has_value()) return std::nullopt;
    const EventSymbol& event = vocabulary_.event(*scope.event);
    const std::optional<std::uint32_t> number = event.FindField(Folded(terms));
    if (!number.has_value()) return std::nullopt;
    Reference reference;
    reference.space = Reference::Space::kField;
    reference.symbol = *number;
    reference.event = *scope.event;
    reference.type = event.fields[*number].type;
    return reference;
  };
  if (scope.fields_only) return field();
  if (const ValueName* value = vocabulary_.FindValue(Folded(terms)); value != nullptr) {
    Reference reference;
    reference.symbol = value->symbol;
    switch (value->kind) {
      case ValueName::Kind::kProperty:
        return PropertyReference(value->symbol);
      case ValueName::Kind::kDerived:
        reference.space = Reference::Space::kDerived;
        if (vocabulary_.derived()[value->symbol].kind == DerivedKind::kDefinition) reference.type = Type::kTruth;
        if (scope.reads != nullptr) scope.reads->push_back(value->symbol);
        return reference;
      case ValueName::Kind::kFact: {
        const auto fact = static_cast<Fact>(value->symbol);
        reference.space = Reference::Space::kFact;
        reference.type = fact == Fact::kId || fact == Fact::kName ? Type::kText : Type::kTime;
        return reference;
      }
    }
  }
  if (const auto entered = FindEntered(terms); entered.has_value()) return entered;
  return field();
}

std::optional<Reference> Names::ResolveReference(Terms terms, const Scope& scope) {
  if (auto reference = FindReference(terms, scope); reference.has_value()) return reference;
  if (scope.event_unknown || ReportPastField(terms, scope) || (!scope.fields_only && ReportEntryDate(terms))) return std::nullopt;
  const std::string written = Written(terms);
  if (scope.fields_only) {
    const EventSymbol& event = vocabulary_.event(*scope.event);
    std::vector<std::string> fields;
    for (const FieldSymbol& field : event.fields) fields.push_back(field.name);
    Diagnostic* diagnostic =
        reporter_.ReportUnknown(Code::kUnknownField, SpanOf(terms), written, Tick(event.name) + " has no field " + Tick(written),
                                "not a field of " + event.name, fields);
    if (diagnostic != nullptr) Reporter::AddChoices(*diagnostic, "the fields are", fields);
    return std::nullopt;
  }
  const std::vector<OptionUse>& uses = vocabulary_.FindOption(Folded(terms));
  if (!uses.empty()) {
    const std::string& property = vocabulary_.property(uses.front().property).name;
    Diagnostic& diagnostic = reporter_.Report(
        Code::kTypeMismatch, SpanOf(terms), Tick(written) + " is an option of " + Tick(property) + ", not a value to compare", "an option");
    diagnostic.help.push_back("name the property: " + Tick(property + " is " + AsWritten(written)));
    return std::nullopt;
  }
  Diagnostic* diagnostic =
      reporter_.ReportUnknown(Code::kUnknownName, SpanOf(terms), written, "there is no property, score or counter " + Tick(written),
                              "not a known name", ValueNames(terms));
  if (diagnostic != nullptr && !OfferOwnName(*diagnostic, terms, vocabulary_)) HelpWithWordsAround(*diagnostic, terms, *this);
  return std::nullopt;
}

const std::vector<std::string>& Names::ValueNames(Terms terms) {
  return Known(IsWord(terms.front(), "became") ? kValues | kEntryDates : kValues);
}

const std::vector<std::string>& Names::Known(unsigned kinds) {
  const auto [known, is_new] = known_.try_emplace(kinds);
  std::vector<std::string>& names = known->second;
  if (!is_new) return names;
  const auto add = [&](Kinds kind, std::vector<std::string> more) {
    if ((kinds & kind) != 0) names.insert(names.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  };
  add(kValues, vocabulary_.ValueNames());
  for (const PropertySymbol& property : vocabulary_.properties()) {
    if ((kinds & kEntryDates) == 0 || !property.tracks_entry) continue;
    for (const std::string& option : property.options.Labels()) names.push_back("became " + option + " date");
  }
  add(kOptions, vocabulary_.OptionNames());
  add(kEvents, vocabulary_.EventNames());
  add(kProperties, vocabulary_.PropertyNames());
  add(kForms, vocabulary_.FormNames());
  add(kTeams, vocabulary_.TeamNames());
  add(kLists, vocabulary_.ListNames());
  return names;
}

bool Names::ReportPastField(Terms terms, const Scope& scope) {
  if (!scope.past_event.has_value()) return false;
  const EventSymbol& event = vocabulary_.event(*scope.past_event);
  if (!event.FindField(Folded(terms)).has_value()) return false;
  const std::string written = Written(terms);
  reporter_
      .Report(Code::kFieldIsPast, SpanOf(terms), Tick(written) + " is a field of " + Tick(event.name) + ", and that event is past by now",
              "not kept until here")
      .help.push_back("keep it in a property when the event happens: " + Tick("copy " + written + " to …"));
  return true;
}

Terms Names::WithoutNeedlessWord(Terms value, const OptionSet* options) {
  static constexpr std::string_view kNeedless[] = {"to", "is", "be", "becomes", "as"};
  const auto is_option = [options](Terms terms) { return options != nullptr && options->Find(Folded(terms)).has_value(); };
  const auto is_needless = [&](const syntax::Term& term) {
    return std::any_of(std::begin(kNeedless), std::end(kNeedless), [&](std::string_view word) { return IsWord(term, word); });
  };
  std::size_t count = 0;
  while (count + 1 < value.size() && !is_option(value.subspan(count))) {
    // `lifecycle stage SQL`: HubSpot says it so.
    const bool is_kind = IsWord(value[count], "stage") && (is_needless(value[count + 1]) || is_option(value.subspan(count + 1)));
    if (!is_needless(value[count]) && !is_kind) break;
    ++count;
  }
  if (count == 0) return value;
  const Terms needless = value.first(count);
  const Span span{value.front().span.source, value.front().span.begin, value[count].span.begin};
  const std::string words = Tick(Written(needless));
  Diagnostic& diagnostic = reporter_.Report(Code::kNeedlessWord, SpanOf(needless), words + " does not belong here", "leave this out");
  diagnostic.help.push_back("the value follows at once");
  diagnostic.fixes = {{{{span, ""}}, "leave out " + words, true}};
  return value.subspan(count);
}

std::optional<std::uint32_t> Names::ResolveOption(const OptionSet& set, std::string_view owner, Terms terms) {
  const std::optional<std::uint32_t> option = set.Find(Folded(terms));
  if (option.has_value() && set.options[*option].declared) return option;
  const std::string written = Written(terms);
  const std::vector<std::string> labels = set.Labels();
  Diagnostic* diagnostic =
      reporter_.ReportUnknown(Code::kUnknownOption, SpanOf(terms), written, Tick(owner) + " has no option \"" + written + "\"",
                              "not an option of " + std::string(owner), labels, '"');
  if (diagnostic != nullptr) Reporter::AddChoices(*diagnostic, "the options are", labels);
  return std::nullopt;
}

Names::Outcome Names::StateOfProperty(Symbol symbol, Terms rest, Terms all, State& state, Asker asker) {
  const PropertySymbol& property = vocabulary_.property(symbol);
  state.property = symbol;
  if (property.broken) return Outcome::kReported;
  if (property.type == Type::kTruth) {
    if (rest.empty() || IsWord(rest.front(), "yes") || IsWord(rest.front(), "no")) {
      state.option = !rest.empty() && IsWord(rest.front(), "no") ? 0 : 1;
      state.options = TruthOption(state.option == 1);
      return Outcome::kFound;
    }
  }
  if (property.type != Type::kOption) {
    ReportNoState(property, rest, all, asker);
    return Outcome::kReported;
  }
  if (rest.empty()) {
    Diagnostic& diagnostic = reporter_.Report(Code::kUnknownOption, SpanOf(all), "which option of " + Tick(property.name) + " is meant?",
                                              "an option must follow");
    Reporter::AddChoices(diagnostic, "the options are", property.options.Labels());
    if (asker == Asker::kTrigger) diagnostic.help.push_back("for any change of it: " + Tick("on change of " + property.name));
    return Outcome::kReported;
  }
  const Terms value = WithoutNeedlessWord(rest, &property.options);
  const std::size_t found_before = reporter_.count();
  const std::optional<std::uint32_t> option = ResolveOption(property.options, property.name, value);
  if (!option.has_value() && reporter_.count() != found_before) {
    Diagnostic& diagnostic = reporter_.last();
    const bool offered = OfferComparison(diagnostic, SpanOf(all), property.name, false, value);
    // A rule is set off by a comparison that turns true, and that begins with another word than `on`.
    if (offered && asker == Asker::kTrigger && !diagnostic.fixes.empty()) {
      diagnostic.help = {"did you mean " + Tick("when " + diagnostic.fixes.front().edits.front().replacement) + "?"};
      diagnostic.fixes.clear();
    }
  }
  if (!option.has_value() || value.size() != rest.size()) return Outcome::kReported;
  state.option = *option;
  state.options = property.options.WithSubValues(*option);
  return budget_.Take(Budget::Of::kOptions, state.options.size(), SpanOf(all)) ? Outcome::kFound : Outcome::kReported;
}

// `email sent`, `contract_end at noon`: a property without options, and words behind it.
void Names::ReportNoState(const PropertySymbol& property, Terms rest, Terms all, Asker asker) {
  if (vocabulary_.FindEvent(Folded(all)).has_value()) {
    reporter_.Report(Code::kTypeMismatch, SpanOf(all), Tick(Written(all)) + " is an event, and no contact is in it",
                     "expected a stage, a status or another option");
    return;
  }
  const bool is_moment = property.type == Type::kDate || property.type == Type::kTime;
  if (is_moment && rest.size() > 1 && IsWord(rest.front(), "at")) {
    reporter_.Report(Code::kTypeMismatch, SpanOf(rest.subspan(1)),
                     "expected a time of day, like `09:00`, found " + Tick(Shown(rest.subspan(1))), "not a time of day");
    return;
  }
  Diagnostic& diagnostic = reporter_.Report(
      Code::kTypeMismatch, SpanOf(all), Tick(property.name) + " is " + std::string(TypeWithArticle(property.type)) + " and has no options",
      "no options to become");
  if (asker == Asker::kTrigger) diagnostic.help.push_back("for any change of it: " + Tick("on change of " + property.name));
}

void Names::ReportAmbiguous(Terms terms, Terms option, const std::vector<OptionUse>& uses, std::string_view before,
                            std::string_view after) {
  std::vector<std::string> owners;
  owners.reserve(uses.size());
  for (const OptionUse& use : uses) owners.push_back(vocabulary_.property(use.property).name);
  std::string of;
  for (std::size_t i = 0; i < owners.size(); ++i) of += (i == 0 ? "" : i + 1 == owners.size() ? " and " : ", ") + Tick(owners[i]);
  const std::string written = Written(option);
  Diagnostic& diagnostic =
      reporter_.Report(Code::kAmbiguousName, SpanOf(terms), Tick(written) + " is an option of " + of, "which property is meant?");
  for (const std::string& owner : owners) {
    diagnostic.help.push_back("write " + Tick(std::string(before) + owner + " " + AsWritten(written) + std::string(after)));
  }
}

Names::Outcome Names::FindState(Terms terms, State& state, Asker asker) {
  const std::optional<Found> found = LongestValue(terms);
  if (found.has_value() && found->value.kind == ValueName::Kind::kProperty) {
    return StateOfProperty(found->value.symbol, terms.subspan(found->count), terms, state, asker);
  }
  const std::vector<OptionUse>& uses = vocabulary_.FindOption(Folded(terms));
  if (uses.empty()) return Outcome::kNot;
  if (uses.size() > 1) {
    ReportAmbiguous(terms, terms, uses, "", "");
    return Outcome::kReported;
  }
  state.property = uses.front().property;
  state.option = uses.front().option;
  state.options = vocabulary_.property(state.property).options.WithSubValues(state.option);
  return budget_.Take(Budget::Of::kOptions, state.options.size(), SpanOf(terms)) ? Outcome::kFound : Outcome::kReported;
}

std::optional<State> Names::ResolveState(Terms terms, std::string_view wanted) {
  State state;
  switch (FindState(terms, state)) {
    case Outcome::kFound:
      return state;
    case Outcome::kReported:
      return std::nullopt;
    case Outcome::kNot:
      break;
  }
  const std::string written = Written(terms);
  const std::optional<Reference> value = FindReference(terms, Scope{});
  if (value.has_value() || vocabulary_.FindList(FoldCase(written)).has_value()) {
    reporter_.Report(Code::kTypeMismatch, SpanOf(terms),
                     Tick(Shown(terms)) + " is " + (value.has_value() ? "computed" : "a list") + "; expected " + std::string(wanted),
                     "not a state");
    return std::nullopt;
  }
  reporter_.ReportUnknown(Code::kUnknownName, SpanOf(terms), written, Tick(written) + " is not known; expected " + std::string(wanted),
                          "not a known name", Known(kOptions | kProperties));
  return std::nullopt;
}

std::optional<Reference> Names::ResolveSince(Terms terms) {
  constexpr std::string_view kWanted = "a stage, a status or a date";
  if (terms.size() == 1 && terms.front().kind == syntax::Term::Kind::kDate) {
    reporter_
        .Report(Code::kTypeMismatch, terms.front().span,
                "`since` counts from a stage, a status or a property with a date, not from a day of the calendar", "not a property")
        .help.emplace_back("such as `since SQL`");
    return std::nullopt;
  }
  if (const auto reference = FindReference(terms, Scope{}); reference.has_value()) {
    const bool moment = reference->type == Type::kDate || reference->type == Type::kTime;
    if (moment && (reference->space == Reference::Space::kProperty || reference->space == Reference::Space::kEntered)) return reference;
    if (reference->type != Type::kTruth) {
      reporter_.Report(Code::kTypeMismatch, SpanOf(terms), Tick(Written(terms)) + " is no moment; expected " + std::string(kWanted),
                       "not a moment");
      return std::nullopt;
    }
  }
  const std::optional<State> state = ResolveState(terms, kWanted);
  if (!state.has_value()) return std::nullopt;
  const PropertySymbol& property = vocabulary_.property(state->property);
  if (!property.tracks_entry) {
    ReportNoEntryDate(SpanOf(terms), property.name, "expected " + std::string(kWanted));
    return std::nullopt;
  }
  Reference reference;
  reference.space = Reference::Space::kEntered;
  reference.symbol = state->property;
  reference.option = state->option;
  reference.type = Type::kTime;
  return reference;
}

std::optional<Symbol> Names::ResolveProperty(Terms terms) {
  const std::string written = Written(terms);
  const ValueName* value = vocabulary_.FindValue(FoldCase(written));
  if (value == nullptr && !FindEntered(terms).has_value()) {
    Diagnostic* diagnostic = reporter_.ReportUnknown(Code::kUnknownProperty, SpanOf(terms), written,
                                                     "there is no property " + Tick(written), "not a known property", Known(kProperties));
    if (diagnostic != nullptr && !OfferOwnName(*diagnostic, terms, vocabulary_)) HelpWithWordsAround(*diagnostic, terms, *this);
    return std::nullopt;
  }
  if (value == nullptr || value->kind != ValueName::Kind::kProperty) {
    reporter_.Report(Code::kNotSettable, SpanOf(terms), Tick(written) + " is computed, not a property", "a property was expected here");
    return std::nullopt;
  }
  if (vocabulary_.property(value->symbol).broken) return std::nullopt;
  return value->symbol;
}

std::optional<Symbol> Names::ResolveList(const syntax::Term& term) {
  if (const auto list = vocabulary_.FindList(FoldCase(term.text)); list.has_value()) return list;
  Diagnostic* diagnostic = reporter_.ReportUnknown(Code::kUnknownList, term.span, term.text, "there is no list \"" + term.text + "\"",
                                                   "not a known list", Known(kLists), '"');
  if (diagnostic != nullptr) {
    diagnostic->help.push_back("declare it: `list \"" + term.text + "\" when …` or `list \"" + term.text + "\" by hand`");
  }
  return std::nullopt;
}

std::optional<Symbol> Names::ResolveTeam(const syntax::Term& term) {
  if (const auto team = vocabulary_.FindTeam(FoldCase(term.text)); team.has_value()) return team;
  Diagnostic* diagnostic = reporter_.ReportUnknown(Code::kUnknownTeam, term.span, term.text, "there is no team \"" + term.text + "\"",
                                                   "not a known team", Known(kTeams), '"');
  if (diagnostic != nullptr) {
    diagnostic->help.push_back("declare it: `team \"" + term.text + "\" \"ana@acme.example\"`");
  }
  return std::nullopt;
}

}  // namespace stagecraft::sema
