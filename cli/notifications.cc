#include <fmt/format.h>
#include <stagecraft/v1/notification_service.grpc.pb.h>

#include "cli/client.h"
#include "cli/paged.h"
#include "cli/table.h"
#include "cli/verbs.h"

namespace stagecraft::cli {

namespace wire = ::stagecraft::v1;

int Notifications(const NotificationsOptions& options) {
  wire::ListNotificationsRequest request;
  request.set_recipient(options.recipient);
  request.set_contact(options.contact);
  request.set_filter(options.filter);
  const auto stub = wire::NotificationService::NewStub(Connect(options.remote));
  wire::ListNotificationsResponse response;
  const auto status = ReadPages(*stub, &wire::NotificationService::Stub::ListNotifications, request,
                                &wire::ListNotificationsResponse::mutable_notifications, options.limit, response);
  if (!status.ok()) return ReportCall(status, options.remote);
  if (options.json) {
    fmt::print("{}", ToJson(response));
    return kDone;
  }
  Table table({"when", "to", "text", "contact"});
  for (const auto& each : response.notifications()) {
    table.Add({TimeText(each.create_time()), each.recipient(), each.text(), BareId(each.contact())});
  }
  PrintPage(table, "there are no such notifications", response.next_page_token(), More::kFilter);
  return kDone;
}

}  // namespace stagecraft::cli
