#include "tests/api/error_fault.h"

#include <array>
#include <cstddef>

#include "google/rpc/error_details.pb.h"
#include "runtime/model/reasons.h"

namespace stagecraft::tests {

std::string_view NameOfCode(int code) {
  constexpr std::array<std::string_view, 17> kNames = {
      "OK",        "CANCELLED",      "UNKNOWN",           "INVALID_ARGUMENT",   "DEADLINE_EXCEEDED",
      "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION",
      "ABORTED",   "OUT_OF_RANGE",   "UNIMPLEMENTED",     "INTERNAL",           "UNAVAILABLE",
      "DATA_LOSS", "UNAUTHENTICATED"};
  return code >= 0 && static_cast<std::size_t>(code) < kNames.size() ? kNames[static_cast<std::size_t>(code)] : "?";
}

std::string ReasonIn(const google::rpc::Status& status) {
  for (const google::protobuf::Any& detail : status.details()) {
    google::rpc::ErrorInfo info;
    if (detail.UnpackTo(&info)) return info.domain() == "stagecraft" ? info.reason() : "";
  }
  return "";
}

std::string FaultOf(const google::rpc::Status& status) {
  const std::string said = std::string(NameOfCode(status.code())) + " `" + status.message() + "`";
  const std::string reason = ReasonIn(status);
  if (reason.empty()) return said + " has no reason of ours";
  const runtime::ReasonInfo* info = runtime::FindReason(reason);
  if (info == nullptr) return said + " has a reason that the table has not: " + reason;
  if (info->codes.find(NameOfCode(status.code())) == std::string_view::npos) return said + " is not a code of " + reason;
  return status.message().empty() ? said + " has no message" : "";
}

std::string FaultOf(const grpc::Status& status) {
  google::rpc::Status details;
  if (!details.ParseFromString(status.error_details())) return "the details of `" + status.error_message() + "` are no google.rpc.Status";
  if (details.code() == static_cast<int>(status.error_code()) && details.message() == status.error_message()) return FaultOf(details);
  return std::string(NameOfCode(status.error_code())) + " `" + status.error_message() +
         "` has other details: " + details.ShortDebugString();
}

}  // namespace stagecraft::tests
