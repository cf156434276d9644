// google.longrunning.Operations: what takes a while is looked at, waited for and ended.
#ifndef STAGECRAFT_SERVER_RPC_OPERATIONS_SERVICE_H_
#define STAGECRAFT_SERVER_RPC_OPERATIONS_SERVICE_H_

#include "google/longrunning/operations.grpc.pb.h"
#include "server/rpc/change_feed.h"
#include "server/rpc/service_context.h"

namespace stagecraft::server {

class OperationsService final : public google::longrunning::Operations::CallbackService {
 public:
  OperationsService(const ServiceContext& context, ChangeFeed& feed) : context_(context), feed_(feed) {}

  grpc::ServerUnaryReactor* ListOperations(grpc::CallbackServerContext* call, const google::longrunning::ListOperationsRequest* request,
                                           google::longrunning::ListOperationsResponse* response) override;
  grpc::ServerUnaryReactor* GetOperation(grpc::CallbackServerContext* call, const google::longrunning::GetOperationRequest* request,
                                         google::longrunning::Operation* response) override;
  grpc::ServerUnaryReactor* DeleteOperation(grpc::CallbackServerContext* call, const google::longrunning::DeleteOperationRequest* request,
                                            google::protobuf::Empty* response) override;
  grpc::ServerUnaryReactor* CancelOperation(grpc::CallbackServerContext* call, const google::longrunning::CancelOperationRequest* request,
                                            google::protobuf::Empty* response) override;
  // Holds no worker while it waits.
  grpc::ServerUnaryReactor* WaitOperation(grpc::CallbackServerContext* call, const google::longrunning::WaitOperationRequest* request,
                                          google::longrunning::Operation* response) override;

 private:
  ServiceContext context_;
  ChangeFeed& feed_;
};

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_RPC_OPERATIONS_SERVICE_H_
