// The checked, immutable program that runtime/ executes: tables indexed by the stable numbers of a Layout.
// Shared between threads as shared_ptr<const Program>. It holds no clock, file, thread or database.
#ifndef STAGECRAFT_DSL_IR_PROGRAM_H_
#define STAGECRAFT_DSL_IR_PROGRAM_H_

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "dsl/ir/layout.h"
#include "dsl/ir/value.h"

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
  kTextEnds,   // operand against texts[imm] (already case-folded)
  kTextGlob,   // operand against texts[imm], in which `*` stands for any run of characters
  kSeen,       // tracker operand.index has an event within imm microseconds up to now; imm 0: ever
  kSeenSince,  // tracker operand.index has an event at or after the entered time sinces[imm]
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

enum class OptionGroup : std::uint8_t { kNone, kStart, kProcess, kOutcome };

struct Option {
  std::string label;          // what people read: "New Lead"
  std::string internal_name;  // what is stored and exchanged: "NEW"; the layout's key
  std::int32_t rank = -1;     // order for `before`, `at least` and E9; -1 no order
  std::int32_t parent = -1;   // option number of the option this is a sub-value of
  OptionGroup group = OptionGroup::kNone;
  bool forward_only = false;  // E9 refuses a move to a lower rank only where both options have this
  bool declared = false;      // false: known to the layout only; no script declares it now
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

enum class TriggerKind : std::uint8_t {
  kEvent,      // one of `events` happened
  kBecomes,    // property `slot` moved from outside `mask` into it (and from inside `from_mask`, when there is one)
  kChanges,    // property `slot` changed
  kNodeRises,  // `node` (list, watch) went from 0 to 1
  kNodeFalls,  // `node` (list) went from 1 to 0
  // Joining a list by hand is kBecomes yes of its hidden slot; leaving it is kChanges with the condition that it is unset.
  kStays,  // property `slot` has been in `mask` for `delay_us` without a break
};

struct TextPart {
  std::string literal;  // used when there is no operand
  std::optional<Operand> operand;
};
using Template = std::vector<TextPart>;

// kCopy: a node's whole number is copied in millionths; operand type kDate makes a date of a moment.
struct ValueExpr {
  enum class Kind : std::uint8_t { kConstant, kCopy, kTemplate } kind = Kind::kConstant;
  std::int64_t constant = 0;
  Operand copy;
  std::uint32_t template_index = 0;  // into Program::templates
};

enum class RecipientKind : std::uint8_t { kUserProperty, kManagerOfUserProperty, kUser, kTeam };
struct Recipient {
  RecipientKind kind = RecipientKind::kUserProperty;
  std::uint32_t slot = 0;  // kUserProperty, kManagerOfUserProperty
  std::uint32_t team = 0;  // kTeam: every member
  std::string user;        // kUser
};

enum class ActionKind : std::uint8_t { kSet, kClear, kAssignRotation, kNotify, kCreateTask };
enum class Priority : std::uint8_t { kNormal, kLow, kHigh };

struct Duration {
  std::int64_t micros = 0;  // business: microseconds of business time
  bool business = false;
};

// Adding to and removing from a list by hand are kSet of its hidden slot to 1 and kClear.
struct Action {
  ActionKind kind = ActionKind::kSet;
  std::uint32_t slot = 0;                // kSet, kClear, kAssign…
  ValueExpr value;                       // kSet
  bool back_to = false;                  // kSet of a forward-only property: may go back
  std::optional<std::uint32_t> because;  // template of the reason
  std::uint32_t team = 0;                // kAssignRotation
  Recipient recipient;                   // kNotify, kCreateTask (assignee)
  bool has_recipient = false;
  std::optional<std::uint32_t> text;  // template: kNotify's message, kCreateTask's title
  std::optional<Duration> due_in;
  Priority priority = Priority::kNormal;
  Place place;
};

struct Rule {
  std::string name;         // as people know it: its name, or its trigger's text
  std::uint32_t order = 0;  // place in the script: files by name, then top to bottom (E2)
  Place place;
  bool declared = false;  // false: known to the layout only
  bool disabled = false;
  TriggerKind trigger = TriggerKind::kEvent;
  std::vector<std::uint32_t> events;  // kEvent
  Entry event_condition = kHolds;     // kEvent: `with …`, on the fields
  std::uint32_t slot = 0;             // kBecomes, kChanges, kStays
  Mask mask;                          // kBecomes, kStays
  std::optional<Mask> from_mask;      // kBecomes
  std::uint32_t node = 0;             // kNode…
  std::int64_t delay_us = 0;          // kStays
  Entry condition = kHolds;           // all `when` guards together
  std::vector<Action> actions;
};

// Rule numbers by what can set them off; within each, ascending by Rule::order. Work grows with the rules that can
// fire, not with the rules there are. Outer index beyond size(): none.
struct TriggerIndex {
  std::vector<std::vector<std::uint32_t>> by_event;                // [event]
  std::vector<std::vector<std::vector<std::uint32_t>>> by_option;  // [slot][option]: kBecomes
  std::vector<std::vector<std::uint32_t>> by_change;               // [slot]: kChanges
  std::vector<std::vector<std::uint32_t>> by_node;                 // [node]: kNodeRises, kNodeFalls
  std::vector<std::vector<std::uint32_t>> by_stay;                 // [slot]: kStays
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
  std::vector<Rule> rules;  // by rule number
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
