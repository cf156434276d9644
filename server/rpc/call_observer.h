// Counts the server's calls: for its figures, and so that a stopping server knows when the last of ours has ended.
#ifndef STAGECRAFT_SERVER_RPC_CALL_OBSERVER_H_
#define STAGECRAFT_SERVER_RPC_CALL_OBSERVER_H_

#include <grpcpp/support/server_interceptor.h>

#include "server/metrics/call_metrics.h"
#include "server/rpc/call_count.h"

namespace stagecraft::server {

class CallObserver final : public grpc::experimental::ServerInterceptorFactoryInterface {
 public:
  // Both must outlive the server.
  CallObserver(CallMetrics& metrics, CallCount& under_way) : metrics_(metrics), under_way_(under_way) {}

  grpc::experimental::Interceptor* CreateServerInterceptor(grpc::experimental::ServerRpcInfo* info) override;

 private:
  CallMetrics& metrics_;
  CallCount& under_way_;  // calls of our services, not of health and reflection, which may have no end
};

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_RPC_CALL_OBSERVER_H_
