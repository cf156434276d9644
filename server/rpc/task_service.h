// TaskService: what people are asked to do, and what they do about it.
#ifndef STAGECRAFT_SERVER_RPC_TASK_SERVICE_H_
#define STAGECRAFT_SERVER_RPC_TASK_SERVICE_H_

#include "server/rpc/service_context.h"
#include "stagecraft/v1/task_service.grpc.pb.h"

namespace stagecraft::server {

namespace v1 = ::stagecraft::v1;

class TaskService final : public v1::TaskService::CallbackService {
 public:
  explicit TaskService(const ServiceContext& context) : context_(context) {}

  grpc::ServerUnaryReactor* ListTasks(grpc::CallbackServerContext* call, const v1::ListTasksRequest* request,
                                      v1::ListTasksResponse* response) override;
  grpc::ServerUnaryReactor* GetTask(grpc::CallbackServerContext* call, const v1::GetTaskRequest* request,
                                    v1::GetTaskResponse* response) override;
  grpc::ServerUnaryReactor* CreateTask(grpc::CallbackServerContext* call, const v1::CreateTaskRequest* request,
                                       v1::CreateTaskResponse* response) override;
  grpc::ServerUnaryReactor* UpdateTask(grpc::CallbackServerContext* call, const v1::UpdateTaskRequest* request,
                                       v1::UpdateTaskResponse* response) override;
  grpc::ServerUnaryReactor* CompleteTask(grpc::CallbackServerContext* call, const v1::CompleteTaskRequest* request,
                                         v1::CompleteTaskResponse* response) override;
  grpc::ServerUnaryReactor* ReopenTask(grpc::CallbackServerContext* call, const v1::ReopenTaskRequest* request,
                                       v1::ReopenTaskResponse* response) override;

 private:
  ServiceContext context_;
};

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_RPC_TASK_SERVICE_H_
