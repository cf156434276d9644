#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "cli/failure.h"
#include "cli/new_folder.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "cli/verify_folder.h"

namespace stagecraft::cli {
namespace {

using runtime::Status;

// The files of a data folder; a folder that a server has been killed on has logs as well.
constexpr const char* kFiles[] = {"state.db", "state.db-wal", "journal.db", "journal.db-wal", "access.db", "access.db-wal"};

Status CopyFile(const std::string& from, const std::string& name, NewFolder& folder) {
  std::error_code error;
  const bool is_there = std::filesystem::exists(from + "/" + name, error);
  if (!is_there && !error) return {};
  // One that cannot be read is not one that is not there: without its log a copy would be clean, and lack the last commits.
  const Status unreadable = {runtime::StatusCode::kUnavailable, "STORE_IO", fmt::format("reading `{}/{}` failed", from, name), {}};
  std::ifstream file(from + "/" + name, std::ios::binary);
  if (!file) return unreadable;
  std::string part(1 << 20, '\0');
  while (file.read(part.data(), static_cast<std::streamsize>(part.size())) || file.gcount() > 0) {
    const Status status = folder.Append(name, std::string_view(part.data(), static_cast<std::size_t>(file.gcount())));
    if (!status.ok()) return status;
  }
  return file.eof() ? Status{} : unreadable;
}

// Looks at the copy, which nobody else knows of. kFound: it is damaged.
int Check(const std::string& path, const std::string& backup) {
  const auto report = VerifyFolder(path);
  if (!report && report.error().code == runtime::StatusCode::kNotFound) {
    PrintError(fmt::format("`{}` is no backup: there is neither a journal.db nor a state.db in it", backup));
    return kFailed;
  }
  if (!report) return ReportFailure(report.error());
  if (report->IsClean()) return kDone;
  PrintError(fmt::format("`{}` is damaged, so nothing was restored", backup),
             fmt::format("`stagecraft verify {}` tells what is; to use it all the same, copy its files by hand", backup));
  return kFound;
}

}  // namespace

int Restore(const RestoreOptions& options) {
  auto folder = NewFolder::Begin(options.data);
  if (!folder) return ReportFailure(folder.error());
  for (const char* name : kFiles) {
    if (const Status status = CopyFile(options.backup, name, **folder); !status.ok()) return ReportFailure(status);
  }
  if (const int code = Check((*folder)->working_path(), options.backup); code != kDone) return code;
  if (const Status status = (*folder)->Finish(); !status.ok()) return ReportFailure(status);
  PrintLine(stdout, fmt::format("restored {} from {}", options.data, options.backup));
  return kDone;
}

}  // namespace stagecraft::cli
