// ScriptService: check, format, deploy, look at what is deployed, and at what rules did.
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
  // deployments.cc
  grpc::ServerUnaryReactor* DeployScripts(grpc::CallbackServerContext* call, const v1::DeployScriptsRequest* request,
                                          v1::DeployScriptsResponse* response) override;
  grpc::ServerUnaryReactor* GetDeployment(grpc::CallbackServerContext* call, const v1::GetDeploymentRequest* request,
                                          v1::GetDeploymentResponse* response) override;
  grpc::ServerUnaryReactor* ListDeployments(grpc::CallbackServerContext* call, const v1::ListDeploymentsRequest* request,
                                            v1::ListDeploymentsResponse* response) override;
  grpc::ServerUnaryReactor* DiffDeployments(grpc::CallbackServerContext* call, const v1::DiffDeploymentsRequest* request,
                                            v1::DiffDeploymentsResponse* response) override;
  grpc::ServerUnaryReactor* RollbackDeployment(grpc::CallbackServerContext* call, const v1::RollbackDeploymentRequest* request,
                                               v1::RollbackDeploymentResponse* response) override;
  // script_runs.cc
  grpc::ServerUnaryReactor* ListRuns(grpc::CallbackServerContext* call, const v1::ListRunsRequest* request,
                                     v1::ListRunsResponse* response) override;
  grpc::ServerUnaryReactor* ExplainRun(grpc::CallbackServerContext* call, const v1::ExplainRunRequest* request,
                                       v1::ExplainRunResponse* response) override;
  grpc::ServerUnaryReactor* RetryRun(grpc::CallbackServerContext* call, const v1::RetryRunRequest* request,
                                     v1::RetryRunResponse* response) override;
  grpc::ServerUnaryReactor* RetryRuns(grpc::CallbackServerContext* call, const v1::RetryRunsRequest* request,
                                      v1::RetryRunsResponse* response) override;
  grpc::ServerUnaryReactor* StartRule(grpc::CallbackServerContext* call, const v1::StartRuleRequest* request,
                                      v1::StartRuleResponse* response) override;
  grpc::ServerUnaryReactor* StopRuns(grpc::CallbackServerContext* call, const v1::StopRunsRequest* request,
                                     v1::StopRunsResponse* response) override;
  grpc::ServerUnaryReactor* SetRuleEnabled(grpc::CallbackServerContext* call, const v1::SetRuleEnabledRequest* request,
                                           v1::SetRuleEnabledResponse* response) override;

 private:
  ServiceContext context_;
  ServiceContext heavy_;
};

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_RPC_SCRIPT_SERVICE_H_
