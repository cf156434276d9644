#include "cli/watch.h"

#include <csignal>
#include <ctime>
#include <filesystem>
#include <map>
#include <utility>

#include "cli/files.h"
#include "dsl/imports.h"

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
      if (IsScriptName(it->path().string())) AddStamp(it->path(), stamps);
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

class Watched : public Watch {
 public:
  explicit Watched(const std::vector<std::string>& paths) : paths_(paths) {}

  bool IsStopping() const override {
    sigset_t pending;
    sigpending(&pending);
    return sigismember(&pending, SIGINT) == 1 || sigismember(&pending, SIGTERM) == 1;
  }

  void Add(const std::vector<std::string>& files) override {
    Stamps stamps;
    for (const std::string& file : files) AddStamp(file, stamps);
    // What is known from before the run stays so: it may have changed since it was read.
    stamps_.merge(stamps);
    added_.insert(added_.end(), files.begin(), files.end());
  }

  bool HasChanged() const { return Now() != stamps_; }
  // What is there now is known, also of the files that the last run has added: this one may add them only after it has read them.
  void Begin() {
    stamps_ = Now();
    added_.clear();
  }

 private:
  Stamps Now() const {
    Stamps stamps = StampsOf(paths_);
    for (const std::string& file : added_) AddStamp(file, stamps);
    return stamps;
  }

  const std::vector<std::string>& paths_;
  std::vector<std::string> added_;
  Stamps stamps_;
};

}  // namespace

int WatchFiles(const std::vector<std::string>& paths, const std::function<int(Watch&)>& run) {
  const sigset_t stop = StopSignals();
  sigset_t before;
  pthread_sigmask(SIG_BLOCK, &stop, &before);
  Watched watched(paths);
  watched.Begin();
  int result = run(watched);
  const timespec pause{0, kPauseNanos};
  while (sigtimedwait(&stop, nullptr, &pause) < 0) {
    if (!watched.HasChanged()) continue;
    watched.Begin();
    result = run(watched);
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return result;
}

}  // namespace stagecraft::cli
