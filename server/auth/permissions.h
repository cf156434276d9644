// The one table of who may call what. A method of a service that is not in it is refused to everybody (tests/api/access_test.cc holds it
// against the descriptors).
#ifndef STAGECRAFT_SERVER_AUTH_PERMISSIONS_H_
#define STAGECRAFT_SERVER_AUTH_PERMISSIONS_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "server/auth/role.h"

namespace stagecraft::server {

enum class CallKind : std::uint8_t {
  kRead,
  kPublish,  // events: the journal says who sent them
  kChange,   // of anything else
  kCopy,     // of all there is
  kGovern,   // how the server itself works
};

// How far a method reaches, for tokens that are for some contacts only.
enum class Reach : std::uint8_t {
  kAll,       // refused to them
  kContacts,  // it knows only the contacts that the token is for
  kScripts,   // it says nothing of contacts
};

struct Permission {
  std::string_view service;  // `ContactService`; of another package with that
  std::string_view method;   // `GetContact`: no two services have a method of the same name
  Role role = Role::kAdmin;  // the lowest that may
  CallKind kind = CallKind::kRead;
  Reach reach = Reach::kAll;

  // `stagecraft.v1.ContactService/GetContact`.
  std::string path() const;
  // Each call has an entry in the audit log.
  bool is_audited() const { return kind == CallKind::kChange || kind == CallKind::kCopy || kind == CallKind::kGovern; }
  // Refused while the server is under maintenance.
  bool is_change() const { return kind == CallKind::kPublish || kind == CallKind::kChange; }
};

// By service, in the order of the descriptors.
std::span<const Permission> Permissions();

// Nothing: there is no such method.
const Permission* PermissionOf(std::string_view method);

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_AUTH_PERMISSIONS_H_
