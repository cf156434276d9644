// Sends what the fuzzer made to a server by one of its doors, and judges the answer.
#ifndef STAGECRAFT_TESTS_FUZZ_DOORS_H_
#define STAGECRAFT_TESTS_FUZZ_DOORS_H_

#include <array>
#include <cstdint>
#include <map>
#include <string>

#include "google/rpc/status.pb.h"
#include "tests/fuzz/fuzzed_server.h"
#include "tests/fuzz/http_talk.h"
#include "tests/fuzz/request_input.h"
#include "tests/fuzz/words.h"

namespace stagecraft::tests {

class Doors {
 public:
  // Aborts when the answer is none that the server may give.
  void Send(FuzzedServer& server, const RequestInput& input, Words& words);
  // What was done, and what came of it, in lines for people.
  std::string Report() const;

 private:
  void SendGrpc(FuzzedServer& server, const RequestInput& input, Words& words);
  void SendConnect(FuzzedServer& server, const RequestInput& input);
  void SendWebhook(FuzzedServer& server, const RequestInput& input);
  void SendHttp(FuzzedServer& server, const RequestInput& input);
  void JudgeHttp(const HttpAnswer& answer, const std::string& what);
  void JudgeError(const google::rpc::Status& status, const std::string& what);
  void JudgeErrorsIn(const google::protobuf::Message& answer, const std::string& what);

  std::array<std::uint64_t, kDoors> sent_{};
  std::map<std::string, std::uint64_t> answered_;  // by method: how often with OK
  std::map<std::string, std::uint64_t> reasons_;
};

}  // namespace stagecraft::tests

#endif  // STAGECRAFT_TESTS_FUZZ_DOORS_H_
