// Who calls, and what the audit log says of the call: the gate at the beginning of every call of our services.
#ifndef STAGECRAFT_SERVER_RPC_ADMISSION_H_
#define STAGECRAFT_SERVER_RPC_ADMISSION_H_

#include <grpcpp/server_context.h>

#include <memory>
#include <string>
#include <string_view>

#include "runtime/model/status.h"
#include "server/auth/gate.h"
#include "server/rpc/names.h"
#include "server/rpc/service_context.h"

namespace stagecraft::server {

// A call that was let in.
struct AdmittedCall {
  const Permission* permission = nullptr;
  std::shared_ptr<const Caller> caller;
  std::string request_id;  // RequestId
  std::string resource;    // for the audit log: what it is about, where that is no person. The call's work may say it
  std::string trace;       // its `traceparent`, if it has a valid one
};

// What a caller calls its request and, in the trailing metadata, what the server does.
inline constexpr const char* kRequestIdMetadata = "x-request-id";

// The trace that the call belongs to; empty: none.
std::string_view TraceIdOf(const grpc::CallbackServerContext& call);

// The caller's `x-request-id` when it has one of at most 64 letters, digits and -_., otherwise a new id.
std::string RequestId(const grpc::CallbackServerContext& call, IdSource& ids);

// Fails as Gate::Identify and CheckPermission do; what is not permitted is in the audit log. `method`: as in the table of permissions; one
// that is not there is refused to everybody. The request's id goes back with the call.
runtime::Result<AdmittedCall> Admit(const ServiceContext& context, grpc::CallbackServerContext& call, const char* method);

runtime::Status NotYourself(const Caller& caller, std::string_view actor);
// PERMISSION_DENIED (ACTOR_NOT_YOURS) unless the caller may act as `actor`, which becomes its own name where it is empty.
template <typename Text>
runtime::Status TakeActor(const Caller& caller, Text& actor) {
  if (actor.empty()) actor = Text(caller.holder);
  if (caller.MayActAs(actor)) return {};
  return NotYourself(caller, actor);
}

// Says in the audit log how the call has ended, where it is one that is audited. Waits for the disk.
void Audit(const ServiceContext& context, const grpc::CallbackServerContext& call, const AdmittedCall& admitted, int code);

// What a request that changes something is about, for AdmittedCall::resource.
template <typename Request>
std::string ResourceOf(const Request& request) {
  if constexpr (requires { request.rule(); }) {
    return "rules/" + request.rule();
  } else if constexpr (requires { request.name(); }) {
    // An erased contact must not live on in the audit log; nor does it name other people.
    for (const std::string_view collection : {kLists, kTasks, kDeals, kDeliveries, kFailures}) {
      if (request.name().starts_with(collection)) return request.name();
    }
  }
  return {};
}

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_RPC_ADMISSION_H_
