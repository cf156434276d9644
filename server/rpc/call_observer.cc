#include "server/rpc/call_observer.h"

#include <chrono>

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
  explicit Observed(MethodMetrics& method) : method_(method) { method_.Started(); }
  ~Observed() override {
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin_;
    method_.Handled(code_, took.count());
  }

  void Intercept(grpc::experimental::InterceptorBatchMethods* methods) override {
    if (methods->QueryInterceptionHookPoint(InterceptionHookPoints::POST_RECV_MESSAGE) && methods->GetRecvMessage() != nullptr) {
      method_.Received();
    }
    if (methods->QueryInterceptionHookPoint(InterceptionHookPoints::PRE_SEND_MESSAGE)) method_.Sent();
    if (methods->QueryInterceptionHookPoint(InterceptionHookPoints::PRE_SEND_STATUS)) code_ = methods->GetSendStatus().error_code();
    methods->Proceed();
  }

 private:
  MethodMetrics& method_;
  const std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  int code_ = grpc::StatusCode::CANCELLED;  // of a call that ends without a status
};

}  // namespace

grpc::experimental::Interceptor* CallObserver::CreateServerInterceptor(ServerRpcInfo* info) {
  return new Observed(metrics_.Of(info->method(), TypeOf(info->type())));
}

}  // namespace stagecraft::server
