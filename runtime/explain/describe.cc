#include "runtime/explain/describe.h"

#include <algorithm>
#include <utility>

#include "runtime/exec/resolve.h"
#include "runtime/model/contact.h"
#include "runtime/model/run.h"

namespace stagecraft::runtime {
namespace {

std::string Quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

// Says that this list was joined or left.
TimelineChange DescribeMembership(const std::string& list, bool is_in) {
  TimelineChange change;
  change.text = (is_in ? "joined list " : "left list ") + Quoted(list);
  change.property = list;
  (is_in ? change.after : change.before) = "member";
  return change;
}

// A list by hand is a hidden slot.
std::optional<std::string> ListOf(const ir::Property& property) {
  if (!property.hidden || !property.name.starts_with(ir::kListPrefix)) return std::nullopt;
  return property.name.substr(ir::kListPrefix.size());
}

std::string ChangeText(const std::string& name, const std::string& before, const std::string& after) {
  if (before.empty()) return name + " set to " + after;
  if (after.empty()) return name + " cleared, was " + before;
  return name + ": " + before + " -> " + after;
}

TimelineChange DescribeProperty(const ir::Program& program, const Effect& effect) {
  const ir::Property& property = program.properties[effect.target];
  if (const auto list = ListOf(property)) return DescribeMembership(*list, effect.after.set);
  TimelineChange change;
  change.property = property.name;
  change.before = FormatValue(program, property.type, effect.target, effect.before);
  change.after = FormatValue(program, property.type, effect.target, effect.after);
  change.text = ChangeText(property.name, change.before, change.after);
  change.reason = effect.text;
  if (!effect.text.empty()) change.text += " because " + Quoted(effect.text);
  return change;
}

TimelineChange DescribeNode(const ir::Program& program, const Effect& effect) {
  if (static_cast<ir::NodeKind>(effect.detail) == ir::NodeKind::kList) {
    return DescribeMembership(program.layout.lists.Name(effect.target), effect.number != 0);
  }
  TimelineChange change;
  change.property = program.layout.scores.Name(effect.target);
  change.before = std::to_string(effect.number_before);
  change.after = std::to_string(effect.number);
  change.text = change.property + ": " + change.before + " -> " + change.after;
  return change;
}

std::string RefusalText(const ir::Program& program, const Effect& effect) {
  switch (static_cast<RefusalReason>(effect.detail)) {
    case RefusalReason::kBackward:
      return "that would be a step back, which needs `back to`";
    case RefusalReason::kOverruled: {
      const auto winner = static_cast<std::size_t>(effect.number);
      return "overruled" + (winner < program.rules.size() ? " by rule " + Quoted(program.rules[winner].name) : std::string());
    }
    case RefusalReason::kPersonFirst:
      return "a person set it in the same event";
    case RefusalReason::kLate:
      return "a newer value is there already";
    case RefusalReason::kNoRecipient:
      return "there is nobody to give it to";
    case RefusalReason::kOutOfRange:
      return "the value is too large";
    case RefusalReason::kRunning:
      return "it is running already";
    case RefusalReason::kTooManyRuns:
      return "too many rules wait for this contact";
    case RefusalReason::kDisabled:
      return "it is disabled";
    case RefusalReason::kEventFailed:
      return "the event failed";
    case RefusalReason::kNoDeal:
      return "the contact has no such deal";
    case RefusalReason::kDeactivated:
      return effect.text + " is deactivated";
    case RefusalReason::kNobodyFree:
      return "nobody can take it: " + effect.text;
  }
  return "refused";
}

std::string RuleName(const ir::Program& program, std::int64_t rule) {
  const auto number = static_cast<std::size_t>(rule);
  return number < program.rules.size() ? Quoted(program.rules[number].name) : std::string();
}

bool IsAboutRule(const Effect& effect) {
  const auto reason = static_cast<RefusalReason>(effect.detail);
  return reason == RefusalReason::kRunning || reason == RefusalReason::kTooManyRuns || reason == RefusalReason::kDisabled;
}

const ir::Action* ActionOf(const ir::Program& program, std::uint32_t rule, std::uint32_t action) {
  if (rule >= program.rules.size() || action >= program.rules[rule].actions.size()) return nullptr;
  return &program.rules[rule].actions[action];
}

// Somebody was to be told, written to or asked, and `property` says who.
std::string NobodyText(const ir::Property& property, const ir::Action* action) {
  const bool is_manager = action != nullptr && action->recipient.kind == ir::RecipientKind::kManagerOfUserProperty;
  const bool is_task = action != nullptr && action->kind == ir::ActionKind::kCreateTask;
  return (is_task ? "the task is for nobody: " : "nothing was sent: ") +
         (is_manager ? "there is no manager of " + property.name : property.name + " is not set");
}

// `action`: that was refused; nullptr: it is not known.
TimelineChange DescribeRefusal(const ir::Program& program, const Effect& effect, const ir::Action* action) {
  TimelineChange change;
  const std::string why = RefusalText(program, effect);
  if (IsAboutRule(effect)) {
    change.text = RuleName(program, effect.number) + " not started: " + why;
    return change;
  }
  const bool asks_somebody = static_cast<RefusalReason>(effect.detail) == RefusalReason::kDeactivated && !effect.after.set;
  if (static_cast<RefusalReason>(effect.detail) == RefusalReason::kNoDeal) {
    change.text = effect.after.set
                      ? "no deal moved to " + Quoted(effect.after.text) + ": there is no open one in pipeline " + Quoted(effect.text)
                      : "no deal changed: there is none named " + Quoted(effect.text);
    return change;
  }
  if (effect.target >= program.properties.size() || asks_somebody) {
    change.text = "nothing was sent: " + why;
    return change;
  }
  const ir::Property& property = program.properties[effect.target];
  if (static_cast<RefusalReason>(effect.detail) == RefusalReason::kNoRecipient) {
    change.text = NobodyText(property, action);
    return change;
  }
  const std::string name = ListOf(property) ? "list " + Quoted(*ListOf(property)) : property.name;
  const std::string value = FormatValue(program, property.type, effect.target, effect.after);
  change.property = property.name;
  change.text = name + (value.empty() ? " not changed: " : " not set to " + value + ": ") + why;
  return change;
}

std::string TimeText(const ir::Program& program, Micros at) { return FormatValue(program, ir::Type::kTime, kNoSlot, Value{true, at, {}}); }

TimelineChange DescribeTask(const ir::Program& program, const Task& task) {
  TimelineChange change;
  change.text = "task " + Quoted(task.title) + (task.assignee.empty() ? " for nobody" : " for " + task.assignee);
  if (task.due_at) change.text += ", due " + TimeText(program, *task.due_at);
  return change;
}

// The title that came with the event, which is the task's unless it was renamed since.
std::string TaskName(const ir::Program& program, const Record& record, const Effect& effect) {
  for (const ir::WellKnown::TaskEvent& known : program.well_known.task_events) {
    if (record.kind != RecordKind::kEvent || known.event != record.event) continue;
    for (const RecordedField& field : record.fields) {
      if (field.field == known.title) return "task " + Quoted(field.value.text);
    }
  }
  return "task " + std::to_string(effect.number);
}

std::string PriorityText(const Value& value) {
  if (!value.set) return {};
  switch (static_cast<ir::Priority>(value.number)) {
    case ir::Priority::kLow:
      return "low";
    case ir::Priority::kHigh:
      return "high";
    case ir::Priority::kNormal:
      break;
  }
  return "normal";
}

std::string TaskChangeText(const ir::Program& program, const Record& record, const Effect& effect) {
  const std::string name = TaskName(program, record, effect);
  const auto time = [&program](const Value& value) { return value.set ? TimeText(program, value.number) : std::string(); };
  switch (static_cast<TaskPart>(effect.detail)) {
    case TaskPart::kCompleted:
      return name + " completed";
    case TaskPart::kReopened:
      return name + " reopened";
    case TaskPart::kTitle:
      return ChangeText("title of " + name, Quoted(effect.before.text), Quoted(effect.after.text));
    case TaskPart::kAssignee:
      return ChangeText("assignee of " + name, effect.before.text, effect.after.text);
    case TaskPart::kDue:
      return ChangeText("due time of " + name, time(effect.before), time(effect.after));
    case TaskPart::kPriority:
      return ChangeText("priority of " + name, PriorityText(effect.before), PriorityText(effect.after));
    case TaskPart::kRemind:
      return ChangeText("reminder of " + name, time(effect.before), time(effect.after));
  }
  return name + " changed";
}

// `sequence "Chase"`, `SLA "within 1 business day of SQL …"`, `rule "Hand-off"`.
std::string RunName(const ir::Program& program, std::uint32_t number) {
  const ir::Rule& rule = program.rules[number];
  const char* kind = rule.kind == ir::RuleKind::kSequence ? "sequence " : rule.kind == ir::RuleKind::kSla ? "SLA " : "rule ";
  return kind + Quoted(rule.name);
}

std::string WaitingText(const ir::Program& program, const Effect& effect) {
  const std::string name = RunName(program, effect.target);
  const bool has_due = effect.number_before != Run::kNever;
  if ((effect.detail & kRunPending) != 0) return name + " is to begin at " + TimeText(program, effect.number_before);
  const std::string until = effect.after.set ? ", until " + TimeText(program, effect.after.number) + " at most" : std::string();
  if (program.rules[effect.target].kind == ir::RuleKind::kSla && effect.action == 0) return name + " is running" + until;
  return name + " waits" + (has_due ? " until " + TimeText(program, effect.number_before) : std::string()) + until;
}

std::string ResumedText(const ir::Program& program, const Effect& effect) {
  const std::string name = RunName(program, effect.target);
  const bool is_sla = program.rules[effect.target].kind == ir::RuleKind::kSla && effect.action == 0;
  switch (static_cast<WaitEnd>(effect.detail)) {
    case WaitEnd::kTime:
      return name + " goes on: the wait is over";
    case WaitEnd::kCondition:
      return is_sla ? name + ": what was expected has happened" : name + " goes on: what it waited for is so";
    case WaitEnd::kTimeout:
      return is_sla ? name + ": what was expected has not happened in time" : name + " goes on: it has waited long enough";
  }
  return name + " goes on";
}

std::string EndedText(const ir::Program& program, const Effect& effect) {
  const std::string name = RunName(program, effect.target);
  switch (static_cast<RunEnd>(effect.detail)) {
    case RunEnd::kDone:
      return name + " is done";
    case RunEnd::kStopped:
      return name + " stopped: its condition to end holds";
    case RunEnd::kLeft:
      return name + " was left";
    case RunEnd::kWithdrawn:
      return name + " is not to begin: what was announced is taken back";
    case RunEnd::kNotBegun:
      return name + " did not begin: its conditions keep it from it";
    case RunEnd::kMet:
      return name + " was met";
    case RunEnd::kMissed:
      return name + " was missed";
    case RunEnd::kRuleChanged:
      return name + " ended: the rule was changed, and does not wait at the same action";
    case RunEnd::kRuleGone:
      return name + " is not to begin: the rule is no longer there";
    case RunEnd::kFailed:
      return name + " ended: what it sets off does not come to an end";
    case RunEnd::kDeparted:
      return name + " ended with the contact";
    case RunEnd::kNotFitting:
      return name + " ended: the rule was changed, and as it was it no longer fits the scripts: " + effect.text;
    case RunEnd::kByHand:
      return name + " was ended by hand" + (effect.text.empty() ? std::string() : ": " + effect.text);
  }
  return name + " ended";
}

std::string MovedText(const ir::Program& program, const Effect& effect) {
  const std::string name = RunName(program, effect.target);
  const std::uint32_t revision = program.rules[effect.target].of_revision;
  if (revision == 0) return name + " goes on as the rule is now";
  return name + " goes on as it began, with the rule of revision " + std::to_string(revision);
}

// A rule that waited for its beginning only and has begun needs no word of its end.
bool IsSilentEnd(const ir::Program& program, const Effect& effect) {
  return static_cast<RunEnd>(effect.detail) == RunEnd::kDone && !program.rules[effect.target].has_waits;
}

std::string DealText(const ir::Program& program, const Deal& deal) {
  std::string text = "deal " + Quoted(deal.name) + " created in pipeline " + Quoted(deal.pipeline) + " at " + Quoted(deal.stage);
  if (deal.amount) text += ", amount " + FormatValue(program, ir::Type::kMoney, kNoSlot, Value{true, *deal.amount, {}});
  return text;
}

// A deal by its id: its name may be another one by now.
std::string DealName(const Effect& effect) { return "deal " + std::to_string(effect.number); }

std::string DealMovedText(const Effect& effect) {
  std::string text = DealName(effect) + " moved from " + Quoted(effect.before.text) + " to " + Quoted(effect.after.text);
  if (static_cast<DealState>(effect.detail) == DealState::kWon) text += ", won";
  if (static_cast<DealState>(effect.detail) == DealState::kLost) text += ", lost";
  return text;
}

std::string DealSetText(const ir::Program& program, const Effect& effect) {
  const auto text = [&](const std::string& name, ir::Type type) {
    return DealName(effect) + ": " +
           ChangeText(name, FormatValue(program, type, kNoSlot, effect.before), FormatValue(program, type, kNoSlot, effect.after));
  };
  switch (static_cast<DealMember>(effect.detail)) {
    case DealMember::kName:
      return text("name", ir::Type::kText);
    case DealMember::kAmount:
      return text("amount", ir::Type::kMoney);
    case DealMember::kOwner:
      return text("owner", ir::Type::kText);
    case DealMember::kCloseDate:
      return text("close date", ir::Type::kDate);
    case DealMember::kDeleted:
      return DealName(effect) + " deleted";
  }
  return DealName(effect) + " changed";
}

// What the contact brought to its company; a value that was only said again needs no word.
std::optional<TimelineChange> DescribeCompany(const ir::Program& program, const Effect& effect) {
  if (effect.before == effect.after) return std::nullopt;
  TimelineChange change;
  const ir::Property& property = program.properties[effect.target];
  change.text = "company " + Quoted(effect.text) + ": " +
                ChangeText(property.name, FormatValue(program, property.type, effect.target, effect.before),
                           FormatValue(program, property.type, effect.target, effect.after));
  return change;
}

std::string DeliveryText(const Delivery& delivery) {
  if (delivery.kind == DeliveryKind::kWebhook) return "webhook " + Quoted(delivery.name) + " queued";
  return "e-mail " + Quoted(delivery.name) + " to " + delivery.recipient + " queued";
}

std::string DepartureText(const Effect& effect) {
  switch (static_cast<Standing>(effect.detail)) {
    case Standing::kActive:
      return "contact restored";
    case Standing::kDeleted:
      return "contact deleted";
    case Standing::kMerged:
      return "became part of " + Quoted(effect.text);
    case Standing::kErased:
      return "contact erased";
  }
  return {};
}

std::optional<TimelineChange> DescribeByKind(const ir::Program& program, const Record& record, const Effect& effect) {
  TimelineChange change;
  switch (effect.kind) {
    case EffectKind::kContactCreated:
      change.text = "contact created";
      return change;
    case EffectKind::kPropertySet:
      return DescribeProperty(program, effect);
    case EffectKind::kNodeChanged:
      return DescribeNode(program, effect);
    case EffectKind::kTaskCreated:
      return DescribeTask(program, record.tasks[static_cast<std::size_t>(effect.number)]);
    case EffectKind::kNotified: {
      const Notification& notification = record.notifications[static_cast<std::size_t>(effect.number)];
      change.text = "notified " + notification.recipient + ": " + notification.text;
      return change;
    }
    case EffectKind::kRefused:
      return DescribeRefusal(program, effect,
                             effect.by == kByEvent ? nullptr : ActionOf(program, record.effects[effect.by].target, effect.action));
    case EffectKind::kFailed:
      if (record.kind == RecordKind::kCompany) {
        change.text = "took the company's values over, but nothing of what its rules do, they do not come to an end: " + effect.text;
        return change;
      }
      change.text = "failed and kept nothing, the rules do not come to an end: " + effect.text;
      return change;
    case EffectKind::kRunWaiting:
      change.text = WaitingText(program, effect);
      return change;
    case EffectKind::kRunResumed:
      change.text = ResumedText(program, effect);
      return change;
    case EffectKind::kRunMoved:
      change.text = MovedText(program, effect);
      return change;
    case EffectKind::kRetried:
      change.text = "tried again: an action of " + RunName(program, effect.target);
      return change;
    case EffectKind::kRunEnded:
      if (IsSilentEnd(program, effect)) return std::nullopt;
      change.text = EndedText(program, effect);
      return change;
    case EffectKind::kEnrolled:
      change.text = RunName(program, effect.target) + " started";
      return change;
    case EffectKind::kDealCreated:
      change.text = DealText(program, record.deals[static_cast<std::size_t>(effect.number)]);
      return change;
    case EffectKind::kSent:
      change.text = DeliveryText(record.deliveries[static_cast<std::size_t>(effect.number)]);
      return change;
    case EffectKind::kPromiseBroken:
      change.text = "promise broken: " + program.promises[effect.target].text;
      return change;
    case EffectKind::kMergedFrom:
      change.text = "contact " + Quoted(effect.text) + " became part of this one";
      return change;
    case EffectKind::kDealMoved:
      change.text = DealMovedText(effect);
      return change;
    case EffectKind::kDealSet:
      change.text = DealSetText(program, effect);
      return change;
    case EffectKind::kCompanyMade:
      change.text = "company " + Quoted(effect.text) + " created";
      return change;
    case EffectKind::kCompanyDeleted:
      change.text = "company " + Quoted(effect.text) + " deleted";
      return change;
    case EffectKind::kCompanySet:
      return DescribeCompany(program, effect);
    case EffectKind::kTaskChanged:
      change.text = TaskChangeText(program, record, effect);
      return change;
    case EffectKind::kAssigned:
      // Turns are passed on silently where nobody is out of the question.
      if (effect.detail >= static_cast<std::uint8_t>(AssignedBy::kTurnLost) || effect.after.text.empty()) return std::nullopt;
      change.text = AssignmentText(program, effect);
      return change;
    case EffectKind::kDeparted:  // the record's title says it
    case EffectKind::kScrubbed:
    case EffectKind::kFailureErased:
    case EffectKind::kFiringKept:
    case EffectKind::kReminder:
    case EffectKind::kUserChanged:
    case EffectKind::kUserAway:
    case EffectKind::kRuleFired:
    case EffectKind::kTracked:
    case EffectKind::kTimerArmed:
    case EffectKind::kTimerDropped:
    case EffectKind::kRotated:
    case EffectKind::kEntered:
    case EffectKind::kConfirmed:
    case EffectKind::kContacted:
    case EffectKind::kDispatched:
    case EffectKind::kRuleSwitched:
    case EffectKind::kEnrolExisting:
    case EffectKind::kEnrolProgress:
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

std::string DescribeRun(const ir::Program& program, const Run& run) {
  Effect effect;
  effect.target = run.rule;
  effect.number_before = run.due;
  effect.action = static_cast<std::uint16_t>(run.HasBegun() ? run.at : 0);
  effect.detail = run.HasBegun() ? 0 : kRunPending;
  if (run.limit != Run::kNever) effect.after = Value{true, run.limit, {}};
  return WaitingText(program, effect);
}

std::string DescribeEnd(const ir::Program& program, const Effect& effect) { return EndedText(program, effect); }

std::string DescribeFailure(const ir::Program& program, const Failure& failure) {
  Effect effect;
  effect.kind = EffectKind::kRefused;
  effect.detail = failure.reason;
  effect.target = failure.slot;
  effect.number = failure.rule;
  effect.text = failure.text;
  return DescribeRefusal(program, effect, ActionOf(program, failure.rule, failure.action)).text;
}

const ir::Rule* RuleOf(const ir::Program& program, const Record& record, const Effect& effect) {
  if (effect.by == kByEvent) return nullptr;
  return &program.rules[record.effects[effect.by].target];
}

std::string FileOf(const ir::Program& program, const ir::Place& place) {
  return place.file < program.files.size() ? program.files[place.file] : std::string();
}

namespace {

std::string StandingTitle(const Record& record) {
  const auto is_merge = [](const Effect& effect) { return effect.kind == EffectKind::kMergedFrom; };
  if (std::any_of(record.effects.begin(), record.effects.end(), is_merge)) return "contacts merged";
  const auto departed =
      std::find_if(record.effects.begin(), record.effects.end(), [](const Effect& effect) { return effect.kind == EffectKind::kDeparted; });
  return departed == record.effects.end() ? "erased records removed" : DepartureText(*departed);
}

}  // namespace

namespace {

// What was said of a user: the first effect says whether they are deactivated, those behind it when they are away.
std::string UserText(const Record& record) {
  if (record.effects.empty()) return "user changed";
  const std::string user = "user " + record.effects.front().text;
  if (record.effects.front().detail != 0) return user + " deactivated";
  return record.effects.size() > 1 ? user + " away" : user + " there";
}

}  // namespace

std::string AssignmentText(const ir::Program& program, const Effect& effect) {
  const std::string team = Quoted(program.layout.teams.Name(effect.target));
  const std::string why = effect.after.text.empty() ? std::string() : ": " + effect.after.text;
  switch (static_cast<AssignedBy>(effect.detail)) {
    case AssignedBy::kTurn:
      return "turn of " + effect.text + " in " + team + why;
    case AssignedBy::kLoad:
      return effect.text + " has the least in " + team + why;
    case AssignedBy::kAccount:
      return effect.text + " in " + team + " keeps the account" + why;
    case AssignedBy::kTurnLost:
      return "turn of " + effect.text + " in " + team + " passed on" + why;
    case AssignedBy::kJoined:
      return effect.text + " joined " + team;
  }
  return effect.text;
}

std::string TitleOf(const ir::Program& program, const Record& record) {
  switch (record.kind) {
    case RecordKind::kEvent:
      return program.events[record.event].name;
    case RecordKind::kTimer:
      if (record.rule == kReminderRule) return "reminder of a task";
      return record.rule == kNoRule ? "time passed" : "timer of " + RunName(program, record.rule);
    case RecordKind::kCompany:
      return "company " + Quoted(record.event_id) + " changed";
    case RecordKind::kDeployment:
      return "revision " + std::to_string(record.revision) + " deployed";
    case RecordKind::kStanding:
      return StandingTitle(record);
    case RecordKind::kScrubbed:
      return "erased";
    case RecordKind::kForgotten:
      return "older history was removed";
    case RecordKind::kDeliveryOutcome:
      return "deliveries tried";
    case RecordKind::kRetry:
      return "another attempt";
    case RecordKind::kSwitch:
      return "rule switched";
    case RecordKind::kStop:
      return "runs ended by hand";
    case RecordKind::kEnrolment:
      return record.rule == kNoRule ? "contacts enrolled" : "enrolled in " + RunName(program, record.rule);
    case RecordKind::kUser:
      return UserText(record);
  }
  return {};
}

std::optional<TimelineChange> DescribeEffect(const ir::Program& program, const Record& record, const Effect& effect) {
  std::optional<TimelineChange> change = DescribeByKind(program, record, effect);
  const ir::Rule* rule = RuleOf(program, record, effect);
  if (!change || rule == nullptr) return change;
  const ir::Place& place = effect.action < rule->actions.size() ? rule->actions[effect.action].place : rule->place;
  change->rule = rule->name;
  change->file = FileOf(program, place);
  change->line = place.line;
  return change;
}

}  // namespace stagecraft::runtime
