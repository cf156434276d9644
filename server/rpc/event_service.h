// EventService: straight to the engine's inbox and back from its commit; no thread in between.
#ifndef STAGECRAFT_SERVER_RPC_EVENT_SERVICE_H_
#define STAGECRAFT_SERVER_RPC_EVENT_SERVICE_H_

#include "server/rpc/change_feed.h"
#include "server/rpc/service_context.h"
#include "stagecraft/v1/event_service.grpc.pb.h"

namespace stagecraft::server {

namespace v1 = ::stagecraft::v1;

class EventService final : public v1::EventService::CallbackService {
 public:
  EventService(const ServiceContext& context, ChangeFeed& feed) : context_(context), feed_(feed) {}

  grpc::ServerUnaryReactor* PublishEvent(grpc::CallbackServerContext* call, const v1::PublishEventRequest* request,
                                         v1::PublishEventResponse* response) override;
  grpc::ServerUnaryReactor* PublishEvents(grpc::CallbackServerContext* call, const v1::PublishEventsRequest* request,
                                          v1::PublishEventsResponse* response) override;
  grpc::ServerUnaryReactor* GetEvent(grpc::CallbackServerContext* call, const v1::GetEventRequest* request,
                                     v1::GetEventResponse* response) override;
  grpc::ServerUnaryReactor* ListEvents(grpc::CallbackServerContext* call, const v1::ListEventsRequest* request,
                                       v1::ListEventsResponse* response) override;
  grpc::ServerWriteReactor<v1::WatchChangesResponse>* WatchChanges(grpc::CallbackServerContext* call,
                                                                   const v1::WatchChangesRequest* request) override;
  grpc::ServerUnaryReactor* ListFailedEvents(grpc::CallbackServerContext* call, const v1::ListFailedEventsRequest* request,
                                             v1::ListFailedEventsResponse* response) override;
  grpc::ServerUnaryReactor* RetryFailedEvent(grpc::CallbackServerContext* call, const v1::RetryFailedEventRequest* request,
                                             v1::RetryFailedEventResponse* response) override;
  grpc::ServerBidiReactor<v1::StreamEventsRequest, v1::StreamEventsResponse>* StreamEvents(grpc::CallbackServerContext* call) override;

 private:
  ServiceContext context_;
  ChangeFeed& feed_;
};

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_RPC_EVENT_SERVICE_H_
