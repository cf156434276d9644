#include "client/status.h"

#include <google/protobuf/util/time_util.h>
#include <google/rpc/error_details.pb.h>

namespace stagecraft::client {
namespace {

void AddDetails(const google::rpc::Status& details, Status& out) {
  for (const auto& detail : details.details()) {
    google::rpc::ErrorInfo info;
    google::rpc::BadRequest request;
    google::rpc::RetryInfo retry;
    if (detail.UnpackTo(&info)) {
      out.reason = info.reason();
    } else if (detail.UnpackTo(&request)) {
      for (const auto& violation : request.field_violations()) out.fields.push_back({violation.field(), violation.description()});
    } else if (detail.UnpackTo(&retry)) {
      out.retry_after = std::chrono::milliseconds(google::protobuf::util::TimeUtil::DurationToMilliseconds(retry.retry_delay()));
    }
  }
}

}  // namespace

Status ToStatus(const grpc::Status& status) {
  Status out;
  out.code = status.error_code();
  out.message = status.error_message();
  google::rpc::Status details;
  if (!status.error_details().empty() && details.ParseFromString(status.error_details())) AddDetails(details, out);
  return out;
}

Status ToStatus(const google::rpc::Status& status) {
  Status out;
  out.code = static_cast<grpc::StatusCode>(status.code());
  out.message = status.message();
  AddDetails(status, out);
  return out;
}

bool IsTransient(const Status& status) {
  return status.code == grpc::StatusCode::UNAVAILABLE ||
         (status.code == grpc::StatusCode::RESOURCE_EXHAUSTED && status.retry_after.has_value());
}

bool IsBreak(const Status& status) {
  const bool torn = status.code == grpc::StatusCode::INTERNAL || status.code == grpc::StatusCode::UNKNOWN;
  return IsTransient(status) || (torn && status.reason.empty());
}

}  // namespace stagecraft::client
