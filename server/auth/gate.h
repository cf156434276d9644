// Who a caller is, and whether it may make a call: tokens, and the one table of permissions.
#ifndef STAGECRAFT_SERVER_AUTH_GATE_H_
#define STAGECRAFT_SERVER_AUTH_GATE_H_

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "runtime/engine/world.h"
#include "runtime/store/access_store.h"
#include "server/auth/permissions.h"
#include "server/auth/role.h"

namespace stagecraft::server {

struct Caller {
  std::string holder;  // of its token; empty: the server has no tokens, and takes everybody for its owner
  std::string token;   // its id
  Role role = Role::kAdmin;
  std::string scope;  // a condition on contacts: to this caller there are no others; empty: all

  // Whether the history may say that `actor` did what this caller does. Empty: nobody is named.
  bool MayActAs(std::string_view actor) const {
    return actor.empty() || holder.empty() || actor == holder || role == Role::kService || role == Role::kAdmin;
  }
};

// PERMISSION_DENIED: ROLE_TOO_LOW; OUT_OF_SCOPE, of a caller with a scope and a method that does not heed it.
runtime::Status CheckPermission(const Caller& caller, const Permission& permission);

// Thread-safe; Identify waits for nobody and reads no file.
class Gate {
 public:
  // Lets everybody do everything.
  Gate();
  // Both must outlive it. Tokens that another process makes or revokes count within a second. Fails as AccessStore::ReadTokens does.
  static runtime::Result<std::unique_ptr<Gate>> Open(runtime::AccessStore& store, const runtime::Clock& clock);
  ~Gate();
  Gate(const Gate&) = delete;
  Gate& operator=(const Gate&) = delete;

  // Whether a token would be let in now. While there never was one, everybody is.
  bool HasTokenInForce() const;

  // `authorization`: what the caller sent by that name (`Bearer sc_…`); empty: nothing. UNAUTHENTICATED: TOKEN_MISSING, TOKEN_UNKNOWN,
  // TOKEN_EXPIRED, TOKEN_REVOKED. RESOURCE_EXHAUSTED: RATE_LIMITED.
  runtime::Result<std::shared_ptr<const Caller>> Identify(std::string_view authorization);
  // The same look at the token, which does not count as a call.
  runtime::Status CheckToken(std::string_view authorization) const;
  // Whether the token of a caller that was let in is in force still.
  runtime::Status CheckCaller(const Caller& caller) const;

 private:
  struct Table;
  struct Entry;

  Gate(runtime::AccessStore& store, const runtime::Clock& clock);
  runtime::Status Load();
  void Follow();
  std::shared_ptr<const Table> table() const;
  runtime::Result<const Entry*> Find(const Table& all, std::string_view authorization) const;
  runtime::Status CheckInForce(const runtime::AccessToken& token) const;

  runtime::AccessStore* store_ = nullptr;
  const runtime::Clock* clock_ = nullptr;
  std::shared_ptr<const Caller> anybody_;
  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable stopping_;
  bool is_stopping_ = false;
  std::shared_ptr<const Table> table_;
  std::thread follower_;
};

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_AUTH_GATE_H_
