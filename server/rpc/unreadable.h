// What is said of a request that protobuf cannot read, such as one with a text that is not UTF-8: no handler sees it, and of itself gRPC
// answers UNIMPLEMENTED without a word.
#ifndef STAGECRAFT_SERVER_RPC_UNREADABLE_H_
#define STAGECRAFT_SERVER_RPC_UNREADABLE_H_

#include <grpcpp/support/server_interceptor.h>

namespace stagecraft::server {

// Makes INVALID_ARGUMENT (UNREADABLE_REQUEST) of it, for calls with one request. Streams end with what gRPC says.
class UnreadableRequests final : public grpc::experimental::ServerInterceptorFactoryInterface {
 public:
  grpc::experimental::Interceptor* CreateServerInterceptor(grpc::experimental::ServerRpcInfo* info) override;
};

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_RPC_UNREADABLE_H_
