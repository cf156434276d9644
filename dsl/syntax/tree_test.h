// Tests of a script. Part of tree.h.
#ifndef STAGECRAFT_DSL_SYNTAX_TREE_TEST_H_
#define STAGECRAFT_DSL_SYNTAX_TREE_TEST_H_

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "dsl/syntax/tree_action.h"

namespace stagecraft::syntax {

// `lifecycle MQL`, `company employees 100`, `email "x@acme.example"`, `in "Going cold"`, `{…}` of a table's column in place of a value.
struct Fact {
  Phrase phrase;
  bool in_list = false;  // phrase is the list's name
};

struct GivenStep {
  // `given a contact [with FACT, FACT …]`: what is so from now on, without a rule firing. Several add up.
  struct ContactFacts {
    std::vector<Fact> facts;
  };
  // `given it is 2026-03-27 17:00`: the virtual clock; before anything else. The time defaults to 09:00.
  struct Clock {
    Term date;
    std::optional<Term> time;
  };
  // `given page viewed "/pricing", 3 times, 2 days ago`: it happened, and no rule fired.
  struct Happened {
    Phrase event;
    std::vector<Fact> fields;
    std::optional<Term> times;
    std::optional<Duration> ago;
  };
  std::variant<ContactFacts, Clock, Happened> node;
};

// `when call no answer, 4 times, 1 day apart`, `when form "Demo" submitted`, `when "webinar attended" with minutes 30, topic "x"`,
// `when lifecycle becomes SQL`, `when owner is cleared`, `when rule "Reset" is started`.
struct WhenStep {
  enum class Kind : std::uint8_t { kEvent, kBecomes, kCleared, kRuleStarted };
  Kind kind = Kind::kEvent;
  Phrase phrase;              // the event; the property; the rule's name
  Phrase value;               // kBecomes
  std::vector<Fact> fields;   // kEvent: `with minutes 30`
  std::optional<Term> times;  // a whole number
  std::optional<Duration> apart;
};

// `wait 3 days`, `wait 4 business hours`, `wait until 2026-03-29 10:00`, `wait until Monday at 09:00`
struct TestWaitStep {
  std::optional<Duration> duration;
  std::optional<Term> date;
  std::optional<Days> days;
  std::optional<Term> at;
};

// One thing that is expected; `expect A and B` is two.
struct Expectation {
  enum class Kind : std::uint8_t {
    kCondition,     // `status "New Lead"`, `score >= 35`, `owner in "Inside Sales"`, `in "Going cold"`, `lifecycle is MQL`
    kTask,          // `task "Call" for owner due in 4 business hours`
    kNotification,  // `notification "SLA" to manager of owner`
    kEmail,         // `email "intro"`
    kWebhook,       // `webhook "crm"`
    kDeal,          // `deal "Acme" at "Qualified"`
    kSequence,      // `in sequence "Chase"`: running now
    kRule,          // `rule "Hand-off" fired`, `rule "Hand-off" fired 2 times`
    kSla,           // `SLA missed`, `SLA met`, `SLA running`; of `rule "X"` when named: `SLA "X" missed`
    kPromise,       // `broken promise`
  };
  Kind kind = Kind::kCondition;
  bool negated = false;         // `no task "Call"`, `not in sequence "Chase"`, `rule "X" not fired`
  ConditionPtr condition;       // kCondition
  std::optional<Term> because;  // kCondition: the reason of the change that made it so
  std::optional<Term> text;     // the task's title, the notification's text, the template, the webhook, the deal, the sequence, the rule
  std::optional<Recipient> recipient;
  std::optional<Duration> due_in;
  std::optional<Term> stage;  // kDeal
  std::optional<Term> times;  // how many of them; absent: at least one
  std::optional<Term> state;  // kSla: a word
  Span span;
};
struct ExpectStep {
  std::vector<Expectation> expectations;
};

struct TestStep {
  std::variant<GivenStep, WhenStep, TestWaitStep, ExpectStep> node;
  Span span;
};

// `for each row of size, points` and `row 100, 15`
struct TestTable {
  std::vector<Term> columns;
  struct Row {
    std::vector<Term> cells;
    Span span;
  };
  std::vector<Row> rows;
};

struct TestDecl {
  Term name;
  std::optional<TestTable> table;
  std::vector<TestStep> steps;
};

}  // namespace stagecraft::syntax

#endif  // STAGECRAFT_DSL_SYNTAX_TREE_TEST_H_
