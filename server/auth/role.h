// What a token is for. Each role may do all that the ones before it may.
#ifndef STAGECRAFT_SERVER_AUTH_ROLE_H_
#define STAGECRAFT_SERVER_AUTH_ROLE_H_

#include <cstdint>
#include <optional>
#include <string_view>

namespace stagecraft::server {

enum class Role : std::uint8_t {
  kViewer,   // reads, checks and tests
  kService,  // sends events, changes contacts and what belongs to them, in anybody's name
  kAuthor,   // deploys scripts, and operates rules; in its own name only
  kAdmin,    // everything, also what cannot be taken back
};

inline constexpr Role kRoles[] = {Role::kViewer, Role::kService, Role::kAuthor, Role::kAdmin};

// `viewer`, `service`, `author`, `admin`.
std::string_view NameOf(Role role);
std::optional<Role> RoleOf(std::string_view name);

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_AUTH_ROLE_H_
