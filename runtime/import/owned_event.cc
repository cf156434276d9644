#include "runtime/import/owned_event.h"

#include <fmt/format.h>
#include <xxhash.h>

namespace stagecraft::runtime {
namespace {

InputValue ViewOf(const OwnedValue& value) {
  return std::visit(
      [](const auto& held) -> InputValue {
        if constexpr (std::is_same_v<std::decay_t<decltype(held)>, std::string>) {
          return std::string_view(held);
        } else {
          return held;
        }
      },
      value);
}

}  // namespace

std::string Describe(const ImportProblem& problem) {
  std::string text = fmt::format("line {}", problem.line);
  if (problem.column_number > 0) {
    text += fmt::format(", column `{}`", problem.column);
    if (!problem.value.empty()) text += fmt::format(", value `{}`", problem.value);
  } else if (!problem.column.empty()) {
    text += problem.value.empty() ? fmt::format(", `{}`", problem.column) : fmt::format(", {} `{}`", problem.column, problem.value);
  } else if (!problem.value.empty()) {
    text += fmt::format(", `{}`", problem.value);
  }
  return text + ": " + problem.reason;
}

EventViews::EventViews(std::span<const OwnedEvent> events) {
  std::size_t count = 0;
  for (const auto& event : events) count += event.fields.size() + event.properties.size();
  named_.reserve(count);  // spans point into it: it must not grow
  inputs_.reserve(events.size());
  const auto append = [this](const std::vector<OwnedInput>& inputs) {
    const auto begin = named_.size();
    for (const auto& input : inputs) named_.push_back({input.name, ViewOf(input.value)});
    return std::span<const NamedInput>(named_.data() + begin, inputs.size());
  };
  for (const auto& event : events) {
    EventInput input;
    input.id = event.id;
    input.contact = event.contact;
    input.type = event.type;
    input.actor = event.actor;
    input.occurred_at = event.occurred_at;
    input.created_at = event.created_at;
    input.create = event.create;
    input.fields = append(event.fields);
    input.properties = append(event.properties);
    inputs_.push_back(input);
  }
}

std::string HashedId(std::string_view prefix, std::span<const std::string_view> parts) {
  std::string bytes;
  for (const auto part : parts) {
    bytes += std::to_string(part.size()) + ':';  // so that {"ab", "c"} and {"a", "bc"} differ
    bytes += part;
  }
  const auto hash = XXH3_128bits(bytes.data(), bytes.size());
  return fmt::format("{}{:016x}{:016x}", prefix, hash.high64, hash.low64);
}

}  // namespace stagecraft::runtime
