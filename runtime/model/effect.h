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

// What each member of Effect means for each kind; members that are not named have their default. Times are own times (E6).
enum class EffectKind : std::uint8_t {
  kContactCreated = 1,  // text: the contact's id; number: its creation time
  kPropertySet = 2,     // target: slot; before, after; text: the reason (`because`), if any. A clear has `after` unset
  kTracked = 3,         // target: tracker; number: the event's time
  kNodeChanged = 4,     // target: score or list, by Layout number; detail: ir::NodeKind; number, number_before: its values (for
                        // the timeline: state is recomputed); trigger: the effect that changed it
  kRuleFired = 5,       // target: rule; number: round; trigger: the effect that set it off
  kTimerArmed = 6,      // target: rule; number: due time
  kTimerDropped = 7,    // target: rule; the stay has ended, or the timer is firing (then it is the record's first effect)
  kTaskCreated = 8,     // number: index into Record::tasks
  kNotified = 9,        // number: index into Record::notifications
  kRotated = 10,        // target: team; number: place of the next member
  kRefused = 11,        // target: slot, or kNoSlot; detail: RefusalReason; after: the value that was not set; number: for
                        // kOverruled the rule that won
  kFailed = 12,         // the cascade passed a bound; text: the chain of rules, for people
  kEntered = 13,        // target: slot; number: when; number_before: the option that was entered (`became SQL date`)
  kConfirmed = 14,      // target: slot; the event said what was there already: only Slot::changed_at moves
  kContacted = 15,      // number: when sales reached out or spoke to the contact last (`last contacted`)
};

enum class RefusalReason : std::uint8_t {
  kBackward,     // E9: earlier stage without `back to`
  kOverruled,    // E3: a rule that stands earlier set it to another value in the same round
  kPersonFirst,  // E11: a person set it in this very event
  kLate,         // E6: a newer value is there
  kNoRecipient,  // nobody to assign to or to notify (owner unset, team empty)
};

inline constexpr std::uint32_t kNoSlot = 0xFFFF'FFFF;

// What an effect is owed to is an index into Record::effects, or this: the record itself (its event, timer or deployment).
inline constexpr std::uint32_t kByEvent = 0xFFFF'FFFF;

struct Task {
  std::int64_t id = 0;  // unique for ever: sequence of its record << 16 | ordinal
  std::uint32_t contact = 0;
  std::string title;
  std::string assignee;  // empty: nobody
  Micros created_at = 0;
  std::optional<Micros> due_at;
  std::uint8_t priority = 0;  // ir::Priority
  bool completed = false;
  Sequence cause = 0;  // record that created it

  friend bool operator==(const Task&, const Task&) = default;
};

struct Notification {
  std::int64_t id = 0;  // as Task::id
  std::uint32_t contact = 0;
  std::string recipient;  // e-mail address or name
  std::string text;
  Micros created_at = 0;
  Sequence cause = 0;

  friend bool operator==(const Notification&, const Notification&) = default;
};

struct Effect {
  EffectKind kind = EffectKind::kPropertySet;
  std::uint8_t detail = 0;           // RefusalReason or ir::NodeKind
  std::uint16_t action = 0;          // number of the action within its rule
  std::uint32_t by = kByEvent;       // the kRuleFired effect that did it
  std::uint32_t trigger = kByEvent;  // kRuleFired, kNodeChanged: the effect that set it off
  std::uint32_t target = 0;
  std::int64_t number = 0;
  std::int64_t number_before = 0;
  Value before, after;
  std::string text;  // reason (`because`), chain, contact id

  friend bool operator==(const Effect&, const Effect&) = default;
};

// The packed forms, for the checkpoint; the journal packs them within their record.
void EncodeTask(const Task& task, std::string& out);
void EncodeNotification(const Notification& notification, std::string& out);
// Nothing when the bytes are damaged.
std::optional<Task> DecodeTask(std::string_view bytes);
std::optional<Notification> DecodeNotification(std::string_view bytes);

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_MODEL_EFFECT_H_
