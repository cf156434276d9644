#include "dsl/sema/declarations.h"

#include <utility>

#include "dsl/sema/names.h"
#include "dsl/sema/workspace.h"
#include "dsl/support/text.h"

namespace stagecraft::sema {
namespace {

constexpr std::string_view kStandardName = "hubspot";
constexpr std::string_view kDefaultScore = "score";

std::string NameOf(const syntax::Phrase& phrase) { return Written(TermsOf(phrase)); }

}  // namespace

Declarations Declarer::Declare(const std::vector<syntax::Script>& scripts, std::size_t standard) {
  Collect(scripts[standard], true);
  for (std::size_t i = 0; i < scripts.size(); ++i) {
    if (i != standard) Collect(scripts[i], false);
  }
  AddProperties();
  AddEvents();
  AddOthers();
  if (out_.vocabulary.FindValue(kDefaultScore) == nullptr)
    AddDerived(DerivedKind::kScore, std::string(kDefaultScore), Span{}, DerivedDecl{});
  out_.vocabulary.AddFact("id", Fact::kId);
  out_.vocabulary.AddFact("created", Fact::kCreated);
  out_.vocabulary.AddFact("last contacted", Fact::kLastContacted);
  out_.vocabulary.AddFact("name", Fact::kName);
  return std::move(result_);
}

void Declarer::Collect(const syntax::Script& script, bool standard) {
  for (const syntax::Declaration& declaration : script.declarations) declared_.push_back({&declaration, standard});
}

bool Declarer::Claim(Names& names, std::string_view name, Span span, std::string_view what) {
  const auto [first, added] = names.emplace(FoldCase(name), span);
  if (added) return true;
  const Source& source = sources_[first->second.source];
  Diagnostic& diagnostic = reporter_.Report(Code::kDuplicateName, span, "there are two declarations of " + Tick(name), "declared again");
  diagnostic.help.push_back("the first " + std::string(what) + " of this name is at " + source.name() + ":" +
                            std::to_string(source.PositionAt(first->second.begin).line));
  return false;
}

// ---- properties -------------------------------------------------------------------------------------------------------

std::optional<Type> Declarer::ReadType(const syntax::Phrase& phrase) {
  if (const auto type = FindType(Folded(TermsOf(phrase))); type.has_value()) return type;
  const std::vector<std::string> names = {"number", "money", "text", "date", "time", "yes or no", "user", "one of", "stages"};
  const std::string written = NameOf(phrase);
  Diagnostic* diagnostic =
      reporter_.ReportUnknown(Code::kUnknownType, phrase.span, written, "there is no type " + Tick(written), "not a type", names);
  if (diagnostic != nullptr)
    diagnostic->help.emplace_back("the types are number, money, text, date, time, yes or no, user, one of, stages");
  return std::nullopt;
}

void Declarer::AddOptions(const std::vector<syntax::OptionDecl>& decls, const OptionSymbol& model, const PropertySymbol* base, bool ranked,
                          OptionSet& set, std::string_view owner) {
  std::int32_t rank = model.rank;
  for (const syntax::OptionDecl& decl : decls) {
    OptionSymbol option = model;
    option.rank = rank;
    option.label = decl.name.text;
    option.internal_name = decl.name.text;
    option.span = decl.name.span;
    const auto inherited = base == nullptr ? std::nullopt : base->options.Find(FoldCase(option.label));
    if (decl.internal_name.has_value()) {
      option.internal_name = decl.internal_name->text;
    } else if (inherited.has_value()) {
      option.internal_name = base->options.options[*inherited].internal_name;
    }
    OptionSymbol sub_model = option;
    const auto number = static_cast<std::int32_t>(set.options.size());
    if (number >= kOptionsMax) {
      reporter_.Report(Code::kOutOfRange, decl.name.span, Tick(owner) + " has more than " + std::to_string(kOptionsMax) + " options",
                       "one too many");
      return;
    }
    if (!AddOption(set, std::move(option))) {
      reporter_
          .Report(Code::kDuplicateOption, decl.name.span, Tick(owner) + " has the option \"" + decl.name.text + "\" twice",
                  "declared again")
          .help.emplace_back("labels and names after `as` are all different, whatever their letter case");
      continue;
    }
    sub_model.parent = number;
    AddOptions(decl.sub_options, sub_model, base, false, set, owner);
    if (ranked) ++rank;
  }
}

PropertySymbol Declarer::MakeProperty(const syntax::PropertyDecl& decl, const PropertySymbol* base) {
  PropertySymbol property;
  property.name = NameOf(decl.name);
  property.span = decl.name.span;
  const std::optional<Type> type = ReadType(decl.type);
  property.broken = !type.has_value();
  property.type = type.value_or(Type::kText);
  if (decl.internal_name.has_value()) {
    property.internal_name = decl.internal_name->text;
  } else if (base != nullptr) {
    property.internal_name = base->internal_name;
  }
  OptionSymbol model;
  const bool stages = Folded(TermsOf(decl.type)) == "stages";
  if (stages) {
    model.rank = 0;
    model.forward_only = true;
    property.forward_only = true;
    property.tracks_entry = true;
  }
  AddOptions(decl.options, model, base, stages, property.options, property.name);
  if (property.type == Type::kOption && property.options.options.empty() && !property.broken) {
    reporter_.Report(Code::kMissingValue, decl.type.span, Tick(property.name) + " has no options", "the options must follow");
    property.broken = true;
  }
  return property;
}

PropertySymbol Declarer::MakeStatus(const syntax::StatusDecl& decl, const PropertySymbol* base) {
  PropertySymbol status;
  status.name = "status";
  status.internal_name = base != nullptr ? base->internal_name : "hs_lead_status";
  status.type = Type::kOption;
  status.tracks_entry = true;
  status.span = decl.keyword_span;
  std::int32_t process_options = 0;
  bool has_start = false;
  for (const syntax::StatusGroup& group : decl.groups) {
    if (group.kind == syntax::StatusGroupKind::kProcess) process_options += static_cast<std::int32_t>(group.options.size());
    has_start = has_start || group.kind == syntax::StatusGroupKind::kStart;
  }
  std::int32_t next_process = 1;
  for (const syntax::StatusGroup& group : decl.groups) {
    OptionSymbol model;
    model.forward_only = group.forward_only;
    status.forward_only = status.forward_only || group.forward_only;
    const bool process = group.kind == syntax::StatusGroupKind::kProcess;
    switch (group.kind) {
      case syntax::StatusGroupKind::kStart:
        model.group = OptionGroup::kStart;
        model.rank = 0;
        break;
      case syntax::StatusGroupKind::kProcess:
        model.group = OptionGroup::kProcess;
        model.rank = next_process;
        break;
      case syntax::StatusGroupKind::kOutcome:
        model.group = OptionGroup::kOutcome;
        model.rank = process_options + 1;
        break;
    }
    AddOptions(group.options, model, base, process, status.options, status.name);
    if (process) next_process += static_cast<std::int32_t>(group.options.size());
  }
  if (!has_start) {
    reporter_.Report(Code::kNoStartStatus, decl.keyword_span, "no group `start` says which status a lead begins with", "no start")
        .help.emplace_back("such as `start New`");
  }
  return status;
}

void Declarer::AddProperties() {
  std::vector<PropertySymbol> standard;
  std::unordered_map<std::string, std::size_t> standard_names;
  std::vector<PropertySymbol> ours;
  for (const Declared& declared : declared_) {
    const auto* property = std::get_if<syntax::PropertyDecl>(&declared.declaration->node);
    const auto* status = std::get_if<syntax::StatusDecl>(&declared.declaration->node);
    if (property == nullptr && status == nullptr) continue;
    const std::string name = property != nullptr ? NameOf(property->name) : "status";
    const std::string folded = FoldCase(name);
    const auto base = standard_names.find(folded);
    const PropertySymbol* base_symbol = base == standard_names.end() ? nullptr : &standard[base->second];
    PropertySymbol symbol = property != nullptr ? MakeProperty(*property, base_symbol) : MakeStatus(*status, base_symbol);
    symbol.standard = declared.standard;
    if (declared.standard) {
      standard_names.emplace(folded, standard.size());
      standard.push_back(std::move(symbol));
      continue;
    }
    if (!Claim(values_, name, symbol.span, "declaration")) continue;
    ours.push_back(std::move(symbol));
  }
  // The scripts' own come first, so that a name of theirs is never taken by an internal name of the standard vocabulary.
  for (PropertySymbol& symbol : ours) {
    standard_names.erase(FoldCase(symbol.name));
    out_.vocabulary.AddProperty(std::move(symbol));
  }
  for (PropertySymbol& symbol : standard) {
    if (standard_names.count(FoldCase(symbol.name)) != 0) out_.vocabulary.AddProperty(std::move(symbol));
  }
}

// ---- events -----------------------------------------------------------------------------------------------------------

EventSymbol Declarer::MakeEvent(const syntax::EventDecl& decl) {
  EventSymbol event;
  event.name = NameOf(decl.name);
  event.span = decl.name.span;
  event.family = event.name.substr(0, event.name.find(' '));
  for (const syntax::Phrase& synonym : decl.synonyms) event.synonyms.push_back(NameOf(synonym));
  Names names;
  for (const syntax::FieldDecl& decl_field : decl.fields) {
    FieldSymbol field;
    field.name = NameOf(decl_field.name);
    if (!Claim(names, field.name, decl_field.name.span, "field")) continue;
    const std::optional<Type> type = ReadType(decl_field.type);
    event.broken = event.broken || !type.has_value();
    field.type = type.value_or(Type::kText);
    AddOptions(decl_field.options, OptionSymbol{}, nullptr, false, field.options, field.name);
    event.fields.push_back(std::move(field));
  }
  return event;
}

void Declarer::AddEvents() {
  std::vector<EventSymbol> standard;
  for (const Declared& declared : declared_) {
    const auto* decl = std::get_if<syntax::EventDecl>(&declared.declaration->node);
    if (decl == nullptr) continue;
    EventSymbol event = MakeEvent(*decl);
    event.standard = declared.standard;
    if (declared.standard) {
      standard.push_back(std::move(event));
      continue;
    }
    bool free = Claim(events_, event.name, decl->name.span, "event");
    for (const syntax::Phrase& synonym : decl->synonyms) free = Claim(events_, NameOf(synonym), synonym.span, "event") && free;
    if (free) out_.vocabulary.AddEvent(std::move(event));
  }
  for (EventSymbol& event : standard) {
    if (events_.count(FoldCase(event.name)) == 0) out_.vocabulary.AddEvent(std::move(event));
  }
}

// ---- the rest -----------------------------------------------------------------------------------------------------------

void Declarer::AddDerived(DerivedKind kind, std::string name, Span span, DerivedDecl decl) {
  out_.vocabulary.AddDerived({kind, std::move(name), false, span});
  result_.derived.push_back(decl);
}

void Declarer::AddOthers() {
  const auto define = [&](DerivedKind kind, const std::string& name, Span span, DerivedDecl decl) {
    if (!Claim(values_, name, span, "declaration")) return;
    const std::optional<Symbol> property = out_.vocabulary.FindProperty(FoldCase(name));
    if (property.has_value() && FoldCase(out_.vocabulary.property(*property).name) == FoldCase(name)) {
      reporter_.Report(Code::kDuplicateName, span, Tick(name) + " is a property of the standard vocabulary already", "declared again")
          .help.emplace_back("choose another name");
      return;
    }
    AddDerived(kind, name, span, decl);
  };
  for (const Declared& declared : declared_) {
    const syntax::Declaration& declaration = *declared.declaration;
    if (const auto* use = std::get_if<syntax::Use>(&declaration.node)) CheckUse(*use);
    if (const auto* workspace = std::get_if<syntax::WorkspaceDecl>(&declaration.node)) DeclareWorkspace(*workspace, declaration.span);
    if (const auto* team = std::get_if<syntax::TeamDecl>(&declaration.node)) DeclareTeam(*team);
    if (const auto* list = std::get_if<syntax::ListDecl>(&declaration.node)) DeclareList(*list);
    if (const auto* rule = std::get_if<syntax::RuleDecl>(&declaration.node)) DeclareRule(*rule, declaration.span);
    if (const auto* definition = std::get_if<syntax::DefineDecl>(&declaration.node)) {
      define(DerivedKind::kDefinition, NameOf(definition->name), definition->name.span, {definition, nullptr, nullptr, nullptr});
    }
    if (const auto* counter = std::get_if<syntax::CounterDecl>(&declaration.node)) {
      define(DerivedKind::kCounter, NameOf(counter->name), counter->name.span, {nullptr, nullptr, counter, nullptr});
    }
    if (const auto* score = std::get_if<syntax::ScoreDecl>(&declaration.node)) {
      const bool named = score->name.has_value();
      define(DerivedKind::kScore, named ? NameOf(*score->name) : std::string(kDefaultScore),
             named ? score->name->span : score->keyword_span, {nullptr, score, nullptr, nullptr});
    }
  }
}

void Declarer::CheckUse(const syntax::Use& use) {
  const std::string name = NameOf(use.name);
  if (FoldCase(name) == kStandardName) return;
  reporter_.ReportUnknown(Code::kUnknownVocabulary, use.name.span, name, "there is no vocabulary " + Tick(name), "not a known vocabulary",
                          {std::string(kStandardName)});
}

void Declarer::DeclareWorkspace(const syntax::WorkspaceDecl& decl, Span span) {
  if (workspace_.has_value()) {
    const Source& source = sources_[workspace_->source];
    reporter_.Report(Code::kDuplicateName, decl.name.span, "there are two workspaces", "declared again")
        .help.push_back("the first is at " + source.name() + ":" + std::to_string(source.PositionAt(workspace_->begin).line));
    return;
  }
  workspace_ = span;
  out_.workspace = decl.name.text;
  out_.calendar = ReadCalendar(decl, reporter_);
}

void Declarer::DeclareTeam(const syntax::TeamDecl& decl) {
  if (!Claim(teams_, decl.name.text, decl.name.span, "team")) return;
  TeamSymbol team;
  team.name = decl.name.text;
  team.span = decl.name.span;
  for (const syntax::Term& member : decl.members) team.members.push_back(member.text);
  if (decl.manager.has_value()) team.manager = decl.manager->text;
  out_.vocabulary.AddTeam(std::move(team));
}

void Declarer::DeclareList(const syntax::ListDecl& decl) {
  if (!Claim(lists_, decl.name.text, decl.name.span, "list")) return;
  ListSymbol list;
  list.name = decl.name.text;
  list.span = decl.name.span;
  list.by_hand = decl.condition == nullptr;
  if (list.by_hand) {
    PropertySymbol member;
    member.name = ListPropertyName(list.name);
    member.type = Type::kTruth;
    member.hidden = true;
    list.member = out_.vocabulary.AddProperty(std::move(member));
  } else {
    list.member = static_cast<Symbol>(out_.vocabulary.derived().size());
    AddDerived(DerivedKind::kList, list.name, list.span, {nullptr, nullptr, nullptr, &decl});
  }
  out_.vocabulary.AddList(std::move(list));
}

void Declarer::DeclareRule(const syntax::RuleDecl& decl, Span span) {
  if (decl.name.has_value()) Claim(rules_, decl.name->text, decl.name->span, "rule");
  result_.rules.push_back({&decl, span});
}

}  // namespace stagecraft::sema
