// The world outside the engine, each piece behind an interface with a simulated twin, so that the whole engine can run in
// one thread under a seed (architecture.md rule 3).
#ifndef STAGECRAFT_RUNTIME_ENGINE_WORLD_H_
#define STAGECRAFT_RUNTIME_ENGINE_WORLD_H_

#include <cstdint>
#include <mutex>
#include <random>

#include "runtime/model/event.h"

namespace stagecraft::runtime {

// The one clock. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Micros Now() const = 0;
};

// Used to seed hash tables, so that callers cannot choose keys that collide, and to spread what is sent again over time; never for
// decisions. Thread-safe.
class Random {
 public:
  virtual ~Random() = default;
  virtual std::uint64_t Next() = 0;
};

// The real ones; their simulated twins are in simulated.h.
class SystemClock final : public Clock {
 public:
  Micros Now() const override;
};

class SystemRandom final : public Random {
 public:
  std::uint64_t Next() override;

 private:
  std::mutex mutex_;
  std::random_device device_;
};

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_ENGINE_WORLD_H_
