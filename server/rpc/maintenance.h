// Whether the server is under maintenance: then it answers what is asked, and refuses what would change something.
#ifndef STAGECRAFT_SERVER_RPC_MAINTENANCE_H_
#define STAGECRAFT_SERVER_RPC_MAINTENANCE_H_

#include <atomic>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "runtime/model/status.h"

namespace stagecraft::server {

// Thread-safe.
class Maintenance {
 public:
  // `note`: for callers, may be empty; nothing ends the maintenance.
  void Set(std::optional<std::string> note) {
    const std::lock_guard lock(mutex_);
    note_ = std::move(note);
    is_on_.store(note_.has_value(), std::memory_order_release);
  }
  std::optional<std::string> note() const {
    const std::lock_guard lock(mutex_);
    return note_;
  }
  bool is_on() const { return is_on_.load(std::memory_order_acquire); }

  // UNAVAILABLE (UNDER_MAINTENANCE) while it is.
  runtime::Status Check() const {
    if (!is_on()) return {};
    const auto said = note();
    return {runtime::StatusCode::kUnavailable, runtime::reasons::kUnderMaintenance,
            "the server is under maintenance, and changes nothing" + (said && !said->empty() ? ": " + *said : "; try again later")};
  }

 private:
  std::atomic<bool> is_on_ = false;
  mutable std::mutex mutex_;
  std::optional<std::string> note_;
};

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_RPC_MAINTENANCE_H_
