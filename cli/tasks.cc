#include <fmt/format.h>
#include <stagecraft/v1/task_service.grpc.pb.h>

#include "cli/client.h"
#include "cli/paged.h"
#include "cli/table.h"
#include "cli/terminal.h"
#include "cli/times.h"
#include "cli/verbs.h"

namespace stagecraft::cli {
namespace {

namespace wire = ::stagecraft::v1;

std::string_view PriorityText(wire::Priority priority) {
  if (priority == wire::PRIORITY_HIGH) return "high";
  return priority == wire::PRIORITY_LOW ? "low" : "";
}

std::string StateText(const wire::Task& task) { return task.completed() ? "done " + TimeText(task.complete_time()) : "open"; }

Table TableOf(const google::protobuf::RepeatedPtrField<wire::Task>& tasks) {
  Table table({"number", "due", "task", "contact", "for", "priority", "state"});
  for (const auto& task : tasks) {
    table.Add({BareId(task.name()), TimeText(task.due_time()), task.title(), BareId(task.contact()), task.assignee(),
               PriorityText(task.priority()), StateText(task)});
  }
  return table;
}

// Fills the task from what was said. False, with a message, for what is none.
bool ReadTask(const TaskChangeOptions& options, wire::Task& task) {
  task.set_name(options.task);
  task.set_contact(options.contact);
  task.set_title(options.title);
  task.set_assignee(options.assignee);
  if (!options.due.empty() && !ReadTime("--due", options.due, *task.mutable_due_time())) return false;
  if (options.priority.empty()) return true;
  if (options.priority == "low") task.set_priority(wire::PRIORITY_LOW);
  if (options.priority == "normal") task.set_priority(wire::PRIORITY_NORMAL);
  if (options.priority == "high") task.set_priority(wire::PRIORITY_HIGH);
  if (task.priority() != wire::PRIORITY_UNSPECIFIED) return true;
  PrintError(fmt::format("`--priority {}` is none; expected low, normal or high", options.priority));
  return false;
}

// Calls `method` with `request` and prints the task that comes of it.
template <typename Request, typename Response>
int CallWithTask(grpc::Status (wire::TaskService::Stub::*method)(grpc::ClientContext*, const Request&, Response*), Request request,
                 const TaskChangeOptions& options) {
  request.set_actor(options.actor);
  const auto stub = wire::TaskService::NewStub(Connect(options.remote));
  Response response;
  if (const auto status = (stub.get()->*method)(CallContext().get(), request, &response); !status.ok())
    return ReportCall(status, options.remote);
  if (options.json) {
    fmt::print("{}", ToJson(response));
    return kDone;
  }
  google::protobuf::RepeatedPtrField<wire::Task> tasks;
  tasks.Add()->Swap(response.mutable_task());
  PrintPage(TableOf(tasks), "", "");
  return kDone;
}

}  // namespace

int ChangeTask(const TaskChangeOptions& options) {
  using Kind = TaskChangeOptions::Kind;
  using Stub = wire::TaskService::Stub;
  wire::Task task;
  if (!ReadTask(options, task)) return kFailed;
  switch (options.kind) {
    case Kind::kCreate: {
      wire::CreateTaskRequest request;
      request.mutable_task()->Swap(&task);
      return CallWithTask<wire::CreateTaskRequest, wire::CreateTaskResponse>(&Stub::CreateTask, std::move(request), options);
    }
    case Kind::kChange: {
      wire::UpdateTaskRequest request;
      request.mutable_task()->Swap(&task);
      return CallWithTask<wire::UpdateTaskRequest, wire::UpdateTaskResponse>(&Stub::UpdateTask, std::move(request), options);
    }
    case Kind::kComplete: {
      wire::CompleteTaskRequest request;
      request.set_name(options.task);
      return CallWithTask<wire::CompleteTaskRequest, wire::CompleteTaskResponse>(&Stub::CompleteTask, std::move(request), options);
    }
    case Kind::kReopen: {
      wire::ReopenTaskRequest request;
      request.set_name(options.task);
      return CallWithTask<wire::ReopenTaskRequest, wire::ReopenTaskResponse>(&Stub::ReopenTask, std::move(request), options);
    }
  }
  return kFailed;
}

int Tasks(const TasksOptions& options) {
  wire::ListTasksRequest request;
  request.set_assignee(options.assignee);
  request.set_contact(options.contact);
  request.set_filter(options.filter);
  request.set_show_completed(options.all);
  request.set_overdue(options.overdue);
  request.set_order_by("due_time");
  const auto stub = wire::TaskService::NewStub(Connect(options.remote));
  wire::ListTasksResponse response;
  const auto status =
      ReadPages(*stub, &wire::TaskService::Stub::ListTasks, request, &wire::ListTasksResponse::mutable_tasks, options.limit, response);
  if (!status.ok()) return ReportCall(status, options.remote);
  if (options.json) {
    fmt::print("{}", ToJson(response));
    return kDone;
  }
  PrintPage(TableOf(response.tasks()), options.all ? "there are no such tasks" : "there are no such open tasks", response.next_page_token(),
            More::kFilter);
  return kDone;
}

}  // namespace stagecraft::cli
