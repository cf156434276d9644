// Sends what the engine has to send, on threads of its own, off the engine's: nothing before its record is durable, and what came of it
// goes back into the journal. At least once: what was on its way in a crash is sent again, with the same key.
#ifndef STAGECRAFT_RUNTIME_OUTBOX_DISPATCHER_H_
#define STAGECRAFT_RUNTIME_OUTBOX_DISPATCHER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "runtime/engine/engine.h"
#include "runtime/outbox/outbox.h"

namespace stagecraft::runtime {

// What an operator should know, in one line.
using OutboxLog = std::function<void(const std::string& line)>;

struct DispatcherOptions {
  OutboxOptions outbox;
  std::uint32_t concurrency = 16;  // deliveries on their way at the same time, each on a thread
  OutboxLog warn;                  // what was given up, and destinations that fail; called on the dispatcher's threads
};

class Dispatcher {
 public:
  // Starts. All references must outlive the dispatcher. One engine has at most one.
  static std::unique_ptr<Dispatcher> Start(Engine& engine, Channel& channel, const Clock& clock, Random& random, DispatcherOptions options);
  // Stops the channel, records what came of what was on its way, ends its threads.
  virtual ~Dispatcher() = default;
};

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_OUTBOX_DISPATCHER_H_
