#include "server/rpc/operations_service.h"

#include <google/protobuf/util/time_util.h>
#include <grpcpp/alarm.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "dsl/support/show.h"
#include "runtime/model/reasons.h"
#include "server/rpc/blocking_call.h"
#include "server/rpc/limits.h"
#include "server/rpc/operations.h"
#include "server/rpc/paging.h"
#include "server/rpc/status_map.h"
#include "server/rpc/time_convert.h"

namespace stagecraft::server {
namespace {

namespace lro = google::longrunning;

struct Listed {
  Operation operation;
  v1::OperationMetadata metadata;

  // The newest first; of those of the same moment the name decides.
  auto place() const { return std::tuple(-ToMicros(metadata.create_time()).value_or(0), std::string_view(operation.name())); }
};

// Which are wanted: those of which all is true that is said.
struct OperationFilter {
  std::optional<bool> done;
  std::optional<v1::OperationKind> kind;

  bool Takes(const Listed& each) const { return (!done || *done == each.operation.done()) && (!kind || *kind == each.metadata.kind()); }
};

std::string_view Trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

// One `name = value`; false: it is none of ours, or was there already.
bool ReadTerm(std::string_view term, OperationFilter& filter) {
  const std::size_t sign = term.find('=');
  if (sign == std::string_view::npos) return false;
  const std::string_view name = Trimmed(term.substr(0, sign));
  const std::string value(Trimmed(term.substr(sign + 1)));
  if (name == "done" && !filter.done && (value == "true" || value == "false")) {
    filter.done = value == "true";
    return true;
  }
  v1::OperationKind kind{};
  if (name != "kind" || filter.kind || !v1::OperationKind_Parse("OPERATION_KIND_" + value, &kind)) return false;
  filter.kind = kind;
  return true;
}

runtime::Result<OperationFilter> ReadFilter(std::string_view text) {
  constexpr std::string_view kAnd = " AND ";
  OperationFilter filter;
  if (Trimmed(text).empty()) return filter;
  for (std::size_t end = 0; end != std::string_view::npos;) {
    end = text.find(kAnd);
    const std::string_view term = Trimmed(text.substr(0, end));
    if (!ReadTerm(term, filter)) {
      return tl::unexpected(
          InvalidField("filter", runtime::reasons::kInvalidFilter,
                       "`" + CutBytes(term, 64) +
                           "` cannot be asked of operations; expected `done = false`, `kind = IMPORT_CONTACTS` (or another "
                           "kind), or both with ` AND ` between"));
    }
    if (end != std::string_view::npos) text.remove_prefix(end + kAnd.size());
  }
  return filter;
}

// What a page goes on behind: when the operation before it began, and its name.
std::string ResumeBehind(const Listed& last) {
  return std::to_string(ToMicros(last.metadata.create_time()).value_or(0)) + ':' + last.operation.name();
}

// False: it is no such text.
bool ReadResume(const std::string& resume, std::vector<Listed>& operations) {
  const std::size_t colon = resume.find(':');
  const auto began = NumberIn<runtime::Micros>(std::string_view(resume).substr(0, colon));
  if (colon == std::string::npos || !began) return false;
  const std::tuple behind(-*began, std::string_view(resume).substr(colon + 1));
  std::erase_if(operations, [&](const Listed& each) { return each.place() <= behind; });
  return true;
}

grpc::Status List(Operations& operations, const lro::ListOperationsRequest& request, lro::ListOperationsResponse& response) {
  if (!request.name().empty() && request.name() != "operations") {
    return ToGrpcStatus(InvalidField("name", runtime::reasons::kInvalidName,
                                     "`" + CutBytes(request.name(), 64) + "` has no operations; expected `operations`, or nothing"));
  }
  const auto page = PageOf(request);
  if (!page) return ToGrpcStatus(page.error());
  const auto filter = ReadFilter(request.filter());
  if (!filter) return ToGrpcStatus(filter.error());
  auto all = operations.List();
  if (!all) return ToGrpcStatus(all.error());
  std::vector<Listed> listed;
  for (Operation& each : *all) {
    Listed& added = listed.emplace_back();
    each.metadata().UnpackTo(&added.metadata);
    added.operation = std::move(each);
    if (!filter->Takes(added)) listed.pop_back();
  }
  std::sort(listed.begin(), listed.end(), [](const Listed& a, const Listed& b) { return a.place() < b.place(); });
  if (!page->resume.empty() && !ReadResume(page->resume, listed)) return ToGrpcStatus(InvalidPageToken());
  const std::size_t count = std::min(page->size, listed.size());
  if (count < listed.size()) response.set_next_page_token(MakeToken(*page, ResumeBehind(listed[count - 1])));
  for (std::size_t i = 0; i < count; ++i) *response.add_operations() = std::move(listed[i].operation);
  return grpc::Status::OK;
}

runtime::Result<std::optional<std::chrono::microseconds>> ReadTimeout(const lro::WaitOperationRequest& request) {
  if (!request.has_timeout()) return std::optional<std::chrono::microseconds>();
  const google::protobuf::Duration& timeout = request.timeout();
  if (timeout.seconds() < 0 || timeout.nanos() < 0 || timeout.nanos() > 999'999'999) {
    return tl::unexpected(InvalidField("timeout", runtime::reasons::kInvalidValue, "`timeout` is not a time to wait; expected 0 or more"));
  }
  const auto seconds = std::min(std::chrono::seconds(timeout.seconds()), std::chrono::seconds(limits::kOperationWaitMax));
  return std::optional(seconds + std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::nanoseconds(timeout.nanos())));
}

// Keeps itself until gRPC is done with it; the feed, on whose thread it looks whether the wait is over, may keep it longer. Its mutex is
// recursive, since gRPC may react within a call to it.
class WaitCall final : public grpc::ServerUnaryReactor, public Watch, public std::enable_shared_from_this<WaitCall> {
 public:
  WaitCall(const ServiceContext& context, ChangeFeed& feed, grpc::CallbackServerContext& call, std::string name, Operation& response)
      : context_(context), feed_(feed), call_(call), name_(std::move(name)), response_(response) {}

