#include <fmt/format.h>

#include "cli/client.h"
#include "cli/failure.h"
#include "cli/folder_size.h"
#include "cli/new_folder.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "runtime/store/sqlite/access_file.h"
#include "runtime/store/sqlite/sqlite_store.h"
#include "stagecraft/v1/admin_service.grpc.pb.h"

namespace stagecraft::cli {
namespace {

namespace wire = ::stagecraft::v1;

// What a server may name as a file: it goes into the folder that was asked for, and nowhere else.
bool IsFileName(const std::string& name) {
  return !name.empty() && name.front() != '.' && name.find('/') == std::string::npos && name.find('\0') == std::string::npos;
}

int FromServer(const Remote& remote, NewFolder& folder) {
  const auto stub = wire::AdminService::NewStub(Connect(remote));
  grpc::ClientContext context;  // without a deadline: it takes as long as there is data
  const auto parts = stub->Backup(&context, {});
  wire::BackupResponse part;
  runtime::Status failure;
  while (failure.ok() && parts->Read(&part)) {
    failure = IsFileName(part.file())
                  ? folder.Append(part.file(), part.data())
                  : runtime::Status{runtime::StatusCode::kInternal, "INTERNAL", "the server sent a file without a name", {}};
  }
  if (!failure.ok()) context.TryCancel();
  const grpc::Status status = parts->Finish();
  if (!failure.ok()) return ReportFailure(failure);
  return status.ok() ? kDone : ReportCall(status, remote);
}

int FromFolder(const std::string& data, NewFolder& folder) {
  auto store = runtime::OpenSqliteStoreToLook(data);
  if (!store) return ReportFailure(store.error());
  const auto take = [&](const std::string& file, std::string_view bytes) { return folder.Append(file, bytes); };
  runtime::Status status = (*store)->Backup(take);
  if (status.ok()) {
    // A folder that an older version made has none.
    const auto access = runtime::OpenAccessFileToLook(data);
    if (access) status = (*access)->Backup(take);
    if (!access && access.error().code != runtime::StatusCode::kNotFound) status = access.error();
  }
  return status.ok() ? kDone : ReportFailure(status);
}

}  // namespace

int Backup(const BackupOptions& options) {
  auto folder = NewFolder::Begin(options.output);
  if (!folder) return ReportFailure(folder.error());
  const int code = options.data.empty() ? FromServer(options.remote, **folder) : FromFolder(options.data, **folder);
  if (code != kDone) return code;
  const std::uintmax_t bytes = BytesIn((*folder)->working_path());
  if (const auto status = (*folder)->Finish(); !status.ok()) return ReportFailure(status);
  constexpr std::uintmax_t kKilobyte = 1'000;
  PrintLine(stdout, fmt::format("{}: {} kB", options.output, (bytes + kKilobyte - 1) / kKilobyte));
  return kDone;
}

}  // namespace stagecraft::cli
