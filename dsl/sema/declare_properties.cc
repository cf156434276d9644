#include <algorithm>
#include <unordered_set>
#include <utility>

#include "dsl/sema/declarations.h"
#include "dsl/sema/names.h"
#include "dsl/support/text.h"

namespace stagecraft::sema {
namespace {

constexpr std::int64_t kPercent = 100;  // a percentage in millionths, over millionths of the whole
constexpr std::int64_t kWhole = 1'000'000;

}  // namespace

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
    if (!CheckName(decl.name.text, decl.name.span)) continue;
    if (!AddOption(set, std::move(option))) {
      ReportTakenOption(set, decl, owner);
      continue;
    }
    sub_model.parent = number;
    AddOptions(decl.sub_options, sub_model, base, false, set, owner);
    if (ranked) ++rank;
  }
}

// One of the names of `decl` is that of an option before it.
void Declarer::ReportTakenOption(const OptionSet& set, const syntax::OptionDecl& decl, std::string_view owner) {
  const std::optional<std::uint32_t> same_label = set.Find(FoldCase(decl.name.text));
  const bool by_label = same_label.has_value() || !decl.internal_name.has_value();
  const syntax::Term& name = by_label ? decl.name : *decl.internal_name;
  const std::optional<std::uint32_t> taken = set.Find(FoldCase(name.text));
  const std::string first = taken.has_value() ? set.options[*taken].label : decl.name.text;
  const std::string message = FoldCase(first) == FoldCase(name.text) && by_label
                                  ? Tick(owner) + " has the option \"" + name.text + "\" twice"
                                  : Tick(owner) + " has the name \"" + name.text + "\" twice: the option \"" + first + "\" has it already";
  reporter_.Report(Code::kDuplicateOption, name.span, message, "declared again")
      .help.emplace_back("labels and names after `as` are all different, whatever their letter case");
}

std::optional<std::int64_t> Declarer::ReadProbability(const syntax::Term& percent) {
  const std::int64_t probability = percent.number / kPercent;
  if (probability >= 0 && probability <= kWhole) return probability;
  reporter_.Report(Code::kOutOfRange, percent.span, "a probability is 0% at least and 100% at most", "not between 0% and 100%");
  return std::nullopt;
}

std::optional<std::uint32_t> Declarer::DeclaredOption(const OptionSet& set, std::string_view owner, const syntax::Term& term) {
  if (const auto option = set.Find(FoldCase(term.text)); option.has_value()) return option;
  const std::vector<std::string> names = set.Labels();
  Diagnostic* diagnostic =
      reporter_.ReportUnknown(Code::kUnknownOption, term.span, term.text, Tick(owner) + " has no option \"" + term.text + "\"",
                              "not an option of " + std::string(owner), names, '"');
  if (diagnostic != nullptr) Reporter::AddChoices(*diagnostic, "the options are", names);
  return std::nullopt;
}

// A label is one more name of its option, so that scripts can be written in the reader's language.
void Declarer::AddLabels(const std::vector<syntax::OptionLabels>& decls, OptionSet& set, std::string_view owner) {
  for (const syntax::OptionLabels& decl : decls) {
    const std::string& language = decl.language.text;
    for (const syntax::OptionLabels::Label& label : decl.labels) {
      const std::optional<std::uint32_t> option = DeclaredOption(set, owner, label.option);
      if (!option.has_value()) continue;
      OptionSymbol& symbol = set.options[*option];
      const auto same_language = [&](const auto& known) { return FoldCase(known.first) == FoldCase(language); };
      if (!CheckName(label.text.text, label.text.span)) continue;
      if (std::any_of(symbol.labels.begin(), symbol.labels.end(), same_language)) {
        reporter_.Report(Code::kDuplicateOption, label.text.span,
                         "the option \"" + symbol.label + "\" has two labels in the language " + Tick(language), "declared again");
        continue;
      }
      const auto [taken, added] = set.names.emplace(FoldCase(label.text.text), *option);
      if (!added && taken->second != *option) {
        reporter_
            .Report(Code::kDuplicateOption, label.text.span,
                    "the label \"" + label.text.text + "\" is a name of the option \"" + set.options[taken->second].label + "\" already",
                    "another option has this name")
            .help.emplace_back("labels and names are all different, since scripts may use any of them");
        continue;
      }
      symbol.labels.emplace_back(language, label.text.text);
    }
  }
}

