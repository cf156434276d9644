// The engine and the reference, side by side.
#ifndef STAGECRAFT_TESTS_REFERENCE_COMPARE_H_
#define STAGECRAFT_TESTS_REFERENCE_COMPARE_H_

#include <string>
#include <vector>

#include "tests/reference/history.h"

namespace stagecraft::reference {

struct Comparison {
  enum class Result { kSame, kDifferent, kNoScript, kUnsupported, kTooLong } result = Result::kSame;
  std::size_t step = 0;    // behind which they differ
  std::string difference;  // both sides; or what the reference does not know, or how long it would take
  std::size_t records = 0;
  std::size_t failed = 0;  // events whose cascade did not end (E4)
  std::size_t deployed = 0;
  std::size_t repeated = 0;            // events whose id was there already (E5)
  std::vector<std::string> told = {};  // all that records said, as long as the two agreed
};

// Plays the history on both and compares after each step.
Comparison Compare(const History& history);

// The shortest history that was found to differ still, for one that does.
History Shrink(History history);

std::string Describe(const History& history);

}  // namespace stagecraft::reference

#endif  // STAGECRAFT_TESTS_REFERENCE_COMPARE_H_
