// runtime::Status to what goes over the wire: google.rpc.Status with its details. The one place where errors get their shape.
#ifndef STAGECRAFT_SERVER_RPC_STATUS_MAP_H_
#define STAGECRAFT_SERVER_RPC_STATUS_MAP_H_

#include <grpcpp/support/status.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/support/diagnostic.h"
#include "google/rpc/status.pb.h"
#include "runtime/model/status.h"

namespace stagecraft::server {

inline constexpr const char* kErrorDomain = "stagecraft";
// Where the HTTP port says more of a reason, which follows.
inline constexpr const char* kErrorPages = "/errors/";

// With ErrorInfo (reason, domain), BadRequest when there are violations, and RetryInfo for RESOURCE_EXHAUSTED and UNAVAILABLE.
void FillRpcStatus(const runtime::Status& status, google::rpc::Status& out);

// As above, for the status of a call, which has Help besides.
void FillCallStatus(const runtime::Status& status, google::rpc::Status& out);

// As above. OK stays OK.
grpc::Status ToGrpcStatus(const runtime::Status& status);

// INVALID_ARGUMENT (INVALID_FILTER) with a Diagnostic detail each, as many as fit.
grpc::Status FilterError(const std::vector<Diagnostic>& diagnostics, const SourceSet& sources);

// The usual one-field error: INVALID_ARGUMENT with the field's path.
runtime::Status InvalidField(std::string field, runtime::Reason reason, std::string message);

// INVALID_ARGUMENT (TEXT_TOO_LONG) when `text` has more than `bytes_max` bytes. The path of the field is `path` and `name` together.
runtime::Status CheckLength(std::string_view path, std::string_view name, std::string_view text, std::size_t bytes_max);

runtime::Status Stopping();

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_RPC_STATUS_MAP_H_
