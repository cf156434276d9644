// What rules and sequences do. Part of tree.h.
#ifndef STAGECRAFT_DSL_SYNTAX_TREE_ACTION_H_
#define STAGECRAFT_DSL_SYNTAX_TREE_ACTION_H_

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "dsl/syntax/tree_condition.h"

namespace stagecraft::syntax {

// `{name}` inside a text is found by the checker; the tree keeps the text whole.

enum class ArithmeticOp : std::uint8_t { kPlus, kMinus, kTimes, kDividedBy };
// The rest of a computed value: `contract_end + 1 year`, `budget * 2 - 10`. `*` and `/` bind more closely; no parentheses.
struct ArithmeticStep {
  ArithmeticOp op = ArithmeticOp::kPlus;
  Span op_span;
  std::variant<Phrase, Duration> operand;
};

// `set status "New Lead" because "…"`, `set lifecycle back to MQL`. `phrase` holds the property and then the value
// (`set status New`): where one ends and the other begins, only the names can tell. After `back to`, `value` is apart.
struct SetAction {
  Phrase phrase;
  std::vector<ArithmeticStep> rest;
  bool back_to = false;
  std::optional<Phrase> value;
  std::optional<Term> because;
};
struct ClearAction {
  Phrase property;
};
// `copy P to Q`
struct CopyAction {
  Phrase from;
  Phrase to;
};
// `add 5 to P`, `subtract 5 from P`
struct AddAction {
  bool subtract = false;
  Phrase amount;
  Phrase property;
};
// `append X to P`
struct AppendAction {
  Phrase value;
  Phrase property;
};
// `owner`, `manager of owner`, `"Inside Sales"`, `"aya@acme.example"`
struct Recipient {
  bool manager_of = false;
  Phrase who;
  Span span;
};
// `assign owner from "Inside Sales" by rotation keeping account owner`, `assign owner to "aya@acme.example"`
struct AssignAction {
  Phrase property;
  std::optional<Term> team;
  std::optional<Phrase> method;
  std::optional<Phrase> keeping;
  std::optional<Phrase> to;
};
// `notify owner "…"`; without a text the engine says which rule it was
struct NotifyAction {
  Recipient recipient;
  std::optional<Term> text;
};
// `create task "Call {name}" for owner due in 4 business hours priority high remind 1 hour before`
struct CreateTaskAction {
  Term title;
  std::optional<Recipient> assignee;
  std::optional<Duration> due_in;
  std::optional<Term> priority;
  bool remind = false;
  std::optional<Duration> remind_before;  // absent: when it is due
  Span remind_span;
};
// `create deal "{company name}" in pipeline Sales at "Qualified" amount budget`
struct CreateDealAction {
  Term title;
  Term pipeline;
  std::optional<Term> stage;  // absent: the pipeline's first
  std::optional<Phrase> amount;
};
// `move deal to "Proposal"`, `move deal in pipeline Sales to Won`
struct MoveDealAction {
  std::optional<Term> pipeline;  // absent: the one that has the stage
  Term stage;
};
struct AddToListAction {
  Term list;
};
struct RemoveFromListAction {
  Term list;
};
// `send email "intro"`
struct SendEmailAction {
  Term template_name;
};
// `call webhook "crm" with name, email, score`
struct CallWebhookAction {
  Term name;
  std::vector<Phrase> with;
};
// `start sequence "Chase"`, `enrol in "Chase"`
struct EnrolAction {
  Term sequence;
};
// `leave "Chase"`, `stop sequence "Chase"`
struct LeaveAction {
  Term sequence;
};

struct Action;
using Block = std::vector<Action>;

// `otherwise ACTION`, `otherwise do … end`.
struct Otherwise {
  Block actions;
  bool is_block = false;  // `do … end`
  Span span;
};

// `wait 2 days`, `wait until email opened for at most 3 days otherwise …`, `wait until contract_end`, `wait until Monday at 09:00`.
struct WaitAction {
  std::optional<Duration> duration;
  ConditionPtr until;
  std::optional<Days> days;
  std::optional<Term> at;       // kClock
  std::optional<Phrase> since;  // of the whole wait: `wait until call connected or email replied since SQL` says it at the last event
  std::optional<Duration> at_most;
  std::optional<Otherwise> otherwise;
};

// `if … else if … else … end`
struct IfAction {
  struct Branch {
    ConditionPtr condition;
    Block actions;
    Span span;  // from `if` or `else if` to the condition's end
  };
  std::vector<Branch> branches;
  std::optional<Block> otherwise;
  Span else_span;
};

// `split 50% … 50% … end`
struct SplitAction {
  struct Part {
    Term percent;
    Block actions;
  };
  std::vector<Part> parts;
};

struct Action {
  std::variant<SetAction, ClearAction, CopyAction, AddAction, AppendAction, AssignAction, NotifyAction, CreateTaskAction, CreateDealAction,
               MoveDealAction, AddToListAction, RemoveFromListAction, SendEmailAction, CallWebhookAction, EnrolAction, LeaveAction,
               WaitAction, IfAction, SplitAction>
      node;
  Span span;
};

}  // namespace stagecraft::syntax

#endif  // STAGECRAFT_DSL_SYNTAX_TREE_ACTION_H_
