#include "client/event_publisher.h"

#include <algorithm>
#include <string>
#include <utility>

#include "client/event_stream.h"
#include "client/id.h"

namespace stagecraft::client {
namespace {

// The server takes batches of 10 000 events, and messages of 8 MiB.
constexpr std::size_t kBatchEventsMax = 10'000;
constexpr std::size_t kEventBytesMax = 4U << 20;
// A batch is held twice while it is sent, and some are under way: larger ones gain nothing.
constexpr std::size_t kBatchBytes = 1U << 20;
// What a message has of its own around an event.
constexpr std::size_t kEventFrameBytes = 8;

PublisherOptions Bounded(PublisherOptions options) {
  options.batch_events = std::clamp<std::size_t>(options.batch_events, 1, kBatchEventsMax);
  options.batches_in_flight = std::max<std::size_t>(options.batches_in_flight, 1);
  return options;
}

Status Error(grpc::StatusCode code, std::string reason, std::string message) {
  Status status;
  status.code = code;
  status.reason = std::move(reason);
  status.message = std::move(message);
  return status;
}

// So long from now; "for ever" must not overflow.
std::chrono::steady_clock::time_point In(std::chrono::milliseconds time) {
  return std::chrono::steady_clock::now() + std::min<std::chrono::milliseconds>(time, std::chrono::hours(24 * 365));
}

}  // namespace

EventPublisher::EventPublisher(const std::shared_ptr<grpc::ChannelInterface>& channel, PublisherOptions options)
    : stub_(v1::EventService::NewStub(channel)), options_(Bounded(std::move(options))) {
  thread_ = std::thread([this] { Run(); });
}

EventPublisher::~EventPublisher() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
    stopping_ = true;
    changed_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
}

Status EventPublisher::Publish(v1::Event event) { return Take(event, true); }

Status EventPublisher::TryPublish(v1::Event& event) { return Take(event, false); }

Status EventPublisher::Take(v1::Event& event, bool wait) {
  if (event.event_id().empty()) event.set_event_id(NewId());
  const std::size_t bytes = event.ByteSizeLong() + kEventFrameBytes;
  if (bytes > kEventBytesMax)
    return Error(grpc::StatusCode::INVALID_ARGUMENT, "EVENT_TOO_LARGE",
                 "an event of " + std::to_string(bytes) + " bytes; expected at most 4 MiB");
  std::unique_lock lock(mutex_);
  if (wait) changed_.wait(lock, [&] { return ended_ || closing_ || HasRoom(bytes); });
  if (ended_ && !end_.ok()) return end_;
  if (ended_ || closing_) return Error(grpc::StatusCode::FAILED_PRECONDITION, "PUBLISHER_CLOSED", "the publisher is closed");
  if (!HasRoom(bytes))
    return Error(grpc::StatusCode::RESOURCE_EXHAUSTED, "PUBLISHER_FULL",
                 "as many events are unacknowledged as may be; wait, and publish it again");
  if (IsOpenFull(bytes)) Seal();
  if (!IsDue()) progress_ = Clock::now();
  const bool is_first = open_.events_size() == 0;
  if (is_first) open_since_ = Clock::now();
  *open_.add_events() = std::move(event);
  open_bytes_ += bytes;
  ++totals_.published;
  const bool is_full = static_cast<std::size_t>(open_.events_size()) >= options_.batch_events;
  if (is_full && window_.size() < options_.batches_in_flight) Seal();
  if (is_first || is_full) changed_.notify_all();
  return {};
}

bool EventPublisher::IsOpenFull(std::size_t bytes) const {
  if (open_.events_size() == 0) return false;
  return static_cast<std::size_t>(open_.events_size()) >= options_.batch_events || open_bytes_ + bytes > kBatchBytes;
}

bool EventPublisher::HasRoom(std::size_t bytes) const { return !IsOpenFull(bytes) || window_.size() < options_.batches_in_flight; }

void EventPublisher::Seal() {
  open_.set_batch(++last_batch_);
  window_.push_back(std::make_shared<v1::StreamEventsRequest>(std::move(open_)));
  open_.Clear();
  open_bytes_ = 0;
  changed_.notify_all();
}

