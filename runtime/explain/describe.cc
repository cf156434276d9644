#include "runtime/explain/describe.h"

#include <algorithm>
#include <utility>

#include "runtime/exec/resolve.h"
#include "runtime/explain/describe_parts.h"
#include "runtime/model/contact.h"

namespace stagecraft::runtime {

std::string Quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

std::string ChangeText(const std::string& name, const std::string& before, const std::string& after) {
  if (before.empty()) return name + " set to " + after;
  if (after.empty()) return name + " cleared, was " + before;
  return name + ": " + before + " -> " + after;
}

std::string TimeText(const ir::Program& program, Micros at) { return FormatValue(program, ir::Type::kTime, kNoSlot, Value{true, at, {}}); }

namespace {

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
    case RefusalReason::kNotSet:
      return effect.text + " is not set";
    case RefusalReason::kByZero:
      return "that divides by zero";
    case RefusalReason::kNotFitting:
      return "as it was the rule no longer fits the scripts: " + effect.text;
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
    const ir::ActionKind kind = action == nullptr ? ir::ActionKind::kNotify : action->kind;
    const bool is_deal = kind == ir::ActionKind::kCreateDeal;
    change.text = (is_deal ? "no deal was created: " : kind == ir::ActionKind::kWait ? "cannot wait: " : "nothing was sent: ") + why;
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

// What became of a company; a value that was only said again needs no word.
std::optional<TimelineChange> DescribeCompany(const ir::Program& program, const Effect& effect) {
  TimelineChange change;
  if (effect.kind != EffectKind::kCompanySet) {
    change.text = "company " + Quoted(effect.text) + (effect.kind == EffectKind::kCompanyMade ? " created" : " deleted");
    return change;
  }
  if (effect.before == effect.after) return std::nullopt;
  const ir::Property& property = program.properties[effect.target];
  change.text = "company " + Quoted(effect.text) + ": " +
                ChangeText(property.name, FormatValue(program, property.type, effect.target, effect.before),
                           FormatValue(program, property.type, effect.target, effect.after));
  return change;
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

TimelineChange Say(std::string text) {
  TimelineChange change;
  change.text = std::move(text);
  return change;
}

std::string FailedText(const Record& record, const Effect& effect) {
  if (record.kind == RecordKind::kCompany)
    return "took the company's values over, but nothing of what its rules do, they do not come to an end: " + effect.text;
  return "failed and kept nothing, the rules do not come to an end: " + effect.text;
}

std::optional<TimelineChange> DescribeByKind(const ir::Program& program, const Record& record, const Effect& effect) {
  switch (effect.kind) {
    case EffectKind::kContactCreated:
      return Say("contact created");
    case EffectKind::kPropertySet:
      return DescribeProperty(program, effect);
    case EffectKind::kNodeChanged:
      return DescribeNode(program, effect);
    case EffectKind::kTaskCreated:
    case EffectKind::kTaskChanged:
    case EffectKind::kNotified:
    case EffectKind::kSent:
    case EffectKind::kDealCreated:
    case EffectKind::kDealMoved:
    case EffectKind::kDealSet:
      return Say(ItemText(program, record, effect));
    case EffectKind::kRefused:
      return DescribeRefusal(program, effect,
                             effect.by == kByEvent ? nullptr : ActionOf(program, record.effects[effect.by].target, effect.action));
    case EffectKind::kFailed:
      return Say(FailedText(record, effect));
    case EffectKind::kRunWaiting:
    case EffectKind::kRunResumed:
    case EffectKind::kRunMoved:
    case EffectKind::kRetried:
    case EffectKind::kRunEnded:
    case EffectKind::kEnrolled:
      if (IsSilentEnd(program, effect)) return std::nullopt;
      return Say(RunText(program, effect));
    case EffectKind::kPromiseBroken:
      return Say("promise broken: " + program.promises[effect.target].text);
    case EffectKind::kMergedFrom:
      return Say("contact " + Quoted(effect.text) + " became part of this one");
    case EffectKind::kCompanyMade:
    case EffectKind::kCompanyDeleted:
    case EffectKind::kCompanySet:
      return DescribeCompany(program, effect);
    case EffectKind::kAssigned:
      // Turns are passed on silently where nobody is out of the question.
      if (effect.detail >= static_cast<std::uint8_t>(AssignedBy::kTurnLost) || effect.after.text.empty()) return std::nullopt;
      return Say(AssignmentText(program, effect));
    // The record's title says it, or only the machine cares.
    case EffectKind::kTracked:
    case EffectKind::kRuleFired:
    case EffectKind::kTimerArmed:
    case EffectKind::kTimerDropped:
    case EffectKind::kRotated:
    case EffectKind::kEntered:
    case EffectKind::kConfirmed:
    case EffectKind::kContacted:
    case EffectKind::kUserChanged:
    case EffectKind::kUserAway:
    case EffectKind::kReminder:
    case EffectKind::kDeparted:
    case EffectKind::kFiringKept:
    case EffectKind::kScrubbed:
    case EffectKind::kFailureErased:
    case EffectKind::kDispatched:
    case EffectKind::kNotificationRead:
    case EffectKind::kRuleSwitched:
    case EffectKind::kEnrolExisting:
    case EffectKind::kEnrolProgress:
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

std::string DescribeFailure(const ir::Program& program, const Failure& failure) {
  if (static_cast<RefusalReason>(failure.reason) == RefusalReason::kEventFailed)
    return "kept nothing, the rules do not come to an end: " + failure.text;
  Effect effect;
  effect.kind = EffectKind::kRefused;
  effect.detail = failure.reason;
  effect.text = failure.text;
  if (static_cast<RefusalReason>(failure.reason) == RefusalReason::kNotFitting)
    return "ended by a deployment: " + RefusalText(program, effect);
  effect.target = failure.slot;
  effect.number = failure.rule;
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
    case RecordKind::kReading:
      return "notifications read";
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
