#include "dsl/sema/declarations.h"

#include <algorithm>
#include <array>
#include <unordered_set>
#include <utility>

#include "dsl/sema/names.h"
#include "dsl/sema/rules.h"
#include "dsl/sema/workspace.h"
#include "dsl/support/check.h"
#include "dsl/support/limits.h"
#include "dsl/support/overloaded.h"
#include "dsl/support/text.h"

namespace stagecraft::sema {
namespace {

constexpr std::string_view kStandardName = "hubspot";
constexpr std::string_view kDefaultScore = "score";
constexpr std::int64_t kWhole = 1'000'000;  // numbers are in millionths
constexpr std::uint32_t kWeightMax = 100;
constexpr std::uint32_t kCapacityMax = 1'000'000;
constexpr std::array<std::pair<std::string_view, Fact>, 4> kFacts = {
    {{"id", Fact::kId}, {"created", Fact::kCreated}, {"last contacted", Fact::kLastContacted}, {"name", Fact::kName}}};

}  // namespace

Type TypeOf(const syntax::Phrase& phrase) {
  const std::optional<Type> type = FindType(Folded(TermsOf(phrase)));
  STAGECRAFT_CHECK(type.has_value());
  return *type;
}

bool IsStages(const syntax::Phrase& phrase) { return Folded(TermsOf(phrase)) == "stages"; }

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
  for (const auto& [name, fact] : kFacts) out_.vocabulary.AddFact(name, fact);
  return std::move(result_);
}

void Declarer::Collect(const syntax::Script& script, bool standard) {
  for (const syntax::Declaration& declaration : script.declarations) declared_.push_back({&declaration, standard});
}

bool Declarer::CheckName(std::string_view name, Span span) {
  if (name.find_first_not_of(" \t") != std::string_view::npos) return true;
  reporter_.Report(Code::kEmptyName, span, "a name was expected, and this is empty", "expected a name");
  return false;
}

bool Declarer::Claim(NameSpans& names, std::string_view name, Span span, std::string_view what) {
  if (!CheckName(name, span)) return false;
  const std::size_t words = static_cast<std::size_t>(std::count(name.begin(), name.end(), ' ')) + 1;
  if (&names == &values_ && words > kNameWordsMax) {
    reporter_.Report(Code::kOutOfRange, span, "a name has " + std::to_string(kNameWordsMax) + " words at most", "too many words");
    return false;
  }
  const auto [first, added] = names.emplace(FoldCase(name), span);
  if (added) return true;
  reporter_.Report(Code::kDuplicateName, span, "there are two declarations of " + Tick(name), "declared again")
      .notes.push_back({first->second, "the first " + std::string(what) + " of this name"});
  return false;
}

void Declarer::AddDerived(DerivedKind kind, std::string name, Span span, DerivedDecl decl) {
  out_.vocabulary.AddDerived({kind, std::move(name), span});
  result_.derived.push_back(decl);
}

// What the language itself gives a meaning keeps it.
bool Declarer::CheckDerivedName(DerivedKind kind, const std::string& name, Span span) {
  const std::string folded = FoldCase(name);
  const std::optional<Symbol> property = out_.vocabulary.FindProperty(folded);
  const bool entry_date = folded.starts_with("became ") && folded.ends_with(" date");
  std::string_view taken;
  if (property.has_value() && FoldCase(out_.vocabulary.property(*property).name) == folded) {
    taken = "a property of the standard vocabulary already";
  } else if (std::any_of(kFacts.begin(), kFacts.end(), [&](const auto& fact) { return fact.first == folded; })) {
    taken = "known of every contact already";
  } else if (folded == kDefaultScore && kind != DerivedKind::kScore) {
    taken = "the score that there always is";
  } else if (out_.vocabulary.FindEvent(folded).has_value()) {
    taken = "an event already";
  } else if (entry_date) {
    taken = "how the date of a stage is named";
  }
  if (taken.empty()) return true;
  reporter_.Report(Code::kDuplicateName, span, Tick(name) + " is " + std::string(taken), "declared again")
      .help.emplace_back("choose another name");
  return false;
}

