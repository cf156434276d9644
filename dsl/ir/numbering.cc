#include "dsl/ir/numbering.h"

#include "dsl/support/text.h"

namespace stagecraft::ir {
namespace {

std::vector<std::uint32_t> NumberOptions(const sema::OptionSet& set, Registry& registry) {
  std::vector<std::uint32_t> numbers;
  numbers.reserve(set.options.size());
  for (const sema::OptionSymbol& option : set.options) numbers.push_back(registry.Intern(option.internal_name));
  return numbers;
}

template <typename Items>
void GrowTo(Items& items, std::size_t size) {
  if (items.size() < size) items.resize(size);
}

}  // namespace

std::string TypedKey(std::string_view name, sema::Type type) { return FoldCase(name) + ":" + std::string(sema::TypeKey(type)); }

std::pair<std::string, sema::Type> SplitTypedKey(std::string_view key) {
  const std::size_t colon = key.rfind(':');
  if (colon == std::string_view::npos) return {std::string(key), sema::Type::kText};
  const std::string_view type_key = key.substr(colon + 1);
  for (int i = 0; i <= static_cast<int>(sema::Type::kTime); ++i) {
    const auto type = static_cast<sema::Type>(i);
    if (sema::TypeKey(type) == type_key) return {std::string(key.substr(0, colon)), type};
  }
  return {std::string(key), sema::Type::kText};
}

Numbering NumberSymbols(const sema::Vocabulary& vocabulary, Layout& layout) {
  Numbering numbering;
  // A contact has room for all properties up to the last that it has set: those that few contacts have come last.
  for (const sema::PropertySymbol& property : vocabulary.properties()) {
    if (!property.IsSeldom()) layout.properties.Intern(TypedKey(property.name, property.type));
  }
  for (const sema::PropertySymbol& property : vocabulary.properties()) {
    const std::uint32_t slot = layout.properties.Intern(TypedKey(property.name, property.type));
    GrowTo(layout.options, layout.properties.size());
    numbering.slots.push_back(slot);
    numbering.options.push_back(NumberOptions(property.options, layout.options[slot]));
  }
  for (const sema::EventSymbol& event : vocabulary.events()) {
    const std::uint32_t number = layout.events.Intern(FoldCase(event.name));
    GrowTo(layout.fields, layout.events.size());
    GrowTo(layout.field_options, layout.events.size());
    numbering.events.push_back(number);
    auto& fields = numbering.fields.emplace_back();
    auto& field_options = numbering.field_options.emplace_back();
    for (const sema::FieldSymbol& field : event.fields) {
      const std::uint32_t place = layout.fields[number].Intern(TypedKey(field.name, field.type));
      GrowTo(layout.field_options[number], layout.fields[number].size());
      fields.push_back(place);
      field_options.push_back(NumberOptions(field.options, layout.field_options[number][place]));
    }
  }
  for (const sema::TeamSymbol& team : vocabulary.teams()) numbering.teams.push_back(layout.teams.Intern(team.name));
  for (const sema::DerivedSymbol& derived : vocabulary.derived()) {
    if (derived.kind == sema::DerivedKind::kScore) layout.scores.Intern(derived.name);
  }
  for (const sema::ListSymbol& list : vocabulary.lists()) layout.lists.Intern(list.name);
  return numbering;
}

}  // namespace stagecraft::ir
