// The checked, immutable program that runtime/ executes: tables indexed by the stable numbers of a Layout.
// Shared between threads as shared_ptr<const Program>. It holds no clock, file, thread or database.
#ifndef STAGECRAFT_DSL_IR_PROGRAM_H_
#define STAGECRAFT_DSL_IR_PROGRAM_H_

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "dsl/ir/layout.h"
#include "dsl/ir/value.h"
#include "dsl/sema/option.h"
#include "dsl/sema/priority.h"

namespace stagecraft::ir {

// Where a thing stands in the scripts, for explanations.
struct Place {
  std::uint32_t file = 0;  // index into Program::files
  std::uint32_t line = 0;  // 1-based
};

// ---- values that conditions and texts read ------------------------------------------------------------------

enum class Space : std::uint8_t {
  kProperty,  // index: property slot
  kPrevious,  // index: property slot, as it was before this event (`was`)
  kEntered,   // index: property slot, option: the time the contact last became it (`became SQL date`)
  kField,     // index: field of the event that is being applied
  kNode,      // index: node (score, counter, dynamic list): a whole number
  kContact,   // index: a ContactFact
};

// kName (text): first and last name, else the e-mail address, else the contact's id. kId and kName are texts, the others kTime.
enum class ContactFact : std::uint16_t { kId, kCreated, kLastContacted, kName };

struct Operand {
  Space space = Space::kProperty;
  std::uint16_t index = 0;
  std::uint16_t option = 0;
  // kNode: kNumber, but stored as a whole number, not in millionths. kDate where the thing itself is a moment (kEntered,
  // kContact, or a property or field of type kTime): its date in the workspace's time zone, in days since 1970-01-01.
  Type type = Type::kNumber;