void Declarer::AddProbabilities(const std::vector<syntax::OptionProbability>& decls, OptionSet& set, std::string_view owner) {
  for (const syntax::OptionProbability& decl : decls) {
    const std::optional<std::uint32_t> option = DeclaredOption(set, owner, decl.option);
    const std::optional<std::int64_t> probability = ReadProbability(decl.percent);
    if (!option.has_value() || !probability.has_value()) continue;
    if (set.options[*option].probability.has_value()) {
      reporter_.Report(Code::kDuplicateOption, decl.option.span, "the option \"" + set.options[*option].label + "\" has two probabilities",
                       "declared again");
      continue;
    }
    set.options[*option].probability = probability;
  }
}

PropertySymbol Declarer::MakeProperty(const syntax::PropertyDecl& decl, const PropertySymbol* base) {
  PropertySymbol property;
  property.name = NameOf(decl.name);
  property.span = decl.name.span;
  property.type = TypeOf(decl.type);
  if (decl.internal_name.has_value()) {
    property.internal_name = decl.internal_name->text;
  } else if (base != nullptr) {
    property.internal_name = base->internal_name;
  }
  OptionSymbol model;
  const bool stages = IsStages(decl.type);
  if (stages) {
    model.rank = 0;
    model.forward_only = true;
    property.forward_only = true;
    property.tracks_entry = true;
  }
  AddOptions(decl.options, model, base, stages, property.options, property.name);
  if (property.type == Type::kOption && property.options.options.empty()) {
    reporter_.Report(Code::kMissingValue, decl.type.span, Tick(property.name) + " has no options", "the options must follow");
    property.broken = true;
  }
  AddLabels(decl.labels, property.options, property.name);
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
  AddLabels(decl.labels, status.options, status.name);
  AddProbabilities(decl.probabilities, status.options, status.name);
  return status;
}

void Declarer::CheckInternalNames(const std::vector<PropertySymbol>& ours, const std::vector<PropertySymbol>& standard) {
  std::unordered_map<std::string, const PropertySymbol*> owners;  // by every name
  std::unordered_set<std::string> replaced;
  for (const PropertySymbol& property : ours) {
    replaced.insert(FoldCase(property.name));
    owners.emplace(FoldCase(property.name), &property);
  }
  for (const PropertySymbol& property : standard) {
    if (replaced.contains(FoldCase(property.name))) continue;
    owners.emplace(FoldCase(property.name), &property);
    if (!property.internal_name.empty()) owners.emplace(FoldCase(property.internal_name), &property);
  }
  for (const PropertySymbol& property : ours) {
    const auto given = internal_names_.find(FoldCase(property.name));
    if (given == internal_names_.end()) continue;
    if (!CheckName(property.internal_name, given->second)) continue;
    const auto [owner, is_new] = owners.emplace(FoldCase(property.internal_name), &property);
    if (is_new || owner->second == &property) continue;
    Diagnostic& diagnostic = reporter_.Report(Code::kDuplicateName, given->second,
                                              "`as` gives the name that imports know the property by, and " + Tick(property.internal_name) +
                                                  " is " + Tick(owner->second->name) + " already",
                                              "the name of another property");
    if (!owner->second->standard) diagnostic.notes.push_back({owner->second->span, "the property that has it"});
  }
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
    if (!declared.standard && property != nullptr && property->internal_name.has_value())
      internal_names_.emplace(folded, property->internal_name->span);
    if (declared.standard) {
      standard_names.emplace(folded, standard.size());
      standard.push_back(std::move(symbol));
      continue;
    }
    if (!Claim(values_, name, symbol.span, "declaration")) continue;
    ours.push_back(std::move(symbol));
  }
  CheckInternalNames(ours, standard);
  // The scripts' own come first, so that a name of theirs is never taken by an internal name of the standard vocabulary.
  for (PropertySymbol& symbol : ours) {
    standard_names.erase(FoldCase(symbol.name));
    out_.vocabulary.AddProperty(std::move(symbol));
  }
  for (PropertySymbol& symbol : standard) {
    if (standard_names.count(FoldCase(symbol.name)) != 0) out_.vocabulary.AddProperty(std::move(symbol));
  }
}

}  // namespace stagecraft::sema
