// Resource names (AIP-122): `contacts/{contact}`. Callers may also give the bare id.
#ifndef STAGECRAFT_SERVER_RPC_NAMES_H_
#define STAGECRAFT_SERVER_RPC_NAMES_H_

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

namespace stagecraft::server {

inline constexpr std::string_view kContacts = "contacts/";
inline constexpr std::string_view kCompanies = "companies/";
inline constexpr std::string_view kDeals = "deals/";
inline constexpr std::string_view kLists = "lists/";
inline constexpr std::string_view kViews = "views/";
inline constexpr std::string_view kTasks = "tasks/";
inline constexpr std::string_view kUsers = "users/";
inline constexpr std::string_view kNotifications = "notifications/";
inline constexpr std::string_view kDeliveries = "deliveries/";
inline constexpr std::string_view kDeployments = "deployments/";
inline constexpr std::string_view kEvents = "events/";
inline constexpr std::string_view kFailures = "failures/";
inline constexpr std::string_view kOperations = "operations/";

// The id in a resource name of this collection, or the text itself when it is a bare id. A view into `name`.
inline std::string_view IdOf(std::string_view collection, std::string_view name) {
  return name.substr(0, collection.size()) == collection ? name.substr(collection.size()) : name;
}

// The whole number that all of the text is; nothing when it is none, or does not fit.
template <typename Number>
std::optional<Number> NumberIn(std::string_view text) {
  Number number{};
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || stop != text.data() + text.size()) return std::nullopt;
  return number;
}

// The number in a resource name of a collection whose ids are numbers; nothing when it has none of 1 or more.
inline std::optional<std::int64_t> NumberOf(std::string_view collection, std::string_view name) {
  const auto number = NumberIn<std::int64_t>(IdOf(collection, name));
  return number && *number > 0 ? number : std::nullopt;
}

inline std::string NameOf(std::string_view collection, std::string_view id) {
  std::string name(collection);
  name += id;
  return name;
}

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_RPC_NAMES_H_
