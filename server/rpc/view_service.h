// ViewService.
#ifndef STAGECRAFT_SERVER_RPC_VIEW_SERVICE_H_
#define STAGECRAFT_SERVER_RPC_VIEW_SERVICE_H_

#include "server/rpc/service_context.h"
#include "stagecraft/v1/view_service.grpc.pb.h"

namespace stagecraft::server {

namespace v1 = ::stagecraft::v1;

class ViewService final : public v1::ViewService::CallbackService {
 public:
  explicit ViewService(const ServiceContext& context) : context_(context) {}

  grpc::ServerUnaryReactor* ListViews(grpc::CallbackServerContext* call, const v1::ListViewsRequest* request,
                                      v1::ListViewsResponse* response) override;
  grpc::ServerUnaryReactor* GetView(grpc::CallbackServerContext* call, const v1::GetViewRequest* request,
                                    v1::GetViewResponse* response) override;
  grpc::ServerUnaryReactor* RunView(grpc::CallbackServerContext* call, const v1::RunViewRequest* request,
                                    v1::RunViewResponse* response) override;

 private:
  ServiceContext context_;
};

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_RPC_VIEW_SERVICE_H_
