// AdminService: what the server is, and copies of its data.
#ifndef STAGECRAFT_SERVER_RPC_ADMIN_SERVICE_H_
#define STAGECRAFT_SERVER_RPC_ADMIN_SERVICE_H_

#include <atomic>

#include "server/rpc/service_context.h"
#include "stagecraft/v1/admin_service.grpc.pb.h"

namespace stagecraft::server {

namespace v1 = ::stagecraft::v1;

class AdminService final : public v1::AdminService::CallbackService {
 public:
  explicit AdminService(const ServiceContext& context);

  grpc::ServerUnaryReactor* GetServerInfo(grpc::CallbackServerContext* call, const v1::GetServerInfoRequest* request,
                                          v1::GetServerInfoResponse* response) override;
  grpc::ServerWriteReactor<v1::BackupResponse>* Backup(grpc::CallbackServerContext* call, const v1::BackupRequest* request) override;

 private:
  ServiceContext context_;
  const runtime::Micros started_at_;
  std::atomic<bool> copying_ = false;  // a backup is being made: a second one would only take more room and time
};

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_RPC_ADMIN_SERVICE_H_
