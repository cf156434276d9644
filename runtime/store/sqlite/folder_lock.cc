#include "runtime/store/sqlite/folder_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "runtime/model/reasons.h"

namespace stagecraft::runtime {
namespace {

std::string Words(int error) { return std::generic_category().message(error); }

// Who holds the lock: the process number that it wrote into the file; empty when it has not got so far.
std::string HolderOf(int descriptor) {
  char digits[32];
  const ssize_t size = pread(descriptor, digits, sizeof digits, 0);
  std::string holder(digits, size > 0 ? static_cast<std::size_t>(size) : 0);
  while (!holder.empty() && holder.back() == '\n') holder.pop_back();
  return holder;
}

}  // namespace

Result<std::unique_ptr<FolderLock>> FolderLock::Take(const std::string& folder) {
  const std::string path = folder + "/lock";
  const int descriptor = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (descriptor < 0) {
    return Fail(StatusCode::kFailedPrecondition, reasons::kStoreNotWritable,
                "`" + path + "` cannot be opened for writing: " + Words(errno));
  }
  std::unique_ptr<FolderLock> lock(new FolderLock(descriptor));
  if (flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) {
      return Fail(StatusCode::kUnavailable, reasons::kStoreIo, "`" + path + "` cannot be locked: " + Words(errno));
    }
    const std::string holder = HolderOf(descriptor);
    return Fail(StatusCode::kFailedPrecondition, reasons::kDataFolderInUse,
                "the data folder `" + folder + "` is in use by another server" + (holder.empty() ? "" : " (pid " + holder + ")") +
                    "; stop it, or name another folder");
  }
  const std::string process = std::to_string(getpid()) + "\n";
  if (ftruncate(descriptor, 0) != 0 || pwrite(descriptor, process.data(), process.size(), 0) < 0) {
    return Fail(StatusCode::kUnavailable, reasons::kStoreIo, "`" + path + "` cannot be written: " + Words(errno));
  }
  return lock;
}

FolderLock::~FolderLock() { close(descriptor_); }

}  // namespace stagecraft::runtime
