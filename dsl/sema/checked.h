// A script after the checker: every name resolved to a symbol of the vocabulary, every value of the type its place wants,
// every duration in microseconds. Lowering (dsl/ir) turns it into a Program without asking further questions.
#ifndef STAGECRAFT_DSL_SEMA_CHECKED_H_
#define STAGECRAFT_DSL_SEMA_CHECKED_H_

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

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

struct Condition;

// An event and what its fields must be like; all conditions must hold.
struct EventMatch {
  Symbol event = 0;
  std::vector<Condition> conditions;
};
using EventMatches = std::vector<EventMatch>;

enum class Relation : std::uint8_t { kEqual, kLess, kLessEqual, kGreater, kGreaterEqual };
enum class TextRelation : std::uint8_t { kEqual, kContains, kStarts, kEnds, kGlob };

struct Condition {
  enum class Kind : std::uint8_t {
    kAlways,  // holds
    kNever,   // fails; what is left of a condition with errors
    kAnd,
    kOr,         // operands
    kNot,        // the one operand
    kIsSet,      // reference
    kOptionIn,   // reference is one of `options`
    kCompare,    // reference `relation` number (stored form; a derived value: a whole number)
    kText,       // reference `text_relation` text (folded)
    kSeen,       // one of `events` happened within `within_us` (0: ever)
    kSeenSince,  // one of `events` happened at or after `since`
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
  std::string text;  // the line as written
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

struct Trigger {
  enum class Kind : std::uint8_t {
    kEvent,      // one of `events`
    kBecomes,    // property becomes one of `options` (and was one of `from`, when given)
    kChanges,    // property changes; `condition` must hold then
    kRises,      // derived (list) turns true
    kFalls,      // derived (list) turns false
    kTurnsTrue,  // condition turns true
    kStays,      // property has been one of `options` for delay_us
  };
  Kind kind = Kind::kEvent;
  EventMatches events;
  Symbol symbol = 0;  // property or derived
  std::vector<std::uint32_t> options;
  std::optional<std::vector<std::uint32_t>> from;
  Condition condition;
  std::int64_t delay_us = 0;
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

struct Duration {
  std::int64_t micros = 0;  // business: of business time
  bool business = false;
};

enum class Priority : std::uint8_t { kNormal, kLow, kHigh };

// std::int64_t: the stored form of a constant.
using Value = std::variant<std::int64_t, Reference, Text>;

struct SetValue {
  Symbol property = 0;
  Value value;
  bool back_to = false;
  std::optional<Text> because;
  Span value_span;
};
struct ClearValue {
  Symbol property = 0;
};
struct AssignRotation {
  Symbol property = 0;
  Symbol team = 0;
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
};

struct Action {
  std::variant<SetValue, ClearValue, AssignRotation, Notify, CreateTask> node;
  Span span;
};

struct Rule {
  std::string name;  // empty in the short form
  std::string text;  // the trigger as written, single spaces
  bool disabled = false;
  Trigger trigger;
  Condition guard;
  std::vector<Action> actions;
  Span span;
};

struct Calendar {
  std::string time_zone = "UTC";
  std::uint8_t business_days = 0x1F;
  std::int32_t business_from_minute = 9 * 60;
  std::int32_t business_to_minute = 18 * 60;
  std::vector<std::int32_t> holidays;  // days since 1970-01-01, ascending, each once
};

struct CheckedScript {
  std::string workspace;
  Calendar calendar;
  Vocabulary vocabulary;
  std::vector<Derived> derived;       // by derived symbol
  std::vector<Symbol> derived_order;  // each after all that it reads
  std::vector<Rule> rules;            // in the order of the script (E2)
};

}  // namespace stagecraft::sema

#endif  // STAGECRAFT_DSL_SEMA_CHECKED_H_
