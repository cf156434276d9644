// The steps of histories (README.md), whoever plays them.
#ifndef STAGECRAFT_TESTS_LANGUAGE_STEPS_H_
#define STAGECRAFT_TESTS_LANGUAGE_STEPS_H_

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/ir/program.h"
#include "runtime/model/contact.h"
#include "runtime/model/event.h"

namespace stagecraft::tests {

inline constexpr runtime::Micros kHistoryStart = 1'790'845'200'000'000;  // 2026-10-01 09:00 UTC

// `CONTACT EVENT | FIELD: VALUE | PROPERTY = VALUE | at TIME | 3 hours late | as ID`. Points into the step.
struct EventStep {
  std::string_view contact;
  std::string_view type;
  std::string_view id;  // empty: nobody said
  runtime::Micros occurred_at = 0;
  std::vector<runtime::NamedInput> fields;
  std::vector<runtime::NamedInput> properties;
};

std::string_view TrimBlanks(std::string_view text);
std::vector<std::string_view> SplitAt(std::string_view text, char separator);

// These throw std::invalid_argument for what is none.
runtime::Micros ReadDuration(std::string_view text);                          // "2 hours"
runtime::Micros ReadTime(const ir::Program& program, std::string_view text);  // "2026-10-01 09:00", in the script's zone
EventStep ReadEvent(const ir::Program& program, runtime::Micros now, std::string_view step);

std::string ShowTime(const ir::Program& program, runtime::Micros at);
// What `show CONTACT NAME, NAME` gives for `names`. `contact`: may be null.
std::string ShowContact(const ir::Program& program, const runtime::Contact* contact, std::string_view names);

// Goes through the steps of a history and gives them again, each with the lines below it that `play` gives. Throws std::invalid_argument
// for what is no step.
std::string PlaySteps(const std::string& steps, const std::function<std::vector<std::string>(std::string_view step)>& play);

}  // namespace stagecraft::tests

#endif  // STAGECRAFT_TESTS_LANGUAGE_STEPS_H_
