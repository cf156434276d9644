#include "server/rpc/row_services.h"

#include <string>

#include "dsl/support/text.h"
#include "server/rpc/row_list.h"

namespace stagecraft::server {
namespace {

bool SameUser(const std::string& user, const std::string& folded) { return folded.empty() || FoldCase(user) == folded; }

}  // namespace

grpc::ServerUnaryReactor* TaskService::ListTasks(grpc::CallbackServerContext* call, const v1::ListTasksRequest* request,
                                                 v1::ListTasksResponse* response) {
  return RunOnWorker(context_, call, "ListTasks", [this, call, request, response] {
    const std::string assignee = FoldCase(request->assignee());
    return ListRows(
        context_.engine, *call, *request, *response,
        [](const runtime::View& view) -> const std::vector<runtime::Task>& { return view.tasks(); },
        [&](const runtime::Task& task) { return (request->show_completed() || !task.completed) && SameUser(task.assignee, assignee); },
        [response](const runtime::Task& task, const runtime::Contact& contact) { FillTask(task, contact, *response->add_tasks()); });
  });
}

grpc::ServerUnaryReactor* NotificationService::ListNotifications(grpc::CallbackServerContext* call,
                                                                 const v1::ListNotificationsRequest* request,
                                                                 v1::ListNotificationsResponse* response) {
  return RunOnWorker(context_, call, "ListNotifications", [this, call, request, response] {
    const std::string recipient = FoldCase(request->recipient());
    return ListRows(
        context_.engine, *call, *request, *response,
        [](const runtime::View& view) -> const std::vector<runtime::Notification>& { return view.notifications(); },
        [&](const runtime::Notification& notification) { return SameUser(notification.recipient, recipient); },
        [response](const runtime::Notification& notification, const runtime::Contact& contact) {
          FillNotification(notification, contact, *response->add_notifications());
        });
  });
}

}  // namespace stagecraft::server
