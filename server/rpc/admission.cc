#include "server/rpc/admission.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "dsl/support/show.h"
#include "runtime/model/reasons.h"
#include "server/auth/audit_log.h"
#include "server/log/log_line.h"
#include "server/rpc/loopback_calls.h"
#include "server/rpc/trace_context.h"

namespace stagecraft::server {
namespace {

constexpr std::size_t kResourceBytesMax = 256;

bool IsRequestIdCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

std::string_view MetadataOf(const grpc::CallbackServerContext& call, const char* name) {
  const auto found = call.client_metadata().find(name);
  return found == call.client_metadata().end() ? std::string_view() : std::string_view(found->second.data(), found->second.size());
}

// Later versions may have more behind it, which is not known here.
std::string_view TraceParentOf(const grpc::CallbackServerContext& call) {
  const std::string_view given = MetadataOf(call, kTraceParent);
  return TraceIdOf(given).empty() ? std::string_view() : given.substr(0, kTraceParentSize);
}

// Where the caller is: `ipv4:127.0.0.1:50412` without its port, which says nothing.
std::string AddressOf(const grpc::CallbackServerContext& call) {
  std::string peer = call.peer();
  if (IsLoopbackCall(call)) return std::string(MetadataOf(call, kAddressMetadata));
  const std::size_t port = peer.rfind(':');
  if (peer.rfind("ip", 0) == 0 && port != std::string::npos) peer.resize(port);
  const std::size_t scheme = peer.find(':');
  return scheme == std::string::npos ? peer : peer.substr(scheme + 1);
}

runtime::AuditEntry EntryOf(const grpc::CallbackServerContext& call, const AdmittedCall& admitted, int code) {
  runtime::AuditEntry entry;
  entry.holder = admitted.caller->holder;
  entry.token = admitted.caller->token;
  entry.method = std::string(admitted.permission->method);
  entry.resource = CutBytes(admitted.resource, kResourceBytesMax);
  entry.code = code;
  entry.request_id = admitted.request_id;
  entry.address = AddressOf(call);
  return entry;
}

void Record(const ServiceContext& context, const runtime::AuditEntry& entry) {
  if (context.audit == nullptr) return;
  const runtime::Status status = context.audit->Record(entry);
  // The call was made, and its answer says so.
  if (!status.ok())
    spdlog::error(
        "{}",
        LogLine("a call is not in the audit log: " + status.message).With("method", entry.method).With("request", entry.request_id).text());
}

runtime::Result<std::shared_ptr<const Caller>> Identify(const ServiceContext& context, const grpc::CallbackServerContext& call) {
  const std::string_view webhook = IsLoopbackCall(call) ? MetadataOf(call, kWebhookMetadata) : std::string_view();
  if (webhook.empty()) return context.gate.Identify(MetadataOf(call, "authorization"));
  // The door makes such calls only of what the sender's signature is on; HubSpot says also when a contact is to be erased.
  return std::make_shared<const Caller>(Caller{std::string(webhook), {}, Role::kAdmin, {}});
}

}  // namespace

std::string RequestId(const grpc::CallbackServerContext& call, IdSource& ids) {
  const std::string_view given = MetadataOf(call, kRequestIdMetadata);
  const bool is_one = !given.empty() && given.size() <= 64 && std::all_of(given.begin(), given.end(), IsRequestIdCharacter);
  return is_one ? std::string(given) : ids.Next();
}

std::string_view TraceIdOf(const grpc::CallbackServerContext& call) { return TraceIdOf(MetadataOf(call, kTraceParent)); }

runtime::Result<AdmittedCall> Admit(const ServiceContext& context, grpc::CallbackServerContext& call, const char* method) {
  std::string request_id = RequestId(call, context.ids);
  call.AddTrailingMetadata(kRequestIdMetadata, request_id);
  auto caller = Identify(context, call);
  if (!caller) {
    // Neither the token nor whose it is, which is not sure.
    spdlog::debug("{}", LogLine("refused").With("method", method).With("reason", caller.error().reason).text());
    return tl::unexpected(std::move(caller.error()));
  }
  AdmittedCall admitted{PermissionOf(method), std::move(*caller), std::move(request_id), {}, std::string(TraceParentOf(call))};
  if (admitted.permission == nullptr) {
    // One that is not in the table would be open to everybody if it were let through.
    return runtime::Fail(runtime::StatusCode::kPermissionDenied, runtime::reasons::kRoleTooLow,
                         "`" + std::string(method) + "` has no line in the table of permissions");
  }
  if (runtime::Status status = CheckPermission(*admitted.caller, *admitted.permission); !status.ok()) {
    // Not here, where nobody may wait for a disk.
    const bool is_told =
        context.workers.Submit([context, entry = EntryOf(call, admitted, static_cast<int>(status.code))] { Record(context, entry); });
    if (!is_told)
      spdlog::warn("{}", LogLine("a refused call is not in the audit log")
                             .With("method", method)
                             .With("request", admitted.request_id)
                             .With("token", admitted.caller->token)
                             .text());
    return tl::unexpected(std::move(status));
  }
  if (admitted.permission->is_change()) {
    if (runtime::Status status = context.maintenance.Check(); !status.ok()) return tl::unexpected(std::move(status));
  }
  return admitted;
}

runtime::Status NotYourself(const Caller& caller, std::string_view actor) {
  const std::string message = "the token is `" + CutBytes(caller.holder, 64) + "`'s, who cannot act as `" + CutBytes(actor, 64) +
                              "`; leave the name away, or use a token of role service";
  return {runtime::StatusCode::kPermissionDenied, runtime::reasons::kActorNotYours, message, {}};
}

void Audit(const ServiceContext& context, const grpc::CallbackServerContext& call, const AdmittedCall& admitted, int code) {
  if (admitted.permission->is_audited()) Record(context, EntryOf(call, admitted, code));
}

}  // namespace stagecraft::server
