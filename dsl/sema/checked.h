// A script after the checker: every name resolved to a symbol of the vocabulary, every value of the type its place wants,
// every duration in microseconds. Lowering (dsl/ir) turns it into a Program without asking further questions.
#ifndef STAGECRAFT_DSL_SEMA_CHECKED_H_
#define STAGECRAFT_DSL_SEMA_CHECKED_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "dsl/sema/priority.h"
#include "dsl/sema/vocabulary.h"

namespace stagecraft::sema {

// A value that a condition, a text or an action reads.
struct Reference {
  enum class Space : std::uint8_t {
    kProperty,  // symbol: property
    kPrevious,  // symbol: property, as it was before the event
    kEntered,   // symbol: property, option: when the contact last became it
    kField,     // symbol: field of `event`
    kDerived,   // symbol: derived
    kFact,      // symbol: Fact
  };
  Space space = Space::kProperty;
  Symbol symbol = 0;
  std::uint32_t option = 0;
  Symbol event = 0;
  Type type = Type::kNumber;  // kDate on a moment: its date in the workspace's time zone
};

// Of a property, as it is or was, or of a field, of type kOption.
const OptionSet& OptionsOf(const Reference& reference, const Vocabulary& vocabulary);

struct Condition;

// An event and what its fields must be like; all conditions must hold.
struct EventMatch {
  Symbol event = 0;
  std::vector<Condition> conditions;
};
using EventMatches = std::vector<EventMatch>;

enum class Relation : std::uint8_t { kEqual, kLess, kLessEqual, kGreater, kGreaterEqual };
// kMatches: `text` is an RE2 pattern, as written, matched anywhere in the text without regard to letter case.
enum class TextRelation : std::uint8_t { kEqual, kContains, kStarts, kEnds, kGlob, kMatches };

struct Condition {
  enum class Kind : std::uint8_t {
    kAlways,  // holds
    kNever,   // fails; what is left of a condition with errors
    kAnd,
    kOr,            // operands
    kNot,           // the one operand
    kIsSet,         // reference
    kOptionIn,      // reference is one of `options`
    kCompare,       // reference `relation` number (stored form; a derived value: a whole number)
    kText,          // reference `text_relation` text (folded)
    kSeen,          // one of `events` happened within `within_us` (0: ever)
    kSeenSince,     // one of `events` happened at or after `since`
    kSeenSinceRun,  // one of `events` happened at or after the start of the run that asks (`until`, `stop when`, `wait until`, an SLA's
                    // `expect`)
    kLately,        // reference (a date or a moment) lies within the last `within_us`, now included
    kSoon,          // reference lies within the next `within_us`, now included
    kInTeam,        // reference (a user) is a member of `team`
    kIsMe,          // reference (a user) is who asks; in views only
  };
  Kind kind = Kind::kAlways;
  std::vector<Condition> operands;
  Reference reference;
  std::vector<std::uint32_t> options;  // ascending, sub-values included
  Relation relation = Relation::kEqual;
  TextRelation text_relation = TextRelation::kEqual;
  std::int64_t number = 0;
  std::string text;
  EventMatches events;
  std::int64_t within_us = 0;
  Reference since;
  Symbol team = 0;
  Span span;  // the piece of script that says it; empty when nobody wrote it
};

Condition Always();
Condition Never();
Condition Negate(Condition condition);
Condition AllOf(std::vector<Condition> conditions);
Condition AnyOf(std::vector<Condition> conditions);

// The same text for the same meaning, whatever the spelling: for sharing, and as the key of a tracker in the layout, so
// it must never change for a meaning that scripts can already express.
std::string CanonicalText(const Condition& condition, const Vocabulary& vocabulary);
std::string CanonicalText(const EventMatches& events, const Vocabulary& vocabulary);
std::string CanonicalText(const Reference& reference, const Vocabulary& vocabulary);

// ---- what is kept up to date ------------------------------------------------------------------------------------

struct Criterion {
  std::int64_t points = 0;
  bool each = false;  // `events`, `within_us` and `since` count; otherwise `condition`
  Condition condition;
  EventMatches events;
  std::int64_t within_us = 0;
  std::optional<Reference> since;
  std::int64_t halving_us = 0;  // what an `each` event gives halves every so long after it; 0: never
  std::string text;             // the line as written
  Span span;
};

// By derived symbol.
struct Derived {
  Condition condition;              // definition, list
  std::vector<Criterion> criteria;  // score
  EventMatches events;              // counter
  std::int64_t within_us = 0;
  std::optional<Reference> since;
};

// ---- rules ------------------------------------------------------------------------------------------------------

// Months come before business or plain time; only one of the two is not 0.
struct Duration {
  std::int64_t micros = 0;  // business: of business time
  std::int32_t months = 0;  // calendar months: `1 year` is 12
  bool business = false;
  // Business days or weeks: how many were said, in millionths. How long they are is the calendar's.
  std::int64_t business_days = 0;
  std::int64_t business_weeks = 0;
};

// `Monday at 09:00`, `month on 1 at 09:00`.
struct Recurrence {
  std::uint8_t days = 0x7F;       // bit 0 Monday … bit 6 Sunday
  bool business_days = false;     // the business days of the calendar, too
  std::int32_t day_of_month = 0;  // 1 … 31; the last day where the month is shorter; 0: by `days`
  std::int32_t minute = 0;        // of the day
};

struct Trigger {
  enum class Kind : std::uint8_t {
    kEvent,        // one of `events`
    kBecomes,      // property becomes one of `options` (and was one of `from`, when given)
    kChanges,      // property changes; `condition` must hold then
    kRises,        // derived (list) turns true
    kFalls,        // derived (list) turns false
    kTurnsTrue,    // condition turns true
    kStays,        // property has been one of `options` for `delay`
    kWithout,      // none of `events` for `delay`, counted from the contact's creation or the last of them
    kAfterEvent,   // `delay` after one of `events`
    kBeforeEvent,  // `delay` before the moment that `announcements` announce
    kDate,         // `delay` after (`before`: before) the date or moment of `reference`, at `minute` of that day
    kSchedule,     // `recurrence`, while the contact is in the list `symbol` (`on_everybody`: always)
    kNone,         // sequences: only `start sequence` starts it
  };
  struct Announcement {
    EventMatch match;
    std::uint32_t field = 0;  // of type kTime or kDate
  };
  Kind kind = Kind::kEvent;
  EventMatches events;
  Symbol symbol = 0;  // property or derived; kSchedule: index into Vocabulary::lists
  std::vector<std::uint32_t> options;
  std::optional<std::vector<std::uint32_t>> from;
  Condition condition;
  Duration delay;
  std::vector<Announcement> announcements;  // kBeforeEvent
  std::vector<Symbol> withdrawals;          // kBeforeEvent: events that take the announcement back
  Reference reference;                      // kDate
  bool before = false;                      // kDate
  std::optional<std::int32_t> minute;       // kDate: of the day; absent: a date's midnight, a moment's own time
  Recurrence recurrence;                    // kSchedule
  bool on_everybody = false;                // kSchedule
  Span span;
};

struct TextPart {
  std::string literal;
  std::optional<Reference> reference;
};
using Text = std::vector<TextPart>;

struct Recipient {
  enum class Kind : std::uint8_t { kProperty, kManagerOfProperty, kUser, kTeam } kind = Kind::kProperty;
  Symbol symbol = 0;  // property or team
  std::string user;
};

// A computed value, in postfix order: `contract_end + 1 year` is push, shift. With an operand that is not set there is none.
struct Computation {
  enum class Op : std::uint8_t {
    kConstant,   // push `constant` (stored form)
    kReference,  // push `reference`
    kOrZero,     // the top becomes 0 when it is not set (`add 5 to P`)
    kAdd,
    kSubtract,
    kMultiply,
    kDivide,       // by zero: none
    kShift,        // the top, a date or moment, moves by `duration`, back when `back`
    kDaysBetween,  // of two dates: whole days, as a number
    kToday,        // push the date of now
    kNow,          // push the moment
  };
  struct Step {
    Op op = Op::kConstant;
    std::int64_t constant = 0;
    Reference reference;
    Duration duration;
    bool back = false;
  };
  std::vector<Step> steps;
  Type type = Type::kNumber;
};

// std::int64_t: the stored form of a constant.
using Value = std::variant<std::int64_t, Reference, Text, Computation>;

// `set`, `copy`, `add`, `append`: all come to this.
struct SetValue {
  Symbol property = 0;
  Value value;
  bool back_to = false;
  bool append = false;  // Text: behind what is there, with ", " between
  std::optional<Text> because;
  Span value_span;
};
struct ClearValue {
  Symbol property = 0;
};
struct AssignRotation {
  Symbol property = 0;
  Symbol team = 0;
  bool by_load = false;
  bool keeping_account = false;
};
struct Notify {
  Recipient recipient;
  std::optional<Text> text;
};
struct CreateTask {
  Text title;
  std::optional<Recipient> assignee;
  std::optional<Duration> due_in;
  Priority priority = Priority::kNormal;
  std::optional<Duration> remind_before;  // zero: when it is due
};
struct CreateDeal {
  Text title;
  std::uint32_t pipeline = 0;   // index into CheckedScript::pipelines
  std::uint32_t stage = 0;      // of the pipeline
  std::optional<Value> amount;  // money
};
struct MoveDeal {
  std::uint32_t pipeline = 0;  // index into CheckedScript::pipelines
  std::uint32_t stage = 0;     // of the pipeline
};
struct SendEmail {
  std::uint32_t email = 0;  // index into CheckedScript::emails
};
struct CallWebhook {
  std::string name;
  std::vector<std::pair<std::string, Reference>> with;  // name as written, in the order of the script
};
struct Enrol {
  std::uint32_t sequence = 0;  // index into CheckedScript::rules
};
struct Leave {
  std::uint32_t sequence = 0;
};

struct Action;
using Block = std::vector<Action>;

struct Wait {
  enum class Kind : std::uint8_t { kFor, kCondition, kMoment, kRecurrence } kind = Kind::kFor;
  Duration duration;                   // kFor
  Condition condition;                 // kCondition
  Reference moment;                    // kMoment: a date or moment
  Recurrence recurrence;               // kRecurrence: the next such moment
  std::optional<std::int32_t> minute;  // kMoment
  std::optional<Duration> at_most;
  std::optional<Block> otherwise;
  Span otherwise_span;
};
struct If {
  struct Branch {
    Condition condition;
    Block actions;
    Span span;
  };
  std::vector<Branch> branches;
  Block otherwise;
  Span else_span;  // empty: there is no `else`
};
struct Split {
  struct Part {
    std::int64_t share = 0;  // in millionths of the whole; all together 1 000 000
    Block actions;
    Span span;
  };
  std::vector<Part> parts;
};

struct Action {
  std::variant<SetValue, ClearValue, AssignRotation, Notify, CreateTask, CreateDeal, MoveDeal, SendEmail, CallWebhook, Enrol, Leave, Wait,
               If, Split>
      node;
  Span span;
};

struct Rule {
  enum class Kind : std::uint8_t { kRule, kSequence, kSla };
  enum class Once : std::uint8_t { kAlways, kPerContact, kPerPeriod };
  Kind kind = Kind::kRule;
  std::string name;  // empty in the short form
  std::string text;  // the trigger as written, single spaces
  bool disabled = false;
  Trigger trigger;
  Condition guard;                 // all `when` modifiers
  std::optional<Condition> until;  // `until`, `stop when`: ends the run
  Once once = Once::kAlways;
  Duration period;          // kPerPeriod
  bool every_time = false;  // E10: several runs at once
  bool migrate = false;
  Block actions;                      // kSla: those of `otherwise`
  std::optional<Condition> expected;  // kSla: met when it holds, missed when `within` has passed
  Duration within;                    // kSla
  Block finally;                      // kSequence: after the last step
  Span span;
  Span name_span;
};

// `template "intro" subject … body …`
struct Email {
  std::string name;
  Text subject;
  Text body;
  Span span;
};
struct Pipeline {
  std::string name;
  struct Stage {
    std::string name;
    std::optional<std::int64_t> probability;  // millionths: 30% is 300 000
  };
  std::vector<Stage> stages;
  Span span;
};
using Form = FormSymbol;
struct View {
  std::string name;
  std::string text;  // as written, single spaces
  Condition condition;
  struct Column {
    std::string name;
    Reference reference;
  };
  std::vector<Column> columns;
  struct SortKey {
    Reference reference;
    bool descending = false;
  };
  std::vector<SortKey> sort;
  Span span;
};

// `always A when B`: broken where B holds and A does not. `never A when B`: broken where both hold.
struct Promise {
  std::string text;  // as written, single spaces
  Condition broken;
  bool reads_previous = false;  // `was`: looked at when a record ends; otherwise the moment it turns true
  Span span;
};
// `moves of status`: by option, what it may become. What is in every `moves of` (first value, clear, sub-values) is allowed here too.
struct Moves {
  Symbol property = 0;
  std::vector<std::vector<std::uint32_t>> allowed;  // [from option] ascending
  Span span;
};

struct Calendar {
  std::string time_zone = "UTC";
  std::uint8_t business_days = 0x1F;
  std::int32_t business_from_minute = 9 * 60;
  std::int32_t business_to_minute = 18 * 60;
  std::vector<std::int32_t> holidays;  // days since 1970-01-01, ascending, each once
};

struct TestSet;

// A rule of earlier scripts, as it is among those of today. What sets it off is not looked at any more.
struct RetiredRule {
  Rule rule;
  std::string problem;  // why it no longer fits; empty: it does
};

struct CheckedScript {
  std::string workspace;
  Calendar calendar;
  Vocabulary vocabulary;
  std::vector<Derived> derived;       // by derived symbol
  std::vector<Symbol> derived_order;  // each after all that it reads
  std::vector<Rule> rules;            // in the order of the script (E2); sequences among them
  std::vector<RetiredRule> retired;   // as many as Check was given
  std::vector<Email> emails;
  std::vector<Pipeline> pipelines;
  std::vector<Form> forms;
  std::vector<View> views;
  std::vector<Promise> promises;
  std::vector<Moves> moves;
  std::shared_ptr<const TestSet> tests;  // test_checked.h
};

}  // namespace stagecraft::sema

#endif  // STAGECRAFT_DSL_SEMA_CHECKED_H_
