#include <utility>

#include "dsl/ir/graph.h"
#include "dsl/ir/lower.h"
#include "dsl/support/text.h"

namespace stagecraft::ir {
namespace {

// Options keep their numbers; those that no script declares have no names.
sema::OptionSet OptionsOf(const std::vector<Option>& options) {
  sema::OptionSet set;
  for (const Option& option : options) {
    sema::OptionSymbol symbol;
    symbol.label = option.label;
    symbol.internal_name = option.internal_name;
    symbol.rank = option.rank;
    symbol.parent = option.parent;
    symbol.group = option.group;
    symbol.forward_only = option.forward_only;
    symbol.declared = option.declared;
    symbol.labels = option.labels;
    const auto number = static_cast<std::uint32_t>(set.options.size());
    if (option.declared) {
      set.names.emplace(FoldCase(option.label), number);
      set.names.emplace(FoldCase(option.internal_name), number);
      for (const auto& [language, label] : option.labels) set.names.emplace(FoldCase(label), number);
    }
    set.options.push_back(std::move(symbol));
  }
  return set;
}

sema::PropertySymbol PropertyOf(const Property& property) {
  sema::PropertySymbol symbol;
  symbol.name = property.name;
  symbol.internal_name = property.internal_name;
  symbol.type = property.type;
  symbol.options = OptionsOf(property.options);
  symbol.forward_only = property.forward_only;
  symbol.tracks_entry = property.tracks_entry;
  symbol.hidden = property.hidden || !property.declared;
  return symbol;
}

sema::EventSymbol EventOf(const Event& event) {
  sema::EventSymbol symbol;
  symbol.name = event.name;
  symbol.synonyms = event.synonyms;
  symbol.family = event.family;
  symbol.hidden = !event.declared;
  for (const Field& field : event.fields) {
    sema::FieldSymbol field_symbol;
    if (field.declared) field_symbol.name = field.name;
    field_symbol.type = field.type;
    field_symbol.options = OptionsOf(field.options);
    symbol.fields.push_back(std::move(field_symbol));
  }
  return symbol;
}

void AddDerivedAndLists(const Program& program, ProgramVocabulary& result) {
  for (std::uint32_t number = 0; number < program.nodes.size(); ++number) {
    const Node& node = program.nodes[number];
    if (node.name.empty() || node.kind == NodeKind::kCriterion) continue;
    sema::DerivedSymbol symbol;
    symbol.name = node.name;
    switch (node.kind) {
      case NodeKind::kCounter:
        symbol.kind = sema::DerivedKind::kCounter;
        break;
      case NodeKind::kScore:
        symbol.kind = sema::DerivedKind::kScore;
        break;
      case NodeKind::kList:
        symbol.kind = sema::DerivedKind::kList;
        break;
      default:
        symbol.kind = sema::DerivedKind::kDefinition;
        break;
    }
    const bool list = node.kind == NodeKind::kList;
    const sema::Symbol derived = result.vocabulary.AddDerived(std::move(symbol));
    result.nodes.push_back(number);
    if (list) result.vocabulary.AddList({node.name, false, derived, {}});
  }
  const std::size_t prefix = sema::ListPropertyName({}).size();
  for (const auto& [name, slot] : program.list_slots) {
    result.vocabulary.AddList({program.properties[slot].name.substr(prefix), true, slot, {}});
  }
}

Numbering IdentityNumbering(const ProgramVocabulary& vocabulary) {
  Numbering numbering;
  const auto count_up = [](std::size_t size) {
    std::vector<std::uint32_t> numbers(size);
    for (std::size_t i = 0; i < size; ++i) numbers[i] = static_cast<std::uint32_t>(i);
    return numbers;
  };
  numbering.slots = count_up(vocabulary.vocabulary.properties().size());
  for (const sema::PropertySymbol& property : vocabulary.vocabulary.properties()) {
    numbering.options.push_back(count_up(property.options.options.size()));
  }
  numbering.events = count_up(vocabulary.vocabulary.events().size());
  for (const sema::EventSymbol& event : vocabulary.vocabulary.events()) {
    numbering.fields.push_back(count_up(event.fields.size()));
    auto& field_options = numbering.field_options.emplace_back();
    for (const sema::FieldSymbol& field : event.fields) field_options.push_back(count_up(field.options.options.size()));
  }
  numbering.teams = count_up(vocabulary.vocabulary.teams().size());
  numbering.nodes = vocabulary.nodes;
  return numbering;
}

// Finds what the program tracks already; a filter cannot make it keep more.
class ExistingTrackers : public TrackerSource {
 public:
  ExistingTrackers(const Program& program, const sema::Vocabulary& vocabulary) : program_(program), vocabulary_(vocabulary) {}

