// Calls that wait or compute: on the worker pool, with one place for deadlines, exceptions and the log.
#ifndef STAGECRAFT_SERVER_RPC_BLOCKING_CALL_H_
#define STAGECRAFT_SERVER_RPC_BLOCKING_CALL_H_

#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include <functional>
#include <string>
#include <type_traits>
#include <utility>

#include "server/rpc/admission.h"
#include "server/rpc/limits.h"
#include "server/rpc/service_context.h"
#include "server/rpc/status_map.h"

namespace stagecraft::server {

// Whether nobody waits for the answer any more.
bool Abandoned(const grpc::CallbackServerContext& call);
// How a call ends of which that is so.
grpc::Status NobodyWaits(const grpc::CallbackServerContext& call);

// Runs `work`, logs how it ended, and tells the audit log. An exception is logged and becomes INTERNAL, with nothing of its text. CANCELLED
// or DEADLINE_EXCEEDED without running it when nobody waits any more.
grpc::Status RunCall(const ServiceContext& context, const grpc::CallbackServerContext& call, const AdmittedCall& admitted,
                     const std::function<grpc::Status()>& work);

// The same without the audit log, for one of several parts of a call.
grpc::Status RunPart(const grpc::CallbackServerContext& call, const AdmittedCall& admitted, const std::function<grpc::Status()>& work);

// What a call does; it may say what it is about.
using CallWork = std::function<grpc::Status(AdmittedCall&)>;

// Admit, and RunCall on a worker, then Finish. RESOURCE_EXHAUSTED when too many calls wait, UNAVAILABLE when draining.
grpc::ServerUnaryReactor* RunAdmitted(const ServiceContext& context, grpc::CallbackServerContext* call, const char* method, CallWork work);

// `work` may take the admitted call.
template <typename Work>
grpc::Status Do(const Work& work, AdmittedCall& admitted) {
  if constexpr (std::is_invocable_v<Work, AdmittedCall&>) {
    return work(admitted);
  } else {
    return work();
  }
}

// RunAdmitted for a request that only asks.
template <typename Work>
grpc::ServerUnaryReactor* RunOnWorker(const ServiceContext& context, grpc::CallbackServerContext* call, const char* method, Work work) {
  return RunAdmitted(context, call, method, [work = std::move(work)](AdmittedCall& admitted) { return Do(work, admitted); });
}

// INVALID_ARGUMENT (TEXT_TOO_LONG) for an `actor`, or a `request_id` where the request has one, of too many bytes. As TakeActor.
template <typename Request>
runtime::Status CheckCaller(const Caller& caller, Request& request) {
  if constexpr (requires { request.request_id(); }) {
    runtime::Status status = CheckLength("", "request_id", request.request_id(), limits::kRequestIdBytesMax);
    if (!status.ok()) return status;
  }
  if (runtime::Status status = CheckLength("", "actor", request.actor(), limits::kActorBytesMax); !status.ok()) return status;
  return TakeActor(caller, *request.mutable_actor());
}

// RunAdmitted for a request that changes something: CheckCaller comes before all else.
template <typename Request, typename Work>
grpc::ServerUnaryReactor* RunChangeOnWorker(const ServiceContext& context, grpc::CallbackServerContext* call, const char* method,
                                            const Request& request, Work work) {
  return RunAdmitted(context, call, method, [&request, work = std::move(work)](AdmittedCall& admitted) {
    admitted.resource = ResourceOf(request);
    // The message is the call's own; gRPC only shows it as one that does not change.
    const runtime::Status status = CheckCaller(*admitted.caller, const_cast<Request&>(request));
    if (!status.ok()) return ToGrpcStatus(status);
    return Do(work, admitted);
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
