#include <absl/time/time.h>
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "cli/failure.h"
#include "cli/table.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "runtime/store/sqlite/access_file.h"

namespace stagecraft::cli {
namespace {

using runtime::AuditEntry;

// How a call ended, in the words of gRPC.
std::string OutcomeOf(std::int32_t code) {
  constexpr const char* kNames[] = {"ok",        "cancelled",      "unknown",           "invalid argument",   "deadline exceeded",
                                    "not found", "already exists", "permission denied", "resource exhausted", "failed precondition",
                                    "aborted",   "out of range",   "unimplemented",     "internal",           "unavailable",
                                    "data loss", "unauthenticated"};
  const auto place = static_cast<std::size_t>(code);
  return place < std::size(kNames) ? kNames[place] : fmt::format("code {}", code);
}

std::string WhoOf(const AuditEntry& entry) { return entry.holder.empty() ? "-" : entry.holder; }

// The last `limit` entries, the newest first; 0: all.
runtime::Result<std::vector<AuditEntry>> NewestOf(runtime::AccessStore& store, int limit) {
  auto head = store.ReadAuditHead();
  if (!head) return tl::unexpected(std::move(head.error()));
  std::vector<AuditEntry> entries;
  const std::int64_t from = limit == 0 ? 0 : head->number - limit + 1;
  runtime::Status status = store.ScanAudit(from, [&](AuditEntry&& entry) {
    entries.push_back(std::move(entry));
    return true;
  });
  if (!status.ok()) return tl::unexpected(std::move(status));
  std::reverse(entries.begin(), entries.end());
  return entries;
}

}  // namespace

int Audit(const AuditOptions& options) {
  auto store = runtime::OpenAccessFileToLook(options.data);
  if (!store) return ReportFailure(store.error());
  const auto entries = NewestOf(**store, options.limit);
  if (!entries) return ReportFailure(entries.error());
  if (options.json) {
    auto json = nlohmann::ordered_json::array();
    for (const AuditEntry& entry : *entries) {
      json.push_back({{"number", entry.number},
                      {"time", absl::FormatTime("%Y-%m-%dT%H:%M:%E6SZ", absl::FromUnixMicros(entry.at), absl::UTCTimeZone())},
                      {"holder", entry.holder},
                      {"token", entry.token},
                      {"method", entry.method},
                      {"resource", entry.resource},
                      {"outcome", OutcomeOf(entry.code)},
                      {"requestId", entry.request_id},
                      {"address", entry.address}});
    }
    fmt::print("{}\n", json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
    return kDone;
  }
  if (entries->empty()) {
    PrintNote("the audit log is empty");
    return kDone;
  }
  Table table({"number", "time", "who", "what", "of", "outcome", "from"});
  for (const AuditEntry& entry : *entries) {
    table.Add({Cell(entry.number), absl::FormatTime("%Y-%m-%d %H:%M:%S", absl::FromUnixMicros(entry.at), absl::LocalTimeZone()),
               WhoOf(entry), entry.method, entry.resource, OutcomeOf(entry.code), entry.address});
  }
  fmt::print("{}", table.Text({TerminalWidth(), HasColour(stdout)}));
  return kDone;
}

}  // namespace stagecraft::cli
