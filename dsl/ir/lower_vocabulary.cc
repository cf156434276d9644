#include <algorithm>
#include <array>
#include <string_view>
#include <tuple>

#include "dsl/ir/lowering.h"
#include "dsl/support/text.h"

namespace stagecraft::ir {
namespace {

// language.md, "Fine print": `activity` is any event of these families.
constexpr std::array<std::string_view, 5> kActivityFamilies = {"email", "call", "meeting", "form", "page"};

// Sales reached out or spoke; a booking or a cancellation is neither.
bool IsContactEvent(std::string_view folded_name, std::string_view folded_family) {
  return folded_family == "call" || folded_name == "email sent" || folded_name == "meeting ends";
}

// Options by number: those of the layout, with what the script says of them.
std::vector<Option> LowerOptions(const Registry& registry, const sema::OptionSet* set, const std::vector<std::uint32_t>* numbers) {
  std::vector<Option> options(registry.size());
  for (std::uint32_t i = 0; i < registry.size(); ++i) {
    options[i].label = registry.Name(i);
    options[i].internal_name = registry.Name(i);
  }
  if (set == nullptr) return options;
  for (std::size_t i = 0; i < set->options.size(); ++i) {
    const sema::OptionSymbol& symbol = set->options[i];
    Option& option = options[(*numbers)[i]];
    option.label = symbol.label;
    option.rank = symbol.rank;
    option.parent = symbol.parent < 0 ? -1 : static_cast<std::int32_t>((*numbers)[static_cast<std::size_t>(symbol.parent)]);
    option.group = symbol.group;
    option.forward_only = symbol.forward_only;
    option.declared = true;
    if (symbol.probability.has_value()) option.probability = static_cast<std::int32_t>(*symbol.probability);
    option.labels = symbol.labels;
  }
  return options;
}

}  // namespace

void Lowering::LowerProperties() {
  Layout& layout = program_->layout;
  layout.options.resize(layout.properties.size());
  program_->properties.resize(layout.properties.size());
  for (std::uint32_t slot = 0; slot < layout.properties.size(); ++slot) {
    Property& property = program_->properties[slot];
    std::tie(property.name, property.type) = SplitTypedKey(layout.properties.Name(slot));
    property.hidden = property.name.starts_with(sema::ListPropertyName({}));
    property.options = LowerOptions(layout.options[slot], nullptr, nullptr);
  }
  const std::vector<sema::PropertySymbol>& symbols = script_.vocabulary.properties();
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    const sema::PropertySymbol& symbol = symbols[i];
    const std::uint32_t slot = numbering_.slots[i];
    Property& property = program_->properties[slot];
    property.name = symbol.name;
    property.internal_name = symbol.internal_name;
    property.type = symbol.type;
    property.options = LowerOptions(layout.options[slot], &symbol.options, &numbering_.options[i]);
    property.forward_only = symbol.forward_only;
    property.tracks_entry = symbol.tracks_entry;
    property.hidden = symbol.hidden;
    property.of_company = symbol.IsOfCompany();
    property.declared = true;
    if (!symbol.hidden) program_->property_names.emplace(FoldCase(symbol.name), slot);
  }
  // After all names, so that an internal name never takes a name away.
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    if (!symbols[i].internal_name.empty()) program_->property_names.emplace(FoldCase(symbols[i].internal_name), numbering_.slots[i]);
  }
}

void Lowering::LowerEvents() {
  Layout& layout = program_->layout;
  layout.fields.resize(layout.events.size());
  layout.field_options.resize(layout.events.size());
  program_->events.resize(layout.events.size());
  for (std::uint32_t number = 0; number < layout.events.size(); ++number) {
    Event& event = program_->events[number];
    event.name = layout.events.Name(number);
    event.family = event.name.substr(0, event.name.find(' '));
    event.fields.resize(layout.fields[number].size());
    layout.field_options[number].resize(layout.fields[number].size());
    for (std::uint32_t field = 0; field < event.fields.size(); ++field) {
      std::tie(event.fields[field].name, event.fields[field].type) = SplitTypedKey(layout.fields[number].Name(field));
      event.fields[field].options = LowerOptions(layout.field_options[number][field], nullptr, nullptr);
    }
  }
  const std::vector<sema::EventSymbol>& symbols = script_.vocabulary.events();
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    const sema::EventSymbol& symbol = symbols[i];
    const std::uint32_t number = numbering_.events[i];
    Event& event = program_->events[number];
    const std::string family = FoldCase(symbol.family);
    event.name = symbol.name;
    event.synonyms = symbol.synonyms;
    event.family = symbol.family;
    event.is_activity = std::count(kActivityFamilies.begin(), kActivityFamilies.end(), family) != 0;
    event.is_contact = IsContactEvent(FoldCase(symbol.name), family);
    event.declared = true;
    for (std::size_t f = 0; f < symbol.fields.size(); ++f) {
      const std::uint32_t place = numbering_.fields[i][f];
      Field& field = event.fields[place];
      field.name = symbol.fields[f].name;
      field.type = symbol.fields[f].type;
      field.options = LowerOptions(layout.field_options[number][place], &symbol.fields[f].options, &numbering_.field_options[i][f]);
      field.declared = true;
    }
    program_->event_names.emplace(FoldCase(symbol.name), number);
  }
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    for (const std::string& synonym : symbols[i].synonyms) program_->event_names.emplace(FoldCase(synonym), numbering_.events[i]);
  }
}

