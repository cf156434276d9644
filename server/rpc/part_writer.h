// Answers in parts that a worker makes one after the other, each when the one before is on its way.
#ifndef STAGECRAFT_SERVER_RPC_PART_WRITER_H_
#define STAGECRAFT_SERVER_RPC_PART_WRITER_H_

#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include <memory>
#include <semaphore>
#include <string>
#include <utility>

#include "runtime/model/status.h"
#include "server/rpc/admission.h"
#include "server/rpc/blocking_call.h"
#include "server/rpc/service_context.h"
#include "server/rpc/status_map.h"

namespace stagecraft::server {

// Owns itself from Start or Refuse on.
template <typename Part>
class PartWriter : public grpc::ServerWriteReactor<Part> {
 public:
  PartWriter(const ServiceContext& context, grpc::CallbackServerContext& call) : context_(context), call_(call) {}

  // What `part()` is: sends it, and waits until it is taken. CANCELLED when the caller has gone, UNAVAILABLE when the server is stopping,
  // RESOURCE_EXHAUSTED (READER_TOO_SLOW) for a caller that takes nothing for ServiceContext::patience.
  runtime::Status Send() {
    if (context_.draining.load(std::memory_order_relaxed)) return Stopping();
    this->StartWrite(&part_);
    if (!written_.try_acquire_for(context_.patience)) {
      call_.TryCancel();
      written_.acquire();
      return {runtime::StatusCode::kResourceExhausted, "READER_TOO_SLOW", "nobody took the answer", {}};
    }
    return is_open_ ? runtime::Status() : runtime::Status{runtime::StatusCode::kCancelled, "CANCELLED", "the caller has gone", {}};
  }
  Part& part() { return part_; }

  const ServiceContext& context() const { return context_; }
  const grpc::CallbackServerContext& call() const { return call_; }
  // Who calls; from when its work is begun.
  const Caller& caller() const { return *caller_; }
  void SetCaller(std::shared_ptr<const Caller> caller) { caller_ = std::move(caller); }
  // Before the first Send: what the caller is told beforehand.
  void SendMetadata(const char* name, const std::string& value) {
    call_.AddInitialMetadata(name, value);
    this->StartSendInitialMetadata();
  }

  void OnWriteDone(bool ok) final {
    is_open_ = ok;
    written_.release();
  }
  void OnDone() final { delete this; }

 private:
  ServiceContext context_;
  grpc::CallbackServerContext& call_;
  std::shared_ptr<const Caller> caller_;
  Part part_;
  std::binary_semaphore written_{0};
  bool is_open_ = true;  // handed over by written_
};

// Admits the call, and has a worker run `work(writer)`, whose grpc::Status ends it.
template <typename Part, typename Work>
grpc::ServerWriteReactor<Part>* RunParts(const ServiceContext& context, grpc::CallbackServerContext* call, const char* method, Work work) {
  auto* writer = new PartWriter<Part>(context, *call);
  if (context.draining.load(std::memory_order_relaxed)) {
    writer->Finish(ToGrpcStatus(Stopping()));
    return writer;
  }
  auto admitted = Admit(context, *call, method);
  if (!admitted) {
    writer->Finish(ToGrpcStatus(admitted.error()));
    return writer;
  }
  writer->SetCaller(admitted->caller);
  const bool taken = context.workers.Submit([context, call, writer, admitted = std::move(*admitted), work = std::move(work)]() mutable {
    writer->Finish(RunCall(context, *call, admitted, [&] { return work(*writer, admitted); }));
  });
  if (!taken) writer->Finish(TooManyCalls());
  return writer;
}

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_RPC_PART_WRITER_H_
