// Rules and sequences: what sets them off, and what they do. Part of tree.h.
#ifndef STAGECRAFT_DSL_SYNTAX_TREE_RULE_H_
#define STAGECRAFT_DSL_SYNTAX_TREE_RULE_H_

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "dsl/syntax/tree_action.h"

namespace stagecraft::syntax {

// `on SQL`, `on status Connected`, `on email sent`, `after meeting ends`, `on "webinar attended" with minutes > 20`,
// `on contract_end at 09:00`
struct OnTrigger {
  Phrase phrase;
  ConditionPtr with;
  std::optional<Term> at;  // kClock
};
// `on MQL -> SQL`, `on status New -> Connected`
struct ChangeTrigger {
  Phrase from;
  Phrase to;
};
// `on change of owner`
struct AnyChangeTrigger {
  Phrase property;
};
// `on joining "List"`, `on leaving "List"`
struct ListTrigger {
  Term list;
  bool joining = true;
};
// `when attempts reaches 4`
struct TurnsTrueTrigger {
  ConditionPtr condition;
};
// `after 3 days in status New`
struct StayTrigger {
  Duration duration;
  Phrase state;
};
// `after 14 days without activity`
struct WithoutTrigger {
  Duration duration;
  Phrase event;
  ConditionPtr with;
};
// `2 hours after meeting ends`, `1 day before meeting starts`, `30 days before contract_end at 09:00`: an event or a date, only the
// names can tell.
struct TimedTrigger {
  Duration duration;
  bool before = false;
  Phrase phrase;
  ConditionPtr with;
  std::optional<Term> at;  // kClock
};
// `every Monday at 09:00 for each contact in "Going cold"`
struct ScheduleTrigger {
  Days days;
  Term at;                   // kClock
  std::optional<Term> list;  // absent: `for each contact`
};
// `within 1 business day of SQL expect call or email sent otherwise …`: the rule's actions are those of `otherwise`.
struct SlaTrigger {
  Duration duration;
  std::variant<OnTrigger, ChangeTrigger, ListTrigger> of;
  Span of_span;
  ConditionPtr expected;
};
// `by hand`
struct ByHandTrigger {};

struct Trigger {
  std::variant<OnTrigger, ChangeTrigger, AnyChangeTrigger, ListTrigger, TurnsTrueTrigger, StayTrigger, WithoutTrigger, TimedTrigger,
               ScheduleTrigger, SlaTrigger, ByHandTrigger>
      node;
  Span span;
};

// What stands between the trigger and the first action, in the order of the script.
struct Modifier {
  enum class Kind : std::uint8_t {
    kWhen,            // condition
    kUntil,           // condition
    kOncePerContact,  // `once per contact`
    kAtMostOncePer,   // duration
    kEveryTime,       // `every time`
    kDisabled,        // `disabled`
    kMigrate,         // `migrate`
  };
  Kind kind = Kind::kWhen;
  ConditionPtr condition;
  std::optional<Duration> duration;
  Span span;
};

struct RuleDecl {
  std::optional<Term> name;  // absent in the short form
  Trigger trigger;
  std::vector<Modifier> modifiers;
  Block actions;
};

// `sequence "Chase" stop when … steps … finally …`
struct SequenceDecl {
  Term name;
  std::vector<Modifier> modifiers;  // those that stand before the first step
  ConditionPtr stop_when;
  Block steps;
  std::optional<Block> finally;
  Span finally_span;
};

}  // namespace stagecraft::syntax

#endif  // STAGECRAFT_DSL_SYNTAX_TREE_RULE_H_
