#include "dsl/sema/vocabulary.h"

#include <algorithm>
#include <array>
#include <utility>

#include "dsl/support/text.h"

namespace stagecraft::sema {
namespace {

template <typename Map>
std::optional<Symbol> FindIn(const Map& map, std::string_view folded_name) {
  const auto it = map.find(std::string(folded_name));
  if (it == map.end()) return std::nullopt;
  return it->second;
}

template <typename Map>
const typename Map::mapped_type& FindAll(const Map& map, std::string_view folded_name) {
  static const typename Map::mapped_type kNone;
  const auto it = map.find(std::string(folded_name));
  return it == map.end() ? kNone : it->second;
}

template <typename Symbols>
std::vector<std::string> NamesOf(const Symbols& symbols) {
  std::vector<std::string> names;
  names.reserve(symbols.size());
  for (const auto& symbol : symbols) names.push_back(symbol.name);
  return names;
}

constexpr std::array<std::string_view, 5> kActivityFamilies = {"email", "call", "meeting", "form", "page"};

}  // namespace

std::optional<std::uint32_t> OptionSet::Find(std::string_view folded_name) const { return FindIn(names, folded_name); }

bool OptionSet::ordered() const {
  return std::any_of(options.begin(), options.end(), [](const OptionSymbol& option) { return option.rank >= 0; });
}

std::vector<std::uint32_t> OptionSet::WithSubValues(std::uint32_t option) const {
  std::vector<std::uint32_t> result;
  for (std::uint32_t i = 0; i < options.size(); ++i) {
    if (i == option || options[i].parent == static_cast<std::int32_t>(option)) result.push_back(i);
  }
  return result;
}

std::vector<std::string> OptionSet::Labels() const {
  std::vector<std::string> labels;
  for (const OptionSymbol& option : options) {
    if (option.declared) labels.push_back(option.label);
  }
  return labels;
}

bool AddOption(OptionSet& set, OptionSymbol option) {
  const auto number = static_cast<std::uint32_t>(set.options.size());
  const std::string label = FoldCase(option.label);
  const std::string internal = FoldCase(option.internal_name);
  if (set.names.count(label) != 0 || set.names.count(internal) != 0) return false;
  set.names.emplace(label, number);
  set.names.emplace(internal, number);
  set.options.push_back(std::move(option));
  return true;
}

bool PropertySymbol::IsOfCompany() const {
  const std::string folded = FoldCase(name);
  return !hidden && folded.starts_with("company ") && folded != kCompanyId;
}

bool PropertySymbol::HasBareOptions() const { return !standard || !IsOfCompany(); }

bool PropertySymbol::IsKept() const {
  return standard && !hidden && std::find(kKeptProperties.begin(), kKeptProperties.end(), FoldCase(name)) != kKeptProperties.end();
}

bool PropertySymbol::IsSeldom() const {
  const std::string folded = FoldCase(name);
  return standard && (IsKept() || folded == kCompanyId || folded == kCompanyLifecycle);
}

std::optional<std::uint32_t> EventSymbol::FindField(std::string_view folded_name) const {
  for (std::uint32_t i = 0; i < fields.size(); ++i) {
    if (FoldCase(fields[i].name) == folded_name) return i;
  }
  return std::nullopt;
}

std::string ListPropertyName(std::string_view list_name) { return "list:" + std::string(list_name); }

const ValueName* Vocabulary::FindValue(std::string_view folded_name) const {
  const auto it = values_.find(std::string(folded_name));
  return it == values_.end() ? nullptr : &it->second;
}

std::optional<Symbol> Vocabulary::FindProperty(std::string_view folded_name) const {
  const ValueName* value = FindValue(folded_name);
  if (value == nullptr || value->kind != ValueName::Kind::kProperty) return std::nullopt;
  return value->symbol;
}

std::optional<Symbol> Vocabulary::FindEvent(std::string_view folded_name) const { return FindIn(event_names_, folded_name); }
const std::vector<Symbol>& Vocabulary::FindFamily(std::string_view folded_word) const { return FindAll(families_, folded_word); }
const std::vector<OptionUse>& Vocabulary::FindOption(std::string_view folded_name) const { return FindAll(option_uses_, folded_name); }
std::optional<Symbol> Vocabulary::FindTeam(std::string_view folded_name) const { return FindIn(team_names_, folded_name); }
std::optional<Symbol> Vocabulary::FindList(std::string_view folded_name) const { return FindIn(list_names_, folded_name); }

const std::vector<Symbol>& Vocabulary::FormsOfLevel(std::string_view folded_level) const { return FindAll(forms_of_level_, folded_level); }

void Vocabulary::AddValue(const std::string& folded_name, ValueName value) {
  values_.emplace(folded_name, value);
  const auto spaces = static_cast<std::size_t>(std::count(folded_name.begin(), folded_name.end(), ' '));
  value_words_max_ = std::max(value_words_max_, spaces + 1);
}

Symbol Vocabulary::AddProperty(PropertySymbol property) {
  const auto symbol = static_cast<Symbol>(properties_.size());
  if (!property.hidden) {
    const ValueName value{ValueName::Kind::kProperty, symbol};
    AddValue(FoldCase(property.name), value);
    if (!property.internal_name.empty()) AddValue(FoldCase(property.internal_name), value);
  }
  properties_.push_back(std::move(property));
  if (!properties_.back().hidden) AddOptionUses(symbol);
  return symbol;
}

void Vocabulary::AddOptionUses(Symbol symbol) {
  const bool of_company = properties_[symbol].IsOfCompany();
  if (!properties_[symbol].HasBareOptions()) return;
  for (const auto& [name, option] : properties_[symbol].options.names) {
    std::vector<OptionUse>& uses = option_uses_[name];
    const bool others_of_company = !uses.empty() && properties_[uses.front().property].IsOfCompany();
    if (of_company && !uses.empty() && !others_of_company) continue;
    if (!of_company && others_of_company) uses.clear();
    uses.push_back({symbol, option});
  }
}

Symbol Vocabulary::AddEvent(EventSymbol event) {
  const auto symbol = static_cast<Symbol>(events_.size());
  if (!event.hidden) {
    event_names_.emplace(FoldCase(event.name), symbol);
    for (const std::string& synonym : event.synonyms) event_names_.emplace(FoldCase(synonym), symbol);
    const std::string family = FoldCase(event.family);
    families_[family].push_back(symbol);
    if (std::find(kActivityFamilies.begin(), kActivityFamilies.end(), family) != kActivityFamilies.end()) {
      families_[std::string(kActivity)].push_back(symbol);
    }
  }
  events_.push_back(std::move(event));
  return symbol;
}

Symbol Vocabulary::AddTeam(TeamSymbol team) {
  const auto symbol = static_cast<Symbol>(teams_.size());
  if (!team.name.empty()) team_names_.emplace(FoldCase(team.name), symbol);
  teams_.push_back(std::move(team));
  return symbol;
}

Symbol Vocabulary::AddDerived(DerivedSymbol derived) {
  const auto symbol = static_cast<Symbol>(derived_.size());
  if (derived.kind != DerivedKind::kList) {
    const ValueName value{ValueName::Kind::kDerived, symbol};
    const std::string name = FoldCase(derived.name);
    // A property's internal name gives way: people know the property by its own.
    const auto taken = values_.find(name);
    if (taken != values_.end() && taken->second.kind == ValueName::Kind::kProperty &&
        FoldCase(properties_[taken->second.symbol].name) != name) {
      taken->second = value;
    }
    AddValue(name, value);
    if (derived.kind == DerivedKind::kScore) AddValue("score " + name, value);
  }
  derived_.push_back(std::move(derived));
  return symbol;
}

Symbol Vocabulary::AddList(ListSymbol list) {
  const auto symbol = static_cast<Symbol>(lists_.size());
  list_names_.emplace(FoldCase(list.name), symbol);
  lists_.push_back(std::move(list));
  return symbol;
}

Symbol Vocabulary::AddForm(FormSymbol form) {
  const auto symbol = static_cast<Symbol>(forms_.size());
  form_names_.insert(FoldCase(form.name));
  std::vector<Symbol>& same_level = forms_of_level_[FoldCase(form.level)];
  if (same_level.empty()) form_levels_.push_back(form.level);
  same_level.push_back(symbol);
  forms_.push_back(std::move(form));
  return symbol;
}

void Vocabulary::AddFact(std::string_view name, Fact fact) {
  AddValue(FoldCase(name), ValueName{ValueName::Kind::kFact, static_cast<Symbol>(fact)});
}

std::vector<std::string> Vocabulary::ValueNames() const {
  std::vector<std::string> names = PropertyNames();
  for (const DerivedSymbol& derived : derived_) {
    if (derived.kind != DerivedKind::kList) names.push_back(derived.name);
  }
  for (const auto& [name, value] : values_) {
    if (value.kind == ValueName::Kind::kFact) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<std::string> Vocabulary::PropertyNames() const {
  std::vector<std::string> names;
  for (const PropertySymbol& property : properties_) {
    if (!property.hidden) names.push_back(property.name);
  }
  return names;
}

std::vector<std::string> Vocabulary::EventNames() const {
  std::vector<std::string> names;
  for (const EventSymbol& event : events_) {
    if (event.hidden) continue;
    names.push_back(event.name);
    names.insert(names.end(), event.synonyms.begin(), event.synonyms.end());
  }
  std::vector<std::string> families;
  for (const auto& [family, events] : families_) families.push_back(family);
  std::sort(families.begin(), families.end());
  names.insert(names.end(), families.begin(), families.end());
  return names;
}

std::vector<std::string> Vocabulary::OptionNames() const {
  std::vector<std::string> names;
  for (const PropertySymbol& property : properties_) {
    if (!property.HasBareOptions()) continue;
    const std::vector<std::string> labels = property.options.Labels();
    names.insert(names.end(), labels.begin(), labels.end());
  }
  return names;
}

std::vector<std::string> Vocabulary::TeamNames() const { return NamesOf(teams_); }
std::vector<std::string> Vocabulary::ListNames() const { return NamesOf(lists_); }
std::vector<std::string> Vocabulary::FormNames() const { return NamesOf(forms_); }

}  // namespace stagecraft::sema