void Declarer::AddOthers() {
  const auto define = [&](DerivedKind kind, const std::string& name, Span span, DerivedDecl decl) {
    if (Claim(values_, name, span, "declaration") && CheckDerivedName(kind, name, span)) AddDerived(kind, name, span, decl);
  };
  for (const Declared& declared : declared_) {
    const syntax::Declaration& declaration = *declared.declaration;
    std::visit(
        Overloaded{
            [&](const syntax::Use& decl) { CheckUse(decl); },
            [&](const syntax::WorkspaceDecl& decl) { DeclareWorkspace(decl); },
            [&](const syntax::TeamDecl& decl) { DeclareTeam(decl); },
            [&](const syntax::FormDecl& decl) { DeclareForm(decl); },
            [&](const syntax::PipelineDecl& decl) { DeclarePipeline(decl, declaration.span); },
            [&](const syntax::TemplateDecl& decl) { DeclareTemplate(decl, declaration.span); },
            [&](const syntax::ListDecl& decl) { DeclareList(decl, declaration.span); },
            [&](const syntax::RuleDecl& decl) { DeclareRule(decl, declaration.span); },
            [&](const syntax::SequenceDecl& decl) { DeclareSequence(decl, declaration.span); },
            [&](const syntax::ViewDecl& decl) {
              if (Claim(views_, decl.name.text, decl.name.span, "view")) result_.views.push_back({&decl, declaration.span});
            },
            [&](const syntax::PromiseDecl& decl) {
              result_.promises.push_back({&decl, declaration.span});
            },
            [&](const syntax::MovesDecl& decl) {
              if (Claim(moves_, NameOf(decl.property), decl.property.span, "`moves of`"))
                result_.moves.push_back({&decl, declaration.span});
            },
            [&](const syntax::DefineDecl& decl) {
              define(DerivedKind::kDefinition, NameOf(decl.name), decl.name.span, {&decl, nullptr, nullptr, nullptr, declaration.span});
            },
            [&](const syntax::CounterDecl& decl) {
              define(DerivedKind::kCounter, NameOf(decl.name), decl.name.span, {nullptr, nullptr, &decl, nullptr, declaration.span});
            },
            [&](const syntax::ScoreDecl& decl) {
              const bool named = decl.name.has_value();
              define(DerivedKind::kScore, named ? NameOf(*decl.name) : std::string(kDefaultScore),
                     named ? decl.name->span : decl.keyword_span, {nullptr, &decl, nullptr, nullptr});
            },
            // Properties and events come first, imports are the façade's, tests are looked at when all else is known.
            [](const syntax::StatusDecl&) {},
            [](const syntax::PropertyDecl&) {},
            [](const syntax::EventDecl&) {},
            [](const syntax::ImportDecl&) {},
            [](const syntax::TestDecl&) {},
        },
        declaration.node);
  }
}

void Declarer::CheckUse(const syntax::Use& use) {
  const std::string name = NameOf(use.name);
  if (FoldCase(name) == kStandardName) return;
  Diagnostic* diagnostic = reporter_.ReportUnknown(Code::kUnknownVocabulary, use.name.span, name, "there is no vocabulary " + Tick(name),
                                                   "not a known vocabulary", {std::string(kStandardName)});
  if (diagnostic != nullptr && diagnostic->help.empty()) {
    diagnostic->help.push_back("the only one is " + Tick(kStandardName) + "; it is there without `use`, too");
  }
}

void Declarer::DeclareWorkspace(const syntax::WorkspaceDecl& decl) {
  if (workspace_.has_value()) {
    reporter_.Report(Code::kDuplicateName, decl.name.span, "there are two workspaces", "declared again")
        .notes.push_back({*workspace_, "the first workspace"});
    return;
  }
  CheckName(decl.name.text, decl.name.span);
  workspace_ = decl.name.span;
  out_.workspace = decl.name.text;
  out_.calendar = ReadCalendar(decl, reporter_);
}

bool Declarer::CheckMember(const syntax::Term& member) {
  if (member.text.find('@') != std::string::npos) return true;
  reporter_
      .Report(Code::kTypeMismatch, member.span, "a person in a team is known by an e-mail address; found \"" + member.text + "\"",
              "expected an e-mail address")
      .help.emplace_back("such as `\"ana@acme.example\"`");
  return false;
}

std::optional<std::uint32_t> Declarer::ReadShare(const syntax::Term& term, std::string_view what, std::uint32_t max) {
  const std::int64_t share = term.number / kWhole;
  if (term.number % kWhole == 0 && share >= 1 && share <= max) return static_cast<std::uint32_t>(share);
  reporter_.Report(Code::kOutOfRange, term.span, Tick(term.text) + " is not a " + std::string(what) + " that a member may have",
                   "expected a whole number from 1 to " + std::to_string(max));
  return std::nullopt;
}

