#include "cli/write_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <optional>

#include "cli/files.h"

namespace stagecraft::cli {
namespace {

namespace fs = std::filesystem;
using runtime::Status;
using runtime::StatusCode;

// With the reason of the call that failed last.
Status Unwritable(const std::string& path) {
  return {StatusCode::kUnavailable, "FILE_UNWRITABLE", fmt::format("cannot write `{}`: {}", path, std::strerror(errno)), {}};
}

bool WriteAll(int file, std::string_view text) {
  while (!text.empty()) {
    const ::ssize_t written = ::write(file, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

// What is at the end of a link, also where there is nothing yet.
fs::path TargetOf(const std::string& path) {
  constexpr int kLinksMax = 40;  // as the system has it
  fs::path target = path;
  std::error_code error;
  for (int i = 0; i < kLinksMax; ++i) {
    const fs::path next = fs::read_symlink(target, error);
    if (error) break;
    target = target.parent_path() / next;
  }
  return target;
}

// The standard stream that goes to this file: opened a second time, or replaced, one would write over the other.
std::FILE* StreamTo(const struct stat& file) {
  for (std::FILE* stream : {stdout, stderr}) {
    struct stat there {};
    if (::fstat(::fileno(stream), &there) == 0 && there.st_dev == file.st_dev && there.st_ino == file.st_ino) return stream;
  }
  return nullptr;
}

Status WriteThrough(const std::string& path, std::string_view text) {
  const int file = ::open(path.c_str(), O_WRONLY | O_NOCTTY | O_CLOEXEC);
  if (file < 0) return Unwritable(path);
  Status status = WriteAll(file, text) ? Status() : Unwritable(path);
  ::close(file);
  return status;
}

// Gives the new file the owner and the permissions of the old one, else those of any new file.
bool SetPermissions(int file, const struct stat* old) {
  if (old == nullptr) {
    const mode_t mask = ::umask(0);
    ::umask(mask);
    return ::fchmod(file, 0666U & ~mask) == 0;
  }
  // Only the superuser may give files away; to a group of their own, everybody. What the old owner or group could do is not for another.
  mode_t kept = 07777;
  if (::fchown(file, old->st_uid, old->st_gid) != 0) kept = ::fchown(file, static_cast<uid_t>(-1), old->st_gid) == 0 ? 0777 : 0707;
  return ::fchmod(file, old->st_mode & kept) == 0;
}

// The file still holds what was read from it.
bool Holds(const fs::path& path, std::string_view text) {
  const auto now = ReadFile(path.string(), text.size());
  return now && now->text == text;
}

// A new text for what is at `path`, beside it until it is whole.
struct NewText {
  const std::string& path;
  const struct stat* old;                  // null: there is no file yet
  std::optional<std::string_view> before;  // what the old one must still hold
  std::string_view text;
};

// Fills `file`, called `temporary`, and puts it in the place of `target`.
Status Fill(const NewText& change, int file, const std::string& temporary, const fs::path& target) {
  if (!SetPermissions(file, change.old) || !WriteAll(file, change.text) || ::fsync(file) != 0) return Unwritable(change.path);
  if (change.before && !Holds(target, *change.before)) {
    return {StatusCode::kAborted,
            "FILE_CHANGED",
            fmt::format("`{}` was changed by somebody else meanwhile, so it was left as it is; try again", change.path),
            {}};
  }
  return std::rename(temporary.c_str(), target.c_str()) == 0 ? Status() : Unwritable(change.path);
}

Status Replace(const NewText& change) {
  if (change.old != nullptr && ::faccessat(AT_FDCWD, change.path.c_str(), W_OK, AT_EACCESS) != 0) return Unwritable(change.path);
  const fs::path target = TargetOf(change.path);
  std::string temporary = target.string() + ".XXXXXX";
  const int file = ::mkostemp(temporary.data(), O_CLOEXEC);
  if (file < 0) return Unwritable(change.path);
  Status status = Fill(change, file, temporary, target);
  ::close(file);
  if (!status.ok()) ::unlink(temporary.c_str());
  return status;
}

}  // namespace

Status WriteFile(const std::string& path, std::string_view text) {
  struct stat old {};
  const bool exists = ::stat(path.c_str(), &old) == 0;
  if (!exists && errno != ENOENT) return Unwritable(path);
  if (!exists) return Replace({path, nullptr, std::nullopt, text});
  if (std::FILE* stream = StreamTo(old)) {
    return std::fflush(stream) == 0 && WriteAll(::fileno(stream), text) ? Status() : Unwritable(path);
  }
  return S_ISREG(old.st_mode) ? Replace({path, &old, std::nullopt, text}) : WriteThrough(path, text);
}

Status ChangeFile(const std::string& path, std::string_view before, std::string_view after) {
  struct stat old {};
  if (::stat(path.c_str(), &old) != 0) return Unwritable(path);
  if (S_ISREG(old.st_mode)) return Replace({path, &old, before, after});
  return {StatusCode::kInvalidArgument,
          "NO_REGULAR_FILE",
          fmt::format("cannot change `{}`: expected a regular file; look with --diff", path),
          {}};
}

}  // namespace stagecraft::cli
