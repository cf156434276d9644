// EventService.StreamEvents: several batches on their way at once, acknowledged in their order when durable.
#ifndef STAGECRAFT_SERVER_RPC_STREAM_EVENTS_H_
#define STAGECRAFT_SERVER_RPC_STREAM_EVENTS_H_

#include <grpcpp/support/server_callback.h>

#include "runtime/model/status.h"
#include "server/rpc/service_context.h"
#include "stagecraft/v1/event_service.pb.h"

namespace stagecraft::server {

namespace v1 = ::stagecraft::v1;

// The reactor owns itself.
grpc::ServerBidiReactor<v1::StreamEventsRequest, v1::StreamEventsResponse>* NewStreamEventsCall(const ServiceContext& context,
                                                                                                grpc::CallbackServerContext& call);

// INVALID_ARGUMENT (INVALID_BATCH_SIZE) unless there are `events_min` to limits::kBatchEventsMax events.
runtime::Status CheckBatchSize(int events, int events_min);

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_RPC_STREAM_EVENTS_H_
