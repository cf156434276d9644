// Calls of methods by their names: what holds for every method is tried with every method.
#ifndef STAGECRAFT_TESTS_API_ANY_CALL_H_
#define STAGECRAFT_TESTS_API_ANY_CALL_H_

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace stagecraft::tests {

// `stagecraft.v1.ContactService/GetContact` of every method in the proto files, ours and those of google.longrunning.
std::set<std::string> MethodsInDescriptors();

// How a call ended.
struct CallOutcome {
  grpc::Status status;
  std::string response;    // the bytes of the last message that came
  std::string request_id;  // as the server calls it
  std::string answers;     // the bytes of all messages that came, one behind the other
};

// As many messages out as come; of a method without end only the first.
struct AnyCall {
  std::string request;              // its bytes
  std::vector<std::string> before;  // messages that go before it, where the method takes a stream
  std::vector<std::pair<std::string, std::string>> metadata;
  std::chrono::milliseconds deadline{10'000};
  bool is_given_up = false;  // once it was begun

  CallOutcome Make(const std::shared_ptr<grpc::Channel>& channel, const std::string& path) const;
};

}  // namespace stagecraft::tests

#endif  // STAGECRAFT_TESTS_API_ANY_CALL_H_
