#include <fmt/format.h>
#include <stagecraft/v1/notification_service.grpc.pb.h>

#include "cli/client.h"
#include "cli/paged.h"
#include "cli/table.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "dsl/support/show.h"

namespace stagecraft::cli {
namespace {

namespace wire = ::stagecraft::v1;
using wire::NotificationService;

// The rest is shown by --json.
constexpr std::size_t kErrorColumns = 60;

wire::Delivery::State Wanted(DeliveryState state) {
  switch (state) {
    case DeliveryState::kAny:
      return wire::Delivery::STATE_UNSPECIFIED;
    case DeliveryState::kPending:
      return wire::Delivery::STATE_PENDING;
    case DeliveryState::kWaiting:
      return wire::Delivery::STATE_WAITING;
    case DeliveryState::kSent:
      return wire::Delivery::STATE_SENT;
    case DeliveryState::kSentDry:
      return wire::Delivery::STATE_SENT_DRY;
    case DeliveryState::kDead:
      return wire::Delivery::STATE_DEAD;
  }
  return wire::Delivery::STATE_UNSPECIFIED;
}

std::string StateText(const wire::Delivery& delivery) {
  switch (delivery.state()) {
    case wire::Delivery::STATE_PENDING:
      return "pending";
    case wire::Delivery::STATE_WAITING:
      return "waiting until " + TimeText(delivery.next_attempt_time());
    case wire::Delivery::STATE_SENT:
      return "sent";
    case wire::Delivery::STATE_SENT_DRY:
      return "sent-dry";
    case wire::Delivery::STATE_DEAD:
      return "dead";
    default:
      return "";
  }
}

std::string WhatText(const wire::Delivery& delivery) {
  if (!delivery.notification().empty()) {
    return fmt::format("{}: notify {}", delivery.channel() == wire::Delivery::CHANNEL_CHAT ? "chat" : "e-mail", delivery.recipient());
  }
  if (delivery.channel() == wire::Delivery::CHANNEL_WEBHOOK) return "webhook " + delivery.sender();
  return fmt::format("e-mail {} to {}", delivery.sender(), delivery.recipient());
}

}  // namespace

int Deliveries(const DeliveriesOptions& options) {
  wire::ListDeliveriesRequest request;
  request.set_state(Wanted(options.state));
  request.set_sender(options.sender);
  request.set_contact(options.contact);
  request.set_filter(options.filter);
  const auto stub = NotificationService::NewStub(Connect(options.remote));
  wire::ListDeliveriesResponse response;
  const auto status = ReadPages(*stub, &NotificationService::Stub::ListDeliveries, request,
                                &wire::ListDeliveriesResponse::mutable_deliveries, options.limit, response);
  if (!status.ok()) return ReportCall(status, options.remote);
  if (options.json) {
    fmt::print("{}", ToJson(response));
    return kDone;
  }
  Table table({"id", "created", "what", "contact", "state", "attempts", "last error"});
  for (const auto& each : response.deliveries()) {
    table.Add({BareId(each.name()), TimeText(each.create_time()), WhatText(each), BareId(each.contact()), StateText(each),
               std::to_string(each.attempts()), Cut(OneLine(each.last_error()), kErrorColumns)});
  }
  PrintPage(table, "there are no such deliveries", response.next_page_token(), More::kFilter);
  return kDone;
}

int DeliveriesRetry(const DeliveriesRetryOptions& options) {
  if (options.ids.empty() && !options.dead) {
    PrintError("which deliveries? name them by id, or say --dead for all that are dead", "see `stagecraft deliveries --state dead`");
    return kFailed;
  }
  const auto stub = NotificationService::NewStub(Connect(options.remote));
  std::vector<std::string> names = options.ids;
  if (options.dead) {
    wire::ListDeliveriesRequest request;
    request.set_state(wire::Delivery::STATE_DEAD);
    request.set_sender(options.sender);
    wire::ListDeliveriesResponse response;
    const auto status = ReadPages(*stub, &NotificationService::Stub::ListDeliveries, request,
                                  &wire::ListDeliveriesResponse::mutable_deliveries, 0, response);
    if (!status.ok()) return ReportCall(status, options.remote);
    for (const auto& each : response.deliveries()) names.push_back(each.name());
  }
  int exit_code = kDone;
  std::size_t done = 0;
  for (const std::string& name : names) {
    wire::RetryDeliveryRequest request;
    request.set_name(name);
    wire::RetryDeliveryResponse response;
    const auto status = stub->RetryDelivery(CallContext().get(), request, &response);
    if (status.ok()) {
      ++done;
      continue;
    }
    const int failed = ReportCall(status, options.remote);
    if (status.error_code() != grpc::StatusCode::FAILED_PRECONDITION && status.error_code() != grpc::StatusCode::NOT_FOUND) return failed;
    exit_code = kFound;
  }
  const std::string deliveries = done == 1 ? "1 delivery" : fmt::format("{} deliveries", done);
  fmt::print("{} to be tried again\n", deliveries);
  return exit_code;
}

}  // namespace stagecraft::cli
