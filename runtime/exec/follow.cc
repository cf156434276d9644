// Timers and announced runs follow what has happened: stays, dates, silences, schedules, announcements.
#include <algorithm>

#include "runtime/exec/decision.h"
#include "runtime/exec/due.h"

namespace stagecraft::runtime {

void Decision::RememberTimers() {
  if (timers_remembered_) return;
  timers_remembered_ = true;
  timers_before_ = contact_->timers();
}

void Decision::Arm(std::uint32_t rule, Micros due) {
  RememberTimers();
  const bool replaces = contact_->FindTimer(rule) != nullptr;
  contact_->Arm({rule, due, record_->occurred_at});
  Effect& effect = Emit(EffectKind::kTimerArmed, rule);
  effect.number = due;
  effect.detail = replaces ? 1 : 0;
}

void Decision::ArmNext(std::uint32_t rule, Micros after) {
  const Micros due = plan_.calendar.Next(program_.rules[rule].recurrence, after);
  if (due != Calendar::kNever) Arm(rule, due);
}

void Decision::DropTimer(std::uint32_t rule) {
  RememberTimers();
  contact_->Disarm(rule);
  Emit(EffectKind::kTimerDropped, rule);
}

void Decision::FollowStays(const SlotBefore& change) {
  const auto& index = program_.index.by_stay;
  if (change.slot >= index.size() || index[change.slot].empty()) return;
  const Value present = contact_->Get(change.slot);
  for (const std::uint32_t number : index[change.slot]) {
    if (!IsLive(number)) continue;
    const ir::Rule& rule = program_.rules[number];
    const bool was_in = InMask(rule.mask, change.value);
    const bool is_in = InMask(rule.mask, present);
    if (was_in == is_in) continue;
    if (is_in) {
      Arm(number, plan_.calendar.Add(record_->occurred_at, rule.delay));
    } else if (contact_->FindTimer(number) != nullptr) {
      DropTimer(number);
    }
  }
}

void Decision::FollowDates(const SlotBefore& change) {
  const auto& index = program_.index.by_date;
  if (change.slot >= index.size()) return;
  for (const std::uint32_t number : index[change.slot]) {
    if (!IsLive(number)) continue;
    const ir::Rule& rule = program_.rules[number];
    // Leaving an option, or entering another one, leaves its date as it was.
    if (rule.date.space == ir::Space::kEntered && !Enters(change, rule.date.option)) continue;
    const std::optional<Micros> due = DueOfDate(plan_.SceneOf(*contact_), rule);
    const ArmedTimer* armed = contact_->FindTimer(number);
    if (due && *due >= record_->occurred_at) {
      if (armed == nullptr || armed->due != *due) Arm(number, *due);
    } else if (armed != nullptr) {
      DropTimer(number);
    }
  }
}

void Decision::FollowSchedules(const std::vector<std::vector<std::uint32_t>>& index, std::uint32_t key, bool is_in) {
  if (key >= index.size()) return;
  for (const std::uint32_t number : index[key]) {
    if (!IsLive(number)) continue;
    const bool is_armed = contact_->FindTimer(number) != nullptr;
    if (is_in && !is_armed) ArmNext(number, contact_->now());
    if (!is_in && is_armed) DropTimer(number);
  }
}

void Decision::FollowSilence(std::uint32_t tracker) {
  const auto& index = program_.index.by_silence;
  if (tracker >= index.size()) return;
  for (const std::uint32_t number : index[tracker]) {
    if (IsLive(number)) Arm(number, DueOfSilence(plan_.SceneOf(*contact_), program_.rules[number]));
  }
}

void Decision::FollowCreation() {
  for (std::uint32_t tracker = 0; tracker < program_.index.by_silence.size(); ++tracker) {
    const bool asked = !program_.index.by_silence[tracker].empty();
    if (asked && contact_->FindTrack(tracker) == nullptr) FollowSilence(tracker);
  }
  for (const std::uint32_t number : program_.index.schedule_for_all) {
    if (IsLive(number)) ArmNext(number, contact_->now());
  }
}

void Decision::FollowEvent(std::uint32_t event, const Scene& scene) {
  const ir::TriggerIndex& index = program_.index;
  // First what is taken back: an event that announces anew takes the announcement before it back.
  if (event < index.by_withdrawal.size() && !contact_->runs().empty()) {
    const std::vector<std::uint32_t>& rules = index.by_withdrawal[event];
    run_ids_.clear();
    for (const Run& run : contact_->runs()) {
      if (!run.HasBegun() && std::find(rules.begin(), rules.end(), run.rule) != rules.end()) run_ids_.push_back(run.id);
    }
    for (const std::uint32_t id : run_ids_) EndRun(id, RunEnd::kWithdrawn);
  }
  if (event >= index.by_timing.size()) return;
  for (const std::uint32_t number : index.by_timing[event]) {
    if (!IsLive(number)) continue;
    const ir::Rule& rule = program_.rules[number];
    for (const ir::EventTiming& timing : rule.timings) {
      if (timing.event != event || !Meets(scene, plan_.tables(), timing.condition)) continue;
      const std::optional<Micros> due = DueOfEvent(scene, rule, timing, record_->occurred_at);
      if (due && *due >= record_->occurred_at) Announce(number, *due);
    }
  }
}

void Decision::Announce(std::uint32_t rule, Micros due) {
  if (contact_->runs().size() >= kRunsMax) {
    Refuse(kNoSlot, RefusalReason::kTooManyRuns, {}).number = rule;
    return;
  }
  RememberProgress();
  Run run = NewRun(rule, program_.rules[rule].trigger);
  run.at = Run::kPending;
  run.due = due;
  EmitWaiting(run, kRunNew | kRunPending);
  contact_->mutable_progress().runs.push_back(std::move(run));
}

}  // namespace stagecraft::runtime