void Lowering::LowerTeams() {
  program_->teams.resize(program_->layout.teams.size());
  for (std::uint32_t i = 0; i < program_->teams.size(); ++i) program_->teams[i].name = program_->layout.teams.Name(i);
  const std::vector<sema::TeamSymbol>& symbols = script_.vocabulary.teams();
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    Team& team = program_->teams[numbering_.teams[i]];
    team.members = symbols[i].members;
    team.manager = symbols[i].manager;
    team.weights = symbols[i].weights;
    team.capacities = symbols[i].capacities;
    team.declared = true;
  }
}

void Lowering::LowerWellKnown() {
  const auto slot = [&](std::string_view name, auto fits) -> std::optional<std::uint32_t> {
    const auto found = program_->property_names.find(std::string(name));
    if (found == program_->property_names.end() || !fits(program_->properties[found->second].type)) return std::nullopt;
    return found->second;
  };
  const auto option = [](Type type) { return type == Type::kOption; };
  WellKnown& known = program_->well_known;
  known.lifecycle = slot("lifecycle", option);
  known.status = slot("status", option);
  known.owner = slot("owner", IsText);
  known.email = slot("email", IsText);
  known.first_name = slot("first name", IsText);
  known.last_name = slot("last name", IsText);
  known.company_name = slot("company name", IsText);
  known.company_id = slot(sema::kCompanyId, IsText);
  const auto kept = [&](std::string_view name) -> std::optional<std::uint32_t> {
    const std::optional<sema::Symbol> symbol = script_.vocabulary.FindProperty(name);
    if (!symbol.has_value() || !script_.vocabulary.property(*symbol).IsKept()) return std::nullopt;
    return numbering_.slots[*symbol];
  };
  known.deal_stage = kept(sema::kDealStage);
  known.deal_amount = kept(sema::kDealAmount);
  known.open_deals = kept(sema::kOpenDeals);
  const auto event = [&](std::string_view name) -> std::optional<std::uint32_t> {
    const auto found = program_->event_names.find(std::string(name));
    if (found == program_->event_names.end()) return std::nullopt;
    return found->second;
  };
  known.deal_created = event("deal created");
  known.deal_moved = event("deal moved");
  known.deal_won = event("deal won");
  known.deal_lost = event("deal lost");
  known.deal_updated = event("deal updated");
  known.deal_deleted = event("deal deleted");
  known.company_domain = slot("company domain", IsText);
  known.contact_created = program_->event_names.at("contact created");
  known.contact_updated = program_->event_names.at("contact updated");
  known.list_imported = program_->event_names.at("list imported");
  using Kind = WellKnown::TaskEvent::Kind;
  for (const auto& [name, kind] : {std::pair("task created", Kind::kCreated), std::pair("task completed", Kind::kCompleted),
                                   std::pair("task reopened", Kind::kReopened), std::pair("task changed", Kind::kChanged)}) {
    LowerTaskEvent(program_->event_names.at(name), kind);
  }
}

void Lowering::LowerTaskEvent(std::uint32_t number, WellKnown::TaskEvent::Kind kind) {
  const Event& event = program_->events[number];
  const auto field = [&](std::string_view name, Type type) -> std::optional<std::uint32_t> {
    for (std::uint32_t i = 0; i < event.fields.size(); ++i) {
      if (event.fields[i].declared && event.fields[i].type == type && FoldCase(event.fields[i].name) == name) return i;
    }
    return std::nullopt;
  };
  WellKnown::TaskEvent known{kind, number, {}, {}, {}, {}, {}};
  known.task = field("task", Type::kText);
  known.title = field("title", Type::kText);
  known.assignee = field("assignee", Type::kUser);
  known.due = field("due", Type::kTime);
  known.priority = field("priority", Type::kText);
  const bool names_it = kind == WellKnown::TaskEvent::Kind::kCreated ? known.title.has_value() : known.task.has_value();
  if (names_it) program_->well_known.task_events.push_back(known);
}

}  // namespace stagecraft::ir
