// The server's calls as its HTTP door makes them: bytes in, bytes out. It shows nothing of gRPC.
#ifndef STAGECRAFT_SERVER_HTTP_CALLS_H_
#define STAGECRAFT_SERVER_HTTP_CALLS_H_

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/model/status.h"
#include "server/auth/role.h"

namespace stagecraft::server {

struct CallRequest {
  std::string method;                                         // "/stagecraft.v1.EventService/PublishEvent"
  std::vector<std::string> messages;                          // serialized; another number than one only where the method takes a stream
  std::vector<std::pair<std::string, std::string>> metadata;  // names in lower case
  std::string address;                                        // the caller's, without a port
  std::string webhook;  // whose signature was found right: the call is made in its name, without a token; else empty
  std::optional<std::chrono::milliseconds> timeout;
};

struct CallEnd {
  int code = 0;  // google.rpc.Code
  std::string message;
  std::string details;                                        // a google.rpc.Status, serialized; may be empty
  std::vector<std::pair<std::string, std::string>> metadata;  // what the server says of the call: `x-request-id`
};

// Is told by any thread, one thing after the other. Must not block.
class CallListener {
 public:
  virtual ~CallListener() = default;
  virtual void OnMessage(std::string message) = 0;  // serialized
  virtual void OnEnd(CallEnd end) = 0;              // the last
};

class OngoingCall {
 public:
  virtual ~OngoingCall() = default;
  // Asks for the next message, which comes by OnMessage, or not at all. Not again before it has come.
  virtual void Next() = 0;
  // Nobody waits for it any more; OnEnd comes nevertheless.
  virtual void Cancel() = 0;
};

// Thread-safe.
class Calls {
 public:
  virtual ~Calls() = default;
  // The listener is kept until OnEnd.
  virtual std::shared_ptr<OngoingCall> Start(CallRequest request, std::shared_ptr<CallListener> listener) = 0;
  // Whether who sends this `authorization` may do what `role` may. As Gate::Identify and CheckPermission.
  // Whether a call with that token would be let in at all; does not count as one.
  virtual runtime::Status CheckToken(std::string_view authorization) = 0;
  virtual runtime::Status CheckAccess(std::string_view authorization, Role role) = 0;
  // How a call ends that fails so.
  virtual CallEnd EndOf(const runtime::Status& status) const = 0;
  // False once the server is stopping.
  virtual bool IsServing() const = 0;
};

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_HTTP_CALLS_H_
