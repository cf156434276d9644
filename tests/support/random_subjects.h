// What random histories say of one subject each (Subject).
#ifndef STAGECRAFT_TESTS_SUPPORT_RANDOM_SUBJECTS_H_
#define STAGECRAFT_TESTS_SUPPORT_RANDOM_SUBJECTS_H_

#include <string>
#include <string_view>

#include "tests/support/random_history.h"

namespace stagecraft::runtime {

inline constexpr std::string_view kRandomContacts[] = {"ana", "ben", "eva"};

// What a script may say of the subject.
struct RandomParts {
  std::string_view vocabulary;
  std::span<const std::string_view> triggers;
  std::span<const std::string_view> guards;
  std::span<const std::string_view> actions;
};
const RandomParts& PartsOf(Subject subject);

std::string DescribeStanding(const RandomStanding& standing);

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_TESTS_SUPPORT_RANDOM_SUBJECTS_H_
