#include "cli/contact_cell.h"

#include <fmt/format.h>

#include <string_view>

#include "cli/client.h"
#include "dsl/support/text.h"

namespace stagecraft::cli {

namespace wire = ::stagecraft::v1;

Cell CellOf(const wire::Contact& contact, const std::string& name) {
  const auto wanted = FoldCase(name);
  const auto find = [&](std::string_view property) -> const wire::Property* {
    for (const auto& each : contact.properties()) {
      if (FoldCase(each.name()) == property || FoldCase(each.internal_name()) == property) return &each;
    }
    return nullptr;
  };
  if (wanted == "contact") return BareId(contact.name());
  if (wanted == "created") return TimeText(contact.create_time());
  if (wanted == "lists") return fmt::format("{}", fmt::join(contact.lists(), ", "));
  if (const auto* property = find(wanted)) return property->text();
  for (const auto* numbers : {&contact.scores(), &contact.counters()}) {
    for (const auto& number : *numbers) {
      if (FoldCase(number.name()) == wanted) return static_cast<std::int64_t>(number.value());
    }
  }
  if (wanted != "name") return "";
  const auto* first = find("first name");
  const auto* last = find("last name");
  if (first != nullptr && last != nullptr) return first->text() + " " + last->text();
  if (first != nullptr) return first->text();
  return last != nullptr ? last->text() : std::string();
}

void AddValues(const std::string& name, google::protobuf::RepeatedPtrField<std::string>& values) {
  const auto wanted = FoldCase(name);
  if (wanted == "contact" || wanted == "created" || wanted == "lists") return;
  if (wanted != "name") {
    *values.Add() = name;
    return;
  }
  *values.Add() = "first name";
  *values.Add() = "last name";
}

}  // namespace stagecraft::cli
