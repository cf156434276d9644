#include "runtime/engine/world.h"

#include <chrono>

namespace stagecraft::runtime {

Micros SystemClock::Now() const {
  return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

std::uint64_t SystemRandom::Next() {
  const std::lock_guard lock(mutex_);
  return std::uint64_t{device_()} << 32 | device_();
}

}  // namespace stagecraft::runtime