  std::uint32_t TrackerOf(const sema::EventMatches& events, std::int64_t window_us, bool counts, Span span) override {
    const std::string key = sema::CanonicalText(events, vocabulary_);
    const auto number = program_.layout.trackers.Find(key);
    if (number.has_value()) {
      const Tracker& tracker = program_.trackers[*number];
      const bool long_enough = tracker.window_us == 0 || (window_us != 0 && window_us <= tracker.window_us);
      if (tracker.declared && long_enough && (tracker.keeps_all || !counts)) return *number;
    }
    // Conditions are lowered from their end on; what stands first is told.
    if (!missing_.has_value() || span.begin < missing_->span.begin) missing_ = MissingTimes{Describe(events), span};
    return 0;
  }

  const std::optional<MissingTimes>& missing() const { return missing_; }

 private:
  std::string Describe(const sema::EventMatches& events) const {
    std::string text;
    bool detailed = false;
    for (const sema::EventMatch& match : events) {
      text += (text.empty() ? "`" : " or `") + vocabulary_.event(match.event).name + "`";
      detailed = detailed || !match.conditions.empty();
    }
    return detailed ? text + " with these details" : text;
  }

  const Program& program_;
  const sema::Vocabulary& vocabulary_;
  std::optional<MissingTimes> missing_;
};

}  // namespace

ProgramVocabulary VocabularyOf(const Program& program) {
  ProgramVocabulary result;
  for (const Property& property : program.properties) result.vocabulary.AddProperty(PropertyOf(property));
  for (const Event& event : program.events) result.vocabulary.AddEvent(EventOf(event));
  for (const Team& team : program.teams)
    result.vocabulary.AddTeam({team.declared ? team.name : std::string(), team.members, team.manager, {}, team.weights, team.capacities});
  AddDerivedAndLists(program, result);
  result.vocabulary.AddFact("id", sema::Fact::kId);
  result.vocabulary.AddFact("created", sema::Fact::kCreated);
  result.vocabulary.AddFact("last contacted", sema::Fact::kLastContacted);
  result.vocabulary.AddFact("name", sema::Fact::kName);
  return result;
}

std::optional<CompiledCondition> LowerCondition(const sema::Condition& condition, const ProgramVocabulary& vocabulary,
                                                const Program& program, MissingTimes& missing) {
  return LowerCondition(condition, vocabulary.vocabulary, IdentityNumbering(vocabulary), program, missing);
}

std::optional<CompiledCondition> LowerCondition(const sema::Condition& condition, const sema::Vocabulary& vocabulary,
                                                const Numbering& numbering, const Program& program, MissingTimes& missing) {
  ExistingTrackers trackers(program, vocabulary);
  CompiledCondition result;
  GraphBuilder graph(vocabulary, numbering, trackers, GraphTables{result.tests, result.masks, result.texts, result.sinces});
  result.entry = graph.Build(condition);
  if (!trackers.missing().has_value()) return result;
  missing = *trackers.missing();
  return std::nullopt;
}

}  // namespace stagecraft::ir
