// The tests of a script after the checker. Each row of a table is a test of its own. Values are in the form in which events bring
// them ("100", "yes", "New Lead", "2026-01-05"), so that tests say them as the outside world does.
#ifndef STAGECRAFT_DSL_SEMA_TEST_CHECKED_H_
#define STAGECRAFT_DSL_SEMA_TEST_CHECKED_H_

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "dsl/sema/checked.h"
#include "dsl/syntax/tree_test.h"

namespace stagecraft::sema {

// A property or a field of an event, and its value; nothing: not set.
struct TestValue {
  std::string name;
  std::optional<std::string> value;
};

// A moment in the workspace's time zone.
struct TestMoment {
  std::int32_t days = 0;  // since 1970-01-01
  std::int32_t minute = 0;
};

struct TestEvent {
  std::string event;
  std::vector<TestValue> fields;
  std::vector<TestValue> changes;  // of properties, by a person
  // Of an event about a task: it is the contact's oldest open one whose title begins so; of `task reopened`, the newest completed one.
  std::optional<std::string> task;
  std::uint32_t times = 1;
  Duration apart;
};

// `given it is …`
struct TestClock {
  TestMoment at;
};
// `given a contact with …`; membership of a list by hand is a value of its hidden property.
struct TestFacts {
  std::vector<TestValue> values;
};
// `given page viewed "/pricing", 3 times, 2 days ago`
struct TestHappened {
  TestEvent event;
  Duration ago;
};
// `when …`
struct TestHappens {
  TestEvent event;
};
// `given "aya@acme.example" is away`, `when "aya@acme.example" is back`
struct TestUser {
  enum class State : std::uint8_t { kAway, kBack, kDeactivated, kActive } state = State::kAway;
  std::string user;
};
// `wait 3 days`, `wait until Monday at 09:00`, `wait until 2026-03-29 10:00`: one of them.
struct TestWait {
  std::optional<Duration> duration;
  std::optional<Recurrence> next;
  std::optional<TestMoment> until;
};

struct TestRecipient {
  Recipient::Kind kind = Recipient::Kind::kProperty;
  std::string name;  // of the property, the team or the user
};

enum class SlaState : std::uint8_t { kRunning, kMet, kMissed };

struct TestExpectation {
  using Kind = syntax::Expectation::Kind;
  Kind kind = Kind::kCondition;
  bool negated = false;
  Condition condition;                     // kCondition
  std::uint32_t condition_number = 0;      // kCondition: counts them through the whole TestSet
  std::string property;                    // kCondition with `because`: whose change it was
  std::optional<std::string> because;      // kCondition: the reason of that change
  std::optional<std::string> text;         // what the task, the notification … begins with; a rule, sequence or template is meant whole
  std::optional<TestRecipient> recipient;  // kTask, kNotification
  std::optional<Duration> due_in;          // kTask
  std::optional<std::string> stage;        // kDeal
  std::optional<std::uint32_t> times;      // that many, no more and no fewer; absent: at least one
  SlaState state = SlaState::kRunning;     // kSla
  std::string written;                     // as in the script, on one line, with the row's cells
  Span span;
};
struct TestExpects {
  std::vector<TestExpectation> expectations;
};

struct TestStep {
  std::variant<TestClock, TestFacts, TestHappened, TestHappens, TestUser, TestWait, TestExpects> node;
  Span span;
};

struct Test {
  std::string name;
  std::optional<std::uint32_t> row;  // of its table, from 0 on
  std::vector<TestStep> steps;
  Span span;  // the whole declaration
  Span name_span;
};

struct TestSet {
  std::vector<Test> tests;       // in the order of the scripts
  std::uint32_t conditions = 0;  // how many expectations are conditions
};

}  // namespace stagecraft::sema

#endif  // STAGECRAFT_DSL_SEMA_TEST_CHECKED_H_
