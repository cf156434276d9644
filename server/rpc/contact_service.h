// ContactService. One file a subject: contact_service.cc (create, get, update), contact_list.cc (list, batch get, export),
// contact_import.cc, contact_history.cc, contact_standing.cc (delete, restore, merge, erase).
#ifndef STAGECRAFT_SERVER_RPC_CONTACT_SERVICE_H_
#define STAGECRAFT_SERVER_RPC_CONTACT_SERVICE_H_

#include "server/rpc/service_context.h"
#include "stagecraft/v1/contact_service.grpc.pb.h"

namespace stagecraft::server {

namespace v1 = ::stagecraft::v1;

class ContactService final : public v1::ContactService::CallbackService {
 public:
  explicit ContactService(const ServiceContext& context) : context_(context) {}

  grpc::ServerUnaryReactor* CreateContact(grpc::CallbackServerContext* call, const v1::CreateContactRequest* request,
                                          v1::CreateContactResponse* response) override;
  grpc::ServerUnaryReactor* GetContact(grpc::CallbackServerContext* call, const v1::GetContactRequest* request,
                                       v1::GetContactResponse* response) override;
  grpc::ServerUnaryReactor* BatchGetContacts(grpc::CallbackServerContext* call, const v1::BatchGetContactsRequest* request,
                                             v1::BatchGetContactsResponse* response) override;
  grpc::ServerWriteReactor<v1::ExportContactsResponse>* ExportContacts(grpc::CallbackServerContext* call,
                                                                       const v1::ExportContactsRequest* request) override;
  grpc::ServerUnaryReactor* ListContacts(grpc::CallbackServerContext* call, const v1::ListContactsRequest* request,
                                         v1::ListContactsResponse* response) override;
  grpc::ServerUnaryReactor* UpdateContact(grpc::CallbackServerContext* call, const v1::UpdateContactRequest* request,
                                          v1::UpdateContactResponse* response) override;
  grpc::ServerUnaryReactor* DeleteContact(grpc::CallbackServerContext* call, const v1::DeleteContactRequest* request,
                                          v1::DeleteContactResponse* response) override;
  grpc::ServerUnaryReactor* UndeleteContact(grpc::CallbackServerContext* call, const v1::UndeleteContactRequest* request,
                                            v1::UndeleteContactResponse* response) override;
  grpc::ServerUnaryReactor* MergeContacts(grpc::CallbackServerContext* call, const v1::MergeContactsRequest* request,
                                          v1::MergeContactsResponse* response) override;
  grpc::ServerUnaryReactor* EraseContact(grpc::CallbackServerContext* call, const v1::EraseContactRequest* request,
                                         v1::EraseContactResponse* response) override;
  grpc::ServerReadReactor<v1::ImportContactsRequest>* ImportContacts(grpc::CallbackServerContext* call,
                                                                     v1::ImportContactsResponse* response) override;
  grpc::ServerUnaryReactor* GetTimeline(grpc::CallbackServerContext* call, const v1::GetTimelineRequest* request,
                                        v1::GetTimelineResponse* response) override;
  grpc::ServerUnaryReactor* Explain(grpc::CallbackServerContext* call, const v1::ExplainRequest* request,
                                    v1::ExplainResponse* response) override;

 private:
  ServiceContext context_;
};

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_RPC_CONTACT_SERVICE_H_
