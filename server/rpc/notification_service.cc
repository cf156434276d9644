#include "server/rpc/notification_service.h"

#include <string>

#include "dsl/support/text.h"
#include "server/rpc/row_list.h"

namespace stagecraft::server {
namespace {

bool SameUser(const std::string& user, const std::string& folded) { return folded.empty() || FoldCase(user) == folded; }

}  // namespace

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
