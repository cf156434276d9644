// When timers and window closings fire (language.md E6, E7, E8; docs/semantics.md, "Late events and timers").
//
// A timer that is armed before it is due goes into the heap and fires when the clock gets there. One that is overdue when it
// is armed was armed by a late event, and more such events may be on their way that drop it again: it waits until its
// contact has been quiet for EngineOptions::allowed_lateness. And before an event is applied, all that is due by the event's
// own time fires first: so a recorded history gives what it would have given live.
#include <algorithm>

#include "runtime/engine/core.h"

namespace stagecraft::runtime {

bool Core::IsQuiet(const ContactCell& cell) const { return nobody_waits_ || cell.heard_at + options_.allowed_lateness <= now_; }

template <typename Visit>
void Core::ForEachTimer(const Contact& contact, const Visit& visit) const {
  for (const ArmedTimer& timer : contact.timers()) visit(TimerEntry{timer.due, contact.number(), timer.rule, 0});
  for (const Run& run : contact.runs()) {
    if (run.WakesAt() != Run::kNever && !IsPaused(run)) visit(TimerEntry{run.WakesAt(), contact.number(), run.rule, run.id});
  }
  for (const Reminder& reminder : contact.reminders()) visit(TimerEntry{reminder.due, contact.number(), kReminderRule, 0});
}

std::size_t Core::TimersOf(const Contact& contact) { return contact.timers().size() + contact.runs().size() + contact.reminders().size(); }

bool Core::Schedule(ContactCell& cell, const TimerEntry& entry) {
  if (entry.due > now_ || IsQuiet(cell)) {
    heap_.Push(entry);
    return true;
  }
  if (!cell.waits_for_quiet) {
    cell.waits_for_quiet = true;
    waiting_.push({cell.heard_at + options_.allowed_lateness, entry.contact});
  }
  return false;
}

void Core::ScheduleWindow(ContactCell& cell) {
  const Micros due = cell.closes_at;
  if (due >= cell.window_at) return;  // also when there is none; what is in the heap for it comes first, and looks again
  if (Schedule(cell, {due, cell.contact.number(), kNoRule, 0})) cell.window_at = due;
}

void Core::Release(ContactCell& cell) {
  cell.waits_for_quiet = false;
  const std::uint32_t number = cell.contact.number();
  ForEachTimer(cell.contact, [this](const TimerEntry& entry) {
    if (entry.due <= now_) heap_.Push(entry);
  });
  if (cell.closes_at < cell.window_at) {
    cell.window_at = cell.closes_at;
    heap_.Push({cell.window_at, number, kNoRule, 0});
  }
}

void Core::ReleaseWaiting(bool at_once) {
  while (!waiting_.empty() && (at_once || waiting_.top().at <= now_)) {
    ContactCell& cell = contacts_[waiting_.top().contact];
    waiting_.pop();
    if (at_once || IsQuiet(cell)) {
      Release(cell);
    } else {
      waiting_.push({cell.heard_at + options_.allowed_lateness, cell.contact.number()});
    }
  }
}

void Core::CountRun(std::uint32_t rule, int by) {
  if (open_runs_.size() <= rule) open_runs_.resize(program_->rules.size());
  open_runs_[rule] += static_cast<std::uint32_t>(by);
}

std::vector<std::uint32_t> Core::RulesInProgress() const {
  std::vector<std::uint32_t> rules;
  for (std::uint32_t rule = 0; rule < open_runs_.size(); ++rule) {
    if (open_runs_[rule] != 0) rules.push_back(rule);
  }
  return rules;
}

std::uint32_t Core::FireDue(std::uint32_t limit) {
  MoveClock();
  ReleaseWaiting(false);
  const std::uint32_t fired = FireHeap(limit);
  return fired + ContinueEnrolment(limit - fired);
}

std::uint32_t Core::FireOverdue(std::uint32_t limit) {
  MoveClock();
  nobody_waits_ = true;
  ReleaseWaiting(true);
  std::uint32_t fired = FireHeap(limit);
  fired += ContinueEnrolment(limit - fired);
  nobody_waits_ = false;
  return fired;
}

std::optional<Micros> Core::NextDue() const {
  const std::optional<Micros> heap = heap_.NextDue();
  if (waiting_.empty()) return heap;
  return heap ? std::min(*heap, waiting_.top().at) : waiting_.top().at;
}

std::uint32_t Core::FireHeap(std::uint32_t limit) {
  heap_.Compact([this](const TimerEntry& entry) { return Holds(entry); });
  std::uint32_t fired = 0;
  while (fired < limit && heap_.NextDue() && *heap_.NextDue() <= now_) {
    const TimerEntry entry = heap_.Pop();
    ContactCell& cell = contacts_[entry.contact];
    if (!Holds(entry)) continue;
    BeforeContact(cell);
    if (!Holds(entry)) continue;
    if (entry.rule == kNoRule) cell.window_at = Contact::kNever;
    // What comes before it is held back, so it is as well: it goes back into the heap with the others.
    if (cell.waits_for_quiet) continue;
    if (entry.rule != kNoRule) {
      decided_.timer_lateness.Add(static_cast<double>(now_ - entry.due) / 1e6);
      FireEntry(cell, entry);
      ++fired;
    } else if (cell.closes_at > entry.due) {
      ScheduleWindow(cell);  // by now the next closing is another one
    } else {
      CloseWindows(cell);
      ++fired;
    }
  }
  return fired;
}

bool Core::Holds(const TimerEntry& entry) const {
  const ContactCell& cell = contacts_[entry.contact];
  if (entry.rule == kNoRule) return cell.window_at == entry.due;
  if (entry.run != 0) {
    const Run* run = cell.contact.progress().FindRun(entry.run);
    return run != nullptr && run->WakesAt() == entry.due && !IsPaused(*run);
  }
  if (entry.rule == kReminderRule) {
    const std::vector<Reminder>& reminders = cell.contact.reminders();
    return std::any_of(reminders.begin(), reminders.end(), [&entry](const Reminder& reminder) { return reminder.due == entry.due; });
  }
  const ArmedTimer* timer = cell.contact.FindTimer(entry.rule);
  return timer != nullptr && timer->due == entry.due;
}

bool Core::FireContact(ContactCell& cell, Micros until) {
  const std::uint32_t number = cell.contact.number();
  for (std::uint32_t fired = 0;;) {
    TimerEntry first{cell.closes_at, number, kNoRule, 0};
    ForEachTimer(cell.contact, [&first](const TimerEntry& entry) {
      if (FiresBefore(entry, first)) first = entry;
    });
    if (first.due > until) return true;
    if (fired >= kTimersPerEventMax) return false;
    if (first.rule == kNoRule) {
      fired += CloseWindows(cell) ? 1 : 0;  // those that set nothing off are no more than the past has events and halvings
    } else {
      ++fired;
      FireEntry(cell, first);
    }
  }
}

void Core::FireReminder(ContactCell& cell, Micros due) {
  const std::vector<Reminder>& reminders = cell.contact.reminders();
  const auto first = std::find_if(reminders.begin(), reminders.end(), [due](const Reminder& reminder) { return reminder.due == due; });
  Begin(RecordKind::kTimer, cell.contact, due);
  record_.rule = kReminderRule;
  const std::size_t timers_before = TimersOf(cell.contact);
  executor_->Remind(*items_.tasks.Find(first->task), cell.contact, shared_, record_);
  FinishRecord(cell, timers_before);
}

void Core::FireEntry(ContactCell& cell, const TimerEntry& entry) {
  if (entry.rule == kReminderRule) {
    FireReminder(cell, entry.due);
    return;
  }
  Begin(RecordKind::kTimer, cell.contact, entry.due);
  record_.rule = entry.rule;
  record_.run = entry.run;
  const std::size_t timers_before = TimersOf(cell.contact);
  if (entry.run != 0) {
    executor_->WakeRun(entry.run, cell.contact, shared_, record_);
  } else {
    executor_->FireTimer(entry.rule, cell.contact, shared_, record_);
  }
  FinishRecord(cell, timers_before);
}

bool Core::CloseWindows(ContactCell& cell) {
  Begin(RecordKind::kTimer, cell.contact, cell.closes_at);
  record_.rule = kNoRule;
  const std::size_t timers_before = TimersOf(cell.contact);
  const ExecResult outcome = executor_->CloseWindows(cell.contact, shared_, record_);
  if (outcome.idle) {
    --last_sequence_;
    cell.closes_at = executor_->NextWindowClose(cell.contact, cell.closes_at);
    ScheduleWindow(cell);
    return false;
  }
  FinishRecord(cell, timers_before);
  return outcome.rules_fired != 0;
}

void Core::RebuildTimers() {
  std::vector<TimerEntry> entries;
  waiting_ = {};
  enrols_from_ = 0;
  timers_ = 0;
  open_runs_.assign(program_->rules.size(), 0);
  for (std::uint32_t number = 0; number < contacts_.size(); ++number) {
    ContactCell& cell = contacts_[number];
    cell.waits_for_quiet = false;
    cell.window_at = Contact::kNever;
    timers_ += TimersOf(cell.contact);
    for (const Run& run : cell.contact.runs()) CountRun(run.rule, 1);
    cell.closes_at = cell.contact.next_window_close;
    bool overdue = cell.closes_at <= now_;
    ForEachTimer(cell.contact, [&](const TimerEntry& entry) {
      if (entry.due > now_) entries.push_back(entry);
      overdue = overdue || entry.due <= now_;
    });
    if (cell.closes_at > now_ && cell.closes_at != Contact::kNever) {
      cell.window_at = cell.closes_at;
      entries.push_back({cell.window_at, number, kNoRule, 0});
    }
    if (overdue) {
      cell.waits_for_quiet = true;
      waiting_.push({cell.heard_at + options_.allowed_lateness, number});
      if (!IsQuiet(cell)) enrols_from_ = now_ + options_.allowed_lateness;
    }
  }
  heap_.Assign(std::move(entries));
}

}  // namespace stagecraft::runtime
