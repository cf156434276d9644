// How an operation of the runtime fails. Broken scripts are no failures: they are Diagnostics (style.md, "Errors").
#ifndef STAGECRAFT_RUNTIME_MODEL_STATUS_H_
#define STAGECRAFT_RUNTIME_MODEL_STATUS_H_

#include <string>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

#include "runtime/model/reasons.h"

namespace stagecraft::runtime {

// The meanings (and numbers) of google.rpc.Code.
enum class StatusCode : int {
  kOk = 0,
  kCancelled = 1,
  kInvalidArgument = 3,
  kDeadlineExceeded = 4,
  kNotFound = 5,
  kAlreadyExists = 6,
  kPermissionDenied = 7,
  kResourceExhausted = 8,
  kFailedPrecondition = 9,
  kAborted = 10,
  kOutOfRange = 11,
  kUnimplemented = 12,
  kInternal = 13,
  kUnavailable = 14,
  kDataLoss = 15,
  kUnauthenticated = 16,
};

// `field`: the path of the offending field within the request or event ("properties.budget", "occurred_at").
struct FieldViolation {
  std::string field;
  std::string description;
};

struct Status {
  Status() = default;
  // A failure found here: its reason stands in the table, or it does not compile.
  Status(StatusCode status_code, Reason why, std::string text, std::vector<FieldViolation> fields = {})
      : code(status_code), reason(why.text()), message(std::move(text)), violations(std::move(fields)) {}

  StatusCode code = StatusCode::kOk;
  std::string reason;   // stable, UPPER_SNAKE_CASE ("UNKNOWN_EVENT_TYPE"); one of runtime/model/reasons.inc, or of a newer version's
  std::string message;  // what is wrong, where, and how to mend it; for people
  std::vector<FieldViolation> violations;

  bool ok() const { return code == StatusCode::kOk; }
};

template <typename T>
using Result = tl::expected<T, Status>;

inline tl::unexpected<Status> Fail(StatusCode code, Reason reason, std::string message, std::vector<FieldViolation> violations = {}) {
  return tl::unexpected<Status>(Status{code, reason, std::move(message), std::move(violations)});
}

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_MODEL_STATUS_H_
