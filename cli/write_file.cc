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

namespace stagecraft::cli {
namespace {

bool WriteAll(int file, std::string_view text) {
  while (!text.empty()) {
    const ::ssize_t written = ::write(file, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

// Fills the new file and puts it in the place of the old one; false: errno says why not.
bool Replace(int file, const std::string& temporary, const std::string& target, std::string_view text) {
  struct stat old {};
  if (::stat(target.c_str(), &old) == 0 && ::fchmod(file, old.st_mode & 07777U) != 0) return false;
  return WriteAll(file, text) && ::fsync(file) == 0 && std::rename(temporary.c_str(), target.c_str()) == 0;
}

}  // namespace

runtime::Status ReplaceFile(const std::string& path, std::string_view text) {
  const auto failed = [&path] {
    return runtime::Status{
        runtime::StatusCode::kUnavailable, "FILE_UNWRITABLE", fmt::format("cannot write `{}`: {}", path, std::strerror(errno)), {}};
  };
  std::error_code error;
  const auto resolved = std::filesystem::weakly_canonical(path, error);
  const std::string target = error ? path : resolved.string();
  std::string temporary = target + ".XXXXXX";
  const int file = ::mkstemp(temporary.data());
  if (file < 0) return failed();
  const bool done = Replace(file, temporary, target, text);
  runtime::Status status = done ? runtime::Status() : failed();
  ::close(file);
  if (!done) ::unlink(temporary.c_str());
  return status;
}

}  // namespace stagecraft::cli
