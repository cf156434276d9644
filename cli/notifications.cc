#include <fmt/format.h>
#include <stagecraft/v1/notification_service.grpc.pb.h>

#include "cli/client.h"
#include "cli/paged.h"
#include "cli/table.h"
#include "cli/verbs.h"
#include "dsl/support/show.h"

namespace stagecraft::cli {

namespace wire = ::stagecraft::v1;

int Notifications(const NotificationsOptions& options) {
  wire::ListNotificationsRequest request;
  request.set_recipient(options.recipient);
  request.set_contact(options.contact);
  request.set_filter(options.filter);
  request.set_unread(options.unread);
  const auto stub = wire::NotificationService::NewStub(Connect(options.remote));
  wire::ListNotificationsResponse response;
  const auto status = ReadPages(*stub, &wire::NotificationService::Stub::ListNotifications, request,
                                &wire::ListNotificationsResponse::mutable_notifications, options.limit, response);
  if (!status.ok()) return ReportCall(status, options.remote);
  if (options.json) {
    fmt::print("{}", ToJson(response));
    return kDone;
  }
  Table table({"id", "when", "to", "text", "contact", "read"});
  for (const auto& each : response.notifications()) {
    table.Add({BareId(each.name()), TimeText(each.create_time()), each.recipient(), each.text(), BareId(each.contact()),
               TimeText(each.read_time())});
  }
  PrintPage(table, "there are no such notifications", response.next_page_token(), More::kFilter);
  return kDone;
}

int NotificationsRead(const NotificationsReadOptions& options) {
  wire::MarkReadRequest request;
  request.mutable_names()->Assign(options.ids.begin(), options.ids.end());
  request.set_unread(options.unread);
  request.set_actor(options.actor);
  const auto stub = wire::NotificationService::NewStub(Connect(options.remote));
  wire::MarkReadResponse response;
  const auto status = stub->MarkRead(CallContext().get(), request, &response);
  if (!status.ok()) return ReportCall(status, options.remote);
  fmt::print("{} marked as {}\n", Counted(response.notifications_size(), "notification"), options.unread ? "not read" : "read");
  return kDone;
}

}  // namespace stagecraft::cli
