// Rules in progress: what fires although it waits, goes on, waits and ends (language.md E10; docs/semantics.md, "E10 Runs and waits").
#include <algorithm>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "dsl/support/text.h"
#include "runtime/exec/decision.h"
#include "runtime/exec/due.h"

namespace stagecraft::runtime {
namespace {

constexpr std::uint64_t kWhole = 1'000'000;  // of ir::Share::share

// What an SLA does about a miss is no longer the SLA: that was over with its first action, the wait for what is expected.
bool IsUnderWay(const ir::Rule& rule, const Run& run) { return run.HasBegun() && (rule.kind != ir::RuleKind::kSla || run.at == 0); }

// When the wait for a moment is over; nothing when the moment is not set.
std::optional<Micros> MomentOfWait(const Scene& scene, const ir::Wait& wait) {
  const std::optional<Micros> moment = MomentOf(scene, wait.moment);
  return moment && wait.minute ? scene.calendar->AtMinute(*moment, *wait.minute) : moment;
}

}  // namespace

bool Decision::IsRunning(std::uint32_t rule) const {
  const std::vector<Run>& runs = contact_->runs();
  return std::any_of(runs.begin(), runs.end(),
                     [&](const Run& run) { return program_.rules[run.rule].family == rule && IsUnderWay(program_.rules[run.rule], run); });
}

bool Decision::MayFire(const ir::Rule& rule, std::uint32_t number, Scene scene) const {
  const bool one_at_a_time = rule.has_waits && !rule.every_time && rule.trigger != ir::TriggerKind::kEventTimed;
  if (one_at_a_time && IsRunning(number)) return false;
  if (rule.once != ir::Rule::Once::kAlways) {
    const LastFiring* last = contact_->progress().FindLastFiring(number);
    const bool for_ever = rule.once == ir::Rule::Once::kPerContact;
    if (last != nullptr && (for_ever || plan_.calendar.Add(last->at, rule.period) > record_->occurred_at)) return false;
  }
  scene.run_started_at = record_->occurred_at;
  return !Meets(scene, plan_.tables(), rule.until);
}

void Decision::NoteFiring(const ir::Rule& rule) {
  ++rules_fired_;
  if (rule.once == ir::Rule::Once::kAlways) return;
  RememberProgress();
  contact_->mutable_progress().SetLastFiring(rule_, record_->occurred_at);
  record_->effects[rule_effect_].detail = 1;
}

void Decision::FindEnrolled(const Scene& scene) {
  for (const Enrolment& enrolment : enrolled_) {
    if (Propose(RuleIndex::CandidateOf(program_, enrolment.rule, std::nullopt), enrolment.effect, scene) != nullptr) continue;
    rule_effect_ = record_->effects[enrolment.effect].by;
    action_ = record_->effects[enrolment.effect].action;
    NoteEnd(enrolment.rule, RunEnd::kNotBegun);
    rule_effect_ = kByEvent;
    action_ = 0;
  }
  enrolled_.clear();
}

void Decision::FindRuns() {
  run_ids_.clear();
  for (const Run& run : contact_->runs()) run_ids_.push_back(run.id);
  for (const std::uint32_t id : run_ids_) FindRun(*contact_->progress().FindRun(id));
}

void Decision::FindRun(const Run& run) {
  if (!run.HasBegun()) {
    if (run.id == woken_ && round_ == 1) FindBeginning(run);
    return;
  }
  const ir::Rule& rule = program_.rules[run.rule];
  const Scene scene = RunScene(run);
  if (Meets(scene, plan_.tables(), rule.until)) {
    EndRun(run.id, RunEnd::kStopped);
    return;
  }
  if (rule.IsPaused()) {
    HoldMoment(run, scene);
    return;
  }
  const std::optional<WaitEnd> end = EndOfWait(run, scene);
  if (!end) return;
  Firing& firing = firings_.emplace_back();
  firing.order = rule.order;
  firing.rule = run.rule;
  firing.run = run.id;
  firing.wait_end = *end;
  firing.trigger = CauseOf(run);
}

std::vector<std::pair<std::uint32_t, bool>> Decision::RunsThatGoOn() const {
  std::vector<std::pair<std::uint32_t, bool>> runs;
  for (const Run& run : contact_->runs()) {
    if (!run.HasBegun()) continue;
    const ir::Rule& rule = program_.rules[run.rule];
    const ir::Wait& wait = *rule.actions[run.at].wait;
    const Scene scene = RunScene(run);
    const bool goes_on = !rule.IsPaused() && wait.kind == ir::Wait::Kind::kCondition && Meets(scene, plan_.tables(), wait.condition);
    if (goes_on) runs.emplace_back(run.id, false);
    if (Meets(scene, plan_.tables(), rule.until)) runs.emplace_back(run.id, true);
  }
  return runs;
}

void Decision::FindBeginning(const Run& run) {
  const ir::Rule& rule = program_.rules[run.rule];
  const Scene scene = RunScene(run);
  const bool begins = rule.MayFire() && Meets(scene, plan_.tables(), rule.condition) && MayFire(rule, run.rule, scene);
  if (!begins) {
    EndRun(run.id, RunEnd::kNotBegun);
    return;
  }
  Firing& firing = firings_.emplace_back();
  firing.order = rule.order;
  firing.rule = run.rule;
  firing.run = run.id;
}

std::optional<WaitEnd> Decision::EndOfWait(const Run& run, const Scene& scene) {
  const ir::Wait& wait = *program_.rules[run.rule].actions[run.at].wait;
  if (wait.kind == ir::Wait::Kind::kCondition && Meets(scene, plan_.tables(), wait.condition)) return WaitEnd::kCondition;
  if (wait.kind == ir::Wait::Kind::kMoment) {
    const std::optional<Micros> moment = MomentOfWait(scene, wait);
    if (!moment) return WaitEnd::kLost;
    if (FollowMoment(run, *moment)) return WaitEnd::kTime;
  }
  if (!IsWoken(run.id)) return std::nullopt;
  if (run.due <= record_->occurred_at) return WaitEnd::kTime;
  if (run.limit <= record_->occurred_at) return WaitEnd::kTimeout;
  return std::nullopt;
}

bool Decision::IsWoken(std::uint32_t run) const {
  if (run == woken_ && round_ == 1) return true;
  return std::any_of(ready_.begin(), ready_.end(), [&](const Ready& ready) { return ready.run == run; });
}

// The moment may have moved. True when the wait is over by that.
bool Decision::FollowMoment(const Run& run, Micros moment) {
  if (moment == run.due) return false;
  if (moment <= record_->occurred_at) return true;
  MoveMoment(run, moment);
  return false;
}

// The run stands still, but the moment that it waits for may move; whether it is set is asked when the run is to go on.
void Decision::HoldMoment(const Run& run, const Scene& scene) {
  const ir::Wait& wait = *program_.rules[run.rule].actions[run.at].wait;
  if (wait.kind != ir::Wait::Kind::kMoment) return;
  const Micros due = MomentOfWait(scene, wait).value_or(std::min(run.due, record_->occurred_at));
  if (due != run.due) MoveMoment(run, due);
}

void Decision::MoveMoment(const Run& run, Micros moment) {
  RememberRun(run.id);
  Run& moved = *contact_->mutable_progress().FindRun(run.id);
  moved.due = moment;
  EmitWaiting(moved, 0);
}

void Decision::RefuseWait(const ir::Wait& wait, const Scene& scene) {
  Refuse(kNoSlot, RefusalReason::kNotSet, {}).text = NameOf(scene, wait.moment);
}

bool Decision::IsLost(const ir::Action& action, const Scene& scene) {
  return action.wait && action.wait->kind == ir::Wait::Kind::kMoment && !MomentOfWait(scene, *action.wait);
}

std::uint32_t Decision::CauseOf(const Run& run) const {
  for (const Ready& ready : ready_) {
    if (ready.run == run.id) return ready.effect;
  }
  const auto slots = plan_.wait_slots.find(program_.rules[run.rule].actions[run.at].wait->condition);
  std::uint32_t cause = kByEvent;
  if (slots == plan_.wait_slots.end()) return cause;
  for (const SlotBefore& change : net_changes_) {
    if (std::binary_search(slots->second.begin(), slots->second.end(), change.slot)) cause = change.effect;
  }
  return cause;
}

void Decision::FindPath(Firing& firing) {
  const ir::Rule& rule = program_.rules[firing.rule];
  Scene scene = firing.by_creation ? CreationScene() : EventScene();
  std::uint32_t at = 0;
  const Run* run = firing.run == 0 ? nullptr : contact_->progress().FindRun(firing.run);
  if (run != nullptr) {
    scene = RunScene(*run);
    if (run->HasBegun()) {
      const ir::Wait& wait = *rule.actions[run->at].wait;
      const bool elsewhere = firing.wait_end == WaitEnd::kTimeout && wait.timeout != ir::kNoAction;
      at = elsewhere ? wait.timeout : run->at + 1;
      if (path_counts_ != nullptr && firing.wait_end != WaitEnd::kLost) path_counts_->Note(firing.rule, run->at, at);
    }
  }
  if (run == nullptr || !run->HasBegun()) scene.run_started_at = record_->occurred_at;
  firing.path_first = static_cast<std::uint32_t>(path_.size());
  if (firing.wait_end == WaitEnd::kLost) return;
  while (at < rule.actions.size() && firing.wait == kNone) {
    const ir::Action& action = rule.actions[at];
    const std::uint32_t from = at;
    switch (action.kind) {
      case ir::ActionKind::kBranch:
        at = Meets(scene, plan_.tables(), action.condition) ? at + 1 : action.target;
        break;
      case ir::ActionKind::kJump:
        at = action.target;
        break;
      case ir::ActionKind::kSplit:
        at = ChooseShare(action, firing.rule, at);
        break;
      case ir::ActionKind::kWait:
        firing.wait = at;
        break;
      case ir::ActionKind::kEnd:
        at = static_cast<std::uint32_t>(rule.actions.size());
        break;
      default:
        path_.push_back(at++);
        break;
    }
    if (path_counts_ != nullptr && firing.wait == kNone) path_counts_->Note(firing.rule, from, at);
  }
  firing.path_count = static_cast<std::uint32_t>(path_.size()) - firing.path_first;
}

// The same for a contact for ever, on every machine: of its id, the rule and the place in it.
std::uint32_t Decision::ChooseShare(const ir::Action& action, std::uint32_t rule, std::uint32_t number) const {
  const std::uint32_t family = program_.rules[rule].family;
  const std::string& key = family < program_.layout.rules.size() ? program_.layout.rules.Name(family) : program_.rules[rule].name;
  std::string text = contact_->id();
  text.append(1, '\0').append(key).append(1, '\0').append(std::to_string(number));
  auto place = static_cast<std::int64_t>(XXH3_64bits(text.data(), text.size()) % kWhole);
  for (const ir::Share& share : action.shares) {
    if (place < share.share) return share.target;
    place -= share.share;
  }
  return action.shares.back().target;
}

bool Decision::TakeRun(const Firing& firing) {
  const Run* run = contact_->progress().FindRun(firing.run);
  if (run == nullptr) return false;
  running_ = *run;
  in_run_ = true;
  resuming_ = running_.HasBegun();
  if (!resuming_) running_.started_at = record_->occurred_at;
  return true;
}

void Decision::FinishFiring(const Firing& firing, const ir::Rule& rule) {
  if (firing.wait_end == WaitEnd::kLost) {
    RefuseWait(*rule.actions[running_.at].wait, RunScene(running_));
    EndRun(firing.run, RunEnd::kLost);
    return;
  }
  const bool decides_sla = rule.kind == ir::RuleKind::kSla && resuming_ && running_.at == 0;
  const bool is_missed = decides_sla && firing.wait_end == WaitEnd::kTimeout;
  if (firing.wait != kNone) {
    // It is missed now, however long what is done about it takes.
    if (is_missed) NoteEnd(firing.rule, RunEnd::kMissed);
    action_ = firing.wait;
    Arrive(firing, *rule.actions[firing.wait].wait);
    return;
  }
  if (firing.run != 0) EndRun(firing.run, is_missed ? RunEnd::kMissed : decides_sla ? RunEnd::kMet : RunEnd::kDone);
}

void Decision::Arrive(const Firing& firing, const ir::Wait& wait) {
  const bool is_new = firing.run == 0;
  if (is_new && contact_->runs().size() >= kRunsMax) {
    Refuse(kNoSlot, RefusalReason::kTooManyRuns, {}).number = rule_;
    return;
  }
  if (is_new) {
    RememberProgress();
  } else {
    RememberRun(firing.run);
  }
  Progress& progress = contact_->mutable_progress();
  if (is_new) progress.runs.push_back(NewRun(rule_, program_.rules[rule_].trigger));
  Run& run = is_new ? progress.runs.back() : *progress.FindRun(firing.run);
  const bool began = !is_new && !run.HasBegun();
  if (began) run.started_at = record_->occurred_at;
  const Micros now = record_->occurred_at;
  run.at = firing.wait;
  run.due = Run::kNever;
  switch (wait.kind) {
    case ir::Wait::Kind::kFor:
      run.due = plan_.calendar.Add(now, wait.duration);
      break;
    case ir::Wait::Kind::kCondition:
      break;
    case ir::Wait::Kind::kMoment:
      run.due = MomentOfWait(RunScene(run), wait).value_or(now);
      break;
    case ir::Wait::Kind::kRecurrence:
      run.due = plan_.calendar.Next(wait.recurrence, now);
      break;
  }
  run.limit = wait.at_most ? plan_.calendar.Add(now, *wait.at_most) : Run::kNever;
  EmitWaiting(run, (is_new ? kRunNew : 0) | (began ? kRunBegan : 0));
  if (run.WakesAt() <= now) ready_.push_back({run.id, LastEffect()});
}

Run Decision::NewRun(std::uint32_t rule, ir::TriggerKind trigger) {
  Run run;
  run.id = ++contact_->mutable_progress().last_run;
  run.rule = rule;
  run.started_at = record_->occurred_at;
  run.cause = record_->sequence;
  if (KeepsEvent(trigger) && record_->HasEvent() && !by_creation_) {
    run.event = record_->event;
    run.fields = record_->fields;
  }
  return run;
}

void Decision::EmitWaiting(const Run& run, int detail) {
  Effect& effect = Emit(EffectKind::kRunWaiting, run.rule);
  effect.number = run.id;
  effect.number_before = run.due;
  effect.action = static_cast<std::uint16_t>(run.HasBegun() ? run.at : 0);
  effect.detail = static_cast<std::uint8_t>(detail | ((detail & kRunNew) != 0 && by_creation_ ? kRunOfCreation : 0));
  if (run.limit != Run::kNever) effect.after = Value{true, run.limit, {}};
}

void Decision::EndRun(std::uint32_t id, RunEnd end) {
  RememberRun(id);
  Progress& progress = contact_->mutable_progress();
  Effect& effect = Emit(EffectKind::kRunEnded, progress.FindRun(id)->rule);
  effect.number = id;
  effect.detail = static_cast<std::uint8_t>(end);
  progress.EraseRun(id);
}

void Decision::NoteEnd(std::uint32_t rule, RunEnd end) { Emit(EffectKind::kRunEnded, rule).detail = static_cast<std::uint8_t>(end); }

void Decision::RememberProgress() {
  if (progress_remembered_) return;
  progress_remembered_ = true;
  last_run_before_ = contact_->progress().last_run;
  firings_before_ = contact_->progress().last_firings;
  reminders_before_ = contact_->progress().reminders;
  runs_before_.clear();
}

void Decision::RememberRun(std::uint32_t id) {
  RememberProgress();
  const auto same = [&](const Run& run) { return run.id == id; };
  const bool is_new = id > last_run_before_;
  if (!is_new && std::none_of(runs_before_.begin(), runs_before_.end(), same)) runs_before_.push_back(*contact_->progress().FindRun(id));
}

void Decision::UndoProgress() {
  if (!progress_remembered_) return;
  Progress& progress = contact_->mutable_progress();
  std::erase_if(progress.runs, [&](const Run& run) { return run.id > last_run_before_; });
  for (Run& before : runs_before_) {
    progress.EraseRun(before.id);
    const auto place = std::find_if(progress.runs.begin(), progress.runs.end(), [&](const Run& run) { return run.id > before.id; });
    progress.runs.insert(place, std::move(before));
  }
  progress.last_run = last_run_before_;
  progress.last_firings = firings_before_;
  progress.reminders = reminders_before_;
}

void Decision::RunEnrol(const ir::Action& action) { Enrol(action.sequence); }

void Decision::Enrol(std::uint32_t sequence) {
  const bool is_next = std::any_of(enrolled_.begin(), enrolled_.end(), [&](const Enrolment& other) { return other.rule == sequence; });
  const bool is_running = !program_.rules[sequence].every_time && IsRunning(sequence);
  if (!program_.rules[sequence].MayFire()) {
    Refuse(kNoSlot, RefusalReason::kDisabled, {}).number = sequence;
  } else if (is_next || is_running) {
    Refuse(kNoSlot, RefusalReason::kRunning, {}).number = sequence;
  } else {
    Emit(EffectKind::kEnrolled, sequence);
    enrolled_.push_back({sequence, LastEffect()});
  }
}

void Decision::StartByHand() {
  const auto named = std::find_if(record_->fields.begin(), record_->fields.end(),
                                  [&](const RecordedField& field) { return field.field == plan_.rule_started_field; });
  if (named == record_->fields.end()) return;
  const auto sequence = plan_.sequences.find(FoldCase(named->value.text));
  if (sequence != plan_.sequences.end()) Enrol(sequence->second);
}

void Decision::RunLeave(const ir::Action& action) {
  std::vector<std::uint32_t> left;
  for (const Run& run : contact_->runs()) {
    if (program_.rules[run.rule].family == action.sequence) left.push_back(run.id);
  }
  for (const std::uint32_t id : left) EndRun(id, RunEnd::kLeft);
  // What was to begin in the next round does not.
  if (std::erase_if(enrolled_, [&](const Enrolment& each) { return each.rule == action.sequence; }) > 0)
    NoteEnd(action.sequence, RunEnd::kLeft);
  leaving_ = action.sequence == program_.rules[rule_].family;
}

}  // namespace stagecraft::runtime