  friend bool operator==(const Operand&, const Operand&) = default;
};

// ---- conditions: decision graphs ---------------------------------------------------------------------------

// A condition is the number of the test to begin with, or one of these two. Each test names its two successors, so
// that `and`, `or`, `not` cost nothing at run time and need no stack. Successors always have a higher number.
using Entry = std::uint32_t;
inline constexpr Entry kHolds = 0xFFFF'FFFF;
inline constexpr Entry kFails = 0xFFFF'FFFE;

enum class Op : std::uint8_t {
  kIsSet,     // operand
  kOptionIn,  // operand (kOption) in masks[imm]
  kEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,  // operand against imm
  kTextEqual,
  kTextContains,
  kTextStarts,
  kTextEnds,      // operand against texts[imm] (already case-folded)
  kTextGlob,      // operand against texts[imm], in which `*` stands for any run of characters
  kTextMatches,   // operand against the RE2 pattern texts[imm], anywhere, without regard to letter case
  kSeen,          // tracker operand.index has an event within imm microseconds up to now; imm 0: ever
  kSeenSince,     // tracker operand.index has an event at or after the entered time sinces[imm]
  kSeenSinceRun,  // tracker operand.index has an event at or after the start of the run that asks; outside a run: fails
  kLately,        // operand (a date or moment) lies within the last imm microseconds up to now; a date as its midnight, today included
  kSoon,          // operand lies within the next imm microseconds from now; a date as its midnight, today included
  kInTeam,        // operand (kUser) is a member of teams[imm]
  kIsMe,          // operand (kUser) is who asks (views); nobody asks: fails
};
// Every test on an unset operand fails (two-valued logic, language.md); `is not` is kIsSet followed by the negated test.

struct Test {
  Op op = Op::kIsSet;
  Operand operand;
  std::int64_t imm = 0;
  Entry on_true = kHolds;
  Entry on_false = kFails;
};

// The reference point of `since SQL`: when the contact last became `option` of `slot`; of `since DATE PROPERTY`: its value.
struct Since {
  Operand operand;  // kEntered, or kProperty of type kDate or kTime
};

// One bit for each option number; word i holds options 64*i … 64*i+63. Where a mask is about a property of type kTruth
// (triggers only), bit 1 stands for yes and bit 0 for no.
using Mask = std::vector<std::uint64_t>;
inline bool MaskHas(const Mask& mask, std::int64_t option) {
  const auto word = static_cast<std::uint64_t>(option) / 64;
  return word < mask.size() && ((mask[word] >> (static_cast<std::uint64_t>(option) % 64)) & 1U) != 0;
}

// ---- vocabulary ---------------------------------------------------------------------------------------------

using OptionGroup = sema::OptionGroup;
using sema::LeadsBack;

struct Option {
  std::string label;          // what people read: "New Lead"
  std::string internal_name;  // what is stored and exchanged: "NEW"; the layout's key
  std::int32_t rank = -1;     // order for `before`, `at least` and E9; -1 no order
  std::int32_t parent = -1;   // option number of the option this is a sub-value of
  OptionGroup group = OptionGroup::kNone;
  bool forward_only = false;                                // E9 refuses a move to a lower rank only where both options have this
  bool declared = false;                                    // false: known to the layout only; no script declares it now
  std::int32_t probability = -1;                            // millionths; -1: none given
  std::vector<std::pair<std::string, std::string>> labels;  // language, text
};

struct Property {
  std::string name;           // "company industry"; a hidden slot (membership of a list by hand) has "list:<name>"
  std::string internal_name;  // "hs_lead_status"; empty when there is none
  Type type = Type::kText;
  std::vector<Option> options;  // by option number
  bool forward_only = false;    // E9: at least one of its options is forward_only
  bool tracks_entry = false;    // keeps the time each option was entered (status, lifecycle)
  bool hidden = false;          // not a property for people: list membership by hand
  bool declared = false;
};

struct Field {
  std::string name;
  Type type = Type::kText;
  std::vector<Option> options;
  bool declared = false;
};

struct Event {
  std::string name;                   // "meeting ends"
  std::vector<std::string> synonyms;  // "meeting ended"
  std::string family;                 // first word: "meeting"
  std::vector<Field> fields;          // by field number
  bool is_activity = false;           // of the families email, call, meeting, form, page
  bool is_contact = false;            // sales reached out or spoke (email sent, call, meeting): sets `last contacted`
  bool declared = false;
};

struct Team {
  std::string name;
  std::vector<std::string> members;  // e-mail addresses, in the order of the rotation
  std::string manager;               // empty: none
  bool declared = false;
};

// ---- what is kept up to date ----------------------------------------------------------------------------------

// The times at which matching events happened to the contact. An event matches when its number is in `events` and
// the condition for it holds on the event's fields.
struct Tracker {
  struct Match {
    std::uint32_t event = 0;
    Entry condition = kHolds;
  };
  std::vector<Match> matches;
  std::int64_t window_us = 0;  // the longest window anybody asks of it; 0: kept for ever
  bool keeps_all = false;      // false: only whether and when last (no counts)
  bool declared = false;
};

enum class NodeKind : std::uint8_t {
  kCounter,    // value: how many events of `tracker` lie within `window_us` (0: ever) and since `since`
  kCriterion,  // value: `points` while `condition` holds (or points × count of `tracker` when `each`), else 0
  kScore,      // value: sum of its criteria
  kList,       // value: 1 while `condition` holds
  kWatch,      // value: 1 while `condition` holds; rules wait for it to turn true. Definitions (`define`) are watches with a name
};

inline constexpr int kHalvingsMax = 20;  // 2^-20 of a point is below what is kept

// A derived value of every contact. Nodes are in topological order: a node reads only nodes with a smaller number.
struct Node {
  NodeKind kind = NodeKind::kWatch;
  std::string name;  // score, counter, list, definition: its name; criterion: its line as written; else empty
  Entry condition = kFails;
  std::uint32_t tracker = 0;
  std::int64_t window_us = 0;
  std::optional<Since> since;
  std::int64_t points = 0;
  bool each = false;
  // kCriterion with `each`: an event's points halve each time so much has passed since it, at most kHalvingsMax times, then they are
  // gone; 0: never. Its value is in 2^-kHalvingsMax of a point then. kScore: that of its lines; the sum of all is rounded down.
  std::int64_t halving_us = 0;
  std::uint32_t score = 0;              // kCriterion: node number of its score
  std::vector<std::uint32_t> criteria;  // kScore: its criteria's node numbers
  Place place;
};

// A point in the future at which a contact's derived values may change by time alone: `window_us` after each event of `tracker`.
struct WindowUse {
  std::uint32_t tracker = 0;
  std::int64_t window_us = 0;
};

// ---- rules ----------------------------------------------------------------------------------------------------

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
// kCompute: unset when an operand is, when it divides by zero, or beyond the range of its type.
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
  kAssignRotation,
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
};
using Priority = sema::Priority;

