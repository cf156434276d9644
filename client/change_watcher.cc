#include "client/change_watcher.h"

#include <grpcpp/client_context.h>
#include <grpcpp/support/client_callback.h>

#include <algorithm>
#include <utility>

namespace stagecraft::client {

// One WatchChanges call: at most one answer waits here, the others wait with the server. Its state is guarded by the watcher's mutex; the
// methods that talk to gRPC are called without it, by the thread of Next.
class ChangeStream final : public grpc::ClientReadReactor<v1::WatchChangesResponse> {
 public:
  ChangeStream(std::mutex& mutex, std::condition_variable& changed) : mutex_(mutex), changed_(changed) {}

  // The hold keeps the call from ending before the watcher has begun its last read.
  void Start(v1::EventService::Stub& stub, v1::WatchChangesRequest request) {
    request_ = std::move(request);
    stub.async()->WatchChanges(&context_, &request_, this);
    AddHold();
    StartRead(&answer_);
    StartCall();
  }
  void ReadOn() { StartRead(&answer_); }
  void Release() { RemoveHold(); }
  void Cancel() { context_.TryCancel(); }

  bool HasAnswer() const { return answered_; }
  v1::WatchChangesResponse TakeAnswer() {
    answered_ = false;
    return std::move(answer_);
  }
  bool HasEnded() const { return ended_; }
  bool IsDone() const { return done_; }
  const grpc::Status& status() const { return status_; }

  void OnReadDone(bool ok) override {
    const std::lock_guard lock(mutex_);
    answered_ = ok;
    ended_ = !ok;
    changed_.notify_all();
  }
  // Notified under the lock: once it is let go the stream may be gone.
  void OnDone(const grpc::Status& status) override {
    const std::lock_guard lock(mutex_);
    status_ = status;
    done_ = true;
    changed_.notify_all();
  }

 private:
  grpc::ClientContext context_;
  v1::WatchChangesRequest request_;
  std::mutex& mutex_;
  std::condition_variable& changed_;
  v1::WatchChangesResponse answer_;
  grpc::Status status_;
  bool answered_ = false;
  bool ended_ = false;
  bool done_ = false;
};

namespace {

Status Stopped() {
  Status status;
  status.code = grpc::StatusCode::CANCELLED;
  status.message = "the watcher was stopped";
  return status;
}

// Too slow a reader is cut off by the server; with the cursor it goes on.
bool IsWorthReopening(const Status& status) { return IsBreak(status) || status.code == grpc::StatusCode::RESOURCE_EXHAUSTED; }

}  // namespace

ChangeWatcher::ChangeWatcher(const std::shared_ptr<grpc::ChannelInterface>& channel, WatchOptions options)
    : stub_(v1::EventService::NewStub(channel)), options_(std::move(options)), cursor_(options_.cursor), tried_(Clock::now()) {
  std::unique_lock lock(mutex_);
  Open(lock);
}

ChangeWatcher::~ChangeWatcher() {
  std::unique_lock lock(mutex_);
  if (stream_) CloseStream(lock, true);
}

void ChangeWatcher::Open(std::unique_lock<std::mutex>& lock) {
  v1::WatchChangesRequest request;
  request.set_cursor(cursor_);
  request.set_filter(options_.filter);
  request.set_contact(options_.contact);
  heard_ = Clock::now();
  stream_ = std::make_unique<ChangeStream>(mutex_, changed_);
  ChangeStream& stream = *stream_;
  lock.unlock();
  stream.Start(*stub_, std::move(request));
  lock.lock();
}

Status ChangeWatcher::CloseStream(std::unique_lock<std::mutex>& lock, bool cancel) {
  ChangeStream& stream = *stream_;
  lock.unlock();
  if (cancel) stream.Cancel();
  lock.lock();
  // What had come when it was cancelled is given up with it; the next stream brings it again. Without an answer a read is under way.
  changed_.wait(lock, [&] { return stream.HasEnded() || stream.HasAnswer(); });
  lock.unlock();
  stream.Release();
  lock.lock();
  changed_.wait(lock, [&] { return stream.IsDone(); });
  Status status = ToStatus(stream.status());
  stream_.reset();
  return status;
}

// What the stream ended with: for good, or the wait for the next one begins.
void ChangeWatcher::TakeEnd(std::unique_lock<std::mutex>& lock, Status status) {
  if (status.ok()) {
    status.code = grpc::StatusCode::UNAVAILABLE;
    status.message = "the server ended the stream";
  }
  if (!IsWorthReopening(status)) {
    end_ = std::move(status);
    return;
  }
  if (options_.on_break) {
    lock.unlock();
    options_.on_break(status);
    lock.lock();
  }
  open_at_ = Clock::now() + backoff_.Next(status.retry_after);
  break_ = std::move(status);
}

v1::WatchChangesResponse ChangeWatcher::TakeAnswer(std::unique_lock<std::mutex>& lock) {
  v1::WatchChangesResponse answer = stream_->TakeAnswer();
  ChangeStream& stream = *stream_;
  cursor_ = answer.cursor();
  heard_ = tried_ = Clock::now();
  backoff_.Reset();
  lock.unlock();
  stream.ReadOn();
  lock.lock();
  return answer;
}

Result<v1::WatchChangesResponse> ChangeWatcher::Next(std::chrono::milliseconds wait) {
  // "For ever" must not overflow.
  const auto until = Clock::now() + std::min<std::chrono::milliseconds>(wait, std::chrono::hours(24 * 365));
  std::unique_lock lock(mutex_);
  for (;;) {
    if (stopped_) return {Stopped(), {}};
    if (!end_.ok()) return {end_, {}};
    if (stream_ && stream_->HasAnswer()) return {{}, TakeAnswer(lock)};
    const auto now = Clock::now();
    if (stream_ && stream_->HasEnded()) {
      TakeEnd(lock, CloseStream(lock, false));
    } else if (stream_ && now >= heard_ + options_.silence) {
      CloseStream(lock, true);
      Status silent;
      silent.code = grpc::StatusCode::UNAVAILABLE;
      silent.message = "the server was silent for too long";
      TakeEnd(lock, std::move(silent));
    } else if (!stream_ && now >= tried_ + options_.patience) {
      tried_ = now;
      return {break_, {}};
    } else if (!stream_ && now >= open_at_) {
      Open(lock);
    } else if (now >= until) {
      Result<v1::WatchChangesResponse> nothing;
      nothing.value.set_cursor(cursor_);
      return nothing;
    } else {
      changed_.wait_until(lock, std::min(until, stream_ ? heard_ + options_.silence : open_at_));
    }
  }
}

std::string ChangeWatcher::cursor() const {
  const std::lock_guard lock(mutex_);
  return cursor_;
}

void ChangeWatcher::Stop() {
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  changed_.notify_all();
}

}  // namespace stagecraft::client
