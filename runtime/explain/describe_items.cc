// Tasks, notifications, deliveries and deals in people's words.
#include <string>

#include "runtime/exec/resolve.h"
#include "runtime/explain/describe_parts.h"

namespace stagecraft::runtime {
namespace {

std::string TaskText(const ir::Program& program, const Task& task) {
  std::string text = "task " + Quoted(task.title) + (task.assignee.empty() ? " for nobody" : " for " + task.assignee);
  if (task.due_at) text += ", due " + TimeText(program, *task.due_at);
  return text;
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

std::string DeliveryText(const Delivery& delivery) {
  if (delivery.kind == DeliveryKind::kWebhook) return "webhook " + Quoted(delivery.name) + " queued";
  return "e-mail " + Quoted(delivery.name) + " to " + delivery.recipient + " queued";
}

}  // namespace

std::string ItemText(const ir::Program& program, const Record& record, const Effect& effect) {
  const auto number = static_cast<std::size_t>(effect.number);
  switch (effect.kind) {
    case EffectKind::kTaskCreated:
      return TaskText(program, record.tasks[number]);
    case EffectKind::kTaskChanged:
      return TaskChangeText(program, record, effect);
    case EffectKind::kNotified:
      return "notified " + record.notifications[number].recipient + ": " + record.notifications[number].text;
    case EffectKind::kSent:
      return DeliveryText(record.deliveries[number]);
    case EffectKind::kDealCreated:
      return DealText(program, record.deals[number]);
    case EffectKind::kDealMoved:
      return DealMovedText(effect);
    default:
      return DealSetText(program, effect);
  }
}

}  // namespace stagecraft::runtime
