#include "server/auth/audit_log.h"

#include <memory>
#include <utility>

#include "server/auth/token.h"

namespace stagecraft::server {
namespace {

// The lowest byte first, so that a log can move to any machine.
void Add(std::int64_t number, std::string& bytes) {
  auto left = static_cast<std::uint64_t>(number);
  for (std::size_t i = 0; i < sizeof left; ++i) {
    bytes.push_back(static_cast<char>(left & 0xFF));
    left >>= 8;
  }
}

// With its length: no two lists of texts give the same bytes.
void Add(std::string_view text, std::string& bytes) {
  Add(static_cast<std::int64_t>(text.size()), bytes);
  bytes.append(text);
}

}  // namespace

std::string HashOf(const runtime::AuditEntry& entry, std::string_view hash_before) {
  std::string bytes;
  Add(hash_before, bytes);
  Add(entry.number, bytes);
  Add(entry.at, bytes);
  Add(entry.holder, bytes);
  Add(entry.token, bytes);
  Add(entry.method, bytes);
  Add(entry.resource, bytes);
  Add(entry.code, bytes);
  Add(entry.request_id, bytes);
  Add(entry.address, bytes);
  return Sha256(bytes);
}

runtime::Status AuditLog::Record(runtime::AuditEntry entry) {
  std::unique_lock lock(mutex_);
  const std::shared_ptr<Group> group = next_;
  entry.at = clock_.Now();
  group->entries.push_back(std::move(entry));
  written_.wait(lock, [&] { return group->is_written || !is_writing_; });
  if (group->is_written) return group->status;
  // The first to see that the store is free writes for all who wait.
  is_writing_ = true;
  next_ = std::make_shared<Group>();
  lock.unlock();
  const runtime::Status status = store_.AppendAudit([&group](runtime::AuditHead head) {
    for (runtime::AuditEntry& each : group->entries) {
      each.number = ++head.number;
      each.hash = head.hash = HashOf(each, head.hash);
    }
    return group->entries;
  });
  lock.lock();
  group->status = status;
  group->is_written = true;
  is_writing_ = false;
  written_.notify_all();
  return status;
}

runtime::Result<std::vector<std::string>> FindAuditDamage(runtime::AccessStore& store, std::size_t told_max) {
  auto head = store.ReadAuditHead();
  if (!head) return tl::unexpected(std::move(head.error()));
  std::vector<std::string> found;
  const auto tell = [&](std::string what) {
    if (found.size() < told_max) found.push_back(std::move(what));
  };
  runtime::AuditHead last;
  runtime::Status status = store.ScanAudit(0, [&](runtime::AuditEntry&& entry) {
    if (entry.number != last.number + 1) {
      tell("entry " + std::to_string(last.number + 1) + " of the audit log is missing");
    } else if (entry.hash != HashOf(entry, last.hash)) {
      tell("entry " + std::to_string(entry.number) + " of the audit log, or the one before it, is not what was written");
    }
    last = {entry.number, entry.hash};
    return found.size() < told_max;
  });
  if (!status.ok()) return tl::unexpected(std::move(status));
  if (found.empty() && (last.number != head->number || last.hash != head->hash)) {
    tell("the audit log ends with entry " + std::to_string(last.number) + "; it had " + std::to_string(head->number));
  }
  return found;
}

}  // namespace stagecraft::server