  // Once, before gRPC knows of it.
  void Keep() { self_ = shared_from_this(); }

  // `timeout`: absent: for as long as the caller waits. Who calls this keeps it meanwhile: the call may be over before it has begun.
  void Start(std::shared_ptr<const Caller> caller, std::optional<std::chrono::microseconds> timeout) {
    caller_ = std::move(caller);
    const auto is_over = context_.operations.IsOver(name_);
    if (!is_over) {
      Close(ToGrpcStatus(is_over.error()));
      return;
    }
    if (*is_over || timeout == std::chrono::microseconds(0)) {
      Answer();
      return;
    }
    if (timeout) StartClock(*timeout);
    if (const runtime::Status status = feed_.Add(shared_from_this()); !status.ok()) End(status);
    // OnDone may have taken it from the feed before it was there.
    if (IsDone()) feed_.Remove(*this);
  }
  void Refuse(const grpc::Status& status) { Close(status); }

  runtime::Sequence Wants() override { return 0; }
  void Offer(std::span<const runtime::Record>) override {}
  void Changed() override {
    bool is_timed_out = false;
    {
      const std::lock_guard lock(mutex_);
      if (is_ended_) return;
      is_timed_out = is_timed_out_;
    }
    const auto is_over = context_.operations.IsOver(name_);
    if (!is_over) {
      Close(ToGrpcStatus(is_over.error()));
    } else if (*is_over || is_timed_out) {
      Answer();
    }
  }
  void Tick(std::chrono::steady_clock::time_point) override {
    if (const runtime::Status status = context_.gate.CheckCaller(*caller_); !status.ok()) End(status);
  }
  void End(const runtime::Status& why) override { Close(ToGrpcStatus(why)); }

  void OnCancel() override { Close(NobodyWaits(call_)); }
  void OnDone() override {
    const std::shared_ptr<WaitCall> self = std::move(self_);  // given up last
    {
      const std::lock_guard lock(mutex_);
      is_done_ = true;
    }
    feed_.Remove(*this);
  }

 private:
  bool IsDone() {
    const std::lock_guard lock(mutex_);
    return is_done_;
  }

