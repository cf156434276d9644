// How long to wait before the next try.
#ifndef STAGECRAFT_CLIENT_BACKOFF_H_
#define STAGECRAFT_CLIENT_BACKOFF_H_

#include <chrono>
#include <optional>
#include <random>

namespace stagecraft::client {

// 100 ms, then twice as long each time up to 5 s; of each something between the half and the whole, by chance, so that clients that lost
// the same server do not come back in step. One thread's.
class Backoff {
 public:
  Backoff();

  // The next wait; at least what the server asked for.
  std::chrono::milliseconds Next(std::optional<std::chrono::milliseconds> at_least = std::nullopt);
  // From the beginning again: something went well.
  void Reset();

 private:
  std::mt19937 random_;
  std::chrono::milliseconds next_;
};

}  // namespace stagecraft::client

#endif  // STAGECRAFT_CLIENT_BACKOFF_H_
