// Talking to a server: the stubs, and its errors as people read them. For the verbs that use --server.
#ifndef STAGECRAFT_CLI_CLIENT_H_
#define STAGECRAFT_CLI_CLIENT_H_

#include <google/protobuf/message.h>
#include <google/protobuf/timestamp.pb.h>
#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>

#include "cli/options.h"

namespace stagecraft::cli {

// A connection; it is made with the first call.
std::shared_ptr<grpc::Channel> Connect(const Remote& remote);

// What the server is shown; empty: nothing.
std::string TokenOf(const Remote& remote);

// A context that waits a little for a server that is just starting, and not for ever for one that hangs.
std::unique_ptr<grpc::ClientContext> CallContext();

// What went wrong with a call, for people; `advice` may be empty.
struct Trouble {
  std::string what;
  std::string advice;
};
Trouble DescribeCall(const grpc::Status& status, const Remote& remote);

// Prints what went wrong with a call, with all its details and what to do next, and gives the exit code.
int ReportCall(const grpc::Status& status, const Remote& remote);

// In the form of the API: names in camel case, indented.
std::string ToJson(const google::protobuf::Message& message);
// On one line, with what has a value.
std::string ToJsonLine(const google::protobuf::Message& message);

// "2026-10-05 09:14" in this machine's zone (TZ); empty for none.
std::string TimeText(const google::protobuf::Timestamp& time);

// "contacts/ana" → "ana".
std::string BareId(const std::string& name);

}  // namespace stagecraft::cli

#endif  // STAGECRAFT_CLI_CLIENT_H_