  void StartClock(std::chrono::microseconds timeout) {
    const std::lock_guard lock(mutex_);
    if (is_ended_) return;
    // The alarm keeps what it calls for as long as it is there itself.
    clock_.Set(std::chrono::system_clock::now() + timeout, [weak = weak_from_this()](bool is_expired) {
      if (const auto self = weak.lock(); self && is_expired) self->TimeOut();
    });
  }

  void TimeOut() {
    const std::lock_guard lock(mutex_);
    is_timed_out_ = true;
    if (!is_done_) feed_.Wake();
  }

  void Answer() {
    auto operation = context_.operations.Get(name_);
    if (!operation) {
      Close(ToGrpcStatus(operation.error()));
      return;
    }
    const std::lock_guard lock(mutex_);
    if (is_ended_) return;
    response_ = std::move(*operation);
    Close(grpc::Status::OK);
  }

  void Close(const grpc::Status& status) {
    const std::lock_guard lock(mutex_);
    if (is_ended_) return;
    is_ended_ = true;
    clock_.Cancel();
    Finish(status);
  }

  ServiceContext context_;
  ChangeFeed& feed_;
  grpc::CallbackServerContext& call_;  // until is_done_
  const std::string name_;
  Operation& response_;  // until is_ended_
  std::shared_ptr<const Caller> caller_;
  std::shared_ptr<WaitCall> self_;
  std::recursive_mutex mutex_;  // guards what follows
  grpc::Alarm clock_;
  bool is_timed_out_ = false;
  bool is_ended_ = false;
  bool is_done_ = false;
};

}  // namespace

grpc::ServerUnaryReactor* OperationsService::ListOperations(grpc::CallbackServerContext* call, const lro::ListOperationsRequest* request,
                                                            lro::ListOperationsResponse* response) {
  return RunOnWorker(context_, call, "ListOperations", [=, this] { return List(context_.operations, *request, *response); });
}

grpc::ServerUnaryReactor* OperationsService::GetOperation(grpc::CallbackServerContext* call, const lro::GetOperationRequest* request,
                                                          lro::Operation* response) {
  return RunOnWorker(context_, call, "GetOperation", [=, this] {
    auto operation = context_.operations.Get(request->name());
    if (!operation) return ToGrpcStatus(operation.error());
    *response = std::move(*operation);
    return grpc::Status::OK;
  });
}

grpc::ServerUnaryReactor* OperationsService::DeleteOperation(grpc::CallbackServerContext* call, const lro::DeleteOperationRequest*,
                                                             google::protobuf::Empty*) {
  return RunOnWorker(context_, call, "DeleteOperation", [] {
    return ToGrpcStatus({runtime::StatusCode::kUnimplemented, runtime::reasons::kUnknownMethod,
                         "operations are forgotten by themselves, and are not deleted; CancelOperation ends one"});
  });
}

grpc::ServerUnaryReactor* OperationsService::CancelOperation(grpc::CallbackServerContext* call, const lro::CancelOperationRequest* request,
                                                             google::protobuf::Empty*) {
  return RunAdmitted(context_, call, "CancelOperation", [=, this](AdmittedCall& admitted) {
    const auto found = [&admitted](const std::string& name) { admitted.resource = name; };
    return ToGrpcStatus(context_.operations.Cancel(request->name(), *admitted.caller, found));
  });
}

grpc::ServerUnaryReactor* OperationsService::WaitOperation(grpc::CallbackServerContext* call, const lro::WaitOperationRequest* request,
                                                           lro::Operation* response) {
  const auto wait = std::make_shared<WaitCall>(context_, feed_, *call, request->name(), *response);
  wait->Keep();
  const auto admitted = Admit(context_, *call, "WaitOperation");
  const auto timeout = ReadTimeout(*request);
  if (context_.draining.load(std::memory_order_relaxed)) {
    wait->Refuse(ToGrpcStatus(Stopping()));
  } else if (!admitted) {
    wait->Refuse(ToGrpcStatus(admitted.error()));
  } else if (!timeout) {
    wait->Refuse(ToGrpcStatus(timeout.error()));
  } else {
    const bool taken = context_.workers.Submit([wait, caller = admitted->caller, timeout = *timeout] { wait->Start(caller, timeout); });
    if (!taken) wait->Refuse(TooManyCalls());
  }
  return wait.get();
}

}  // namespace stagecraft::server
