// Sends nothing and says what it would have sent.
#ifndef STAGECRAFT_RUNTIME_OUTBOX_DRY_CHANNEL_H_
#define STAGECRAFT_RUNTIME_OUTBOX_DRY_CHANNEL_H_

#include <functional>
#include <string>
#include <utility>

#include "runtime/outbox/channel.h"

namespace stagecraft::runtime {

class DryChannel final : public Channel {
 public:
  // `log` gets one line for each message; on any thread.
  explicit DryChannel(std::function<void(const std::string& line)> log) : log_(std::move(log)) {}

  SendResult Send(const Outgoing& message) override;
  void Stop() override {}

 private:
  const std::function<void(const std::string& line)> log_;
};

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_OUTBOX_DRY_CHANNEL_H_
