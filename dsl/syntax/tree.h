// The syntax tree: what the user wrote, and where. Nothing here is resolved: names are phrases (runs of words),
// and the checker finds what they mean (language.md, "Fine print"). The tree is never edited after parsing.
#ifndef STAGECRAFT_DSL_SYNTAX_TREE_H_
#define STAGECRAFT_DSL_SYNTAX_TREE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "dsl/support/source.h"

namespace stagecraft::syntax {

// One word, text or number of a phrase.
struct Term {
  enum class Kind : std::uint8_t {
    kWord,     // text: the word in NFC, as written (case kept)
    kText,     // text: the content of "…", escapes resolved, NFC
    kNumber,   // number; text as written
    kPercent,  // number is the percentage (30 for 30%)
    kDate,     // 2026-12-29; text as written
  };
  Kind kind = Kind::kWord;
  std::string text;
  std::int64_t number = 0;  // in millionths (ir::kNumberScale)
  Span span;
};

// A run of terms up to a keyword: `company name`, `form "Demo" submitted`, `status "New Lead"`, `New`.
struct Phrase {
  std::vector<Term> terms;  // never empty in a tree without syntax errors
  Span span;
};

// `3 days`, `4 business hours`. The unit is kept as written; the checker knows the units.
struct Duration {
  std::int64_t amount = 0;  // in millionths
  bool business = false;
  std::string unit;
  Span span;
  Span unit_span;
};

// ---- conditions -----------------------------------------------------------------------------------------

struct Condition;
using ConditionPtr = std::unique_ptr<Condition>;

enum class Comparator : std::uint8_t {
  kIs,
  kIsNot,
  kIn,
  kNotIn,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kBefore,
  kAfter,
  kAtLeast,
  kAtMost,
  kContains,
  kStartsWith,
  kEndsWith,
  kIsSet,
  kIsNotSet,
  kWas,
  kReaches,  // only the outermost condition of a `when` trigger
};

// `35..64`
struct Range {
  Term low;
  Term high;
};

// The right side of a comparison.
struct Operand {
  // Phrase: options, names, texts, numbers, dates; vector: `(a, b, c)`; Range: `a..b`; nothing: `is set`.
  std::variant<std::monostate, Phrase, std::vector<Phrase>, Range, Duration> value;
  Span span;
};

struct Comparison {
  Phrase left;
  Comparator op = Comparator::kIs;
  Span op_span;
  Operand right;
};

// A condition without comparison: a definition, a yes-or-no property, or an event seen
// (`page viewed "/pricing" within 14 days`, `meeting ended since SQL`, `"webinar attended" with minutes > 20`). `X within D`
// is always one of these, also where X is a date: only the checker knows.
struct BareCondition {
  Phrase phrase;
  ConditionPtr with;  // conditions on the event's fields
  std::optional<Duration> within;
  std::optional<Phrase> since;
};

// n-ary; `and` and `or` are never mixed without parentheses (the parser reports that).
struct AndCondition {
  std::vector<ConditionPtr> operands;
};
struct OrCondition {
  std::vector<ConditionPtr> operands;
};
struct NotCondition {
  ConditionPtr operand;
};
struct ParenCondition {
  ConditionPtr operand;
};

struct Condition {
  std::variant<Comparison, BareCondition, AndCondition, OrCondition, NotCondition, ParenCondition> node;
  Span span;
};

// ---- declarations ---------------------------------------------------------------------------------------

// `use hubspot`
struct Use {
  Phrase name;
};

// `workspace "Acme" time zone "Asia/Tokyo" business hours Mon-Fri 09:00-18:00 holidays 2026-12-29..2027-01-03, 2027-01-11`
struct BusinessHours {
  Term first_day;
  Term last_day;
  int from_minute = 0;
  int to_minute = 0;
  Span span;
};
struct Holiday {
  Term first;
  Term last;
};  // the same term for a single day
struct WorkspaceDecl {
  Term name;
  std::optional<Term> time_zone;
  std::optional<BusinessHours> business_hours;
  std::vector<Holiday> holidays;
};

// `"New Lead" as NEW`, `Nurturing ("Bad Timing", Pricing)`
struct OptionDecl {
  Term name;
  std::optional<Term> internal_name;
  std::vector<OptionDecl> sub_options;
};

enum class StatusGroupKind : std::uint8_t { kStart, kProcess, kOutcome };

struct StatusGroup {
  StatusGroupKind kind = StatusGroupKind::kStart;
  std::vector<OptionDecl> options;
  bool forward_only = false;
  Span span;
};

// `status …` with its groups. `stages …` (in the standard vocabulary: the lifecycle, in order, forward only) is a property.
struct StatusDecl {
  std::vector<StatusGroup> groups;
  Span keyword_span;
};

// `property NAME TYPE`. For `one of` the options are listed; `stages` is an ordered, forward-only `one of`.
struct PropertyDecl {
  Phrase name;
  Phrase type;  // `number`, `money`, `text`, `date`, `time`, `yes or no`, `user`, `one of`, `stages`; as written
  std::vector<OptionDecl> options;
  std::optional<Term> internal_name;  // `as hs_lead_status`
};

// `event "webinar attended"` and its fields, one a line: `topic text`.
struct FieldDecl {
  Phrase name;
  Phrase type;
  std::vector<OptionDecl> options;
};
struct EventDecl {
  Phrase name;
  std::vector<Phrase> synonyms;  // `also "meeting ended"`
  std::vector<FieldDecl> fields;
};

// `team "Inside Sales" "aya@acme.example", "ben@acme.example", manager "mika@acme.example"`
struct TeamDecl {
  Term name;
  std::vector<Term> members;
  std::optional<Term> manager;
};

// `define target_account "Agreed …" when …`
struct DefineDecl {
  Phrase name;
  std::optional<Term> note;
  ConditionPtr condition;
};

// `+50 when form "Pricing" submitted`; `+1 each email opened`
struct ScoreLine {
  std::int64_t points = 0;  // whole points
  bool each = false;
  ConditionPtr condition;
  Span span;
  Span points_span;
};
struct ScoreDecl {
  std::optional<Phrase> name;  // absent: `score` itself
  std::vector<ScoreLine> lines;
  Span keyword_span;
};

// `counter visits of page viewed within 90 days`, `counter attempts of email sent, call no answer since SQL`
struct CounterEvent {
  Phrase phrase;
  ConditionPtr with;
};
struct CounterDecl {
  Phrase name;
  std::vector<CounterEvent> events;
  std::optional<Duration> within;
  std::optional<Phrase> since;
};

// `list "MQL candidates" when …`, `list "Going cold" by hand` (no condition)
struct ListDecl {
  Term name;
  ConditionPtr condition;
};

// ---- rules ----------------------------------------------------------------------------------------------

// `on SQL`, `on status Connected`, `on email sent`, `after meeting ends`, `on "webinar attended" with minutes > 20`
struct OnTrigger {
  Phrase phrase;
  ConditionPtr with;
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

struct Trigger {
  std::variant<OnTrigger, ChangeTrigger, AnyChangeTrigger, ListTrigger, TurnsTrueTrigger, StayTrigger> node;
  Span span;
};

// `{name}` inside a text is found by the checker; the tree keeps the text whole.

// `set status "New Lead" because "…"`, `set lifecycle back to MQL`. `phrase` holds the property and then the value
// (`set status New`): where one ends and the other begins, only the names can tell. After `back to`, `value` is apart.
struct SetAction {
  Phrase phrase;
  bool back_to = false;
  std::optional<Phrase> value;
  std::optional<Term> because;
};
struct ClearAction {
  Phrase property;
};
// `owner`, `manager of owner`, `"Inside Sales"`, `"aya@acme.example"`
struct Recipient {
  bool manager_of = false;
  Phrase who;
  Span span;
};
// `assign owner from "Inside Sales" by rotation`, `assign owner to "aya@acme.example"`
struct AssignAction {
  Phrase property;
  std::optional<Term> team;
  std::optional<Phrase> method;
  std::optional<Phrase> to;
};
// `notify owner "…"`; without a text the engine says which rule it was
struct NotifyAction {
  Recipient recipient;
  std::optional<Term> text;
};
// `create task "Call {name}" for owner due in 4 business hours priority high`
struct CreateTaskAction {
  Term title;
  std::optional<Recipient> assignee;
  std::optional<Duration> due_in;
  std::optional<Term> priority;
};
struct AddToListAction {
  Term list;
};
struct RemoveFromListAction {
  Term list;
};

struct Action {
  std::variant<SetAction, ClearAction, AssignAction, NotifyAction, CreateTaskAction, AddToListAction, RemoveFromListAction> node;
  Span span;
};

struct RuleDecl {
  std::optional<Term> name;  // absent in the short form
  Trigger trigger;
  std::vector<ConditionPtr> guards;  // each `when` between the trigger and the first action; all must hold
  bool disabled = false;
  std::vector<Action> actions;
};

struct Declaration {
  std::variant<Use, WorkspaceDecl, StatusDecl, PropertyDecl, EventDecl, TeamDecl, DefineDecl, ScoreDecl, CounterDecl, ListDecl, RuleDecl>
      node;
  Span span;
};

// One file. Declarations that had a syntax error are absent; their diagnostics say why.
struct Script {
  std::uint32_t source = 0;
  std::vector<Declaration> declarations;
  // The names that the absent declarations would have declared, as far as they can be read (`status` and `score` for those
  // without a name). The checker says nothing of a name it misses here: the mistake has been reported once.
  std::vector<Phrase> lost_names;
};

}  // namespace stagecraft::syntax

#endif  // STAGECRAFT_DSL_SYNTAX_TREE_H_
