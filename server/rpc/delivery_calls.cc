// NotificationService: deliveries, and having one tried again.
#include <optional>
#include <string>

#include "dsl/support/text.h"
#include "runtime/model/reasons.h"
#include "runtime/outbox/message.h"
#include "server/rpc/notification_service.h"
#include "server/rpc/row_list.h"
#include "server/rpc/time_convert.h"

namespace stagecraft::server {
namespace {

v1::Delivery::State ToState(runtime::DispatchState state) {
  switch (state) {
    case runtime::DispatchState::kPending:
      return v1::Delivery::STATE_PENDING;
    case runtime::DispatchState::kWaiting:
      return v1::Delivery::STATE_WAITING;
    case runtime::DispatchState::kSent:
      return v1::Delivery::STATE_SENT;
    case runtime::DispatchState::kSentDry:
      return v1::Delivery::STATE_SENT_DRY;
    case runtime::DispatchState::kDead:
      return v1::Delivery::STATE_DEAD;
  }
  return v1::Delivery::STATE_UNSPECIFIED;
}

// Of a notification: empty.
const std::string& SenderOf(const runtime::View& view, const runtime::Dispatch& dispatch) {
  static const std::string kNobody;
  const runtime::Delivery* delivery = runtime::RouteOf(dispatch.id) == runtime::DispatchRoute::kDelivery
                                          ? runtime::FindById(view.deliveries(), runtime::ItemOf(dispatch.id))
                                          : nullptr;
  return delivery == nullptr ? kNobody : delivery->name;
}

void FillFromDelivery(const runtime::Delivery& delivery, v1::Delivery& out) {
  out.set_channel(delivery.kind == runtime::DeliveryKind::kWebhook ? v1::Delivery::CHANNEL_WEBHOOK : v1::Delivery::CHANNEL_EMAIL);
  out.set_sender(delivery.name);
  out.set_recipient(delivery.recipient);
  out.set_subject(delivery.subject);
  FillTimestamp(delivery.created_at, *out.mutable_create_time());
  out.set_cause_sequence(delivery.cause);
}

void FillFromNotification(const runtime::Notification& notification, runtime::DispatchRoute route, v1::Delivery& out) {
  out.set_channel(route == runtime::DispatchRoute::kChat ? v1::Delivery::CHANNEL_CHAT : v1::Delivery::CHANNEL_EMAIL);
  out.set_notification(NameOf(kNotifications, std::to_string(notification.id)));
  out.set_recipient(notification.recipient);
  out.set_subject(notification.text);
  FillTimestamp(notification.created_at, *out.mutable_create_time());
  out.set_cause_sequence(notification.cause);
}

void FillDelivery(const runtime::View& view, const runtime::Dispatch& dispatch, v1::Delivery& out) {
  out.set_name(NameOf(kDeliveries, std::to_string(dispatch.id)));
  out.set_contact(NameOf(kContacts, view.ContactAt(dispatch.contact)->id()));
  const std::int64_t item = runtime::ItemOf(dispatch.id);
  const runtime::DispatchRoute route = runtime::RouteOf(dispatch.id);
  if (route == runtime::DispatchRoute::kDelivery) {
    FillFromDelivery(*runtime::FindById(view.deliveries(), item), out);
  } else {
    FillFromNotification(*runtime::FindById(view.notifications(), item), route, out);
  }
  out.set_state(ToState(dispatch.state));
  out.set_attempts(static_cast<std::int32_t>(dispatch.attempts));
  out.set_last_error(dispatch.error);
  if (dispatch.tried_at != 0) FillTimestamp(dispatch.tried_at, *out.mutable_last_attempt_time());
  if (dispatch.state == runtime::DispatchState::kWaiting) FillTimestamp(dispatch.next_at, *out.mutable_next_attempt_time());
  out.set_key(runtime::KeyOf(view, dispatch));
}

}  // namespace

grpc::ServerUnaryReactor* NotificationService::ListDeliveries(grpc::CallbackServerContext* call, const v1::ListDeliveriesRequest* request,
                                                              v1::ListDeliveriesResponse* response) {
  return RunOnWorker(context_, call, "ListDeliveries", [this, call, request, response](AdmittedCall& admitted) {
    const std::string sender = FoldCase(request->sender());
    const runtime::View* present = nullptr;  // the view of the read that is under way
    return ListRows(
        context_.engine, *call, admitted, *request, *response,
        [&present](const runtime::View& view) -> const std::vector<runtime::Dispatch>& {
          present = &view;
          return view.dispatches();
        },
        [&](const runtime::Dispatch& dispatch) {
          if (request->state() != v1::Delivery::STATE_UNSPECIFIED && request->state() != ToState(dispatch.state)) return false;
          return sender.empty() || FoldCase(SenderOf(*present, dispatch)) == sender;
        },
        [&](const runtime::Dispatch& dispatch, const runtime::Contact&) { FillDelivery(*present, dispatch, *response->add_deliveries()); });
  });
}

grpc::ServerUnaryReactor* NotificationService::RetryDelivery(grpc::CallbackServerContext* call, const v1::RetryDeliveryRequest* request,
                                                             v1::RetryDeliveryResponse* response) {
  return RunAdmitted(context_, call, "RetryDelivery", [this, request, response](AdmittedCall& admitted) {
    admitted.resource = ResourceOf(*request);
    const auto id = NumberOf(kDeliveries, request->name());
    if (!id) {
      return ToGrpcStatus(InvalidField("name", "INVALID_NAME", "`name` is no name of a delivery; expected `deliveries/{delivery}`"));
    }
    if (const runtime::Status status = context_.engine.RetryDispatch(*id); !status.ok()) return ToGrpcStatus(status);
    return ToGrpcStatus(context_.engine.Read(
        [&](const runtime::View& view) { FillDelivery(view, *runtime::FindById(view.dispatches(), *id), *response->mutable_delivery()); }));
  });
}

}  // namespace stagecraft::server
