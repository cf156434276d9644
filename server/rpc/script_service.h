// ScriptService: check, format, deploy, look at what is deployed.
#ifndef STAGECRAFT_SERVER_RPC_SCRIPT_SERVICE_H_
#define STAGECRAFT_SERVER_RPC_SCRIPT_SERVICE_H_

#include "server/rpc/service_context.h"
#include "stagecraft/v1/script_service.grpc.pb.h"

namespace stagecraft::server {

namespace v1 = ::stagecraft::v1;

class ScriptService final : public v1::ScriptService::CallbackService {
 public:
  // `heavy`: the same with the workers for calls that compile or run scripts.
  ScriptService(const ServiceContext& context, const ServiceContext& heavy) : context_(context), heavy_(heavy) {}

  grpc::ServerUnaryReactor* CheckScripts(grpc::CallbackServerContext* call, const v1::CheckScriptsRequest* request,
                                         v1::CheckScriptsResponse* response) override;
  grpc::ServerUnaryReactor* TestScripts(grpc::CallbackServerContext* call, const v1::TestScriptsRequest* request,
                                        v1::TestScriptsResponse* response) override;
  grpc::ServerUnaryReactor* FormatScript(grpc::CallbackServerContext* call, const v1::FormatScriptRequest* request,
                                         v1::FormatScriptResponse* response) override;
  grpc::ServerUnaryReactor* GetRuleGraph(grpc::CallbackServerContext* call, const v1::GetRuleGraphRequest* request,
                                         v1::GetRuleGraphResponse* response) override;
  grpc::ServerUnaryReactor* DeployScripts(grpc::CallbackServerContext* call, const v1::DeployScriptsRequest* request,
                                          v1::DeployScriptsResponse* response) override;
  grpc::ServerUnaryReactor* GetDeployment(grpc::CallbackServerContext* call, const v1::GetDeploymentRequest* request,
                                          v1::GetDeploymentResponse* response) override;

 private:
  ServiceContext context_;
  ServiceContext heavy_;
};

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_RPC_SCRIPT_SERVICE_H_
