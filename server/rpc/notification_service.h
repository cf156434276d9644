// NotificationService: what the rules told people, and the world outside.
#ifndef STAGECRAFT_SERVER_RPC_NOTIFICATION_SERVICE_H_
#define STAGECRAFT_SERVER_RPC_NOTIFICATION_SERVICE_H_

#include "server/rpc/service_context.h"
#include "stagecraft/v1/notification_service.grpc.pb.h"

namespace stagecraft::server {

namespace v1 = ::stagecraft::v1;

class NotificationService final : public v1::NotificationService::CallbackService {
 public:
  explicit NotificationService(const ServiceContext& context) : context_(context) {}

  grpc::ServerUnaryReactor* ListNotifications(grpc::CallbackServerContext* call, const v1::ListNotificationsRequest* request,
                                              v1::ListNotificationsResponse* response) override;
  // delivery_calls.cc
  grpc::ServerUnaryReactor* ListDeliveries(grpc::CallbackServerContext* call, const v1::ListDeliveriesRequest* request,
                                           v1::ListDeliveriesResponse* response) override;
  grpc::ServerUnaryReactor* RetryDelivery(grpc::CallbackServerContext* call, const v1::RetryDeliveryRequest* request,
                                          v1::RetryDeliveryResponse* response) override;

 private:
  ServiceContext context_;
};

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_RPC_NOTIFICATION_SERVICE_H_
