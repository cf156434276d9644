// The server that the fuzzer's requests go to: with scripts, contacts, companies, deals, tasks, lists, deliveries, so that they find
// something.
#ifndef STAGECRAFT_TESTS_FUZZ_FUZZED_SERVER_H_
#define STAGECRAFT_TESTS_FUZZ_FUZZED_SERVER_H_

#include <grpcpp/channel.h>

#include <atomic>
#include <memory>
#include <string>

#include "runtime/engine/engine.h"
#include "runtime/engine/world.h"
#include "runtime/store/access_store.h"
#include "server/server.h"
#include "tests/api/any_call.h"
#include "tests/store/temp_folder.h"

namespace stagecraft::tests {

inline constexpr char kHubspotSecret[] = "an-app-s-client-secret";
inline constexpr char kWebhookSecret[] = "a-sender-s-secret";

// The system's, but for jumps ahead.
class JumpingClock final : public runtime::Clock {
 public:
  runtime::Micros Now() const override { return system_.Now() + ahead_.load(std::memory_order_relaxed); }
  void Jump() { ahead_.fetch_add(kJump, std::memory_order_relaxed); }

 private:
  static constexpr runtime::Micros kJump = 7LL * 3600 * 1'000'000;
  runtime::SystemClock system_;
  std::atomic<runtime::Micros> ahead_{0};
};

class FuzzedServer {
 public:
  FuzzedServer();
  FuzzedServer(const FuzzedServer&) = delete;
  FuzzedServer& operator=(const FuzzedServer&) = delete;

  CallOutcome Call(const std::string& method, const std::string& request) const;
  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }
  int http_port() const { return server_->http_port(); }
  JumpingClock& clock() { return clock_; }

  // Makes the scripts that it began with the running ones; nobody is in maintenance.
  void Restore() const;
  // Aborts unless a good event of a new contact is applied, and the contact is there then.
  void CheckItWorks();

 private:
  void CallJson(const std::string& method, const std::string& json) const;
  void FillIt() const;

  TempFolder folder_{MemoryFolder()};
  JumpingClock clock_;
  runtime::SystemRandom random_;
  std::unique_ptr<runtime::Store> store_;
  std::unique_ptr<runtime::AccessStore> access_;
  std::unique_ptr<runtime::Engine> engine_;
  std::unique_ptr<server::Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
  int checks_ = 0;
};

// Ends the process with what was found: libFuzzer keeps the input.
[[noreturn]] void Found(const std::string& what);

}  // namespace stagecraft::tests

#endif  // STAGECRAFT_TESTS_FUZZ_FUZZED_SERVER_H_
