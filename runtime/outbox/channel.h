// The way out of the house. What a channel is given is sent at least once: after a crash, or when the answer was lost, the same comes
// once more with the same key.
#ifndef STAGECRAFT_RUNTIME_OUTBOX_CHANNEL_H_
#define STAGECRAFT_RUNTIME_OUTBOX_CHANNEL_H_

#include <optional>
#include <string>

#include "runtime/model/event.h"

namespace stagecraft::runtime {

enum class Medium : std::uint8_t { kEmail, kWebhook, kChat };

struct Outgoing {
  std::string key;  // the same for every attempt, and of no other delivery of any installation
  Medium medium = Medium::kEmail;
  std::string name;       // of the template or the webhook; empty for a notification
  std::string recipient;  // kEmail: the address
  std::string subject;    // kEmail
  std::string text;       // kEmail: plain text; otherwise the JSON to be posted
  Micros created_at = 0;
  std::string trace;  // kWebhook: the `traceparent` to go with it; empty: none
};

enum class SendEnd : std::uint8_t {
  kSent,
  kSentDry,  // only looked at: the server was told not to send
  kRefused,  // it will never be taken: not worth another attempt
  kFailed,   // worth another attempt
  kCut,      // the server is stopping: as if it had not been tried
};

struct SendResult {
  SendEnd end = SendEnd::kSent;
  std::string error;                  // kRefused, kFailed: why, in one line of UTF-8
  std::optional<Micros> retry_after;  // kFailed: how long the receiver asks to be left alone
};

// Thread-safe.
class Channel {
 public:
  virtual ~Channel() = default;
  // Blocks until the receiver has answered, or for a bounded time.
  virtual SendResult Send(const Outgoing& message) = 0;
  // Sends that are under way, and all that come, end soon with kCut.
  virtual void Stop() = 0;
};

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_OUTBOX_CHANNEL_H_
