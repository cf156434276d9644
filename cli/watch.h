// Doing a thing again whenever files have changed, until Ctrl-C.
#ifndef STAGECRAFT_CLI_WATCH_H_
#define STAGECRAFT_CLI_WATCH_H_

#include <functional>
#include <string>
#include <vector>

namespace stagecraft::cli {

// What the work of WatchFiles knows of it.
class Watch {
 public:
  virtual ~Watch() = default;
  // Whether the user wants to stop, for long work.
  virtual bool IsStopping() const = 0;
  // Watches these files, too, until the next run. To be called as soon as they have been read; they need not be there.
  virtual void Add(const std::vector<std::string>& files) = 0;
};

// Calls `run` at once and whenever a *.stage file among `paths` or below them, or one that the last run has added, has come, gone or
// changed (they are looked at three times a second: the same on every file system). Returns the last result of `run` when Ctrl-C or SIGTERM
// comes.
int WatchFiles(const std::vector<std::string>& paths, const std::function<int(Watch&)>& run);

}  // namespace stagecraft::cli

#endif  // STAGECRAFT_CLI_WATCH_H_
