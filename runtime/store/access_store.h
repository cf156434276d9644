// Who may call the server, and what was done through it. Beside the journal and not in it: neither is caused by events, nor does the state
// follow from it (B7), and an erased contact must not live on in it.
#ifndef STAGECRAFT_RUNTIME_STORE_ACCESS_STORE_H_
#define STAGECRAFT_RUNTIME_STORE_ACCESS_STORE_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "runtime/model/event.h"
#include "runtime/model/status.h"
#include "runtime/store/store.h"

namespace stagecraft::runtime {

// A token that callers show (docs/operations.md, "Tokens"). The secret itself is kept nowhere.
struct AccessToken {
  std::string id;                     // what lists, logs and the audit log call it
  std::string secret_hash;            // SHA-256 of the secret, 32 bytes
  std::string holder;                 // a user or a service: what the history says of what is done with it
  std::string role;                   // server/auth/role.h
  std::int64_t calls_per_second = 0;  // 0: as many as the server takes
  Micros created_at = 0;
  Micros expires_at = 0;  // 0: never
  Micros revoked_at = 0;  // 0: it was not
  std::string scope;      // a condition of the language: the contacts that it is for; empty: all
};

// One call that changed something or read everything, or was not allowed to.
struct AuditEntry {
  std::int64_t number = 0;  // from 1 on without gaps
  Micros at = 0;
  std::string holder;      // of the token; empty: nobody asks for one, or it is the machine's owner at the command line
  std::string token;       // its id; empty as above
  std::string method;      // `DeployScripts`, or what the command line did (`token create`)
  std::string resource;    // what it was about, where that is no person: `rules/Hand-off`
  std::int32_t code = 0;   // how it ended: a StatusCode
  std::string request_id;  // as in the log
  std::string address;     // where the caller is, without its port
  std::string hash;        // of this entry and the hash of the entry before it, 32 bytes (server/auth/audit_log.h)
};

// The last entry of the audit log; number 0 and no hash: there is none.
struct AuditHead {
  std::int64_t number = 0;
  std::string hash;
};

// Thread-safe. Several processes may use one at a time: tokens are made and revoked while a server runs.
class AccessStore {
 public:
  virtual ~AccessStore() = default;

  // All there ever were, in the order in which they were made. DATA_LOSS: a row is not what was written.
  virtual Result<std::vector<AccessToken>> ReadTokens() = 0;
  // ALREADY_EXISTS: there is one of that id or secret.
  virtual Status AddToken(const AccessToken& token) = 0;
  // NOT_FOUND; one that is revoked already stays so since then.
  virtual Status RevokeToken(const std::string& id, Micros at) = 0;
  // Changes when another process has written.
  virtual Result<std::int64_t> Version() = 0;

  // Adds the entries that `make` makes of the last one, in one transaction. Durable when it returns ok.
  virtual Status AppendAudit(const std::function<std::vector<AuditEntry>(const AuditHead&)>& make) = 0;
  // What the last entry should be: kept apart from the entries, so that it is known when the last ones are taken away.
  virtual Result<AuditHead> ReadAuditHead() = 0;
  // The entries from `from` on, ascending, until `visit` returns false.
  virtual Status ScanAudit(std::int64_t from, const std::function<bool(AuditEntry&&)>& visit) = 0;

  // Hands out a copy of it all, as Store::Backup does.
  virtual Status Backup(const Store::TakePart& take) = 0;
};

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_STORE_ACCESS_STORE_H_
