// The world outside the engine, each piece behind an interface with a simulated twin, so that the whole engine can run in
// one thread under a seed (architecture.md rule 3).
#ifndef STAGECRAFT_RUNTIME_ENGINE_WORLD_H_
#define STAGECRAFT_RUNTIME_ENGINE_WORLD_H_

#include <cstdint>

#include "runtime/model/effect.h"

namespace stagecraft::runtime {

// The one clock. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Micros Now() const = 0;
};

// Used for ids that the engine makes itself, never for decisions.
class Random {
 public:
  virtual ~Random() = default;
  virtual std::uint64_t Next() = 0;
};

// Where notifications go once they are durable. In the application they are listed by NotificationService; other channels
// come with the deliveries. Called on the engine's thread after the commit; must not block.
class Channel {
 public:
  virtual ~Channel() = default;
  virtual void Deliver(const Notification& notification) = 0;
};

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_ENGINE_WORLD_H_
