// Tasks: made by rules and by people, changed by events of their contact, and the reminders of them.
#include <algorithm>

#include "dsl/support/text.h"
#include "tests/reference/decision.h"

namespace stagecraft::reference {
namespace {

sema::Priority PriorityOf(const std::string& word) {
  return word == "high" ? sema::Priority::kHigh : word == "low" ? sema::Priority::kLow : sema::Priority::kNormal;
}

// What is to come at `at` is to come; what would have been before is not.
void SetReminder(Task& task, Micros at) {
  task.reminder = !task.completed && task.remind_at.has_value() && *task.remind_at > at ? *task.remind_at : kNever;
}

}  // namespace

Task* Contact::FindTask(std::int64_t wanted) {
  const auto found = std::find_if(tasks.begin(), tasks.end(), [&](const Task& task) { return task.number == wanted; });
  return found == tasks.end() ? nullptr : &*found;
}

Value Decision::FieldOf(const Happening& event, std::string_view name) const {
  const std::optional<std::uint32_t> field = script_.vocabulary().event(event.event).FindField(name);
  const auto found = field.has_value() ? event.fields.find(*field) : event.fields.end();
  return found == event.fields.end() ? Value() : found->second;
}

void Decision::MakeTask(Task task) {
  task.number = ++house_.tasks;
  task.made_at = task.state_at = task.edited_at = at_;
  SetReminder(task, at_);
  std::string line = "task \"" + task.title + "\" for " + (task.assignee.empty() ? "nobody" : task.assignee);
  if (task.due.has_value()) line += " due " + script_.ShowTime(*task.due);
  Say(line + (task.priority == sema::Priority::kHigh ? " priority high" : ""));
  contact_.tasks.push_back(std::move(task));
}

void Decision::Do(const sema::CreateTask& create, const Firing& firing) {
  Task task;
  task.title = Fill(SceneOf(contact_, firing), create.title);
  task.priority = create.priority;
  if (create.due_in.has_value()) task.due = script_.calendar().Add(at_, ToIr(*create.due_in));
  if (create.remind_before.has_value()) task.remind_at = script_.calendar().Subtract(*task.due, ToIr(*create.remind_before));
  const std::vector<std::string> people = create.assignee.has_value() ? People(*create.assignee) : std::vector<std::string>();
  std::vector<std::string> active;
  for (const std::string& one : people) {
    if (!house_.IsDeactivated(one)) active.push_back(one);
  }
  for (const std::string& one : active) {
    task.assignee = one;
    MakeTask(task);
  }
  if (active.empty()) MakeTask(task);
  if (active.empty() && create.assignee.has_value()) SayNobody(*create.assignee, people);
}

// False: nothing has happened, since it is so already.
bool Decision::TouchTask(Happening& event) {
  if (script_.IsEvent(event.event, "task created")) {
    Task task;
    task.title = FieldOf(event, "title").text;
    task.assignee = FieldOf(event, "assignee").text;
    task.priority = PriorityOf(FieldOf(event, "priority").text);
    if (const Value due = FieldOf(event, "due"); due.set) task.due = due.number;
    MakeTask(std::move(task));
    return true;
  }
  const Value number = FieldOf(event, "task");
  if (!script_.IsOfFamily(event.event, "task") || !number.set) return true;
  Task& task = *contact_.FindTask(std::stoll(number.text));
  const Value title = FieldOf(event, "title");
  if (!title.set) event.fields[*script_.vocabulary().event(event.event).FindField("title")] = TextValue(task.title);
  if (script_.IsEvent(event.event, "task changed")) {
    ChangeTask(task, event, title);
    return true;
  }
  const bool completed = script_.IsEvent(event.event, "task completed");
  if (task.completed == completed) return false;
  if (at_ < task.state_at) {
    SayRefused("late");
    return true;
  }
  task.completed = completed;
  task.state_at = at_;
  SetReminder(task, at_);
  Say(completed ? "completion of a task is another" : "opening of a task is another");
  return true;
}

void Decision::ChangeTask(Task& task, const Happening& event, const Value& title) {
  const Value assignee = FieldOf(event, "assignee");
  const Value due = FieldOf(event, "due");
  const Value priority = FieldOf(event, "priority");
  const bool another_title = title.set && title.text != task.title;
  const bool another_assignee = assignee.set && assignee.text != task.assignee;
  const bool another_due = due.set && due.number != task.due;
  const bool another_priority = priority.set && PriorityOf(priority.text) != task.priority;
  if (!another_title && !another_assignee && !another_due && !another_priority) return;
  if (at_ < task.edited_at) {
    SayRefused("late");
    return;
  }
  task.edited_at = at_;
  if (another_title) {
    task.title = title.text;
    Say("title of a task is another");
  }
  if (another_assignee) {
    task.assignee = assignee.text;
    Say("assignee of a task is another");
  }
  if (another_priority) {
    task.priority = PriorityOf(priority.text);
    Say("priority of a task is another");
  }
  if (another_due) {
    if (task.remind_at.has_value()) task.remind_at = *task.remind_at + due.number - *task.due;
    task.due = due.number;
    SetReminder(task, at_);
    Say("due time of a task is another");
  }
}

bool Decision::Remind(std::int64_t number) {
  PassTime();
  Task& task = *contact_.FindTask(number);
  task.reminder = kNever;
  if (task.assignee.empty()) {
    SayRefused("nobody there");
  } else if (house_.IsDeactivated(task.assignee)) {
    SayRefused("deactivated", std::nullopt, {}, ": " + task.assignee);
  } else {
    Tell(task.assignee, "task due at " + script_.ShowTime(*task.due) + ": " + task.title);
  }
  return Close();
}

}  // namespace stagecraft::reference
