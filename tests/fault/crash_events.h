// The events of the crash tests, by number: the process that is killed and the test that looks afterwards make the same ones.
#ifndef STAGECRAFT_TESTS_FAULT_CRASH_EVENTS_H_
#define STAGECRAFT_TESTS_FAULT_CRASH_EVENTS_H_

#include <span>
#include <string>
#include <vector>

#include "runtime/model/event.h"

namespace stagecraft::runtime::tests {

inline constexpr Micros kCrashStart = 1'767'225'600'000'000;

inline constexpr char kCrashScript[] = R"(
team "Sales" "aya@acme.example", "ben@acme.example"
counter mails of email sent within 30 days
score
  +5 when mails >= 2
on SQL set status New
on SQL assign owner from "Sales" by rotation
on SQL create task "Call" for owner
on email sent when status is New set status Open
after 3 days in status Open notify owner "still open"
)";

// Events `first` to `first + count - 1`, over 50 contacts, which they create.
class CrashEvents {
 public:
  CrashEvents(int first, int count) {
    ids_.reserve(static_cast<std::size_t>(count));
    contacts_.reserve(static_cast<std::size_t>(count));
    for (int number = first; number < first + count; ++number) {
      EventInput input;
      input.id = ids_.emplace_back("event-" + std::to_string(number));
      input.contact = contacts_.emplace_back("contact-" + std::to_string(number * 7 % 50));
      input.type = "email sent";
      input.occurred_at = kCrashStart;
      input.create = CreateMode::kCreateIfMissing;
      if (number % 3 == 0) input.properties = {&becomes_sql_, 1};
      inputs_.push_back(input);
    }
  }
  CrashEvents(const CrashEvents&) = delete;
  CrashEvents& operator=(const CrashEvents&) = delete;

  std::span<const EventInput> inputs() const { return inputs_; }

 private:
  const NamedInput becomes_sql_{"lifecycle", std::string_view("SQL")};
  std::vector<std::string> ids_;
  std::vector<std::string> contacts_;
  std::vector<EventInput> inputs_;
};

}  // namespace stagecraft::runtime::tests

#endif  // STAGECRAFT_TESTS_FAULT_CRASH_EVENTS_H_
