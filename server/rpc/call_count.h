// How many calls are under way.
#ifndef STAGECRAFT_SERVER_RPC_CALL_COUNT_H_
#define STAGECRAFT_SERVER_RPC_CALL_COUNT_H_

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <optional>

namespace stagecraft::server {

// Thread-safe.
class CallCount {
 public:
  void Add() {
    const std::lock_guard lock(mutex_);
    ++count_;
  }
  void Remove() {
    const std::lock_guard lock(mutex_);
    if (--count_ == 0) none_.notify_all();
  }
  // At most for `patience`; absent: for ever.
  void WaitUntilNone(std::optional<std::chrono::milliseconds> patience) {
    std::unique_lock lock(mutex_);
    const auto is_none = [this] { return count_ == 0; };
    if (patience) {
      none_.wait_for(lock, *patience, is_none);
    } else {
      none_.wait(lock, is_none);
    }
  }

 private:
  std::mutex mutex_;  // guards what follows
  std::condition_variable none_;
  std::size_t count_ = 0;
};

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_RPC_CALL_COUNT_H_
