#include "dsl/ir/layout.h"

#include <limits>
#include <nlohmann/json.hpp>

namespace stagecraft::ir {
namespace {

using Json = nlohmann::json;

// Raised when the members change their meaning; a reader refuses versions it does not know.
constexpr int kVersion = 1;
// Layouts from before there were promises do not have it.
constexpr const char* kPromises = "promises";
// Only layouts of revisions that keep some have it.
constexpr const char* kRetired = "retired";

Json ToJson(const Registry& registry) { return registry.names(); }

Json ToJson(const RetiredRule& retired) {
  return Json::array({retired.rule, retired.family, retired.revision, retired.file, retired.place});
}

bool FromJson(const Json& json, RetiredRule& retired) {
  if (!json.is_array() || json.size() != 5 || !json[3].is_string()) return false;
  for (const std::size_t number : {0U, 1U, 2U, 4U}) {
    if (!json[number].is_number_unsigned() || json[number].get<std::uint64_t>() > std::numeric_limits<std::uint32_t>::max()) return false;
  }
  retired = {json[0].get<std::uint32_t>(), json[1].get<std::uint32_t>(), json[2].get<std::uint32_t>(), json[3].get<std::string>(),
             json[4].get<std::uint32_t>()};
  return true;
}

template <typename Item>
Json ToJson(const std::vector<Item>& items) {
  Json array = Json::array();
  for (const Item& item : items) array.push_back(ToJson(item));
  return array;
}

bool FromJson(const Json& json, Registry& registry) {
  if (!json.is_array()) return false;
  for (const Json& name : json) {
    if (!name.is_string() || registry.Find(name.get_ref<const std::string&>()).has_value()) return false;
    registry.Intern(name.get_ref<const std::string&>());
  }
  return true;
}

template <typename Item>
bool FromJson(const Json& json, std::vector<Item>& items) {
  if (!json.is_array()) return false;
  items.resize(json.size());
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (!FromJson(json[i], items[i])) return false;
  }
  return true;
}

// One list of the members for both directions.
template <typename Visitor>
bool ForEachMember(Visitor visit) {
  return visit("properties", &Layout::properties) && visit("options", &Layout::options) && visit("events", &Layout::events) &&
         visit("fields", &Layout::fields) && visit("field_options", &Layout::field_options) && visit("trackers", &Layout::trackers) &&
         visit("rules", &Layout::rules) && visit("teams", &Layout::teams) && visit("scores", &Layout::scores) &&
         visit("lists", &Layout::lists) && visit(kPromises, &Layout::promises);
}

bool IsConsistent(const Layout& layout) {
  for (const RetiredRule& retired : layout.retired) {
    if (retired.rule >= layout.rules.size() || retired.family >= layout.rules.size()) return false;
  }
  if (layout.options.size() > layout.properties.size() || layout.fields.size() > layout.events.size()) return false;
  if (layout.field_options.size() > layout.events.size()) return false;
  for (std::size_t event = 0; event < layout.field_options.size(); ++event) {
    const std::size_t fields = event < layout.fields.size() ? layout.fields[event].size() : 0;
    if (layout.field_options[event].size() > fields) return false;
  }
  return true;
}

}  // namespace

std::uint32_t Registry::Intern(std::string_view name) {
  const auto [it, added] = numbers_.emplace(std::string(name), size());
  if (added) names_.emplace_back(name);
  return it->second;
}

std::optional<std::uint32_t> Registry::Find(std::string_view name) const {
  const auto it = numbers_.find(std::string(name));
  if (it == numbers_.end()) return std::nullopt;
  return it->second;
}

std::string RetiredKey(std::string_view family, std::uint32_t revision) {
  return std::string(family) + " of revision " + std::to_string(revision);
}

std::string EncodeLayout(const Layout& layout) {
  Json json = {{"version", kVersion}};
  ForEachMember([&](const char* name, auto member) {
    json[name] = ToJson(layout.*member);
    return true;
  });
  if (!layout.retired.empty()) json[kRetired] = ToJson(layout.retired);
  return json.dump();
}

std::optional<Layout> DecodeLayout(std::string_view text) {
  const Json json = Json::parse(text.begin(), text.end(), nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return std::nullopt;
  const auto version = json.find("version");
  if (version == json.end() || !version->is_number_integer() || *version != kVersion) return std::nullopt;
  Layout layout;
  const bool read = ForEachMember([&](const char* name, auto member) {
    const auto found = json.find(name);
    if (found == json.end()) return name == kPromises;
    return FromJson(*found, layout.*member);
  });
  if (!read) return std::nullopt;
  if (const auto retired = json.find(kRetired); retired != json.end() && !FromJson(*retired, layout.retired)) return std::nullopt;
  if (!IsConsistent(layout)) return std::nullopt;
  return layout;
}

}  // namespace stagecraft::ir
