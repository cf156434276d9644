#include "runtime/timer/timer_heap.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace stagecraft::runtime {
namespace {

// Below this many dropped timers a sweep is not worth its time.
constexpr std::size_t kDroppedMin = 4'096;

bool FiresAfter(const TimerEntry& a, const TimerEntry& b) { return FiresBefore(b, a); }

}  // namespace

bool FiresBefore(const TimerEntry& a, const TimerEntry& b) {
  const auto key = [](const TimerEntry& entry) {
    return std::tuple(entry.due, entry.contact, entry.rule != kNoRule, entry.rule, entry.run);
  };
  return key(a) < key(b);
}

void TimerHeap::Push(const TimerEntry& entry) {
  entries_.push_back(entry);
  std::push_heap(entries_.begin(), entries_.end(), FiresAfter);
}

void TimerHeap::Assign(std::vector<TimerEntry> entries) {
  entries_ = std::move(entries);
  std::make_heap(entries_.begin(), entries_.end(), FiresAfter);
  dropped_ = 0;
}

std::optional<Micros> TimerHeap::NextDue() const {
  if (entries_.empty()) return std::nullopt;
  return entries_.front().due;
}

TimerEntry TimerHeap::Pop() {
  std::pop_heap(entries_.begin(), entries_.end(), FiresAfter);
  const TimerEntry entry = entries_.back();
  entries_.pop_back();
  return entry;
}

void TimerHeap::Compact(const std::function<bool(const TimerEntry&)>& holds) {
  if (dropped_ < kDroppedMin || dropped_ < entries_.size() / 2) return;
  std::erase_if(entries_, [&](const TimerEntry& entry) { return !holds(entry); });
  Assign(std::move(entries_));
}

}  // namespace stagecraft::runtime
