// Who did what: one entry for each call that is audited (permissions.h), each with a hash of itself and of the one before it, so that one
// that is changed, left out or put in later is found (FindAuditDamage). It names no contact: an erased one must not live on in it.
#ifndef STAGECRAFT_SERVER_AUTH_AUDIT_LOG_H_
#define STAGECRAFT_SERVER_AUTH_AUDIT_LOG_H_

#include <condition_variable>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/engine/world.h"
#include "runtime/store/access_store.h"

namespace stagecraft::server {

// Thread-safe. What comes from several threads at a time is written together.
class AuditLog {
 public:
  // Both must outlive it.
  AuditLog(runtime::AccessStore& store, const runtime::Clock& clock) : store_(store), clock_(clock) {}

  // Adds an entry of now; its number, time and hash are set here. Durable when it returns ok.
  runtime::Status Record(runtime::AuditEntry entry);

 private:
  struct Group {
    std::vector<runtime::AuditEntry> entries;
    bool is_written = false;
    runtime::Status status;
  };

  runtime::AccessStore& store_;
  const runtime::Clock& clock_;
  std::mutex mutex_;  // guards what follows
  std::condition_variable written_;
  std::shared_ptr<Group> next_ = std::make_shared<Group>();  // what is written when the store is free
  bool is_writing_ = false;
};

// SHA-256 of the entry, but for its own hash, and of the hash before it.
std::string HashOf(const runtime::AuditEntry& entry, std::string_view hash_before);

// What is wrong with the audit log, one line each, the worst `told_max` of them; none: it is as it was written.
runtime::Result<std::vector<std::string>> FindAuditDamage(runtime::AccessStore& store, std::size_t told_max);

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_AUTH_AUDIT_LOG_H_
