#include "server/rpc/contact_service.h"

#include <string>
#include <string_view>
#include <vector>

#include "server/rpc/blocking_call.h"
#include "server/rpc/contact_change.h"
#include "server/rpc/contact_convert.h"
#include "server/rpc/contact_filter.h"
#include "server/rpc/names.h"
#include "server/rpc/status_map.h"

namespace stagecraft::server {
namespace {

// Applies one event and answers the contact as it is then.
grpc::Status ApplyAndRead(runtime::Engine& engine, const runtime::EventInput& input, v1::Contact& out) {
  auto results = engine.Apply(std::span(&input, 1));
  if (!results) return ToGrpcStatus(results.error());
  const runtime::EventResult& result = results->front();
  if (!result.status.ok()) return ToGrpcStatus(result.status);
  return ReadContact(engine, input.contact, out);
}

grpc::Status Create(const ServiceContext& context, const AdmittedCall& admitted, const v1::CreateContactRequest& request,
                    v1::CreateContactResponse& response) {
  auto properties = ToInputs(request.properties());
  if (!properties) return ToGrpcStatus(properties.error());
  const std::string event_id = EventIdOf(request, context.ids);
  runtime::EventInput input;
  input.id = event_id;
  input.contact = request.contact_id().empty() ? std::string_view(event_id) : IdOf(kContacts, request.contact_id());
  input.type = "contact created";
  input.actor = request.actor();
  input.trace = admitted.trace;
  input.properties = *properties;
  input.create = runtime::CreateMode::kMustCreate;
  return ApplyAndRead(context.engine, input, *response.mutable_contact());
}

grpc::Status Update(const ServiceContext& context, const AdmittedCall& admitted, const v1::UpdateContactRequest& request,
                    v1::UpdateContactResponse& response) {
  const std::string_view id = IdOf(kContacts, request.name());
  if (const runtime::Status scope = CheckInScope(context.engine, *admitted.caller, id); !scope.ok()) return ToGrpcStatus(scope);
  const std::string event_id = EventIdOf(request, context.ids);
  std::vector<std::string> names;
  runtime::Result<std::vector<runtime::NamedInput>> changes;
  const runtime::Status read = context.engine.Read([&](const runtime::View& view) {
    const auto has = [&](std::uint32_t slot) { return IsOfContact(view.program(), slot); };
    changes = MaskedChanges(view.program(), request.properties(), request.update_mask(), has, names);
  });
  if (!read.ok()) return ToGrpcStatus(read);
  if (!changes) return ToGrpcStatus(changes.error());
  runtime::EventInput input;
  if (!request.etag().empty()) {
    const auto expected = SequenceOfEtag(request.etag());
    if (!expected) return ToGrpcStatus(expected.error());
    input.expected_sequence = *expected;
  }
  input.id = event_id;
  input.contact = id;
  input.type = "contact updated";
  input.actor = request.actor();
  input.trace = admitted.trace;
  input.properties = *changes;
  return ApplyAndRead(context.engine, input, *response.mutable_contact());
}

}  // namespace

grpc::ServerUnaryReactor* ContactService::CreateContact(grpc::CallbackServerContext* call, const v1::CreateContactRequest* request,
                                                        v1::CreateContactResponse* response) {
  return RunChangeOnWorker(context_, call, "CreateContact", *request,
                           [this, request, response](AdmittedCall& admitted) { return Create(context_, admitted, *request, *response); });
}

grpc::ServerUnaryReactor* ContactService::GetContact(grpc::CallbackServerContext* call, const v1::GetContactRequest* request,
                                                     v1::GetContactResponse* response) {
  return RunOnWorker(context_, call, "GetContact", [this, request, response](AdmittedCall& admitted) {
    const std::string_view id = IdOf(kContacts, request->name());
    const runtime::Status scope = CheckInScope(context_.engine, *admitted.caller, id);
    return scope.ok() ? ReadContact(context_.engine, id, *response->mutable_contact()) : ToGrpcStatus(scope);
  });
}

grpc::ServerUnaryReactor* ContactService::UpdateContact(grpc::CallbackServerContext* call, const v1::UpdateContactRequest* request,
                                                        v1::UpdateContactResponse* response) {
  return RunChangeOnWorker(context_, call, "UpdateContact", *request,
                           [this, request, response](AdmittedCall& admitted) { return Update(context_, admitted, *request, *response); });
}

}  // namespace stagecraft::server
