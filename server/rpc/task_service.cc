#include "server/rpc/task_service.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "dsl/support/text.h"
#include "runtime/model/reasons.h"
#include "server/rpc/contact_filter.h"
#include "server/rpc/event_batch.h"
#include "server/rpc/row_list.h"
#include "server/rpc/task_list.h"
#include "server/rpc/time_convert.h"

namespace stagecraft::server {
namespace {

constexpr std::string_view kOrderByDue = "due_time";

runtime::Status NoSuchTask(std::string_view name) {
  return {runtime::StatusCode::kNotFound, runtime::reasons::kTaskNotFound, "there is no task `" + std::string(name) + "`", {}};
}

runtime::Result<std::int64_t> TaskIdOf(std::string_view name) {
  if (const auto number = NumberOf(kTasks, name)) return *number;
  return tl::unexpected(InvalidField("name", "INVALID_TASK_NAME", "`" + std::string(name) + "` names no task; expected `tasks/{task}`"));
}

// To a caller whose scope does not have its contact there is no such task.
grpc::Status ReadTask(runtime::Engine& engine, const Caller& caller, std::int64_t id, v1::Task& out) {
  bool found = false;
  const runtime::Status status = engine.Read([&](const runtime::View& view) {
    const runtime::Task* task = runtime::FindById(view.tasks(), id);
    found = task != nullptr;
    if (found) FillTask(*task, *view.ContactAt(task->contact), out);
  });
  if (!status.ok()) return ToGrpcStatus(status);
  const runtime::Status scope = found ? CheckInScope(engine, caller, IdOf(kContacts, out.contact())) : runtime::Status();
  if (!scope.ok()) out.Clear();
  if (scope.reason == runtime::reasons::kOutOfScope) return ToGrpcStatus(scope);
  return found && scope.ok() ? grpc::Status::OK : ToGrpcStatus(NoSuchTask(std::to_string(id)));
}

// One event about a task. Views into the call and the request that it is made of.
class TaskEvent {
 public:
  template <typename Request>
  TaskEvent(const ServiceContext& context, const AdmittedCall& admitted, std::string_view type, const Request& request)
      : context_(context), id_(EventIdOf(request, context.ids)) {
    input_.id = id_;
    input_.type = type;
    input_.actor = request.actor();
    input_.trace = admitted.trace;
  }

  void Say(std::string_view field, const runtime::InputValue& value) { fields_.push_back({field, value}); }

  // Applies it; what it returns is the status of the call.
  grpc::Status Apply(const std::string& contact) {
    for (const runtime::NamedInput& field : fields_) {
      const auto* text = std::get_if<std::string_view>(&field.value);
      if (text == nullptr) continue;
      const runtime::Status status = CheckLength("task.", field.name, *text, limits::kTextBytesMax);
      if (!status.ok()) return ToGrpcStatus(status);
    }
    input_.contact = contact;
    input_.fields = fields_;
    auto results = context_.engine.Apply(std::span(&input_, 1));
    if (!results) return ToGrpcStatus(results.error());
    sequence_ = results->front().sequence;
    return ToGrpcStatus(results->front().status);
  }
  // Its record, once it is applied.
  runtime::Sequence sequence() const { return sequence_; }

