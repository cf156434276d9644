// DealService.
#ifndef STAGECRAFT_SERVER_RPC_DEAL_SERVICE_H_
#define STAGECRAFT_SERVER_RPC_DEAL_SERVICE_H_

#include "server/rpc/service_context.h"
#include "stagecraft/v1/deal_service.grpc.pb.h"

namespace stagecraft::server {

namespace v1 = ::stagecraft::v1;

class DealService final : public v1::DealService::CallbackService {
 public:
  explicit DealService(const ServiceContext& context) : context_(context) {}

  grpc::ServerUnaryReactor* CreateDeal(grpc::CallbackServerContext* call, const v1::CreateDealRequest* request,
                                       v1::CreateDealResponse* response) override;
  grpc::ServerUnaryReactor* GetDeal(grpc::CallbackServerContext* call, const v1::GetDealRequest* request,
                                    v1::GetDealResponse* response) override;
  grpc::ServerUnaryReactor* ListDeals(grpc::CallbackServerContext* call, const v1::ListDealsRequest* request,
                                      v1::ListDealsResponse* response) override;
  grpc::ServerUnaryReactor* UpdateDeal(grpc::CallbackServerContext* call, const v1::UpdateDealRequest* request,
                                       v1::UpdateDealResponse* response) override;
  grpc::ServerUnaryReactor* DeleteDeal(grpc::CallbackServerContext* call, const v1::DeleteDealRequest* request,
                                       v1::DeleteDealResponse* response) override;

 private:
  ServiceContext context_;
};

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_RPC_DEAL_SERVICE_H_
