// Tasks: made by rules and by people, changed by people, and their assignees reminded of them.
#include "runtime/exec/calendar.h"
#include "runtime/exec/decision.h"

namespace stagecraft::runtime {

void Decision::RunCreateTask(const ir::Action& action) {
  text_.clear();
  if (action.text) Render(program_.templates[*action.text], text_);
  recipients_.clear();
  missing_.clear();
  if (action.has_recipient) FindRecipients(action.recipient);
  if (!recipients_.empty()) {
    for (const std::string_view recipient : recipients_) AddTaskOf(action, recipient);
    return;
  }
  // The work is there even if nobody is: the task waits for somebody, and the run log says why.
  AddTaskOf(action, {});
  if (action.has_recipient) RefuseNobody(action.recipient);
}

void Decision::AddTaskOf(const ir::Action& action, std::string_view assignee) {
  Task task;
  task.title = text_;
  task.assignee = assignee;
  task.priority = static_cast<std::uint8_t>(action.priority);
  if (action.due_in) task.due_at = plan_.calendar.Add(record_->occurred_at, *action.due_in);
  if (task.due_at && action.remind_before) task.remind_at = plan_.calendar.Subtract(*task.due_at, *action.remind_before);
  AddTask(std::move(task));
}

void Decision::AddTask(Task task) {
  const std::optional<std::int64_t> id = NextDeliveryId();
  if (!id) return;
  task.id = *id;
  task.contact = contact_->number();
  task.created_at = record_->occurred_at;
  task.cause = record_->sequence;
  Emit(EffectKind::kTaskCreated, 0).number = static_cast<std::int64_t>(record_->tasks.size());
  // A reminder that comes before the task says nothing new.
  if (task.remind_at && *task.remind_at > record_->occurred_at) SetReminder(task.id, *task.remind_at);
  record_->tasks.push_back(std::move(task));
}

void Decision::SetReminder(std::int64_t task, Micros due) {
  const Reminder* there = contact_->progress().FindReminder(task);
  if (there == nullptr ? due == Run::kNever : there->due == due) return;
  RememberProgress();
  Effect& effect = Emit(EffectKind::kReminder, 0);
  effect.number = task;
  effect.number_before = due;
  effect.detail = there == nullptr ? 0 : 1;
  contact_->mutable_progress().SetReminder(task, due);
}

void Decision::ChangePart(const Task& task, TaskPart part, Value before, Value after) {
  Effect& effect = Emit(EffectKind::kTaskChanged, 0);
  effect.number = task.id;
  effect.detail = static_cast<std::uint8_t>(part);
  effect.before = std::move(before);
  effect.after = std::move(after);
}

bool Decision::SaysNothingNew(const TaskRequest& request) {
  using Kind = ir::WellKnown::TaskEvent::Kind;
  if (request.kind == Kind::kCompleted) return request.task.completed;
  return request.kind == Kind::kReopened && !request.task.completed;
}

bool Decision::IsEdit(const TaskRequest& request) {
  const Task& task = request.task;
  return (request.title && *request.title != task.title) || (request.assignee && *request.assignee != task.assignee) ||
         (request.priority && *request.priority != task.priority) || (request.due_at && request.due_at != task.due_at);
}

void Decision::ApplyTask(const TaskRequest& request) {
  using Kind = ir::WellKnown::TaskEvent::Kind;
  const Task& task = request.task;
  if (request.kind == Kind::kCreated) {
    AddTask(task);
    return;
  }
  if (request.kind == Kind::kChanged && !IsEdit(request)) return;
  const Micros last_word = request.kind == Kind::kChanged ? task.edited_at : task.state_at;
  if (record_->occurred_at < std::max(last_word, task.created_at)) {
    Refuse(kNoSlot, RefusalReason::kLate, {});
    return;
  }
  switch (request.kind) {
    case Kind::kCompleted:
      ChangePart(task, TaskPart::kCompleted, {}, {});
      SetReminder(task.id, Run::kNever);
      return;
    case Kind::kReopened:
      ChangePart(task, TaskPart::kReopened, {}, {});
      if (task.remind_at && *task.remind_at > record_->occurred_at) SetReminder(task.id, *task.remind_at);
      return;
    case Kind::kChanged:
      EditTask(request);
      return;
    case Kind::kCreated:
      return;
  }
}

void Decision::EditTask(const TaskRequest& request) {
  const Task& task = request.task;
  const auto text = [](const std::string& value) { return Value{!value.empty(), 0, value}; };
  if (request.title && *request.title != task.title) ChangePart(task, TaskPart::kTitle, text(task.title), text(*request.title));
  if (request.assignee && *request.assignee != task.assignee)
    ChangePart(task, TaskPart::kAssignee, text(task.assignee), text(*request.assignee));
  if (request.priority && *request.priority != task.priority)
    ChangePart(task, TaskPart::kPriority, {true, task.priority, {}}, {true, *request.priority, {}});
  if (!request.due_at || request.due_at == task.due_at) return;
  ChangePart(task, TaskPart::kDue, task.due_at ? Value{true, *task.due_at, {}} : Value{}, {true, *request.due_at, {}});
  if (!task.remind_at || !task.due_at) return;
  // The reminder keeps its distance from what is due.
  const Micros remind_at = *request.due_at - (*task.due_at - *task.remind_at);
  ChangePart(task, TaskPart::kRemind, {true, *task.remind_at, {}}, {true, remind_at, {}});
  if (!task.completed) SetReminder(task.id, remind_at > record_->occurred_at ? remind_at : Run::kNever);
}

ExecResult Decision::DecideReminder(const Task& task, Contact& contact, SharedState& shared, Record& record) {
  Begin(contact, shared, record);
  BeginDerived(false);
  const Reminder* reminder = contact.progress().FindReminder(task.id);
  if (reminder == nullptr || reminder->due > record.occurred_at) return {};
  MoveTime(record.occurred_at);
  reminded_ = task.id;
  SetReminder(task.id, Run::kNever);
  if (task.assignee.empty()) {
    Refuse(kNoSlot, RefusalReason::kNoRecipient, {});
  } else if (IsDeactivated(task.assignee)) {
    Refuse(kNoSlot, RefusalReason::kDeactivated, {}).text = task.assignee;
  } else {
    std::string text = "task due";
    if (task.due_at) text += " at " + FormatTime(*task.due_at, plan_.calendar.zone());
    Tell(task.assignee, text + ": " + task.title);
  }
  EndRound();
  return RunRounds() ? Finish() : Fail();
}

}  // namespace stagecraft::runtime
