// Rules and sequences: what sets them off, and what they do.
#ifndef STAGECRAFT_DSL_IR_RULE_H_
#define STAGECRAFT_DSL_IR_RULE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "dsl/ir/place.h"
#include "dsl/ir/test_graph.h"
#include "dsl/ir/value.h"
#include "dsl/sema/priority.h"

namespace stagecraft::ir {

// Months and time: only one of the two is not 0.
struct Duration {
  std::int64_t micros = 0;  // business: microseconds of business time
  std::int32_t months = 0;
  bool business = false;
};

struct Recurrence {
  std::uint8_t days = 0x7F;       // bit 0 Monday … bit 6 Sunday
  bool business_days = false;     // the business days of the calendar, too
  std::int32_t day_of_month = 0;  // 1 … 31, the last day where the month is shorter; 0: by `days`
  std::int32_t minute = 0;        // of the day
};

enum class TriggerKind : std::uint8_t {
  kEvent,      // one of `events` happened
  kBecomes,    // property `slot` moved from outside `mask` into it (and from inside `from_mask`, when there is one)
  kChanges,    // property `slot` changed
  kNodeRises,  // `node` (list, watch) went from 0 to 1
  kNodeFalls,  // `node` (list) went from 1 to 0
  // Joining a list by hand is kBecomes yes of its hidden slot; leaving it is kChanges with the condition that it is unset.
  kStays,       // property `slot` has been in `mask` for `delay` without a break
  kWithout,     // `tracker` has had no event for `delay`, counted from the contact's creation or its last event
  kEventTimed,  // for each of `timings`: `delay` after the event, or before the moment it announces: each event gives a run of its own that
                // begins then. An event of `withdrawals` ends those that have not begun
  kDate,        // `delay` after (`before`: before) the moment of `date`, at `minute` of that day
  kSchedule,    // `recurrence`, while the contact is in the list `node` or `slot` (both kNoList: always)
  kNone,        // a sequence: kEnrol starts it
};
inline constexpr std::uint32_t kNoList = 0xFFFF'FFFF;
inline constexpr std::uint32_t kNoAction = 0xFFFF'FFFF;

struct EventTiming {
  std::uint32_t event = 0;
  Entry condition = kHolds;            // on the event's fields
  std::optional<std::uint32_t> field;  // that announces; absent: the event's own time
};

struct TextPart {
  std::string literal;  // used when there is no operand
  std::optional<Operand> operand;
};
using Template = std::vector<TextPart>;

// One step of a computed value, in postfix order (sema::Computation says what each does). Numbers are in millionths.
struct ComputeStep {
  enum class Op : std::uint8_t {
    kConstant,
    kOperand,
    kOrZero,
    kAdd,
    kSubtract,
    kMultiply,
    kDivide,
    kShift,
    kDaysBetween,
    kToday,
    kNow,
  } op = Op::kConstant;
  std::int64_t constant = 0;
  Operand operand;
  Duration duration;
  bool back = false;
};

// kCopy: a node's whole number is copied in millionths; operand type kDate makes a date of a moment.
// kCompute: none when an operand is not set, when it divides by zero, or beyond the range of its type.
struct ValueExpr {
  enum class Kind : std::uint8_t { kConstant, kCopy, kTemplate, kCompute } kind = Kind::kConstant;
  std::int64_t constant = 0;
  Operand copy;
  std::uint32_t template_index = 0;  // into Program::templates
  std::vector<ComputeStep> steps;    // kCompute
  Type type = Type::kNumber;         // kCompute: of the result
};

enum class RecipientKind : std::uint8_t { kUserProperty, kManagerOfUserProperty, kUser, kTeam };
struct Recipient {
  RecipientKind kind = RecipientKind::kUserProperty;
  std::uint32_t slot = 0;  // kUserProperty, kManagerOfUserProperty
  std::uint32_t team = 0;  // kTeam: every member
  std::string user;        // kUser
};

// A rule's actions are one flat list: what nests in the script jumps here, always forward. A target behind the last action ends the run.
enum class ActionKind : std::uint8_t {
  kSet,
  kClear,
  kAssign,
  kNotify,
  kCreateTask,
  kCreateDeal,
  kSendEmail,
  kCallWebhook,
  kEnrol,   // starts `sequence`
  kLeave,   // ends the contact's runs of `sequence`
  kBranch,  // goes on with the next action when `condition` holds, else with `target`
  kJump,    // goes on with `target`
  kSplit,   // goes on with one of `shares`, by a hash of the contact's id, the rule's key in the layout and the action's number
  kWait,    // `wait`
  kEnd,     // the run ends here
  kMoveDeal,
};
using Priority = sema::Priority;

struct Wait {
  enum class Kind : std::uint8_t { kFor, kCondition, kMoment, kRecurrence } kind = Kind::kFor;
  Duration duration;                   // kFor
  Entry condition = kFails;            // kCondition: over at once when it holds already
  Operand moment;                      // kMoment: over at once when it has passed; the run fails when it is not set
  std::optional<std::int32_t> minute;  // kMoment: of that day
  Recurrence recurrence;               // kRecurrence
  std::optional<Duration> at_most;
  std::uint32_t timeout = kNoAction;  // where to go on when at_most has passed; kNoAction: with the next action
};

struct Share {
  std::int64_t share = 0;    // millionths of the whole
  std::uint32_t target = 0;  // action
};

// Adding to and removing from a list by hand are kSet of its hidden slot to 1 and kClear.
struct Action {
  ActionKind kind = ActionKind::kSet;
  std::uint32_t slot = 0;  // kSet, kClear, kAssign
  ValueExpr value;         // kSet; kCreateDeal: the amount, when has_value
  bool has_value = false;
  bool back_to = false;                  // kSet of a forward-only property: may go back
  bool append = false;                   // kSet of a text: behind what is there, with ", " between
  std::optional<std::uint32_t> because;  // template of the reason
  std::uint32_t team = 0;                // kAssign
  bool by_load = false;                  // kAssign: to who has the least of `slot`; else in turn
  bool keeping_account = false;          // kAssign: to who has most of the same company's contacts, when there is one
  Recipient recipient;                   // kNotify, kCreateTask (assignee)
  bool has_recipient = false;
  std::optional<std::uint32_t> text;  // template: kNotify's message, kCreateTask's title, kCreateDeal's name
  std::optional<Duration> due_in;
  Priority priority = Priority::kNormal;
  std::optional<Duration> remind_before;                 // kCreateTask; zero: when it is due
  std::uint32_t pipeline = 0, stage = 0;                 // kCreateDeal, kMoveDeal: Program::pipelines and its stages
  std::uint32_t email = 0;                               // kSendEmail: Program::emails
  std::string webhook;                                   // kCallWebhook: its name
  std::vector<std::pair<std::string, Operand>> payload;  // kCallWebhook
  std::uint32_t sequence = 0;                            // kEnrol, kLeave: rule number
  Entry condition = kHolds;                              // kBranch
  std::uint32_t target = 0;                              // kBranch, kJump
  std::vector<Share> shares;                             // kSplit
  std::optional<Wait> wait;                              // kWait
  Place place;
};

enum class RuleKind : std::uint8_t {
  kRule,
  kSequence,
  kSla,  // its first action is a kWait for what is expected; a run that leaves it by time-out is a miss
};

struct Rule {
  std::string name;  // as people know it: its name, or its trigger's text
  RuleKind kind = RuleKind::kRule;
  std::uint32_t order = 0;  // place in the script: files by name, then top to bottom (E2)
  Place place;
  bool declared = false;  // false: known to the layout only, or retired
  // Retired: the rule `family` as the scripts of this revision have it, for the runs that began with it; it does not fire. 0: not retired.
  std::uint32_t of_revision = 0;
  std::uint32_t family = 0;   // its own number unless it is retired
  bool disabled = false;      // by its script
  bool switched_off = false;  // at run time: it fires no more, but its timers follow what happens
  TriggerKind trigger = TriggerKind::kEvent;
  std::vector<std::uint32_t> events;       // kEvent
  Entry event_condition = kHolds;          // kEvent: `with …`, on the fields
  std::vector<Entry> event_conditions;     // kEvent: by `events`, instead of event_condition, where they differ; else empty
  std::uint32_t slot = 0;                  // kBecomes, kChanges, kStays; kSchedule: kNoList or the hidden slot of a list by hand
  Mask mask;                               // kBecomes, kStays
  std::optional<Mask> from_mask;           // kBecomes
  std::uint32_t node = 0;                  // kNode…; kSchedule: kNoList or the list's node
  std::uint32_t tracker = 0;               // kWithout
  Duration delay;                          // kStays, kWithout, kEventTimed, kDate
  bool before = false;                     // kEventTimed, kDate
  std::vector<EventTiming> timings;        // kEventTimed
  std::vector<std::uint32_t> withdrawals;  // kEventTimed: events
  Operand date;                            // kDate: kProperty or kEntered
  std::optional<std::int32_t> minute;      // kDate: of the day; absent: a date's midnight, a moment's own time
  Recurrence recurrence;                   // kSchedule
  Entry condition = kHolds;                // all `when` guards together; evaluated when it fires
  Entry until = kFails;                    // ends a run: looked at when one begins, at the start of each round, and before it goes on
  enum class Once : std::uint8_t { kAlways, kPerContact, kPerPeriod } once = Once::kAlways;
  Duration period;          // kPerPeriod
  bool every_time = false;  // several runs at once (E10); always so for kEventTimed
  bool migrate = false;
  bool has_waits = false;       // some action is a kWait
  bool branches = false;        // some action is kBranch, kJump, kSplit, kWait or kEnd
  std::uint64_t code_hash = 0;  // of what it does: equal for rules that do the same; runs survive a deployment that keeps it
  std::vector<Action> actions;

  bool MayFire() const { return declared && !disabled && !switched_off; }
  // The runs of such a rule stand still.
  bool IsPaused() const { return disabled || switched_off; }

  // kEvent: what `event`, one of `events`, must be like.
  Entry EventCondition(std::uint32_t event) const {
    for (std::size_t i = 0; i < event_conditions.size(); ++i) {
      if (events[i] == event) return event_conditions[i];
    }
    return event_condition;
  }
};

}  // namespace stagecraft::ir

#endif  // STAGECRAFT_DSL_IR_RULE_H_
