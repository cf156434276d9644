// How a call ended: the one type of errors of this library.
#ifndef STAGECRAFT_CLIENT_STATUS_H_
#define STAGECRAFT_CLIENT_STATUS_H_

#include <google/rpc/status.pb.h>
#include <grpcpp/support/status.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace stagecraft::client {

// A field of the request that is to blame.
struct FieldViolation {
  std::string field;  // its path: `event.type`
  std::string description;
};

struct Status {
  grpc::StatusCode code = grpc::StatusCode::OK;
  std::string reason;   // for programs: `CONTACT_NOT_FOUND`. Empty: not the server's word, but the connection's
  std::string message;  // for people, one line
  std::vector<FieldViolation> fields;
  std::optional<std::chrono::milliseconds> retry_after;  // the server asks to wait so long before another try

  bool ok() const { return code == grpc::StatusCode::OK; }
};

// What a call answered. `value` means something only when it is ok.
template <typename T>
struct Result {
  Status status;
  T value{};

  bool ok() const { return status.ok(); }
};

// With the details that the server packs into its errors (google.rpc.ErrorInfo, BadRequest, RetryInfo).
Status ToStatus(const grpc::Status& status);
Status ToStatus(const google::rpc::Status& status);

// Whether the same call may go well a little later: UNAVAILABLE, or RESOURCE_EXHAUSTED for which the server says when.
// Without that, RESOURCE_EXHAUSTED is a message that is too large, and would be so again.
bool IsTransient(const Status& status);

// Whether a stream that ended so is worth beginning again. Also INTERNAL and UNKNOWN that are not the server's word: a proxy, or a
// connection that was torn off.
bool IsBreak(const Status& status);

}  // namespace stagecraft::client

#endif  // STAGECRAFT_CLIENT_STATUS_H_
