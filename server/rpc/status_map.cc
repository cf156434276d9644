#include "server/rpc/status_map.h"

#include <google/protobuf/util/time_util.h>
#include <grpcpp/support/error_details.h>

#include <utility>

#include "dsl/support/show.h"
#include "google/rpc/error_details.pb.h"
#include "server/rpc/diagnostic_convert.h"
#include "server/rpc/limits.h"

namespace stagecraft::server {
namespace {

bool WorthRetrying(runtime::StatusCode code) {
  return code == runtime::StatusCode::kResourceExhausted || code == runtime::StatusCode::kUnavailable;
}

void AddErrorInfo(const std::string& reason, google::rpc::Status& out) {
  google::rpc::ErrorInfo info;
  info.set_reason(reason);
  info.set_domain(kErrorDomain);
  out.add_details()->PackFrom(info);
}

void AddHelp(const std::string& reason, google::rpc::Status& out) {
  const runtime::ReasonInfo* info = runtime::FindReason(reason);
  if (info == nullptr) return;
  google::rpc::Help help;
  google::rpc::Help::Link* link = help.add_links();
  link->set_description(std::string(info->remedy));
  link->set_url(std::string(kErrorPages) + reason);
  out.add_details()->PackFrom(help);
}

grpc::Status Packed(const google::rpc::Status& status) {
  grpc::Status out;
  grpc::SetErrorDetails(status, &out);
  return out;
}

}  // namespace

void FillRpcStatus(const runtime::Status& status, google::rpc::Status& out) {
  out.set_code(static_cast<int>(status.code));
  // It may quote what is no text; as one of the fields of `out`, that would make all of it unreadable.
  out.set_message(CutBytes(CleanText(status.message), limits::kErrorMessageBytesMax));
  AddErrorInfo(status.reason, out);
  if (!status.violations.empty()) {
    google::rpc::BadRequest bad;
    std::size_t room = limits::kErrorDetailsBytesMax;
    for (const runtime::FieldViolation& violation : status.violations) {
      const std::size_t size = violation.field.size() + violation.description.size();
      if (size > room) break;
      room -= size;
      google::rpc::BadRequest::FieldViolation* added = bad.add_field_violations();
      added->set_field(CleanText(violation.field));
      added->set_description(CleanText(violation.description));
    }
    out.add_details()->PackFrom(bad);
  }
  if (WorthRetrying(status.code)) {
    google::rpc::RetryInfo retry;
    *retry.mutable_retry_delay() = google::protobuf::util::TimeUtil::MillisecondsToDuration(limits::kRetryAfter.count());
    out.add_details()->PackFrom(retry);
  }
}

void FillCallStatus(const runtime::Status& status, google::rpc::Status& out) {
  FillRpcStatus(status, out);
  AddHelp(status.reason, out);
}

grpc::Status ToGrpcStatus(const runtime::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  google::rpc::Status out;
  FillCallStatus(status, out);
  return Packed(out);
}

grpc::Status FilterError(const std::vector<Diagnostic>& diagnostics, const SourceSet& sources) {
  google::rpc::Status out;
  out.set_code(grpc::StatusCode::INVALID_ARGUMENT);
  std::string message = "the filter is not a condition";
  for (const Diagnostic& diagnostic : diagnostics) {
    if (diagnostic.severity != Severity::kError) continue;
    message = "filter: " + diagnostic.message;
    break;
  }
  out.set_message(CutBytes(message, limits::kErrorMessageBytesMax));
  AddErrorInfo(runtime::reasons::kInvalidFilter, out);
  google::rpc::BadRequest bad;
  google::rpc::BadRequest::FieldViolation* violation = bad.add_field_violations();
  violation->set_field("filter");
  violation->set_description(CutBytes(message, limits::kErrorMessageBytesMax));
  out.add_details()->PackFrom(bad);
  AddHelp(runtime::reasons::kInvalidFilter, out);
  std::size_t room = limits::kErrorDetailsBytesMax;
  for (const Diagnostic& diagnostic : diagnostics) {
    v1::Diagnostic detail;
    FillDiagnostic(diagnostic, sources, detail);
    if (detail.ByteSizeLong() > room) break;
    room -= detail.ByteSizeLong();
    out.add_details()->PackFrom(detail);
  }
  return Packed(out);
}

runtime::Status InvalidField(std::string field, runtime::Reason reason, std::string message) {
  std::string description = message;
  return runtime::Status{runtime::StatusCode::kInvalidArgument, reason, std::move(message), {{std::move(field), std::move(description)}}};
}

runtime::Status CheckLength(std::string_view path, std::string_view name, std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return {};
  const std::string field = std::string(path) + std::string(name);
  return InvalidField(field, "TEXT_TOO_LONG",
                      "`" + field + "` has " + std::to_string(text.size()) + " bytes; expected at most " + std::to_string(bytes_max));
}

runtime::Status Stopping() {
  return runtime::Status{
      runtime::StatusCode::kUnavailable, "SERVER_STOPPING", "the server is stopping; try again, perhaps on another one", {}};
}

}  // namespace stagecraft::server
