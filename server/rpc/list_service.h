// ListService.
#ifndef STAGECRAFT_SERVER_RPC_LIST_SERVICE_H_
#define STAGECRAFT_SERVER_RPC_LIST_SERVICE_H_

#include "server/rpc/service_context.h"
#include "stagecraft/v1/list_service.grpc.pb.h"

namespace stagecraft::server {

namespace v1 = ::stagecraft::v1;

class ListService final : public v1::ListService::CallbackService {
 public:
  explicit ListService(const ServiceContext& context) : context_(context) {}

  grpc::ServerUnaryReactor* ListLists(grpc::CallbackServerContext* call, const v1::ListListsRequest* request,
                                      v1::ListListsResponse* response) override;
  grpc::ServerUnaryReactor* GetList(grpc::CallbackServerContext* call, const v1::GetListRequest* request,
                                    v1::GetListResponse* response) override;
  grpc::ServerUnaryReactor* ListListMembers(grpc::CallbackServerContext* call, const v1::ListListMembersRequest* request,
                                            v1::ListListMembersResponse* response) override;
  grpc::ServerUnaryReactor* AddMembers(grpc::CallbackServerContext* call, const v1::AddMembersRequest* request,
                                       v1::AddMembersResponse* response) override;
  grpc::ServerUnaryReactor* RemoveMembers(grpc::CallbackServerContext* call, const v1::RemoveMembersRequest* request,
                                          v1::RemoveMembersResponse* response) override;

 private:
  ServiceContext context_;
};

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_RPC_LIST_SERVICE_H_
