#include "server/rpc/unreadable.h"

#include "server/rpc/status_map.h"

namespace stagecraft::server {
namespace {

using grpc::experimental::InterceptionHookPoints;

class Watch final : public grpc::experimental::Interceptor {
 public:
  void Intercept(grpc::experimental::InterceptorBatchMethods* methods) override {
    if (methods->QueryInterceptionHookPoint(InterceptionHookPoints::POST_RECV_MESSAGE)) unreadable_ = methods->GetRecvMessage() == nullptr;
    if (unreadable_ && methods->QueryInterceptionHookPoint(InterceptionHookPoints::PRE_SEND_STATUS)) {
      methods->ModifySendStatus(ToGrpcStatus(
          runtime::Status{runtime::StatusCode::kInvalidArgument,
                          "UNREADABLE_REQUEST",
                          "the request cannot be read: it is not a message of this call, or a text in it is not UTF-8; send texts as UTF-8",
                          {}}));
    }
    methods->Proceed();
  }

 private:
  bool unreadable_ = false;
};

}  // namespace

grpc::experimental::Interceptor* UnreadableRequests::CreateServerInterceptor(grpc::experimental::ServerRpcInfo* info) {
  using Type = grpc::experimental::ServerRpcInfo::Type;
  // Of a stream of requests the end looks the same.
  return info->type() == Type::UNARY || info->type() == Type::SERVER_STREAMING ? new Watch : nullptr;
}

}  // namespace stagecraft::server
