#include "server/rpc/notification_service.h"

#include <cstdint>
#include <string>
#include <vector>

#include "dsl/support/show.h"
#include "dsl/support/text.h"
#include "runtime/model/reasons.h"
#include "server/rpc/row_list.h"

namespace stagecraft::server {
namespace {

bool SameUser(const std::string& user, const std::string& folded) { return folded.empty() || FoldCase(user) == folded; }

runtime::Result<std::vector<std::int64_t>> IdsOf(const v1::MarkReadRequest& request) {
  const int count = request.names_size();
  if (count == 0 || count > limits::kPageSizeMax) {
    return tl::unexpected(InvalidField("names", runtime::reasons::kInvalidBatchSize,
                                       std::to_string(count) + " names; expected 1 to " + std::to_string(limits::kPageSizeMax)));
  }
  std::vector<std::int64_t> ids;
  for (const std::string& name : request.names()) {
    const auto id = NumberOf(kNotifications, name);
    if (!id) {
      return tl::unexpected(InvalidField("names", runtime::reasons::kInvalidName,
                                         "`" + CutBytes(name, 64) + "` names no notification; expected `notifications/{notification}`"));
    }
    ids.push_back(*id);
  }
  return ids;
}

grpc::Status Mark(runtime::Engine& engine, const v1::MarkReadRequest& request, v1::MarkReadResponse& response) {
  const auto ids = IdsOf(request);
  if (!ids) return ToGrpcStatus(ids.error());
  if (const runtime::Status status = engine.MarkRead(*ids, !request.unread(), request.actor()); !status.ok()) return ToGrpcStatus(status);
  return ToGrpcStatus(engine.Read([&](const runtime::View& view) {
    for (const std::int64_t id : *ids) {
      const runtime::Notification& notification = *runtime::FindById(view.notifications(), id);
      FillNotification(notification, *view.ContactAt(notification.contact), *response.add_notifications());
    }
  }));
}

}  // namespace

grpc::ServerUnaryReactor* NotificationService::ListNotifications(grpc::CallbackServerContext* call,
                                                                 const v1::ListNotificationsRequest* request,
                                                                 v1::ListNotificationsResponse* response) {
  return RunOnWorker(context_, call, "ListNotifications", [this, call, request, response](AdmittedCall& admitted) {
    const std::string recipient = FoldCase(request->recipient());
    return ListRows(
        context_.engine, *call, admitted, *request, *response,
        [](const runtime::View& view) -> const std::vector<runtime::Notification>& { return view.notifications(); },
        [&](const runtime::Notification& notification) {
          return SameUser(notification.recipient, recipient) && !(request->unread() && notification.read_at != 0);
        },
        [response](const runtime::Notification& notification, const runtime::Contact& contact) {
          FillNotification(notification, contact, *response->add_notifications());
        });
  });
}

grpc::ServerUnaryReactor* NotificationService::MarkRead(grpc::CallbackServerContext* call, const v1::MarkReadRequest* request,
                                                        v1::MarkReadResponse* response) {
  return RunChangeOnWorker(context_, call, "MarkRead", *request,
                           [this, request, response] { return Mark(context_.engine, *request, *response); });
}

}  // namespace stagecraft::server
