// The simulated way out: for tests.
#ifndef STAGECRAFT_RUNTIME_OUTBOX_SIMULATED_H_
#define STAGECRAFT_RUNTIME_OUTBOX_SIMULATED_H_

#include <functional>
#include <mutex>
#include <utility>
#include <vector>

#include "runtime/outbox/channel.h"

namespace stagecraft::runtime {

// Keeps what it was given, and answers as it is told.
class SimulatedChannel final : public Channel {
 public:
  // Asked for each message, one at a time. Empty: everything is sent.
  using Answer = std::function<SendResult(const Outgoing&)>;
  explicit SimulatedChannel(Answer answer = {}) : answer_(std::move(answer)) {}

  SendResult Send(const Outgoing& message) override {
    const std::lock_guard lock(mutex_);
    if (stopped_) return {SendEnd::kCut, {}, {}};
    given_.push_back(message);
    return answer_ ? answer_(message) : SendResult();
  }
  void Stop() override {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }

  std::vector<Outgoing> given() const {
    const std::lock_guard lock(mutex_);
    return given_;
  }

 private:
  mutable std::mutex mutex_;
  const Answer answer_;
  std::vector<Outgoing> given_;
  bool stopped_ = false;
};

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_OUTBOX_SIMULATED_H_
