// The events of the crash tests, by number: the process that is killed and the test that looks afterwards make the same ones.
#ifndef STAGECRAFT_TESTS_FAULT_CRASH_EVENTS_H_
#define STAGECRAFT_TESTS_FAULT_CRASH_EVENTS_H_

#include <span>
#include <string>
#include <vector>

#include "runtime/model/event.h"

namespace stagecraft::runtime::tests {

// The own time of the first event; the clock is far behind all of them, so that timers fire as the events of their contact pass them.
inline constexpr Micros kCrashStart = 1'767'225'600'000'000;
inline constexpr Micros kCrashMinute = 60'000'000;
inline constexpr Micros kCrashNow = kCrashStart + 20 * 365 * 24 * 60 * kCrashMinute;

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
after 2 days without email sent notify owner "silent"
template "bump" subject "Again" body "Hello {name}"
sequence "Chase"
  stop when call
  wait 5 hours
  create task "Chase {name}" for owner
  wait until email clicked for at most 2 days
    otherwise send email "bump"
  wait 300 days
  finally set status "Bad Timing"
on SQL start sequence "Chase"
within 1 day of SQL expect call otherwise notify owner "nobody called"
rule "each mail" on email sent every time wait 20 hours notify owner "a mail of yesterday"
rule "one at a time" on email sent wait 2 days create task "Look" for owner
)";

// Events `first` to `first + count - 1`, over 50 contacts, which they create; ten minutes lie between two of them.
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
      input.occurred_at = kCrashStart + number * 10 * kCrashMinute;
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
