// CompanyService; its import is in contact_import.cc.
#ifndef STAGECRAFT_SERVER_RPC_COMPANY_SERVICE_H_
#define STAGECRAFT_SERVER_RPC_COMPANY_SERVICE_H_

#include "server/rpc/service_context.h"
#include "stagecraft/v1/company_service.grpc.pb.h"

namespace stagecraft::server {

namespace v1 = ::stagecraft::v1;

class CompanyService final : public v1::CompanyService::CallbackService {
 public:
  explicit CompanyService(const ServiceContext& context) : context_(context) {}

  grpc::ServerUnaryReactor* CreateCompany(grpc::CallbackServerContext* call, const v1::CreateCompanyRequest* request,
                                          v1::CreateCompanyResponse* response) override;
  grpc::ServerUnaryReactor* GetCompany(grpc::CallbackServerContext* call, const v1::GetCompanyRequest* request,
                                       v1::GetCompanyResponse* response) override;
  grpc::ServerUnaryReactor* ListCompanies(grpc::CallbackServerContext* call, const v1::ListCompaniesRequest* request,
                                          v1::ListCompaniesResponse* response) override;
  grpc::ServerUnaryReactor* UpdateCompany(grpc::CallbackServerContext* call, const v1::UpdateCompanyRequest* request,
                                          v1::UpdateCompanyResponse* response) override;
  grpc::ServerUnaryReactor* DeleteCompany(grpc::CallbackServerContext* call, const v1::DeleteCompanyRequest* request,
                                          v1::DeleteCompanyResponse* response) override;
  grpc::ServerUnaryReactor* ListMembers(grpc::CallbackServerContext* call, const v1::ListMembersRequest* request,
                                        v1::ListMembersResponse* response) override;
  grpc::ServerReadReactor<v1::ImportCompaniesRequest>* ImportCompanies(grpc::CallbackServerContext* call,
                                                                       v1::ImportCompaniesResponse* response) override;

 private:
  ServiceContext context_;
};

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_RPC_COMPANY_SERVICE_H_
