// A stream of what is committed: WatchChanges, WatchNotifications.
#ifndef STAGECRAFT_SERVER_RPC_WATCH_CALL_H_
#define STAGECRAFT_SERVER_RPC_WATCH_CALL_H_

#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <utility>

#include "runtime/engine/view.h"
#include "server/rpc/admission.h"
#include "server/rpc/change_feed.h"
#include "server/rpc/contact_filter.h"
#include "server/rpc/limits.h"
#include "server/rpc/names.h"
#include "server/rpc/status_map.h"

namespace stagecraft::server {

// What a watch looks for, and how it tells of it. `Response` has a `cursor`.
template <typename Response>
class WatchTeller {
 public:
  virtual ~WatchTeller() = default;
  // Adds what there is to tell of the record. Contacts by View::ContactAt; `filter` is prepared.
  virtual void Tell(const runtime::View& view, const ContactFilter& filter, const runtime::Record& record, Response& out) = 0;
  // Behind the read, while the records are there still: what takes longer. False: there is nothing to tell.
  virtual bool Complete(runtime::Engine& engine, Response& out) = 0;
};

// Keeps itself until gRPC is done with it; the feed may keep it longer. Its mutex is recursive, since gRPC may react within a call to it.
template <typename Response>
class WatchCall final : public grpc::ServerWriteReactor<Response>, public Watch, public std::enable_shared_from_this<WatchCall<Response>> {
 public:
  using Clock = std::chrono::steady_clock;

  WatchCall(const ServiceContext& context, ChangeFeed& feed, grpc::CallbackServerContext& call, ContactFilter filter,
            std::unique_ptr<WatchTeller<Response>> teller)
      : context_(context), feed_(feed), call_(call), filter_(std::move(filter)), teller_(std::move(teller)) {}

  // Once, before gRPC knows of it.
  void Keep() { self_ = this->shared_from_this(); }

  // `next`: the first record that is wanted; 0: what comes next. Ends the call where it cannot begin. The caller keeps it meanwhile: the
  // call may be over before it has begun.
  void Start(runtime::Sequence next, std::shared_ptr<const Caller> caller) {
    caller_ = std::move(caller);
    runtime::Status status = Prepare(next);
    if (!status.ok()) {
      End(status);
      return;
    }
    if (!filter_.status().ok()) {
      Close(filter_.status());
      return;
    }
    SendCursor();
    if (status = feed_.Add(this->shared_from_this()); !status.ok()) End(status);
    // OnDone may have taken it from the feed before it was there.
    if (IsDone()) feed_.Remove(*this);
  }
  void Refuse(const grpc::Status& status) { Close(status); }

  runtime::Sequence Wants() override {
    const std::lock_guard lock(mutex_);
    return is_writing_ || is_ended_ ? 0 : next_;
  }

  void Offer(std::span<const runtime::Record> records) override {
    Response response;
    const runtime::Status status = context_.engine.Read([&](const runtime::View& view) {
      if (!filter_.Prepare(view)) return;
      for (const runtime::Record& record : records) teller_->Tell(view, filter_, record, response);
    });
    if (!status.ok()) {
      End(status);
      return;
    }
    if (!filter_.status().ok()) {
      Close(filter_.status());  // by a deployment it has become none
      return;
    }
    const bool has_any = teller_->Complete(context_.engine, response);
    const std::lock_guard lock(mutex_);
    next_ = records.back().sequence + 1;
    if (has_any) Write(std::move(response));
  }

  void Tick(Clock::time_point now) override {
    const std::lock_guard lock(mutex_);
    if (is_done_) return;
    if (is_ended_) {
      // It takes not even the end.
      if (now - ended_at_ > context_.patience) call_.TryCancel();
    } else if (const runtime::Status status = context_.gate.CheckCaller(*caller_); !status.ok()) {
      End(status);
    } else if (is_writing_ && now - written_at_ > context_.patience) {
      spdlog::info("a watching stream is cut off: it took nothing for {} s", context_.patience.count() / 1000);
      End({runtime::StatusCode::kResourceExhausted,
           "READER_TOO_SLOW",
           "the stream was not read for too long; go on with its last cursor",
           {}});
    } else if (!is_writing_ && now - written_at_ > limits::kWatchSilence) {
      SendCursor();
    }
  }

  void End(const runtime::Status& why) override { Close(ToGrpcStatus(why)); }

  void OnWriteDone(bool ok) override {
    {
      const std::lock_guard lock(mutex_);
      is_writing_ = false;
    }
    if (ok) {
      feed_.Wake();
    } else {
      Close(grpc::Status::CANCELLED);
    }
  }
  void OnCancel() override { Close(grpc::Status::CANCELLED); }
  void OnDone() override {
    const std::shared_ptr<WatchCall> self = std::move(self_);  // given up last
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

  runtime::Status Prepare(runtime::Sequence next) {
    runtime::Sequence last = 0;
    runtime::Status status = context_.engine.Read([&](const runtime::View& view) {
      last = view.stats().last_sequence;
      filter_.Prepare(view);
    });
    if (!status.ok()) return status;
    next_ = next == 0 ? last + 1 : next;
    if (next_ <= last + 1) return {};
    return {runtime::StatusCode::kOutOfRange,
            "CURSOR_AHEAD",
            "the cursor is of a time that this server does not know: it was restored from an older backup; begin without a cursor",
            {}};
  }

  void SendCursor() {
    const std::lock_guard lock(mutex_);
    Write(Response());
  }

  // With the mutex held.
  void Write(Response response) {
    if (is_ended_) return;
    response_ = std::move(response);
    response_.set_cursor(MakeCursor(next_));
    is_writing_ = true;
    written_at_ = Clock::now();
    this->StartWrite(&response_);
  }

  void Close(const grpc::Status& status) {
    const std::lock_guard lock(mutex_);
    if (is_ended_) return;
    is_ended_ = true;
    ended_at_ = Clock::now();
    this->Finish(status);
  }

  ServiceContext context_;
  ChangeFeed& feed_;
  grpc::CallbackServerContext& call_;  // until is_done_
  ContactFilter filter_;
  std::shared_ptr<const Caller> caller_;  // from Start on
  std::unique_ptr<WatchTeller<Response>> teller_;
  std::shared_ptr<WatchCall> self_;
  std::recursive_mutex mutex_;  // guards what follows
  Response response_;
  runtime::Sequence next_ = 0;
  bool is_writing_ = false;
  bool is_ended_ = false;
  bool is_done_ = false;
  Clock::time_point written_at_;
  Clock::time_point ended_at_;
};

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_RPC_WATCH_CALL_H_
