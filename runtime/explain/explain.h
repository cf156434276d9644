// Why a contact is as it is, and what happened to it: read back from the journal (language.md, principle 4).
#ifndef STAGECRAFT_RUNTIME_EXPLAIN_EXPLAIN_H_
#define STAGECRAFT_RUNTIME_EXPLAIN_EXPLAIN_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/engine/engine.h"
#include "runtime/model/contact.h"
#include "runtime/model/record.h"

namespace stagecraft::runtime {

enum class CauseKind : std::uint8_t {
  kChange = 1,   // a value changed
  kRule = 2,     // a rule fired
  kEvent = 3,    // an event happened
  kTimer = 4,    // a rule's timer was due, or a window of time closed
  kPart = 5,     // a part of a computed value: a criterion of a score that is met
  kRefusal = 6,  // something was refused or overruled
};

// A step in the chain of causes, with what led to it below: a change was made by a rule, the rule was set off by a change,
// and so on down to an event.
struct Cause {
  CauseKind kind = CauseKind::kChange;
  std::string text;            // the whole step, for people, in one line
  std::string rule;            // kRule: its name
  std::string file;            // kRule, kPart: where it stands
  std::uint32_t line = 0;      // kRule, kPart: 1-based; 0: nowhere
  std::uint32_t revision = 0;  // the revision that decided it; 0: before the first deployment
  std::string event_id;        // kEvent
  Sequence sequence = 0;       // the record that the step is in; 0: none
  std::optional<Micros> at;    // its own time; absent for what holds now
  std::vector<Cause> causes;   // the most important first
};

struct Explanation {
  std::string property;  // as the language writes it
  std::string value;     // as people read it; empty: none
  Cause cause;
};

// The chain of causes for the present value of a property, a score, a counter or a list, by any of its names. NOT_FOUND:
// no such contact. INVALID_ARGUMENT (UNKNOWN_PROPERTY): nothing is called so.
Result<Explanation> Explain(Past& past, std::string_view contact, std::string_view property);

// Calls `needed` for each record of the contact, and of others, that Explain goes back to for what the contact is now, and that
// explanations of what its timers and runs will do go back to; for some more than once. `contact`: from Past::Read.
Status FindCauses(Past& past, const Contact& contact, const std::function<void(Sequence)>& needed);

struct TimelineChange {
  std::string text;      // the whole change, for people: `status: New -> Connected`
  std::string property;  // the property, score or list that changed; empty: something else, such as a task
  std::string before;    // as people read it; empty: none
  std::string after;
  std::string rule;  // the rule that did it; empty: the event itself
  std::string file;
  std::uint32_t line = 0;  // of the rule's action; 0: no rule
  std::string reason;      // as the rule says (`because "No answer"`); may be empty
};

struct TimelineEntry {
  Sequence sequence = 0;
  RecordKind kind = RecordKind::kEvent;  // kForgotten: the entry stands for all removed records that follow one another here
  Micros occurred_at = 0;
  Micros received_at = 0;
  std::string title;  // `email sent`, `timer of rule "Chase"`
  std::string event_id;
  std::string actor;
  std::uint32_t revision = 0;
  std::vector<TimelineChange> changes;  // in the order in which they were made
};

// `program`: the one that decided the record.
TimelineEntry EntryOf(const ir::Program& program, const Record& record);
// Whether people would miss the entry of the record. Of a window that closed, what changed may be what no list shows: a definition, a
// counter.
bool IsTold(const Record& record, const TimelineEntry& entry);

struct TimelinePage {
  std::vector<TimelineEntry> entries;  // newest first
  Sequence next = 0;                   // `from` of the next page; 0: this was the last
};

// What happened to a contact, newest first, from record `from` (0: the newest) on, at most `limit` entries. NOT_FOUND: no
// such contact.
Result<TimelinePage> Timeline(Engine& engine, std::string_view contact, Sequence from, std::uint32_t limit);

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_EXPLAIN_EXPLAIN_H_
