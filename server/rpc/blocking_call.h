// Calls that wait or compute: on the worker pool, with one place for deadlines, exceptions and the log.
#ifndef STAGECRAFT_SERVER_RPC_BLOCKING_CALL_H_
#define STAGECRAFT_SERVER_RPC_BLOCKING_CALL_H_

#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include <functional>
#include <string>
#include <utility>

#include "server/rpc/limits.h"
#include "server/rpc/service_context.h"
#include "server/rpc/status_map.h"

namespace stagecraft::server {

// Whether nobody waits for the answer any more.
bool Abandoned(const grpc::CallbackServerContext& call);
// How a call ends of which that is so.
grpc::Status NobodyWaits();

// The caller's `x-request-id` when it has one of at most 64 letters, digits and -_., otherwise a new id.
std::string RequestId(const grpc::CallbackServerContext& call, IdSource& ids);

// Runs `work` and logs how it ended. An exception is logged and becomes INTERNAL, with nothing of its text. CANCELLED or
// DEADLINE_EXCEEDED without running it when nobody waits any more.
grpc::Status RunCall(const grpc::CallbackServerContext& call, const char* method, const std::string& request_id,
                     const std::function<grpc::Status()>& work);

// RunCall on a worker, then Finish. RESOURCE_EXHAUSTED when too many calls wait, UNAVAILABLE when draining.
grpc::ServerUnaryReactor* RunOnWorker(const ServiceContext& context, grpc::CallbackServerContext* call, const char* method,
                                      std::function<grpc::Status()> work);

// INVALID_ARGUMENT (TEXT_TOO_LONG) for an `actor`, or a `request_id` where the request has one, of too many bytes.
template <typename Request>
runtime::Status CheckCaller(const Request& request) {
  if constexpr (requires { request.request_id(); }) {
    runtime::Status status = CheckLength("", "request_id", request.request_id(), limits::kRequestIdBytesMax);
    if (!status.ok()) return status;
  }
  return CheckLength("", "actor", request.actor(), limits::kActorBytesMax);
}

// RunOnWorker for a request that changes something: CheckCaller comes before all else.
template <typename Request, typename Work>
grpc::ServerUnaryReactor* RunChangeOnWorker(const ServiceContext& context, grpc::CallbackServerContext* call, const char* method,
                                            const Request& request, Work work) {
  return RunOnWorker(context, call, method, [&request, work = std::move(work)] {
    const runtime::Status status = CheckCaller(request);
    return status.ok() ? work() : ToGrpcStatus(status);
  });
}

// The id of the event that a request is: its `request_id`, or a new one.
template <typename Request>
std::string EventIdOf(const Request& request, IdSource& ids) {
  return request.request_id().empty() ? ids.Next() : request.request_id();
}

// What callers are told when too many calls wait.
grpc::Status TooManyCalls();

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_RPC_BLOCKING_CALL_H_
