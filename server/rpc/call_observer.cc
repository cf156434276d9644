#include "server/rpc/call_observer.h"

#include <spdlog/spdlog.h>

#include <chrono>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>

#include "server/log/log_line.h"
#include "server/rpc/admission.h"
#include "server/rpc/trace_context.h"

namespace stagecraft::server {
namespace {

using grpc::experimental::InterceptionHookPoints;
using grpc::experimental::ServerRpcInfo;

CallType TypeOf(ServerRpcInfo::Type type) {
  switch (type) {
    case ServerRpcInfo::Type::UNARY:
      return CallType::kUnary;
    case ServerRpcInfo::Type::CLIENT_STREAMING:
      return CallType::kClientStream;
    case ServerRpcInfo::Type::SERVER_STREAMING:
      return CallType::kServerStream;
    case ServerRpcInfo::Type::BIDI_STREAMING:
      return CallType::kBidiStream;
  }
  return CallType::kUnary;
}

class Observed final : public grpc::experimental::Interceptor {
 public:
  // `under_way`: nullptr: it does not count there.
  Observed(const char* path, MethodMetrics& method, CallCount* under_way) : path_(path), method_(method), under_way_(under_way) {
    method_.Started();
    if (under_way_ != nullptr) under_way_->Add();
  }
  ~Observed() override {
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin_;
    method_.Handled(code_, took.count());
    if (spdlog::should_log(spdlog::level::debug)) Log(took.count());
    if (under_way_ != nullptr) under_way_->Remove();
  }

  void Intercept(grpc::experimental::InterceptorBatchMethods* methods) override {
    if (methods->QueryInterceptionHookPoint(InterceptionHookPoints::POST_RECV_MESSAGE) && methods->GetRecvMessage() != nullptr) {
      method_.Received();
    }
    if (methods->QueryInterceptionHookPoint(InterceptionHookPoints::PRE_SEND_MESSAGE)) method_.Sent();
    if (methods->QueryInterceptionHookPoint(InterceptionHookPoints::PRE_SEND_STATUS)) code_ = methods->GetSendStatus().error_code();
    if (spdlog::should_log(spdlog::level::debug)) KeepIds(*methods);
    methods->Proceed();
  }

 private:
  // For the log.
  void KeepIds(grpc::experimental::InterceptorBatchMethods& methods) {
    if (methods.QueryInterceptionHookPoint(InterceptionHookPoints::POST_RECV_INITIAL_METADATA)) {
      const auto found = methods.GetRecvInitialMetadata()->find(kTraceParent);
      if (found != methods.GetRecvInitialMetadata()->end())
        trace_ = TraceIdOf(std::string_view(found->second.data(), found->second.size()));
    }
    if (methods.QueryInterceptionHookPoint(InterceptionHookPoints::PRE_SEND_STATUS)) {
      const auto found = methods.GetSendTrailingMetadata()->find(kRequestIdMetadata);
      if (found != methods.GetSendTrailingMetadata()->end()) request_ = found->second;
    }
  }
  // Neither the message of an error, which quotes the caller's values, nor who calls.
  void Log(double seconds) const {
    constexpr double kMicros = 1e6;
    spdlog::debug("{}", LogLine("call")
                            .With("method", path_)
                            .With("code", std::int64_t{code_})
                            .With("us", std::llround(seconds * kMicros))
                            .With("request", request_)
                            .With("trace", trace_)
                            .text());
  }

  const char* path_;
  std::string request_;
  std::string trace_;
  MethodMetrics& method_;
  CallCount* under_way_;
  const std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  int code_ = grpc::StatusCode::CANCELLED;  // of a call that ends without a status
};

}  // namespace

grpc::experimental::Interceptor* CallObserver::CreateServerInterceptor(ServerRpcInfo* info) {
  const std::string_view path(info->method());
  const bool is_ours = path.starts_with("/stagecraft.") || path.starts_with("/google.longrunning.");
  return new Observed(info->method(), metrics_.Of(info->method(), TypeOf(info->type())), is_ours ? &under_way_ : nullptr);
}

}  // namespace stagecraft::server
