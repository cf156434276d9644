#include "server/rpc/loopback_calls.h"

#include <fcntl.h>
#include <grpcpp/create_channel_posix.h>
#include <grpcpp/server_posix.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/client_callback.h>
#include <grpcpp/support/slice.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstddef>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "google/rpc/status.pb.h"
#include "server/rpc/admission.h"
#include "server/rpc/limits.h"
#include "server/rpc/status_map.h"

namespace stagecraft::server {
namespace {

std::string BytesOf(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  std::string bytes;
  bytes.reserve(buffer.Length());
  if (!buffer.Dump(&slices).ok()) return bytes;
  for (const grpc::Slice& slice : slices) bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  return bytes;
}

CallEnd EndOfCall(const grpc::Status& status, const grpc::ClientContext& context) {
  CallEnd end{static_cast<int>(status.error_code()), status.error_message(), status.error_details(), {}};
  for (const auto& [name, value] : context.GetServerTrailingMetadata()) {
    if (name == kRequestIdMetadata)
      end.metadata.emplace_back(std::string(name.data(), name.size()), std::string(value.data(), value.size()));
  }
  return end;
}

// Keeps itself until gRPC is done with it.
class Ongoing final : public grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>,
                      public OngoingCall,
                      public std::enable_shared_from_this<Ongoing> {
 public:
  Ongoing(CallRequest request, std::shared_ptr<CallListener> listener, CallCount& count)
      : request_(std::move(request)), listener_(std::move(listener)), count_(count) {}

  void Start(std::shared_ptr<grpc::GenericStub> stub) {
    self_ = shared_from_this();
    stub_ = std::move(stub);
    for (const auto& [name, value] : request_.metadata) context_.AddMetadata(name, value);
    context_.AddMetadata(kAddressMetadata, request_.address);
    if (!request_.webhook.empty()) context_.AddMetadata(kWebhookMetadata, request_.webhook);
    if (request_.timeout) context_.set_deadline(std::chrono::system_clock::now() + *request_.timeout);
    stub_->PrepareBidiStreamingCall(&context_, request_.method, grpc::StubOptions(), this);
    AddHold();  // Next may come at any time until the last message was read
    WriteNext();
    StartCall();
  }

  void Next() override {
    const std::lock_guard lock(mutex_);
    Read();
  }

  void Cancel() override {
    context_.TryCancel();
    const std::lock_guard lock(mutex_);
    is_cancelled_ = true;
    Read();  // what is left unread would keep the call
  }

  void OnReadDone(bool ok) override {
    if (!ok) {
      {
        const std::lock_guard lock(mutex_);
        is_at_end_ = true;
      }
      RemoveHold();
      return;
    }
    {
      const std::lock_guard lock(mutex_);
      is_reading_ = false;
      if (is_cancelled_) {
        Read();
        return;
      }
    }
    listener_->OnMessage(BytesOf(answer_));
  }

  void OnWriteDone(bool ok) override {
    if (ok) WriteNext();
  }

  void OnDone(const grpc::Status& status) override {
    const std::shared_ptr<Ongoing> self = std::move(self_);
    listener_->OnEnd(EndOfCall(status, context_));
    listener_.reset();
    count_.Remove();
  }

 private:
  // With the mutex held.
  void Read() {
    if (is_reading_ || is_at_end_) return;
    is_reading_ = true;
    StartRead(&answer_);
  }

  void WriteNext() {
    if (written_ == request_.messages.size()) {
      StartWritesDone();
      return;
    }
    const grpc::Slice slice(std::move(request_.messages[written_]));
    message_ = grpc::ByteBuffer(&slice, 1);
    ++written_;
    StartWrite(&message_);
  }

  CallRequest request_;
  std::shared_ptr<CallListener> listener_;
  CallCount& count_;
  std::shared_ptr<Ongoing> self_;
  std::shared_ptr<grpc::GenericStub> stub_;
  grpc::ClientContext context_;
  grpc::ByteBuffer message_;
  grpc::ByteBuffer answer_;
  std::size_t written_ = 0;
  std::mutex mutex_;  // guards what follows
  bool is_reading_ = false;
  bool is_at_end_ = false;
  bool is_cancelled_ = false;
};

// A connection is left well before the server would close it for its age.
constexpr std::chrono::minutes kYoung = limits::kConnectionAge / 2;

// The server may end the connection, as it does when it is short of memory; it never comes back by itself.
bool IsBroken(int end) {
  pollfd asked{end, POLLRDHUP, 0};
  return poll(&asked, 1, 0) > 0;
}

// Of a call that cannot be made.
class NoCall final : public OngoingCall {
 public:
  void Next() override {}
  void Cancel() override {}
};

}  // namespace

FileDescriptor::~FileDescriptor() {
  if (number_ != -1) close(number_);
}

bool IsLoopbackCall(const grpc::CallbackServerContext& call) { return call.peer().rfind("fd:", 0) == 0; }

// Not Server::InProcessChannel: in gRPC 1.51 that ends some calls that are answered at once with UNKNOWN ("Extra trailing metadata").
std::shared_ptr<grpc::GenericStub> LoopbackCalls::Connected() {
  const std::lock_guard lock(mutex_);
  const auto now = std::chrono::steady_clock::now();
  if (stub_ != nullptr && now - connected_at_ < kYoung && !IsBroken(watched_.number())) return stub_;
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) != 0) return stub_;
  grpc::AddInsecureChannelFromFd(&server_, ends[0]);
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(-1);  // it is our own
  watched_ = FileDescriptor(fcntl(ends[1], F_DUPFD_CLOEXEC, 0));
  stub_ = std::make_shared<grpc::GenericStub>(grpc::CreateCustomInsecureChannelFromFd("stagecraft", ends[1], arguments));
  connected_at_ = now;
  return stub_;
}

std::shared_ptr<OngoingCall> LoopbackCalls::Start(CallRequest request, std::shared_ptr<CallListener> listener) {
  const auto refuse = [&](const runtime::Status& why) {
    under_way_.Remove();
    listener->OnEnd(EndOf(why));
    return std::make_shared<NoCall>();
  };
  under_way_.Add();  // from here on a server that stops waits for it
  if (draining_.load(std::memory_order_relaxed)) return refuse(Stopping());
  std::shared_ptr<grpc::GenericStub> stub = Connected();
  if (stub == nullptr) {
    return refuse({runtime::StatusCode::kResourceExhausted, "TOO_MANY_CONNECTIONS", "the server has too many files open", {}});
  }
  auto call = std::make_shared<Ongoing>(std::move(request), std::move(listener), under_way_);
  call->Start(std::move(stub));
  return call;
}

runtime::Status LoopbackCalls::CheckAccess(std::string_view authorization, Role role) {
  const auto caller = gate_.Identify(authorization);
  if (!caller) return caller.error();
  return CheckPermission(**caller, Permission{"", "", role, CallKind::kRead});
}

CallEnd LoopbackCalls::EndOf(const runtime::Status& status) const {
  google::rpc::Status out;
  FillCallStatus(status, out);
  return {static_cast<int>(status.code), out.message(), out.SerializeAsString(), {}};
}

}  // namespace stagecraft::server