 private:
  const ServiceContext& context_;
  const std::string id_;
  runtime::EventInput input_;
  std::vector<runtime::NamedInput> fields_;
  runtime::Sequence sequence_ = 0;
};

std::string_view WordOf(v1::Priority priority) {
  switch (priority) {
    case v1::PRIORITY_LOW:
      return "low";
    case v1::PRIORITY_HIGH:
      return "high";
    default:
      return "normal";
  }
}

// Adds the due time. INVALID_ARGUMENT when it is none.
runtime::Status SayDue(const v1::Task& task, TaskEvent& event) {
  const std::optional<runtime::Micros> due = ToMicros(task.due_time());
  if (!due) {
    return InvalidField("task.due_time", runtime::reasons::kInvalidValue, "`due_time` is not a time; expected one in the years 1 to 9999");
  }
  event.Say("due", runtime::InputValue(std::in_place_type<runtime::Micros>, *due));
  return {};
}

grpc::Status Create(const ServiceContext& context, const AdmittedCall& admitted, const v1::CreateTaskRequest& request, v1::Task& out) {
  const v1::Task& task = request.task();
  if (task.title().empty()) {
    return ToGrpcStatus(InvalidField("task.title", runtime::reasons::kInvalidValue, "a task has a title that says what is to be done"));
  }
  const std::string contact(IdOf(kContacts, task.contact()));
  if (const runtime::Status scope = CheckInScope(context.engine, *admitted.caller, contact); !scope.ok()) return ToGrpcStatus(scope);
  TaskEvent event(context, admitted, "task created", request);
  event.Say("title", std::string_view(task.title()));
  if (!task.assignee().empty()) event.Say("assignee", std::string_view(task.assignee()));
  if (task.priority() != v1::PRIORITY_UNSPECIFIED) event.Say("priority", WordOf(task.priority()));
  if (task.has_due_time()) {
    if (const runtime::Status status = SayDue(task, event); !status.ok()) return ToGrpcStatus(status);
  }
  if (const grpc::Status status = event.Apply(contact); !status.ok()) return status;
  std::int64_t id = 0;
  // What a person asks for comes before what rules make of it.
  const runtime::Status read = context.engine.Read([&](const runtime::View& view) {
    const std::vector<runtime::Task>& tasks = view.tasks();
    const auto first = std::lower_bound(tasks.begin(), tasks.end(), event.sequence(),
                                        [](const runtime::Task& each, runtime::Sequence cause) { return each.cause < cause; });
    if (first != tasks.end() && first->cause == event.sequence()) id = first->id;
  });
  return read.ok() ? ReadTask(context.engine, *admitted.caller, id, out) : ToGrpcStatus(read);
}

// The paths of the mask, or those of the fields that have a value.
std::vector<std::string> PathsOf(const v1::UpdateTaskRequest& request) {
  const auto& paths = request.update_mask().paths();
  if (!paths.empty()) return {paths.begin(), paths.end()};
  std::vector<std::string> given;
  if (!request.task().title().empty()) given.emplace_back("title");
  if (!request.task().assignee().empty()) given.emplace_back("assignee");
  if (request.task().has_due_time()) given.emplace_back("due_time");
  if (request.task().priority() != v1::PRIORITY_UNSPECIFIED) given.emplace_back("priority");
  return given;
}

runtime::Status SayChanges(const v1::UpdateTaskRequest& request, TaskEvent& event) {
  const v1::Task& task = request.task();
  for (const std::string& path : PathsOf(request)) {
    const bool is_text = path == "title" || path == "assignee";
    const std::string& text = path == "title" ? task.title() : task.assignee();
    if ((is_text && text.empty()) || (path == "due_time" && !task.has_due_time()) ||
        (path == "priority" && task.priority() == v1::PRIORITY_UNSPECIFIED)) {
      return InvalidField("task." + path, runtime::reasons::kInvalidValue,
                          "`" + path + "` of a task can be changed, not taken away; expected a value");
    }
    if (is_text) {
      event.Say(path == "title" ? "title" : "assignee", std::string_view(text));
    } else if (path == "priority") {
      event.Say("priority", WordOf(task.priority()));
    } else if (path == "due_time") {
      if (runtime::Status status = SayDue(task, event); !status.ok()) return status;
    } else {
      return InvalidField("update_mask", "INVALID_MASK",
                          "`" + path + "` of a task cannot be changed; expected `title`, `assignee`, `due_time` or `priority`");
    }
  }
  return {};
}

// Applies an event about a task that is there, and answers the task as it is then.
grpc::Status ApplyTo(const ServiceContext& context, const AdmittedCall& admitted, const std::string& name, TaskEvent& event,
                     v1::Task& out) {
  const auto id = TaskIdOf(name);
  if (!id) return ToGrpcStatus(id.error());
  v1::Task before;
  if (const grpc::Status status = ReadTask(context.engine, *admitted.caller, *id, before); !status.ok()) return status;
  const std::string text = std::to_string(*id);
  event.Say("task", std::string_view(text));
  if (const grpc::Status status = event.Apply(std::string(IdOf(kContacts, before.contact()))); !status.ok()) return status;
  return ReadTask(context.engine, *admitted.caller, *id, out);
}

}  // namespace

grpc::ServerUnaryReactor* TaskService::ListTasks(grpc::CallbackServerContext* call, const v1::ListTasksRequest* request,
                                                 v1::ListTasksResponse* response) {
  return RunOnWorker(context_, call, "ListTasks", [this, call, request, response](AdmittedCall& admitted) {
    const std::string assignee = FoldCase(request->assignee());
    runtime::Micros now = 0;
    const runtime::Status status = context_.engine.Read([&now](const runtime::View& view) { now = view.now(); });
    if (!status.ok()) return ToGrpcStatus(status);
    const auto accept = [&](const runtime::Task& task) {
      if (task.completed && (request->overdue() || !request->show_completed())) return false;
      if (request->overdue() && (!task.due_at || *task.due_at >= now)) return false;
      return assignee.empty() || FoldCase(task.assignee) == assignee;
    };
    if (request->order_by() == kOrderByDue) return ListTasksByDue(context_, *call, *admitted.caller, *request, accept, *response);
    if (!request->order_by().empty()) {
      return ToGrpcStatus(InvalidField("order_by", "INVALID_ORDER",
                                       "tasks are not ordered by `" + request->order_by() + "`; expected `due_time`, or nothing"));
    }
    return ListRows(
        context_.engine, *call, admitted, *request, *response,
        [](const runtime::View& view) -> const std::vector<runtime::Task>& { return view.tasks(); }, accept,
        [response](const runtime::Task& task, const runtime::Contact& contact) { FillTask(task, contact, *response->add_tasks()); });
  });
}

grpc::ServerUnaryReactor* TaskService::GetTask(grpc::CallbackServerContext* call, const v1::GetTaskRequest* request,
                                               v1::GetTaskResponse* response) {
  return RunOnWorker(context_, call, "GetTask", [this, request, response](AdmittedCall& admitted) {
    const auto id = TaskIdOf(request->name());
    return id ? ReadTask(context_.engine, *admitted.caller, *id, *response->mutable_task()) : ToGrpcStatus(id.error());
  });
}

grpc::ServerUnaryReactor* TaskService::CreateTask(grpc::CallbackServerContext* call, const v1::CreateTaskRequest* request,
                                                  v1::CreateTaskResponse* response) {
  return RunChangeOnWorker(context_, call, "CreateTask", *request, [this, request, response](AdmittedCall& admitted) {
    return Create(context_, admitted, *request, *response->mutable_task());
  });
}

grpc::ServerUnaryReactor* TaskService::UpdateTask(grpc::CallbackServerContext* call, const v1::UpdateTaskRequest* request,
                                                  v1::UpdateTaskResponse* response) {
  return RunChangeOnWorker(context_, call, "UpdateTask", *request, [this, request, response](AdmittedCall& admitted) {
    TaskEvent event(context_, admitted, "task changed", *request);
    if (const runtime::Status status = SayChanges(*request, event); !status.ok()) return ToGrpcStatus(status);
    return ApplyTo(context_, admitted, request->task().name(), event, *response->mutable_task());
  });
}

grpc::ServerUnaryReactor* TaskService::CompleteTask(grpc::CallbackServerContext* call, const v1::CompleteTaskRequest* request,
                                                    v1::CompleteTaskResponse* response) {
  return RunChangeOnWorker(context_, call, "CompleteTask", *request, [this, request, response](AdmittedCall& admitted) {
    TaskEvent event(context_, admitted, "task completed", *request);
    return ApplyTo(context_, admitted, request->name(), event, *response->mutable_task());
  });
}

grpc::ServerUnaryReactor* TaskService::ReopenTask(grpc::CallbackServerContext* call, const v1::ReopenTaskRequest* request,
                                                  v1::ReopenTaskResponse* response) {
  return RunChangeOnWorker(context_, call, "ReopenTask", *request, [this, request, response](AdmittedCall& admitted) {
    TaskEvent event(context_, admitted, "task reopened", *request);
    return ApplyTo(context_, admitted, request->name(), event, *response->mutable_task());
  });
}

}  // namespace stagecraft::server
