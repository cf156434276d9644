// The server's own calls, without a network between: what the HTTP door makes.
#ifndef STAGECRAFT_SERVER_RPC_LOOPBACK_CALLS_H_
#define STAGECRAFT_SERVER_RPC_LOOPBACK_CALLS_H_

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/server.h>
#include <grpcpp/server_context.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <utility>

#include "server/auth/gate.h"
#include "server/http/calls.h"
#include "server/rpc/call_count.h"

namespace stagecraft::server {

// Whether a call was made by LoopbackCalls, which nobody outside of this process can.
bool IsLoopbackCall(const grpc::CallbackServerContext& call);
// What such a call says of who makes it.
inline constexpr char kAddressMetadata[] = "stagecraft-address";
inline constexpr char kWebhookMetadata[] = "stagecraft-webhook";

// One that is closed.
class FileDescriptor {
 public:
  explicit FileDescriptor(int number = -1) : number_(number) {}
  ~FileDescriptor();
  FileDescriptor(FileDescriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  int number() const { return number_; }

 private:
  int number_;
};

class LoopbackCalls final : public Calls {
 public:
  // The references must outlive it.
  LoopbackCalls(grpc::Server& server, Gate& gate, const std::atomic<bool>& draining) : server_(server), gate_(gate), draining_(draining) {}

  std::shared_ptr<OngoingCall> Start(CallRequest request, std::shared_ptr<CallListener> listener) override;
  runtime::Status CheckToken(std::string_view authorization) override { return gate_.CheckToken(authorization); }
  runtime::Status CheckAccess(std::string_view authorization, Role role) override;
  CallEnd EndOf(const runtime::Status& status) const override;
  // Waits until none is under way, at most for `patience`. Without that the server must be stopping, and whoever has begun one must have
  // cancelled it or read it to its end.
  void WaitUntilNone(std::optional<std::chrono::milliseconds> patience = {}) { under_way_.WaitUntilNone(patience); }
  bool IsServing() const override { return !draining_.load(std::memory_order_relaxed); }

 private:
  // The stub of a connection to the server that is young enough; nullptr: none can be made.
  std::shared_ptr<grpc::GenericStub> Connected();

  grpc::Server& server_;
  Gate& gate_;
  const std::atomic<bool>& draining_;
  CallCount under_way_;
  std::mutex mutex_;  // guards what follows
  std::shared_ptr<grpc::GenericStub> stub_;
  FileDescriptor watched_;  // stub_'s end of the connection
  std::chrono::steady_clock::time_point connected_at_;
};

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_RPC_LOOPBACK_CALLS_H_
