// NotificationService: what the rules told people, and the world outside.
#ifndef STAGECRAFT_SERVER_RPC_NOTIFICATION_SERVICE_H_
#define STAGECRAFT_SERVER_RPC_NOTIFICATION_SERVICE_H_

#include "server/rpc/change_feed.h"
#include "server/rpc/service_context.h"
#include "stagecraft/v1/notification_service.grpc.pb.h"

namespace stagecraft::server {

namespace v1 = ::stagecraft::v1;

class NotificationService final : public v1::NotificationService::CallbackService {
 public:
  NotificationService(const ServiceContext& context, ChangeFeed& feed) : context_(context), feed_(feed) {}

  grpc::ServerUnaryReactor* ListNotifications(grpc::CallbackServerContext* call, const v1::ListNotificationsRequest* request,
                                              v1::ListNotificationsResponse* response) override;
  grpc::ServerUnaryReactor* MarkRead(grpc::CallbackServerContext* call, const v1::MarkReadRequest* request,
                                     v1::MarkReadResponse* response) override;
  // watch_changes.cc
  grpc::ServerWriteReactor<v1::WatchNotificationsResponse>* WatchNotifications(grpc::CallbackServerContext* call,
                                                                               const v1::WatchNotificationsRequest* request) override;
  // delivery_calls.cc
  grpc::ServerUnaryReactor* ListDeliveries(grpc::CallbackServerContext* call, const v1::ListDeliveriesRequest* request,
                                           v1::ListDeliveriesResponse* response) override;
  grpc::ServerUnaryReactor* RetryDelivery(grpc::CallbackServerContext* call, const v1::RetryDeliveryRequest* request,
                                          v1::RetryDeliveryResponse* response) override;

 private:
  ServiceContext context_;
  ChangeFeed& feed_;
};

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_RPC_NOTIFICATION_SERVICE_H_
