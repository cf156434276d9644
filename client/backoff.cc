#include "client/backoff.h"

#include <algorithm>

namespace stagecraft::client {
namespace {

using std::chrono::milliseconds;

// Some round trips and commits.
constexpr milliseconds kFirst{100};
// A server that restarts is back within seconds; more would only add to the time in which nothing happens.
constexpr milliseconds kMax{5'000};

}  // namespace

Backoff::Backoff() : random_(std::random_device()()), next_(kFirst) {}

milliseconds Backoff::Next(std::optional<milliseconds> at_least) {
  const milliseconds wait(std::uniform_int_distribution<milliseconds::rep>(next_.count() / 2, next_.count())(random_));
  next_ = std::min(next_ * 2, kMax);
  if (!at_least) return wait;
  // On top of what was asked for, so that not all come at its end.
  return std::max(wait, *at_least + wait / 4);
}

void Backoff::Reset() { next_ = kFirst; }

}  // namespace stagecraft::client
