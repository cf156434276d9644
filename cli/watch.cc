#include "cli/watch.h"

#include <csignal>
#include <ctime>
#include <filesystem>
#include <map>
#include <utility>

#include "cli/files.h"

namespace stagecraft::cli {
namespace {

namespace fs = std::filesystem;

constexpr long kPauseNanos = 300'000'000;

struct Stamp {
  fs::file_time_type changed;
  std::uintmax_t bytes = 0;

  friend bool operator==(const Stamp&, const Stamp&) = default;
};
using Stamps = std::map<std::string, Stamp>;

bool IsWatched(const fs::path& path) { return IsScriptName(path.string()) || path.filename() == "stagecraft.toml"; }

// A file that cannot be read is as one that is not there: it is looked at again soon.
void AddStamp(const fs::path& path, Stamps& stamps) {
  std::error_code error;
  Stamp stamp;
  stamp.changed = fs::last_write_time(path, error);
  if (error) return;
  stamp.bytes = fs::file_size(path, error);
  if (!error) stamps[path.string()] = stamp;
}

Stamps StampsOf(const std::vector<std::string>& paths) {
  Stamps stamps;
  for (const std::string& path : paths) {
    std::error_code error;
    if (!fs::is_directory(path, error)) {
      AddStamp(path, stamps);
      continue;
    }
    for (auto it = fs::recursive_directory_iterator(path, error); !error && it != fs::recursive_directory_iterator(); it.increment(error)) {
      if (IsWatched(it->path())) AddStamp(it->path(), stamps);
    }
  }
  return stamps;
}

sigset_t StopSignals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}

bool IsStopPending() {
  sigset_t pending;
  sigpending(&pending);
  return sigismember(&pending, SIGINT) == 1 || sigismember(&pending, SIGTERM) == 1;
}

}  // namespace

int WatchFiles(const std::vector<std::string>& paths, const std::function<int(const std::function<bool()>& stopping)>& run) {
  const sigset_t stop = StopSignals();
  sigset_t before;
  pthread_sigmask(SIG_BLOCK, &stop, &before);
  Stamps stamps = StampsOf(paths);
  int result = run(IsStopPending);
  const timespec pause{0, kPauseNanos};
  while (sigtimedwait(&stop, nullptr, &pause) < 0) {
    Stamps now = StampsOf(paths);
    if (now == stamps) continue;
    stamps = std::move(now);
    result = run(IsStopPending);
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return result;
}

}  // namespace stagecraft::cli
