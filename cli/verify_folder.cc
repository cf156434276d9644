#include "cli/verify_folder.h"

#include <utility>

#include "runtime/store/sqlite/access_file.h"
#include "runtime/store/sqlite/sqlite_store.h"
#include "runtime/verify/verify.h"
#include "server/auth/audit_log.h"

namespace stagecraft::cli {
namespace {

using runtime::Invariant;
using runtime::Status;
using runtime::StatusCode;

// Damage is a finding; what could not be looked at for another reason is given back.
Status Told(Status status, runtime::Report& report) {
  if (status.code != StatusCode::kDataLoss) return status;
  report.Add(Invariant::kAccess, std::move(status.message));
  return {};
}

Status VerifyAccess(const std::string& data, runtime::Report& report) {
  auto access = runtime::OpenAccessFileToLook(data);
  if (!access) {
    // A folder that an older version made has none.
    return access.error().code == StatusCode::kNotFound ? Status{} : Told(std::move(access.error()), report);
  }
  if (auto tokens = (*access)->ReadTokens(); !tokens) {
    if (Status status = Told(std::move(tokens.error()), report); !status.ok()) return status;
  }
  auto found = server::FindAuditDamage(**access, runtime::Report::kToldMax);
  if (!found) return Told(std::move(found.error()), report);
  for (std::string& what : *found) report.Add(Invariant::kAccess, std::move(what));
  return {};
}

}  // namespace

runtime::Result<runtime::Report> VerifyFolder(const std::string& data) {
  auto store = runtime::OpenSqliteStoreToLook(data);
  if (!store) return tl::unexpected(std::move(store.error()));
  auto report = runtime::Verify(**store);
  if (!report) return report;
  if (Status status = VerifyAccess(data, *report); !status.ok()) return tl::unexpected(std::move(status));
  return report;
}

}  // namespace stagecraft::cli
