#include "server/rpc/call_observer.h"

#include <chrono>
#include <string_view>

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
  Observed(MethodMetrics& method, CallCount* under_way) : method_(method), under_way_(under_way) {
    method_.Started();
    if (under_way_ != nullptr) under_way_->Add();
  }
  ~Observed() override {
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin_;
    method_.Handled(code_, took.count());
    if (under_way_ != nullptr) under_way_->Remove();
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
  CallCount* under_way_;
  const std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  int code_ = grpc::StatusCode::CANCELLED;  // of a call that ends without a status
};

}  // namespace

grpc::experimental::Interceptor* CallObserver::CreateServerInterceptor(ServerRpcInfo* info) {
  const bool is_ours = std::string_view(info->method()).rfind("/stagecraft.", 0) == 0;
  return new Observed(metrics_.Of(info->method(), TypeOf(info->type())), is_ours ? &under_way_ : nullptr);
}

}  // namespace stagecraft::server
