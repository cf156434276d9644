#include "server/rpc/blocking_call.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <string_view>
#include <utility>

#include "server/log/log_line.h"
#include "server/rpc/status_map.h"

namespace stagecraft::server {
namespace {

grpc::Status InternalError(const std::string& request_id) {
  return ToGrpcStatus(runtime::Status{
      runtime::StatusCode::kInternal, "INTERNAL", "the server failed; its log says why under request `" + request_id + "`", {}});
}

grpc::Status Run(const grpc::CallbackServerContext& call, std::string_view method, const std::string& request_id,
                 const std::function<grpc::Status()>& work) {
  if (Abandoned(call)) return NobodyWaits(call);
  try {
    return work();
  } catch (const std::exception& failure) {
    spdlog::error("{}", LogLine(std::string("threw: ") + failure.what())
                            .With("method", method)
                            .With("request", request_id)
                            .With("trace", TraceIdOf(call))
                            .text());
    return InternalError(request_id);
  }
}

}  // namespace

bool Abandoned(const grpc::CallbackServerContext& call) { return call.IsCancelled() || call.deadline() < std::chrono::system_clock::now(); }

grpc::Status RunPart(const grpc::CallbackServerContext& call, const AdmittedCall& admitted, const std::function<grpc::Status()>& work) {
  return Run(call, admitted.permission->method, admitted.request_id, work);
}

grpc::Status RunCall(const ServiceContext& context, const grpc::CallbackServerContext& call, const AdmittedCall& admitted,
                     const std::function<grpc::Status()>& work) {
  grpc::Status status = RunPart(call, admitted, work);
  Audit(context, call, admitted, static_cast<int>(status.error_code()));
  return status;
}

grpc::ServerUnaryReactor* RunAdmitted(const ServiceContext& context, grpc::CallbackServerContext* call, const char* method, CallWork work) {
  grpc::ServerUnaryReactor* reactor = call->DefaultReactor();
  if (context.draining.load(std::memory_order_relaxed)) {
    reactor->Finish(ToGrpcStatus(Stopping()));
    return reactor;
  }
  auto admitted = Admit(context, *call, method);
  if (!admitted) {
    reactor->Finish(ToGrpcStatus(admitted.error()));
    return reactor;
  }
  const bool taken = context.workers.Submit([context, call, reactor, admitted = std::move(*admitted), work = std::move(work)]() mutable {
    reactor->Finish(RunCall(context, *call, admitted, [&] { return work(admitted); }));
  });
  if (!taken) reactor->Finish(TooManyCalls());
  return reactor;
}

grpc::Status NobodyWaits(const grpc::CallbackServerContext& call) {
  if (call.deadline() < std::chrono::system_clock::now()) {
    return ToGrpcStatus({runtime::StatusCode::kDeadlineExceeded, runtime::reasons::kDeadlineExceeded,
                         "the time that the caller gave was over before there was an answer"});
  }
  return ToGrpcStatus({runtime::StatusCode::kCancelled, runtime::reasons::kCancelled, "nobody waited for the answer any more"});
}

grpc::Status TooManyCalls() {
  return ToGrpcStatus(
      runtime::Status{runtime::StatusCode::kResourceExhausted, "TOO_MANY_CALLS", "too many calls are waiting; try again in a moment", {}});
}

}  // namespace stagecraft::server
