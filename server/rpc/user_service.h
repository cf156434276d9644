// UserService: who there is, who is away, and who got what.
#ifndef STAGECRAFT_SERVER_RPC_USER_SERVICE_H_
#define STAGECRAFT_SERVER_RPC_USER_SERVICE_H_

#include "server/rpc/service_context.h"
#include "stagecraft/v1/user_service.grpc.pb.h"

namespace stagecraft::server {

namespace v1 = ::stagecraft::v1;

class UserService final : public v1::UserService::CallbackService {
 public:
  explicit UserService(const ServiceContext& context) : context_(context) {}

  grpc::ServerUnaryReactor* ListUsers(grpc::CallbackServerContext* call, const v1::ListUsersRequest* request,
                                      v1::ListUsersResponse* response) override;
  grpc::ServerUnaryReactor* GetUser(grpc::CallbackServerContext* call, const v1::GetUserRequest* request,
                                    v1::GetUserResponse* response) override;
  grpc::ServerUnaryReactor* UpdateUser(grpc::CallbackServerContext* call, const v1::UpdateUserRequest* request,
                                       v1::UpdateUserResponse* response) override;
  grpc::ServerUnaryReactor* ListAssignments(grpc::CallbackServerContext* call, const v1::ListAssignmentsRequest* request,
                                            v1::ListAssignmentsResponse* response) override;

 private:
  ServiceContext context_;
};

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_RPC_USER_SERVICE_H_
