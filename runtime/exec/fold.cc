// Recovery: effects that were decided once, repeated. Must do to a contact just what decision and apply.cc did.
#include <algorithm>

#include "runtime/exec/due.h"
#include "runtime/exec/executor.h"
#include "runtime/exec/plan.h"

namespace stagecraft::runtime {

void FoldHeader(const Record& record, Contact& contact) {
  const bool failed = !record.effects.empty() && record.effects.back().kind == EffectKind::kFailed;
  if (failed && record.kind == RecordKind::kEvent) return;
  switch (record.kind) {  // no time passes for a contact by these
    case RecordKind::kDeployment:
    case RecordKind::kStanding:
    case RecordKind::kScrubbed:
    case RecordKind::kForgotten:
    case RecordKind::kStop:
      return;
    default:
      break;
  }
  contact.set_now(std::max(contact.now(), record.occurred_at));
}

namespace {

Run NewRun(const ir::Program& program, const Record& record, const Effect& effect) {
  Run run;
  run.id = static_cast<std::uint32_t>(effect.number);
  run.rule = effect.target;
  run.started_at = record.occurred_at;
  run.cause = record.sequence;
  const bool by_creation = (effect.detail & kRunOfCreation) != 0;
  if (KeepsEvent(program.rules[effect.target].trigger) && record.HasEvent() && !by_creation) {
    run.event = record.event;
    run.fields = record.fields;
  }
  return run;
}

// False: the run that waits for something else is not there.
bool FoldWaiting(const ir::Program& program, const Record& record, const Effect& effect, Progress& progress) {
  if ((effect.detail & kRunNew) != 0) {
    progress.runs.push_back(NewRun(program, record, effect));
    progress.last_run = progress.runs.back().id;
  }
  Run* run = progress.FindRun(static_cast<std::uint32_t>(effect.number));
  if (run == nullptr) return false;
  if ((effect.detail & kRunBegan) != 0) run->started_at = record.occurred_at;
  run->at = (effect.detail & kRunPending) != 0 ? Run::kPending : effect.action;
  run->due = effect.number_before;
  run->limit = effect.after.set ? effect.after.number : Run::kNever;
  return true;
}

// False: as FoldWaiting.
bool FoldRun(const ir::Program& program, const Record& record, const Effect& effect, Progress& progress) {
  const auto id = static_cast<std::uint32_t>(effect.number);
  if (effect.kind == EffectKind::kRunEnded) {
    progress.EraseRun(id);
    return true;
  }
  if (effect.target >= program.rules.size()) return false;
  if (effect.kind == EffectKind::kRunWaiting) return FoldWaiting(program, record, effect, progress);
  Run* run = progress.FindRun(id);
  if (run == nullptr) return false;
  run->rule = effect.target;
  return true;
}

void FoldMerge(const Effect& effect, Contact& contact) {
  contact.set_created_at(std::min(contact.created_at(), effect.number_before));
  contact.set_now(std::max(contact.now(), effect.after.number));
  contact.mutable_departure().took_over = true;
}

void FoldDeparture(const Record& record, const Effect& effect, Contact& contact) {
  const auto standing = static_cast<Standing>(effect.detail);
  if (standing == Standing::kErased) {
    const Sequence head = contact.last_sequence();
    contact = Contact({}, contact.number(), 0);
    contact.set_last_sequence(head);
  }
  Departure& departure = contact.mutable_departure();
  departure.standing = standing;
  departure.into = static_cast<std::uint32_t>(effect.number);
  departure.at = standing == Standing::kActive ? 0 : record.occurred_at;
}

void FoldTurn(const ir::Team& team, const Effect& effect, TeamTurns& turns) {
  if (effect.kind == EffectKind::kRotated) {
    SeedTurns(team, effect.number, turns);
    return;
  }
  const auto by = static_cast<AssignedBy>(effect.detail);
  if (by == AssignedBy::kLoad || by == AssignedBy::kAccount) return;
  const std::string key = TurnKey(effect.text, effect.after.number);
  const auto same = [&key](const Turn& turn) { return turn.member == key; };
  const auto found = std::find_if(turns.turns.begin(), turns.turns.end(), same);
  (found == turns.turns.end() ? turns.turns.emplace_back(Turn{key, 0}) : *found).at = effect.number;
  turns.time = effect.number_before;
}

}  // namespace

bool FoldEffect(const ir::Program& program, const Record& record, const Effect& effect, Contact& contact, SharedState& shared) {
  switch (effect.kind) {
    case EffectKind::kContactCreated:
      contact.set_created_at(effect.number);
      return true;
    case EffectKind::kPropertySet:
      if (effect.target >= program.properties.size()) return false;
      contact.Set(effect.target, effect.after, ir::IsText(program.properties[effect.target].type),
                  effect.number != 0 ? effect.number : record.occurred_at);
      return true;
    case EffectKind::kConfirmed:
      if (effect.target >= program.properties.size()) return false;
      contact.Confirm(effect.target, record.occurred_at);
      return true;
    case EffectKind::kTracked:
      if (effect.target >= program.trackers.size()) return false;
      contact.AddTrack(effect.target, effect.number, record.sequence, KeepFrom(program, contact, effect.target, effect.number),
                       !program.trackers[effect.target].keeps_all);
      return true;
    case EffectKind::kTimerArmed:
      if (effect.target >= program.rules.size()) return false;
      contact.Arm({effect.target, effect.number, effect.number_before != 0 ? effect.number_before : record.occurred_at});
      return true;
    case EffectKind::kTimerDropped:
      contact.Disarm(effect.target);
      return true;
    case EffectKind::kRotated:
    case EffectKind::kAssigned:
      if (effect.target >= program.teams.size()) return false;
      if (shared.teams.size() < program.teams.size()) shared.teams.resize(program.teams.size());
      FoldTurn(program.teams[effect.target], effect, shared.teams[effect.target]);
      return true;
    case EffectKind::kReminder:
      contact.mutable_progress().SetReminder(effect.number, effect.number_before);
      return true;
    case EffectKind::kEntered:
      if (effect.target >= program.properties.size()) return false;
      contact.SetEntered(effect.target, static_cast<std::uint32_t>(effect.number_before), effect.number);
      return true;
    case EffectKind::kContacted:
      contact.set_last_contacted(effect.number);
      return true;
    case EffectKind::kRuleFired:
      if (effect.detail != 0) contact.mutable_progress().SetLastFiring(effect.target, record.occurred_at);
      return true;
    case EffectKind::kFiringKept:
      contact.mutable_progress().SetLastFiring(effect.target, effect.number);
      return true;
    case EffectKind::kRunWaiting:
    case EffectKind::kRunMoved:
    case EffectKind::kRunEnded:
      return FoldRun(program, record, effect, contact.mutable_progress());
    case EffectKind::kMergedFrom:
      FoldMerge(effect, contact);
      return true;
    case EffectKind::kDeparted:
      FoldDeparture(record, effect, contact);
      return true;
    case EffectKind::kCompanyMade:
    case EffectKind::kCompanySet:
    case EffectKind::kCompanyDeleted:
      if (shared.companies != nullptr) shared.companies->Fold(effect);
      return true;
    case EffectKind::kScrubbed:
    case EffectKind::kFailureErased:
    case EffectKind::kNodeChanged:
    case EffectKind::kRunResumed:
    case EffectKind::kEnrolled:
    case EffectKind::kTaskCreated:
    case EffectKind::kNotified:
    case EffectKind::kDealCreated:
    case EffectKind::kDealMoved:
    case EffectKind::kDealSet:
    case EffectKind::kSent:
    case EffectKind::kDispatched:
    case EffectKind::kNotificationRead:
    case EffectKind::kPromiseBroken:
    case EffectKind::kRefused:
    case EffectKind::kFailed:
    case EffectKind::kRuleSwitched:
    case EffectKind::kEnrolExisting:
    case EffectKind::kEnrolProgress:
    case EffectKind::kRetried:
    case EffectKind::kTaskChanged:
    case EffectKind::kUserChanged:
    case EffectKind::kUserAway:
      return true;
  }
  return false;
}

bool IsShared(EffectKind kind) { return kind == EffectKind::kRotated || kind == EffectKind::kAssigned; }

void FoldUser(const Effect& effect, UserTable& users) {
  User& user = users.Change(effect.text);
  if (effect.kind == EffectKind::kUserAway) {
    user.absences.push_back({effect.number, effect.number_before, effect.after.text});
    return;
  }
  user.deactivated = effect.detail != 0;
  user.absences.clear();
}

void FoldTask(const Effect& effect, Micros at, Task& task) {
  switch (static_cast<TaskPart>(effect.detail)) {
    case TaskPart::kCompleted:
    case TaskPart::kReopened:
      task.completed = static_cast<TaskPart>(effect.detail) == TaskPart::kCompleted;
      task.state_at = at;
      return;
    case TaskPart::kTitle:
      task.title = effect.after.text;
      break;
    case TaskPart::kAssignee:
      task.assignee = effect.after.text;
      break;
    case TaskPart::kDue:
      task.due_at = effect.after.number;
      break;
    case TaskPart::kPriority:
      task.priority = static_cast<std::uint8_t>(effect.after.number);
      break;
    case TaskPart::kRemind:
      task.remind_at = effect.after.number;
      break;
  }
  task.edited_at = at;
}

}  // namespace stagecraft::runtime
