#include "server/rpc/contact_filter.h"

#include "dsl/support/show.h"
#include "runtime/model/reasons.h"
#include "server/rpc/contact_convert.h"
#include "server/rpc/limits.h"
#include "server/rpc/status_map.h"

namespace stagecraft::server {

bool ContactFilter::Prepare(const runtime::View& view) {
  if (empty() || revision_ == view.revision()) return status_.ok();
  revision_ = view.revision();
  status_ = CompileScope(view.program());
  if (status_.ok()) status_ = CompileFilter(view.program());
  return status_.ok();
}

grpc::Status ContactFilter::CompileFilter(const ir::Program& program) {
  if (filter_.text.empty()) return grpc::Status::OK;
  if (filter_.text.size() > limits::kFilterBytesMax) {
    return ToGrpcStatus(InvalidField(
        "filter", "INVALID_FILTER",
        "the filter has " + std::to_string(filter_.text.size()) + " bytes; expected at most " + std::to_string(limits::kFilterBytesMax)));
  }
  ConditionResult result = CompileCondition(filter_.text, program);
  filter_.condition = std::move(result.condition);
  return filter_.condition ? grpc::Status::OK : FilterError(result.diagnostics, result.sources);
}

grpc::Status ContactFilter::CompileScope(const ir::Program& program) {
  if (scope_.text.empty()) return grpc::Status::OK;
  ConditionResult result = CompileCondition(scope_.text, program);
  scope_.condition = std::move(result.condition);
  if (scope_.condition) return grpc::Status::OK;
  const std::string why = result.diagnostics.empty() ? "" : ": " + result.diagnostics.front().message;
  return ToGrpcStatus({runtime::StatusCode::kPermissionDenied,
                       runtime::reasons::kOutOfScope,
                       "the token is for contacts with `" + CutBytes(scope_.text, 128) + "`, which does not fit the running scripts" + why,
                       {}});
}

runtime::Status CheckInScope(runtime::Engine& engine, const Caller& caller, std::string_view contact) {
  if (caller.scope.empty()) return {};
  ContactFilter scope({}, caller);
  runtime::Status failure;
  runtime::Status read = engine.Read([&](const runtime::View& view) {
    const bool fits = scope.Prepare(view);
    const runtime::Contact* found = view.FindContact(contact);
    if (!fits) {
      failure = {runtime::StatusCode::kPermissionDenied, runtime::reasons::kOutOfScope, scope.status().error_message(), {}};
    } else if (found == nullptr || !scope.IsInScope(view, *found)) {
      failure = NoSuchContact(contact);
    }
  });
  return read.ok() ? failure : read;
}

}  // namespace stagecraft::server
