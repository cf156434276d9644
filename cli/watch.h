// Doing a thing again whenever files have changed, until Ctrl-C.
#ifndef STAGECRAFT_CLI_WATCH_H_
#define STAGECRAFT_CLI_WATCH_H_

#include <functional>
#include <string>
#include <vector>

namespace stagecraft::cli {

// Calls `run` at once and whenever a *.stage file or a stagecraft.toml among `paths` or below them has come, gone or changed (they are
// looked at three times a second: the same on every file system). `run` is given a function that says whether the user wants to stop, for
// long work. Returns the last result of `run` when Ctrl-C or SIGTERM comes.
int WatchFiles(const std::vector<std::string>& paths, const std::function<int(const std::function<bool()>& stopping)>& run);

}  // namespace stagecraft::cli

#endif  // STAGECRAFT_CLI_WATCH_H_
