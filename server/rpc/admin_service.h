// AdminService: what the server is, and copies of its data.
#ifndef STAGECRAFT_SERVER_RPC_ADMIN_SERVICE_H_
#define STAGECRAFT_SERVER_RPC_ADMIN_SERVICE_H_

#include <atomic>

#include "runtime/store/access_store.h"
#include "server/rpc/service_context.h"
#include "stagecraft/v1/admin_service.grpc.pb.h"

namespace stagecraft::server {

namespace v1 = ::stagecraft::v1;

class AdminService final : public v1::AdminService::CallbackService {
 public:
  // `access`: goes into backups, too; nullptr: there is none.
  AdminService(const ServiceContext& context, runtime::AccessStore* access);

  grpc::ServerUnaryReactor* GetServerInfo(grpc::CallbackServerContext* call, const v1::GetServerInfoRequest* request,
                                          v1::GetServerInfoResponse* response) override;
  grpc::ServerUnaryReactor* GetStats(grpc::CallbackServerContext* call, const v1::GetStatsRequest* request,
                                     v1::GetStatsResponse* response) override;
  grpc::ServerUnaryReactor* SetMaintenance(grpc::CallbackServerContext* call, const v1::SetMaintenanceRequest* request,
                                           v1::SetMaintenanceResponse* response) override;
  grpc::ServerWriteReactor<v1::BackupResponse>* Backup(grpc::CallbackServerContext* call, const v1::BackupRequest* request) override;

 private:
  ServiceContext context_;
  runtime::AccessStore* access_;
  const runtime::Micros started_at_;
  std::atomic<bool> copying_ = false;  // a backup is being made: a second one would only take more room and time
};

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_RPC_ADMIN_SERVICE_H_
