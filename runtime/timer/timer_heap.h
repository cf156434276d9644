// All that is due in the future, of all contacts. The contacts say what is armed; this only says whom to look at, and when.
#ifndef STAGECRAFT_RUNTIME_TIMER_TIMER_HEAP_H_
#define STAGECRAFT_RUNTIME_TIMER_TIMER_HEAP_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "runtime/model/record.h"

namespace stagecraft::runtime {

struct TimerEntry {
  Micros due = 0;
  std::uint32_t contact = 0;
  std::uint32_t rule = kNoRule;  // kNoRule: the closing of a window
  std::uint32_t run = 0;         // the run of the rule whose time comes; 0: the rule's timer

  friend bool operator==(const TimerEntry&, const TimerEntry&) = default;
};

// The order of firing: (due, contact, rule, run). The closing of a window comes before the rules of the same moment, which must
// not see a point that is gone (language.md E8).
bool FiresBefore(const TimerEntry& a, const TimerEntry& b);

// A heap in the order of firing. An entry whose timer was dropped stays until it is due or until Compact: whoever takes it
// out asks the contact whether it still holds.
class TimerHeap {
 public:
  void Push(const TimerEntry& entry);
  // Makes this the content; faster than as many pushes.
  void Assign(std::vector<TimerEntry> entries);
  // When the first entry is due; nothing when there is none.
  std::optional<Micros> NextDue() const;
  // Takes the first entry out. Call only when NextDue gives something.
  TimerEntry Pop();
  std::size_t size() const { return entries_.size(); }

  // A timer was dropped whose entry is still here.
  void NoteDropped() { ++dropped_; }
  // Forgets the entries for which `holds` is false, once they are the greater part: pushes stay cheap and memory bounded.
  void Compact(const std::function<bool(const TimerEntry&)>& holds);

 private:
  std::vector<TimerEntry> entries_;
  std::size_t dropped_ = 0;
};

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_TIMER_TIMER_HEAP_H_
