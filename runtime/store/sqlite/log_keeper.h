// Keeps the journal's write-ahead log short without holding up commits: a thread of its own moves the log into the database
// file, most of it beside the commits and only the remainder while they wait. Included by sqlite/*.cc only.
#ifndef STAGECRAFT_RUNTIME_STORE_SQLITE_LOG_KEEPER_H_
#define STAGECRAFT_RUNTIME_STORE_SQLITE_LOG_KEEPER_H_

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <string>
#include <thread>

#include "runtime/model/status.h"

namespace stagecraft::runtime {

class LogKeeper {
 public:
  // `commits` is held by whoever commits to the database at `path`.
  LogKeeper(std::string path, std::mutex& commits);
  ~LogKeeper();
  LogKeeper(const LogKeeper&) = delete;
  LogKeeper& operator=(const LogKeeper&) = delete;

  // To be told of every commit.
  void Committed(std::size_t bytes);
  // Not ok when the keeper has failed: with more commits the log would grow for ever.
  Status status() const;

 private:
  void Run();
  Status MoveLog();

  const std::string path_;
  std::mutex& commits_;

  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable wake_;
  std::size_t waiting_bytes_ = 0;
  bool stopping_ = false;
  Status failure_;

  std::thread thread_;
};

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_STORE_SQLITE_LOG_KEEPER_H_