struct Wait {
  enum class Kind : std::uint8_t { kFor, kCondition, kMoment, kRecurrence } kind = Kind::kFor;
  Duration duration;                   // kFor
  Entry condition = kFails;            // kCondition: over at once when it holds already
  Operand moment;                      // kMoment: over at once when it has passed or is not set
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
  std::uint32_t slot = 0;  // kSet, kClear, kAssign…
  ValueExpr value;         // kSet; kCreateDeal: the amount, when has_value
  bool has_value = false;
  bool back_to = false;                  // kSet of a forward-only property: may go back
  bool append = false;                   // kSet of a text: behind what is there, with ", " between
  std::optional<std::uint32_t> because;  // template of the reason
  std::uint32_t team = 0;                // kAssignRotation
  Recipient recipient;                   // kNotify, kCreateTask (assignee)
  bool has_recipient = false;
  std::optional<std::uint32_t> text;  // template: kNotify's message, kCreateTask's title, kCreateDeal's name
  std::optional<Duration> due_in;
  Priority priority = Priority::kNormal;
  std::uint32_t pipeline = 0, stage = 0;                 // kCreateDeal: Program::pipelines and its stages
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
  bool declared = false;  // false: known to the layout only
  bool disabled = false;
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

  // kEvent: what `event`, one of `events`, must be like.
  Entry EventCondition(std::uint32_t event) const {
    for (std::size_t i = 0; i < event_conditions.size(); ++i) {
      if (events[i] == event) return event_conditions[i];
    }
    return event_condition;
  }
};

struct Email {
  std::string name;
  std::uint32_t subject = 0, body = 0;  // templates
};
struct Pipeline {
  std::string name;
  struct Stage {
    std::string name;
    std::int32_t probability = -1;  // millionths; -1: none given
  };
  std::vector<Stage> stages;
};
struct Form {
  std::string name;
  std::string level;
};
struct View {
  std::string name;
  Entry condition = kHolds;
  struct Column {
    std::string name;
    Operand operand;
  };
  std::vector<Column> columns;
  struct SortKey {
    Operand operand;
    bool descending = false;
  };
  std::vector<SortKey> sort;
};

// A promise that is watched at every record. By Layout::promises.
struct Promise {
  enum class Kind : std::uint8_t {
    kTurns,  // broken when `node` goes from 0 to 1
    kEnds,   // broken when `broken` holds at the end of a record that changed one of `slots`
    kMoves,  // broken when slots[0] changes from an option to one that `allowed` of it has not
  } kind = Kind::kTurns;
  std::string text;  // as people know it
  std::uint32_t node = 0;
  Entry broken = kFails;
  std::vector<std::uint32_t> slots;
  std::vector<Mask> allowed;  // kMoves: [from option]
  bool declared = false;
  Place place;
};

