// A script and what happens to it.
#ifndef STAGECRAFT_TESTS_REFERENCE_HISTORY_H_
#define STAGECRAFT_TESTS_REFERENCE_HISTORY_H_

#include <cstdint>
#include <iterator>
#include <vector>

#include "tests/support/random_history.h"

namespace stagecraft::reference {

struct History {
  runtime::RandomScript script;
  std::vector<runtime::RandomStep> steps;
  runtime::Micros start = 0;
  bool outbox = false;  // what failed and what leaves the house is compared as well
};

// 2026-10-01 09:00 UTC; before the clocks of Berlin go back; before those of New York go forward; before the end of a year; before a 29
// February.
inline constexpr runtime::Micros kStarts[] = {1'790'845'200'000'000, 1'792'845'000'000'000, 1'804'852'800'000'000, 1'830'157'200'000'000,
                                              1'835'254'800'000'000};
// When the history of the seed begins: an ordinary day, or one before the clocks of some zone move, a year's end or a 29 February.
inline runtime::Micros StartOf(std::uint64_t seed) { return kStarts[seed % std::size(kStarts)]; }

}  // namespace stagecraft::reference

#endif  // STAGECRAFT_TESTS_REFERENCE_HISTORY_H_
