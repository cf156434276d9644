// Rules in progress: what a contact keeps of a rule that waits, and of one that may not fire as often as it likes.
#ifndef STAGECRAFT_RUNTIME_MODEL_RUN_H_
#define STAGECRAFT_RUNTIME_MODEL_RUN_H_

#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "runtime/model/effect.h"

namespace stagecraft::runtime {

// A contact has at most so many; what would begin one more is refused.
inline constexpr std::size_t kRunsMax = 256;

// A rule that is in progress for a contact: it waits at one of its actions.
struct Run {
  static constexpr Micros kNever = std::numeric_limits<Micros>::max();
  static constexpr std::uint32_t kPending = 0xFFFF'FFFF;  // has not begun (TriggerKind::kEventTimed)

  std::uint32_t id = 0;  // 1, 2, 3 … for each contact, never used again
  std::uint32_t rule = 0;
  std::uint32_t at = 0;               // number of the kWait action, or kPending
  Micros started_at = 0;              // own time of its beginning; kPending: of its announcement
  Micros due = kNever;                // when the wait is over by itself
  Micros limit = kNever;              // when `for at most` has passed
  std::uint32_t event = kNoEvent;     // that set it off, for rules of events: its fields may be read after a wait
  std::vector<RecordedField> fields;  // of the event
  Sequence cause = 0;                 // record that set it off

  bool HasBegun() const { return at != kPending; }
  // When it goes on at the latest; kNever: only when something happens.
  Micros WakesAt() const { return std::min(due, limit); }

  friend bool operator==(const Run&, const Run&) = default;
};

// When a rule that may not fire as often as it likes fired last.
struct LastFiring {
  std::uint32_t rule = 0;
  Micros at = 0;

  friend bool operator==(const LastFiring&, const LastFiring&) = default;
};

// That the assignee of a task is to be told of it.
struct Reminder {
  std::int64_t task = 0;  // Task::id
  Micros due = 0;

  friend bool operator==(const Reminder&, const Reminder&) = default;
};

// What only contacts have for which a rule waits or waited, or of whose tasks somebody is to be reminded.
struct Progress {
  std::uint32_t last_run = 0;            // id
  std::vector<Run> runs;                 // ascending by id
  std::vector<LastFiring> last_firings;  // ascending by rule
  std::vector<Reminder> reminders;       // ascending by task; each has at most one

  bool IsEmpty() const { return last_run == 0 && last_firings.empty() && reminders.empty(); }

  // nullptr when there is none.
  const Run* FindRun(std::uint32_t id) const;
  Run* FindRun(std::uint32_t id) { return const_cast<Run*>(std::as_const(*this).FindRun(id)); }
  // False when there is none.
  bool EraseRun(std::uint32_t id);
  const LastFiring* FindLastFiring(std::uint32_t rule) const;
  void SetLastFiring(std::uint32_t rule, Micros at);
  // `due` Run::kNever: no reminder.
  void SetReminder(std::int64_t task, Micros due);
  // nullptr when there is none.
  const Reminder* FindReminder(std::int64_t task) const;
};

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_MODEL_RUN_H_
