#include <fmt/format.h>
#include <stagecraft/v1/task_service.grpc.pb.h>

#include "cli/client.h"
#include "cli/paged.h"
#include "cli/table.h"
#include "cli/terminal.h"
#include "cli/verbs.h"

namespace stagecraft::cli {
namespace {

namespace wire = ::stagecraft::v1;

std::string_view PriorityText(wire::Priority priority) {
  if (priority == wire::PRIORITY_HIGH) return "high";
  return priority == wire::PRIORITY_LOW ? "low" : "";
}

}  // namespace

int Tasks(const TasksOptions& options) {
  wire::ListTasksRequest request;
  request.set_assignee(options.assignee);
  request.set_contact(options.contact);
  request.set_filter(options.filter);
  request.set_show_completed(options.all);
  const auto stub = wire::TaskService::NewStub(Connect(options.remote));
  wire::ListTasksResponse response;
  const auto status =
      ReadPages(*stub, &wire::TaskService::Stub::ListTasks, request, &wire::ListTasksResponse::mutable_tasks, options.limit, response);
  if (!status.ok()) return ReportCall(status, options.remote);
  if (options.json) {
    fmt::print("{}", ToJson(response));
    return kDone;
  }
  Table table({"created", "due", "task", "contact", "for", "priority"});
  for (const auto& task : response.tasks()) {
    table.Add({TimeText(task.create_time()), TimeText(task.due_time()), task.title(), BareId(task.contact()), task.assignee(),
               PriorityText(task.priority())});
  }
  fmt::print("{}", table.Text({TerminalWidth(), HasColour(stdout)}));
  if (!response.next_page_token().empty()) PrintNote("there are more; see them with --limit 0");
  return kDone;
}

}  // namespace stagecraft::cli
