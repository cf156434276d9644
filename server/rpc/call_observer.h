// Counts the server's calls.
#ifndef STAGECRAFT_SERVER_RPC_CALL_OBSERVER_H_
#define STAGECRAFT_SERVER_RPC_CALL_OBSERVER_H_

#include <grpcpp/support/server_interceptor.h>

#include "server/metrics/call_metrics.h"

namespace stagecraft::server {

class CallObserver final : public grpc::experimental::ServerInterceptorFactoryInterface {
 public:
  // `metrics` must outlive the server.
  explicit CallObserver(CallMetrics& metrics) : metrics_(metrics) {}

  grpc::experimental::Interceptor* CreateServerInterceptor(grpc::experimental::ServerRpcInfo* info) override;

 private:
  CallMetrics& metrics_;
};

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_RPC_CALL_OBSERVER_H_