// Rule numbers by what can set them off; within each, ascending by Rule::order. Work grows with the rules that can
// fire, not with the rules there are. Outer index beyond size(): none.
struct TriggerIndex {
  std::vector<std::vector<std::uint32_t>> by_event;                // [event]
  std::vector<std::vector<std::vector<std::uint32_t>>> by_option;  // [slot][option]: kBecomes
  std::vector<std::vector<std::uint32_t>> by_change;               // [slot]: kChanges
  std::vector<std::vector<std::uint32_t>> by_node;                 // [node]: kNodeRises, kNodeFalls
  std::vector<std::vector<std::uint32_t>> by_stay;                 // [slot]: kStays
  std::vector<std::vector<std::uint32_t>> by_date;                 // [slot]: kDate that reads it
  std::vector<std::vector<std::uint32_t>> by_silence;              // [tracker]: kWithout
  std::vector<std::vector<std::uint32_t>> by_timing;               // [event]: kEventTimed with a timing of it
  std::vector<std::vector<std::uint32_t>> by_withdrawal;           // [event]: kEventTimed that it withdraws
  std::vector<std::vector<std::uint32_t>> schedule_by_node;        // [node]: kSchedule of that list
  std::vector<std::vector<std::uint32_t>> schedule_by_slot;        // [slot]: kSchedule of that list by hand
  std::vector<std::uint32_t> schedule_for_all;                     // kSchedule of everybody
  std::vector<std::vector<std::uint32_t>> promises_by_slot;        // [slot]: kEnds and kMoves
  std::vector<std::vector<std::uint32_t>> promises_by_node;        // [node]: kTurns
  std::vector<std::vector<std::uint32_t>> trackers_by_event;       // [event]: trackers it may feed
  std::vector<std::vector<std::uint32_t>> nodes_by_property;       // [slot]: nodes that read it
  std::vector<std::vector<std::uint32_t>> nodes_by_tracker;        // [tracker]
  std::vector<std::vector<std::uint32_t>> nodes_by_node;           // [node]
  std::vector<std::uint32_t> nodes_by_last_contacted;              // nodes that read ContactFact::kLastContacted
};

struct Calendar {
  std::string time_zone = "UTC";      // IANA name
  std::uint8_t business_days = 0x1F;  // bit 0 Monday … bit 6 Sunday
  std::int32_t business_from_minute = 9 * 60;
  std::int32_t business_to_minute = 18 * 60;
  std::vector<std::int32_t> holidays;  // days since 1970-01-01, ascending
};

// Slots of the properties that the engine itself knows by meaning; absent when no script declares them.
struct WellKnown {
  std::optional<std::uint32_t> lifecycle, status, owner, email, first_name, last_name, company_name;
  std::uint32_t contact_created = 0, contact_updated = 0, list_imported = 0;  // events
};

struct Program {
  std::string workspace;  // empty: unnamed
  Layout layout;
  std::vector<std::string> files;    // names of the sources, for Place
  std::vector<Property> properties;  // by slot
  std::vector<Event> events;         // by event number
  std::vector<Team> teams;           // by team number
  std::vector<Tracker> trackers;     // by tracker number
  std::vector<Node> nodes;           // by node number (not stable: derived values are recomputed, never stored)
  std::vector<WindowUse> windows;
  std::vector<Rule> rules;  // by rule number; sequences among them
  std::vector<Email> emails;
  std::vector<Pipeline> pipelines;
  std::vector<Form> forms;
  std::vector<View> views;
  std::vector<Promise> promises;  // by Layout::promises
  TriggerIndex index;
  std::vector<Test> tests;
  std::vector<Mask> masks;
  std::vector<std::string> texts;
  std::vector<Since> sinces;
  std::vector<Template> templates;
  Calendar calendar;
  WellKnown well_known;

  // Names, case-folded, to numbers: names, internal names and synonyms. For the wire and for files.
  std::unordered_map<std::string, std::uint32_t> property_names;  // "status", "hs_lead_status"
  std::unordered_map<std::string, std::uint32_t> event_names;     // "meeting ends", "meeting ended"
  std::unordered_map<std::string, std::uint32_t> node_names;      // scores, counters, definitions and dynamic lists
  std::unordered_map<std::string, std::uint32_t> list_slots;      // lists by hand: hidden slot
};

}  // namespace stagecraft::ir

#endif  // STAGECRAFT_DSL_IR_PROGRAM_H_