void EventPublisher::SealIfDue() {
  if (open_.events_size() == 0) {
    flushing_ = false;
    return;
  }
  if (window_.size() >= options_.batches_in_flight) return;
  if (flushing_ || closing_ || IsOpenFull(0) || Clock::now() >= open_since_ + options_.linger) Seal();
}

Status EventPublisher::Flush(std::chrono::milliseconds timeout) {
  std::unique_lock lock(mutex_);
  const std::uint64_t wanted = totals_.published;
  flushing_ = true;
  changed_.notify_all();
  changed_.wait_until(lock, In(timeout), [&] { return ended_ || totals_.acknowledged >= wanted; });
  if (totals_.acknowledged >= wanted) return {};
  if (ended_ && !end_.ok()) return end_;
  return Error(grpc::StatusCode::DEADLINE_EXCEEDED, "NOT_ACKNOWLEDGED", "not every event was acknowledged in time");
}

PublishReport EventPublisher::Close(std::chrono::milliseconds timeout) {
  {
    std::unique_lock lock(mutex_);
    closing_ = true;
    changed_.notify_all();
    changed_.wait_until(lock, In(timeout), [&] { return ended_; });
    stopping_ = true;
    changed_.notify_all();
    changed_.wait(lock, [&] { return ended_; });
  }
  const std::lock_guard lock(mutex_);
  PublishReport report = totals_;
  for (const Batch& batch : window_)
    report.unacknowledged.insert(report.unacknowledged.end(), batch->events().begin(), batch->events().end());
  report.unacknowledged.insert(report.unacknowledged.end(), open_.events().begin(), open_.events().end());
  if (!report.unacknowledged.empty()) {
    report.status =
        !end_.ok() ? end_ : Error(grpc::StatusCode::DEADLINE_EXCEEDED, "NOT_ACKNOWLEDGED", "not every event was acknowledged in time");
  }
  return report;
}

std::uint64_t EventPublisher::acknowledged() const {
  const std::lock_guard lock(mutex_);
  return totals_.acknowledged;
}

void EventPublisher::End(Status status) {
  end_ = std::move(status);
  ended_ = true;
  changed_.notify_all();
}

void EventPublisher::Run() {
  while (WaitForWork()) {
    Status status = RunStream();
    if (status.ok()) status = Error(grpc::StatusCode::UNAVAILABLE, "", "the server ended the stream");
    if (!WaitAfterBreak(status)) return;
  }
  const std::lock_guard lock(mutex_);
  End({});
}

// No stream is begun before there is something to send. False when there never will be.
bool EventPublisher::WaitForWork() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return stopping_ || closing_ || IsDue(); });
  return !stopping_ && IsDue();
}

bool EventPublisher::WaitAfterBreak(const Status& status) {
  std::unique_lock lock(mutex_);
  if (stopping_ || (closing_ && !IsDue())) {
    End({});
    return false;
  }
  if (!IsBreak(status)) {
    End(status);
    return false;
  }
  // With nothing due there is nothing to lose: the stream was ended because a server stopped, or a connection was old.
  if (IsDue() && Clock::now() >= progress_ + options_.patience) {
    End(status);
    return false;
  }
  ++totals_.breaks;
  lock.unlock();
  if (options_.on_break) options_.on_break(status);
  const auto wait = backoff_.Next(status.retry_after);
  lock.lock();
  changed_.wait_for(lock, wait, [&] { return stopping_; });
  return true;
}

EventPublisher::Step EventPublisher::NextStep(const EventStream& stream) {
  if (stream.IsDone()) return Step::kDone;
  if (stream.HasAnswer()) return Step::kAnswer;
  if (stream.HasEnded()) return stream.IsReleased() ? Step::kWait : Step::kRelease;
  const auto now = Clock::now();
  const bool is_late = sent_ > 0 && now >= std::max(progress_, stream_since_) + options_.answer_timeout;
  if ((stopping_ || is_late) && !cancelled_) return Step::kCancel;
  if (cancelled_) return Step::kWait;
  SealIfDue();
  if (!stream.IsWriting() && sent_ < window_.size()) return Step::kWrite;
  if (closing_ && !IsDue() && !stream.IsWriting() && !writes_done_) return Step::kWritesDone;
  return Step::kWait;
}

