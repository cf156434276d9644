// What every error of the server keeps to, whoever asks for it.
#ifndef STAGECRAFT_TESTS_API_ERROR_FAULT_H_
#define STAGECRAFT_TESTS_API_ERROR_FAULT_H_

#include <grpcpp/support/status.h>

#include <string>
#include <string_view>

#include "google/rpc/status.pb.h"

namespace stagecraft::tests {

// `INVALID_ARGUMENT`; the codes that there are, and `?` for another number.
std::string_view NameOfCode(int code);

// The reason of our ErrorInfo; empty: it has none.
std::string ReasonIn(const google::rpc::Status& status);

// What is not as the page of errors has it: a reason of the table, a code of that reason, a message. Empty: nothing.
std::string FaultOf(const google::rpc::Status& status);
// As above, and that the details say the same as the call's end.
std::string FaultOf(const grpc::Status& status);

}  // namespace stagecraft::tests

#endif  // STAGECRAFT_TESTS_API_ERROR_FAULT_H_
