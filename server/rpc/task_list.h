// Tasks in the order in which people want to do them.
#ifndef STAGECRAFT_SERVER_RPC_TASK_LIST_H_
#define STAGECRAFT_SERVER_RPC_TASK_LIST_H_

#include <grpcpp/server_context.h>

#include <functional>

#include "server/auth/gate.h"
#include "server/rpc/service_context.h"
#include "stagecraft/v1/task_service.pb.h"

namespace stagecraft::server {

namespace v1 = ::stagecraft::v1;

// Answers a page of the tasks for which `accept` holds: open ones first, then by due time, those without one last, then oldest first.
// RESOURCE_EXHAUSTED (QUERY_TOO_COSTLY) when that takes longer than ServiceContext::order_time.
grpc::Status ListTasksByDue(const ServiceContext& context, const grpc::CallbackServerContext& call, const Caller& caller,
                            const v1::ListTasksRequest& request, const std::function<bool(const runtime::Task&)>& accept,
                            v1::ListTasksResponse& response);

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_RPC_TASK_LIST_H_
