// What could not be done, and what leaves the house: lists that stay.
#ifndef STAGECRAFT_TESTS_REFERENCE_OUTBOX_H_
#define STAGECRAFT_TESTS_REFERENCE_OUTBOX_H_

#include <optional>
#include <string>

#include "runtime/model/dispatch.h"
#include "tests/reference/decision.h"
#include "tests/reference/resolve.h"

namespace stagecraft::reference {

// An action, or an event whose cascade did not end, with all that it said.
struct Failure {
  std::string contact;
  Failed action;
  std::optional<Incoming> event;
  std::optional<Micros> tried_at;
  bool open = true;
};

// One way out of the house of a delivery or a notification.
struct Dispatch {
  std::string what;
  runtime::DispatchState state = runtime::DispatchState::kPending;
  std::uint32_t attempts = 0;
  Micros next_at = 0;
  std::string error;
};

enum class TriedAgain : std::uint8_t { kDone, kFailed, kNoSuchFailure, kCannot };

}  // namespace stagecraft::reference

#endif  // STAGECRAFT_TESTS_REFERENCE_OUTBOX_H_