// When there may be something to do though nothing happens.
EventPublisher::Clock::time_point EventPublisher::WakeTime(const EventStream& stream) const {
  auto wake = Clock::now() + std::chrono::hours(1);
  if (cancelled_ || stream.HasEnded()) return wake;
  if (open_.events_size() > 0 && window_.size() < options_.batches_in_flight) wake = std::min(wake, open_since_ + options_.linger);
  if (sent_ > 0) wake = std::min(wake, std::max(progress_, stream_since_) + options_.answer_timeout);
  return wake;
}

// One stream from its beginning to its end; what is in the window goes out first. OK: the server ended it in order.
Status EventPublisher::RunStream() {
  EventStream stream(mutex_, changed_);
  Status broken;  // why it was cancelled
  std::unique_lock lock(mutex_);
  sent_ = 0;
  writes_done_ = cancelled_ = false;
  stream_since_ = Clock::now();
  lock.unlock();
  stream.Start(*stub_);
  for (;;) {
    lock.lock();
    const Step step = NextStep(stream);
    if (step == Step::kDone) return !broken.ok() ? broken : ToStatus(stream.status());
    if (step == Step::kWait) changed_.wait_until(lock, WakeTime(stream));
    if (step == Step::kCancel) cancelled_ = true;
    if (step == Step::kWritesDone) writes_done_ = true;
    const Batch batch = step == Step::kWrite ? window_[sent_++] : nullptr;
    lock.unlock();
    switch (step) {
      case Step::kAnswer:
        if (!HandleAnswer(stream)) {
          broken = Error(grpc::StatusCode::INTERNAL, "UNEXPECTED_ACKNOWLEDGEMENT", "the server acknowledged a batch that it was not sent");
          stream.Cancel();
        }
        stream.ReadOn();
        break;
      case Step::kWrite:
        stream.Write(batch);
        break;
      case Step::kWritesDone:
        stream.WritesDone();
        break;
      case Step::kRelease:
        stream.Release();
        break;
      case Step::kCancel:
        broken = Error(grpc::StatusCode::UNAVAILABLE, "", "the server acknowledged nothing in time");
        stream.Cancel();
        break;
      case Step::kWait:
      case Step::kDone:
        break;
    }
  }
}

bool EventPublisher::HandleAnswer(EventStream& stream) {
  Batch batch;
  std::uint64_t first = 0;
  {
    const std::lock_guard lock(mutex_);
    if (sent_ == 0 || window_.front()->batch() != stream.answer().batch()) return false;
    batch = window_.front();
    first = totals_.acknowledged;
  }
  const v1::StreamEventsResponse& answer = stream.answer();
  TellRejections(*batch, answer, first);
  backoff_.Reset();
  const std::lock_guard lock(mutex_);
  const auto events = static_cast<std::uint64_t>(batch->events_size());
  window_.pop_front();
  --sent_;
  progress_ = Clock::now();
  totals_.acknowledged += events;
  totals_.applied += static_cast<std::uint64_t>(answer.applied());
  totals_.duplicates += static_cast<std::uint64_t>(answer.duplicates());
  totals_.rejected += answer.has_error() ? events : static_cast<std::uint64_t>(answer.rejected());
  totals_.failed += static_cast<std::uint64_t>(answer.failed());
  changed_.notify_all();
  return true;
}

void EventPublisher::TellRejections(const v1::StreamEventsRequest& batch, const v1::StreamEventsResponse& answer, std::uint64_t first) {
  if (!options_.on_rejected) return;
  const auto tell = [&](int index, v1::EventState state, const google::rpc::Status& error) {
    options_.on_rejected({first + static_cast<std::uint64_t>(index), batch.events(index), state, ToStatus(error)});
  };
  if (answer.has_error()) {
    for (int i = 0; i < batch.events_size(); ++i) tell(i, v1::EVENT_STATE_REJECTED, answer.error());
    return;
  }
  for (const v1::EventResult& result : answer.results()) {
    if (result.has_error() && result.index() >= 0 && result.index() < batch.events_size())
      tell(result.index(), result.state(), result.error());
  }
}

}  // namespace stagecraft::client
