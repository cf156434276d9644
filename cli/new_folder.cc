#include "cli/new_folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <utility>

#include "runtime/model/reasons.h"

namespace stagecraft::cli {
namespace {

using runtime::Status;

Status CannotWrite(const std::string& path, int error) {
  return {runtime::StatusCode::kFailedPrecondition,
          runtime::reasons::kStoreNotWritable,
          fmt::format("cannot write `{}`: {}", path, std::generic_category().message(error)),
          {}};
}

// Onto the disk: a file, or the names in a folder.
Status Sync(const std::string& path) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return CannotWrite(path, errno);
  const int result = fsync(descriptor);
  const int error = errno;
  close(descriptor);
  return result == 0 ? Status{} : CannotWrite(path, error);
}

// `backups/` and `backups` are one folder.
std::string WithoutSlash(std::string path) {
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  return path;
}

std::string ParentOf(const std::string& path) {
  const auto parent = std::filesystem::path(path).parent_path();
  return parent.empty() ? "." : parent.string();
}

}  // namespace

runtime::Result<std::unique_ptr<NewFolder>> NewFolder::Begin(const std::string& given) {
  const std::string path = WithoutSlash(given);
  std::error_code error;
  const bool is_there = std::filesystem::exists(path, error);
  if (is_there && !(std::filesystem::is_directory(path, error) && std::filesystem::is_empty(path, error))) {
    return runtime::Fail(runtime::StatusCode::kFailedPrecondition, runtime::reasons::kStoreNotWritable,
                         fmt::format("`{}` is there already, and is not an empty folder; name another one", path));
  }
  std::filesystem::create_directories(ParentOf(path), error);
  std::string working_path = path + ".unfinished-XXXXXX";
  if (mkdtemp(working_path.data()) == nullptr) return tl::unexpected<Status>(CannotWrite(working_path, errno));
  return std::unique_ptr<NewFolder>(new NewFolder(path, std::move(working_path)));
}

NewFolder::~NewFolder() {
  if (is_finished_) return;
  std::error_code ignored;  // its name says that it is unfinished
  std::filesystem::remove_all(working_path_, ignored);
}

Status NewFolder::Append(const std::string& file, std::string_view bytes) {
  const std::string path = working_path_ + "/" + file;
  const int descriptor = open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (descriptor < 0) return CannotWrite(path, errno);
  Status status;
  while (!bytes.empty() && status.ok()) {
    const ssize_t written = write(descriptor, bytes.data(), bytes.size());
    if (written >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno != EINTR) {
      status = CannotWrite(path, errno);
    }
  }
  close(descriptor);
  return status;
}

Status NewFolder::Finish() {
  for (const auto& entry : std::filesystem::directory_iterator(working_path_)) {
    if (Status status = Sync(entry.path()); !status.ok()) return status;
  }
  if (Status status = Sync(working_path_); !status.ok()) return status;
  // mkdtemp lets nobody else in; the folder is to be as others that this user makes.
  const mode_t mask = umask(0);
  umask(mask);
  if (chmod(working_path_.c_str(), 0777 & ~mask) != 0) return CannotWrite(working_path_, errno);
  if (std::rename(working_path_.c_str(), path_.c_str()) != 0) return CannotWrite(path_, errno);
  is_finished_ = true;
  return Sync(ParentOf(path_));
}

}  // namespace stagecraft::cli
