// grpc.health.v1.Health/Watch, without its proto: field 1 of an answer is the state.
#ifndef STAGECRAFT_TESTS_FAULT_HEALTH_WATCH_H_
#define STAGECRAFT_TESTS_FAULT_HEALTH_WATCH_H_

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/completion_queue.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/slice.h>

#include <memory>
#include <string>

namespace stagecraft::tests {

// What the server says of itself, each time that it changes.
class HealthWatch {
 public:
  explicit HealthWatch(const std::shared_ptr<grpc::Channel>& channel) : stub_(channel) {
    call_ = stub_.PrepareCall(&context_, "/grpc.health.v1.Health/Watch", &queue_);
    call_->StartCall(nullptr);
    Done();
    call_->WriteLast(grpc::ByteBuffer(&nothing_, 1), grpc::WriteOptions(), nullptr);
    Done();
  }
  ~HealthWatch() {
    context_.TryCancel();
    grpc::Status status;
    call_->Finish(&status, nullptr);
    Done();
  }
  HealthWatch(const HealthWatch&) = delete;
  HealthWatch& operator=(const HealthWatch&) = delete;

  // Waits: `SERVING`, `NOT_SERVING`, or empty at the end.
  std::string Next() {
    grpc::ByteBuffer answer;
    call_->Read(&answer, nullptr);
    grpc::Slice all;
    if (!Done() || !answer.DumpToSingleSlice(&all).ok()) return "";
    const std::string bytes(reinterpret_cast<const char*>(all.begin()), all.size());
    if (bytes == "\x08\x01") return "SERVING";
    return bytes == "\x08\x02" ? "NOT_SERVING" : "unknown";
  }

 private:
  bool Done() {
    void* tag = nullptr;
    bool ok = false;
    return queue_.Next(&tag, &ok) && ok;
  }

  grpc::GenericStub stub_;
  grpc::ClientContext context_;
  grpc::CompletionQueue queue_;
  grpc::Slice nothing_;  // the empty name
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> call_;
};

}  // namespace stagecraft::tests

#endif  // STAGECRAFT_TESTS_FAULT_HEALTH_WATCH_H_
