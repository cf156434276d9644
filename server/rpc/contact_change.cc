#include "server/rpc/contact_change.h"

#include <algorithm>
#include <optional>
#include <string>

#include "dsl/support/text.h"
#include "runtime/model/reasons.h"
#include "server/rpc/event_batch.h"
#include "server/rpc/limits.h"
#include "server/rpc/status_map.h"

namespace stagecraft::server {
namespace {

constexpr std::string_view kPath = "properties";

std::optional<std::uint32_t> FindProperty(const ir::Program& program, std::string name) {
  const auto find = [&program](const std::string& wanted) -> std::optional<std::uint32_t> {
    const auto found = program.property_names.find(FoldCase(wanted));
    if (found == program.property_names.end()) return std::nullopt;
    return found->second;
  };
  if (const auto slot = find(name)) return slot;
  std::replace(name.begin(), name.end(), '_', ' ');
  return find(name);
}

// The slots in the mask; nothing when it is the mask of all.
runtime::Result<std::optional<std::vector<std::uint32_t>>> MaskSlots(const ir::Program& program, const google::protobuf::FieldMask& mask) {
  std::vector<std::uint32_t> slots;
  for (const std::string& path : mask.paths()) {
    if (path == "*" || path == kPath) return std::nullopt;
    std::optional<std::uint32_t> slot;
    if (path.size() > kPath.size() + 1 && path.compare(0, kPath.size(), kPath) == 0 && path[kPath.size()] == '.') {
      slot = FindProperty(program, path.substr(kPath.size() + 1));
    }
    if (!slot) {
      return tl::unexpected(InvalidField("update_mask", runtime::reasons::kUnknownProperty,
                                         "`" + path + "` in `update_mask` is no property; expected `properties.{property}` or `*`"));
    }
    slots.push_back(*slot);
  }
  return slots;
}

}  // namespace

runtime::Result<std::vector<runtime::NamedInput>> ToInputs(const google::protobuf::RepeatedPtrField<v1::Field>& properties) {
  if (properties.size() > limits::kPropertiesMax) {
    return tl::unexpected(
        InvalidField("properties", "TOO_MANY_PROPERTIES",
                     std::to_string(properties.size()) + " properties; expected at most " + std::to_string(limits::kPropertiesMax)));
  }
  std::vector<runtime::NamedInput> inputs;
  inputs.reserve(static_cast<std::size_t>(properties.size()));
  for (const v1::Field& field : properties) {
    auto value = ToInput(field, "properties.");
    if (!value) return tl::unexpected(std::move(value.error()));
    inputs.push_back({field.name(), *value});
  }
  return inputs;
}

bool IsOfContact(const ir::Program& program, std::uint32_t slot) {
  const ir::WellKnown& known = program.well_known;
  return slot != known.deal_stage && slot != known.deal_amount && slot != known.open_deals;
}

runtime::Result<std::vector<runtime::NamedInput>> MaskedChanges(const ir::Program& program,
                                                                const google::protobuf::RepeatedPtrField<v1::Field>& properties,
                                                                const google::protobuf::FieldMask& paths,
                                                                const std::function<bool(std::uint32_t)>& has,
                                                                std::vector<std::string>& names) {
  auto inputs = ToInputs(properties);
  if (!inputs || paths.paths().empty()) return inputs;
  auto mask = MaskSlots(program, paths);
  if (!mask) return tl::unexpected(std::move(mask.error()));

  // Unknown names stay in: the engine says what is wrong with them.
  std::vector<runtime::NamedInput> changes;
  std::vector<std::uint32_t> given;
  for (const runtime::NamedInput& input : *inputs) {
    const std::optional<std::uint32_t> slot = FindProperty(program, std::string(input.name));
    if (slot) given.push_back(*slot);
    const bool wanted = !slot || !*mask || std::find((*mask)->begin(), (*mask)->end(), *slot) != (*mask)->end();
    if (wanted) changes.push_back(input);
  }
  // With a mask of all, what is unset already is cleared too: the same request twice must be the same event.
  std::vector<std::uint32_t> cleared;
  if (*mask) {
    cleared = **mask;
  } else {
    for (std::uint32_t slot = 0; slot < program.properties.size(); ++slot) {
      const ir::Property& property = program.properties[slot];
      if (property.declared && !property.hidden && has(slot)) cleared.push_back(slot);
    }
  }
  names.clear();
  names.reserve(cleared.size());
  for (const std::uint32_t slot : cleared) {
    if (std::find(given.begin(), given.end(), slot) != given.end()) continue;
    names.push_back(program.properties[slot].name);
    changes.push_back({names.back(), std::monostate()});
  }
  return changes;
}

}  // namespace stagecraft::server
