// The simulated world: what makes a run of the engine the same every time. For tests and for offline runs.
#ifndef STAGECRAFT_RUNTIME_ENGINE_SIMULATED_H_
#define STAGECRAFT_RUNTIME_ENGINE_SIMULATED_H_

#include <atomic>

#include "runtime/engine/world.h"

namespace stagecraft::runtime {

// Stands still until it is told. Thread-safe. An engine with a thread of its own notices a new time with the next thing that
// it is given to do (Engine::Settle will do).
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Micros now) : now_(now) {}

  Micros Now() const override { return now_; }
  void Set(Micros now) { now_ = now; }
  void Advance(Micros by) { now_ += by; }

 private:
  std::atomic<Micros> now_;
};

// SplitMix64. Thread-safe.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : state_(seed) {}

  std::uint64_t Next() override {
    std::uint64_t z = state_.fetch_add(0x9E37'79B9'7F4A'7C15) + 0x9E37'79B9'7F4A'7C15;
    z = (z ^ (z >> 30)) * 0xBF58'476D'1CE4'E5B9;
    z = (z ^ (z >> 27)) * 0x94D0'49BB'1331'11EB;
    return z ^ (z >> 31);
  }

 private:
  std::atomic<std::uint64_t> state_;
};

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_ENGINE_SIMULATED_H_
