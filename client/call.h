// Unary calls with a deadline, repeated where that is safe.
#ifndef STAGECRAFT_CLIENT_CALL_H_
#define STAGECRAFT_CLIENT_CALL_H_

#include <google/protobuf/message.h>
#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>

#include <chrono>
#include <functional>
#include <memory>
#include <utility>

#include "client/status.h"

namespace stagecraft::client {

struct CallOptions {
  std::chrono::milliseconds timeout{30'000};  // of the whole call, with all tries
  bool repeatable = false;  // may be tried again though nothing in it says so, as a call that only makes sure of something
};

// Whether a call with this request may be made twice without doing anything twice: it only reads, or it has an id. An empty `request_id` or
// `event_id` is filled in with a new one, so that it has.
bool MakeRepeatable(google::protobuf::Message& request);

// Makes a call until it goes well, fails for good (IsTransient says no), may not be repeated, or the time is up. Waits between the tries as
// Backoff says. Answers how the last try ended. Blocks; any thread.
Status CallWithRetries(const std::function<grpc::Status(grpc::ClientContext&)>& call, bool repeatable, const CallOptions& options);

// The unary calls of one service:
//
//   Caller<v1::ContactService> contacts(channel);
//   const auto answer = contacts.Call(&v1::ContactService::Stub::GetContact, request);
//   if (answer.ok()) Show(answer.value.contact());
//
// Any thread; several calls at a time.
template <typename Service>
class Caller {
 public:
  using Stub = typename Service::Stub;

  explicit Caller(const std::shared_ptr<grpc::ChannelInterface>& channel) : stub_(Service::NewStub(channel)) {}

  // `method`: of the stub. On an error the value is empty.
  template <typename Request, typename Response>
  Result<Response> Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*), Request request,
                        const CallOptions& options = {}) const {
    Result<Response> result;
    const bool repeatable = MakeRepeatable(request) || options.repeatable;
    const auto call = [&](grpc::ClientContext& context) { return ((*stub_).*method)(&context, request, &result.value); };
    result.status = CallWithRetries(call, repeatable, options);
    return result;
  }

 private:
  std::unique_ptr<Stub> stub_;
};

}  // namespace stagecraft::client

#endif  // STAGECRAFT_CLIENT_CALL_H_