void Declarer::DeclareTeam(const syntax::TeamDecl& decl) {
  if (!Claim(teams_, decl.name.text, decl.name.span, "team")) return;
  TeamSymbol team;
  team.name = decl.name.text;
  team.span = decl.name.span;
  std::unordered_set<std::string> members;
  for (const syntax::TeamDecl::Member& member : decl.members) {
    const syntax::Term& user = member.user;
    if (!CheckMember(user)) continue;
    team.members.push_back(user.text);
    const auto weight = member.weight ? ReadShare(*member.weight, "weight", kWeightMax) : std::optional<std::uint32_t>(1);
    team.weights.push_back(static_cast<std::uint8_t>(weight.value_or(1)));
    team.capacities.push_back(member.at_most ? ReadShare(*member.at_most, "number of contacts", kCapacityMax) : std::nullopt);
    if (members.insert(FoldCase(user.text)).second) continue;
    reporter_.Report(Code::kMemberTwice, user.span, Tick(user.text) + " is in the team twice and gets two turns in a rotation",
                     "named again");
  }
  if (decl.manager.has_value() && CheckMember(*decl.manager)) team.manager = decl.manager->text;
  out_.vocabulary.AddTeam(std::move(team));
}

void Declarer::DeclareList(const syntax::ListDecl& decl, Span span) {
  if (!Claim(lists_, decl.name.text, decl.name.span, "list")) return;
  ListSymbol list;
  list.name = decl.name.text;
  list.span = decl.name.span;
  list.text = OneLine(sources_, span);
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

void Declarer::DeclareForm(const syntax::FormDecl& decl) {
  if (!Claim(forms_, decl.name.text, decl.name.span, "form") || !CheckName(decl.level.text, decl.level.span)) return;
  out_.vocabulary.AddForm({decl.name.text, decl.level.text, decl.name.span});
  out_.forms.push_back({decl.name.text, decl.level.text, decl.name.span});
}

void Declarer::DeclarePipeline(const syntax::PipelineDecl& decl, Span span) {
  if (!Claim(pipelines_, decl.name.text, decl.name.span, "pipeline")) return;
  Pipeline pipeline;
  pipeline.name = decl.name.text;
  pipeline.span = span;
  NameSpans stages;
  for (const syntax::PipelineDecl::Stage& stage : decl.stages) {
    std::optional<std::int64_t> probability;
    if (stage.probability.has_value()) probability = ReadProbability(*stage.probability);
    if (!Claim(stages, stage.name.text, stage.name.span, "stage")) continue;
    pipeline.stages.push_back({stage.name.text, probability});
  }
  result_.catalog.Add(Catalog::Kind::kPipeline, pipeline.name, static_cast<std::uint32_t>(out_.pipelines.size()));
  out_.pipelines.push_back(std::move(pipeline));
}

void Declarer::DeclareTemplate(const syntax::TemplateDecl& decl, Span span) {
  if (!Claim(templates_, decl.name.text, decl.name.span, "template")) return;
  result_.catalog.Add(Catalog::Kind::kTemplate, decl.name.text, static_cast<std::uint32_t>(result_.templates.size()));
  result_.templates.push_back({&decl, span});
}

bool Declarer::HasRoom(Span span) {
  if (result_.rules.size() < kRulesMax) return true;
  if (!full_) {
    ReportTooLarge(reporter_, span, "scripts have " + std::to_string(kRulesMax) + " rules and sequences at most, all files together",
                   "put the parts that have nothing to do with each other into workspaces of their own");
  }
  full_ = true;
  return false;
}

// Rules and sequences are known to people and to the layout by name alike: one may not have the name of the other.
void Declarer::DeclareRule(const syntax::RuleDecl& decl, Span span) {
  if (!HasRoom(span)) return;
  if (decl.name.has_value()) Claim(rules_, decl.name->text, decl.name->span, "rule or sequence");
  result_.rules.push_back({&decl, nullptr, span});
}

void Declarer::DeclareSequence(const syntax::SequenceDecl& decl, Span span) {
  if (!HasRoom(span)) return;
  if (Claim(rules_, decl.name.text, decl.name.span, "rule or sequence")) {
    result_.catalog.Add(Catalog::Kind::kSequence, decl.name.text, static_cast<std::uint32_t>(result_.rules.size()));
  }
  result_.rules.push_back({nullptr, &decl, span});
}

}  // namespace stagecraft::sema
