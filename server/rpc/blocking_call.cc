#include "server/rpc/blocking_call.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <utility>

#include "server/rpc/status_map.h"

namespace stagecraft::server {
namespace {

bool IsRequestIdCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

grpc::Status InternalError(const std::string& request_id) {
  return ToGrpcStatus(runtime::Status{
      runtime::StatusCode::kInternal, "INTERNAL", "the server failed; its log says why under request `" + request_id + "`", {}});
}

grpc::Status Run(const grpc::CallbackServerContext& call, const char* method, const std::string& request_id,
                 const std::function<grpc::Status()>& work) {
  if (Abandoned(call)) return NobodyWaits();
  try {
    return work();
  } catch (const std::exception& failure) {
    spdlog::error("{} request={} threw: {}", method, request_id, failure.what());
    return InternalError(request_id);
  }
}

}  // namespace

bool Abandoned(const grpc::CallbackServerContext& call) { return call.IsCancelled() || call.deadline() < std::chrono::system_clock::now(); }

std::string RequestId(const grpc::CallbackServerContext& call, IdSource& ids) {
  const auto found = call.client_metadata().find("x-request-id");
  if (found != call.client_metadata().end()) {
    const grpc::string_ref given = found->second;
    if (!given.empty() && given.size() <= 64 && std::all_of(given.begin(), given.end(), IsRequestIdCharacter)) {
      return std::string(given.data(), given.size());
    }
  }
  return ids.Next();
}

grpc::Status RunCall(const grpc::CallbackServerContext& call, const char* method, const std::string& request_id,
                     const std::function<grpc::Status()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  const grpc::Status status = Run(call, method, request_id, work);
  const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begin).count();
  // Messages of errors quote the caller's values: they are not logged.
  spdlog::debug("{} request={} code={} us={}", method, request_id, static_cast<int>(status.error_code()), micros);
  return status;
}

grpc::ServerUnaryReactor* RunOnWorker(const ServiceContext& context, grpc::CallbackServerContext* call, const char* method,
                                      std::function<grpc::Status()> work) {
  grpc::ServerUnaryReactor* reactor = call->DefaultReactor();
  if (context.draining.load(std::memory_order_relaxed)) {
    reactor->Finish(ToGrpcStatus(Stopping()));
    return reactor;
  }
  std::string request_id = RequestId(*call, context.ids);
  const bool taken = context.workers.Submit([call, method, reactor, request_id = std::move(request_id), work = std::move(work)] {
    reactor->Finish(RunCall(*call, method, request_id, work));
  });
  if (!taken) reactor->Finish(TooManyCalls());
  return reactor;
}

grpc::Status NobodyWaits() { return {grpc::StatusCode::CANCELLED, "nobody waited for the answer any more"}; }

grpc::Status TooManyCalls() {
  return ToGrpcStatus(
      runtime::Status{runtime::StatusCode::kResourceExhausted, "TOO_MANY_CALLS", "too many calls are waiting; try again in a moment", {}});
}

}  // namespace stagecraft::server
