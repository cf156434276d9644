// What a record of the journal did. State changes only by effects, when they are decided and when the journal is folded
// after a crash alike, so nothing is decided twice (architecture.md rule 7).
#ifndef STAGECRAFT_RUNTIME_MODEL_EFFECT_H_
#define STAGECRAFT_RUNTIME_MODEL_EFFECT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/model/event.h"

namespace stagecraft::runtime {

// A stored value: unset, or an integer (ir/value.h), or a text.
struct Value {
  bool set = false;
  std::int64_t number = 0;
  std::string text;  // types kText and kUser only

  friend bool operator==(const Value&, const Value&) = default;
};

enum class EffectKind : std::uint8_t {
  kContactCreated = 1,  // text: the contact's id; number: its creation time
  kPropertySet = 2,     // target: slot; before, after; reason
  kTracked = 3,         // target: tracker; number: the event's time
  kNodeChanged = 4,     // target: score or list, by Layout number; node_kind; number before and after (for the timeline; state is recomputed)
  kRuleFired = 5,       // target: rule; number: round
  kTimerArmed = 6,      // target: rule; number: due time
  kTimerDropped = 7,    // target: rule
  kTaskCreated = 8,     // task
  kNotified = 9,        // notification
  kRotated = 10,        // target: team; number: place of the next member
  kRefused = 11,        // target: slot; number: RefusalReason; after: the value that was not set; for kOverruled `overruled_by` the rule that won
  kFailed = 12,         // the cascade passed the bound; text: the chain of rules, for people
  kEntered = 13,        // target: slot; number: option; time: when. Entry date of an option (`became SQL date`)
};

enum class RefusalReason : std::uint8_t {
  kBackward,      // E9: earlier stage without `back to`
  kOverruled,     // E3: a rule that stands earlier set it to another value in the same round
  kPersonFirst,   // E11: a person set it in this very event
  kLate,          // E6: a newer value is there
  kNoRecipient,   // nobody to assign to or to notify (owner unset, team empty)
};

// Index into Outcome::effects; what an effect is owed to.
inline constexpr std::uint32_t kByEvent = 0xFFFF'FFFF;  // the event itself

struct Task {
  std::int64_t id = 0;  // unique for ever: sequence of its record << 16 | ordinal
  std::uint32_t contact = 0;
  std::string title;
  std::string assignee;  // empty: nobody
  Micros created_at = 0;
  std::optional<Micros> due_at;
  std::uint8_t priority = 0;  // ir::Priority
  bool completed = false;
  Sequence cause = 0;         // record that created it
};

struct Notification {
  std::int64_t id = 0;  // as Task::id
  std::uint32_t contact = 0;
  std::string recipient;  // e-mail address or name
  std::string text;
  Micros created_at = 0;
  Sequence cause = 0;
};

struct Effect {
  EffectKind kind = EffectKind::kPropertySet;
  std::uint32_t by = kByEvent;      // the kRuleFired effect that did it
  std::uint32_t trigger = kByEvent; // kRuleFired: the effect that set it off
  std::uint32_t target = 0;
  std::uint8_t detail = 0;          // RefusalReason or ir::NodeKind
  std::uint16_t action = 0;         // number of the action within its rule
  std::int64_t number = 0;
  std::int64_t number_before = 0;
  Value before, after;
  std::string text;                 // reason (`because`), chain, contact id
  std::optional<Task> task;
  std::optional<Notification> notification;
};

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_MODEL_EFFECT_H_
