// What a rule breaks, another one of the same cascade may mend before the record ends (semantics.md, Promises).
#ifndef STAGECRAFT_DSL_SEMA_ANALYSIS_MENDING_H_
#define STAGECRAFT_DSL_SEMA_ANALYSIS_MENDING_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "dsl/sema/analysis/facts.h"

namespace stagecraft::sema {

// A rule that has just broken a promise.
struct Breach {
  const Condition* broken = nullptr;
  const Reads* reads = nullptr;  // what the promise reads
  const Write* write = nullptr;
  std::size_t match = 0;            // of the rule's trigger
  const Query* query = nullptr;     // all states in which that happens
  const Changes* before = nullptr;  // the state in which the rule fired
  const Changes* after = nullptr;   // the state that it has left
};

struct Mending {
  enum class Outcome : std::uint8_t { kNever, kMaybe, kSurely } outcome = Outcome::kNever;
  std::uint32_t rule = 0;  // that may
};

Mending MendingOf(const Facts& facts, const Breach& breach);

}  // namespace stagecraft::sema

#endif  // STAGECRAFT_DSL_SEMA_ANALYSIS_MENDING_H_
