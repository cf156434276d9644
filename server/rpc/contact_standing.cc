// ContactService.DeleteContact, UndeleteContact, MergeContacts and EraseContact.
#include <string>
#include <string_view>

#include "runtime/engine/engine.h"
#include "server/rpc/blocking_call.h"
#include "server/rpc/contact_convert.h"
#include "server/rpc/contact_service.h"
#include "server/rpc/names.h"
#include "server/rpc/status_map.h"

namespace stagecraft::server {
namespace {

runtime::Result<runtime::StandingChange> ToChange(std::string_view name, const std::string& etag, const std::string& actor) {
  runtime::StandingChange change;
  change.contact = IdOf(kContacts, name);
  change.actor = actor;
  if (!etag.empty()) {
    const auto expected = SequenceOfEtag(etag);
    if (!expected) return tl::unexpected(expected.error());
    change.expected_sequence = *expected;
  }
  return change;
}

// Makes the change, and answers the contact as it is then.
template <typename Apply>
grpc::Status Change(const ServiceContext& context, const runtime::Result<runtime::StandingChange>& change, const Apply& apply,
                    v1::Contact& out) {
  if (!change) return ToGrpcStatus(change.error());
  const runtime::Status status = apply(*change);
  return status.ok() ? ReadContact(context.engine, change->contact, out) : ToGrpcStatus(status);
}

}  // namespace

grpc::ServerUnaryReactor* ContactService::DeleteContact(grpc::CallbackServerContext* call, const v1::DeleteContactRequest* request,
                                                        v1::DeleteContactResponse* response) {
  return RunChangeOnWorker(context_, call, "DeleteContact", *request, [this, request, response] {
    const auto apply = [this](const runtime::StandingChange& change) { return context_.engine.DeleteContact(change); };
    return Change(context_, ToChange(request->name(), request->etag(), request->actor()), apply, *response->mutable_contact());
  });
}

grpc::ServerUnaryReactor* ContactService::UndeleteContact(grpc::CallbackServerContext* call, const v1::UndeleteContactRequest* request,
                                                          v1::UndeleteContactResponse* response) {
  return RunChangeOnWorker(context_, call, "UndeleteContact", *request, [this, request, response] {
    const auto apply = [this](const runtime::StandingChange& change) { return context_.engine.RestoreContact(change); };
    return Change(context_, ToChange(request->name(), {}, request->actor()), apply, *response->mutable_contact());
  });
}

grpc::ServerUnaryReactor* ContactService::MergeContacts(grpc::CallbackServerContext* call, const v1::MergeContactsRequest* request,
                                                        v1::MergeContactsResponse* response) {
  return RunChangeOnWorker(context_, call, "MergeContacts", *request, [this, request, response] {
    const auto apply = [&](const runtime::StandingChange& change) {
      return context_.engine.MergeContacts(change, IdOf(kContacts, request->other()));
    };
    return Change(context_, ToChange(request->name(), request->etag(), request->actor()), apply, *response->mutable_contact());
  });
}

grpc::ServerUnaryReactor* ContactService::EraseContact(grpc::CallbackServerContext* call, const v1::EraseContactRequest* request,
                                                       v1::EraseContactResponse* /*response*/) {
  return RunChangeOnWorker(context_, call, "EraseContact", *request, [this, request] {
    const auto change = ToChange(request->name(), request->etag(), request->actor());
    return ToGrpcStatus(change ? context_.engine.EraseContact(*change) : change.error());
  });
}

}  // namespace stagecraft::server
