#include "runtime/explain/describe.h"

#include <utility>

#include "runtime/exec/resolve.h"

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

// A list by hand is a hidden slot named `list:<name>`.
std::optional<std::string> ListOf(const ir::Property& property) {
  constexpr std::string_view kPrefix = "list:";
  if (!property.hidden || property.name.compare(0, kPrefix.size(), kPrefix) != 0) return std::nullopt;
  return property.name.substr(kPrefix.size());
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
  }
  return "refused";
}

TimelineChange DescribeRefusal(const ir::Program& program, const Effect& effect) {
  TimelineChange change;
  const std::string why = RefusalText(program, effect);
  if (effect.target >= program.properties.size()) {
    change.text = "nothing was sent: " + why;
    return change;
  }
  const ir::Property& property = program.properties[effect.target];
  const std::string name = ListOf(property) ? "list " + Quoted(*ListOf(property)) : property.name;
  const std::string value = FormatValue(program, property.type, effect.target, effect.after);
  change.property = property.name;
  change.text = name + (value.empty() ? " not changed: " : " not set to " + value + ": ") + why;
  return change;
}

TimelineChange DescribeTask(const ir::Program& program, const Task& task) {
  TimelineChange change;
  change.text = "task " + Quoted(task.title) + (task.assignee.empty() ? " for nobody" : " for " + task.assignee);
  if (task.due_at) change.text += ", due " + FormatValue(program, ir::Type::kTime, kNoSlot, Value{true, *task.due_at, {}});
  return change;
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
      return DescribeRefusal(program, effect);
    case EffectKind::kFailed:
      change.text = "failed and kept nothing, the rules do not come to an end: " + effect.text;
      return change;
    default:
      return std::nullopt;
  }
}

}  // namespace

const ir::Rule* RuleOf(const ir::Program& program, const Record& record, const Effect& effect) {
  if (effect.by == kByEvent) return nullptr;
  return &program.rules[record.effects[effect.by].target];
}

std::string FileOf(const ir::Program& program, const ir::Place& place) {
  return place.file < program.files.size() ? program.files[place.file] : std::string();
}

std::string TitleOf(const ir::Program& program, const Record& record) {
  switch (record.kind) {
    case RecordKind::kEvent:
      return program.events[record.event].name;
    case RecordKind::kTimer:
      return record.rule == kNoRule ? "time passed" : "timer of rule " + Quoted(program.rules[record.rule].name);
    case RecordKind::kDeployment:
      return "revision " + std::to_string(record.revision) + " deployed";
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
