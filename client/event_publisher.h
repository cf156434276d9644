// Events in, fast and without losing one: in batches over a stream that is begun again when it breaks.
#ifndef STAGECRAFT_CLIENT_EVENT_PUBLISHER_H_
#define STAGECRAFT_CLIENT_EVENT_PUBLISHER_H_

#include <grpcpp/channel.h>
#include <stagecraft/v1/event_service.grpc.pb.h>

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "client/backoff.h"
#include "client/status.h"

namespace stagecraft::client {

class EventStream;

// An event that was not applied.
struct Rejection {
  std::uint64_t index = 0;  // its place among all that were published, the first is 0
  v1::Event event;
  v1::EventState state = v1::EVENT_STATE_REJECTED;  // REJECTED: nothing was kept; FAILED, or DUPLICATE of one that had failed
  Status status;                                    // why
};

struct PublisherOptions {
  std::size_t batch_events = 512;        // 1 to 10 000; a batch is also closed at 1 MiB
  std::size_t batches_in_flight = 8;     // unacknowledged, at least 1; the server reads on only below 8
  std::chrono::milliseconds linger{20};  // a batch that does not fill is sent after so long
  std::chrono::milliseconds answer_timeout{
      60'000};                                  // a stream that acknowledges nothing for so long, though something is due, is begun anew
  std::chrono::milliseconds patience{300'000};  // the publisher ends when nothing is acknowledged for so long, though something is due
  // Both are called on the publisher's own thread, one at a time, and must not call the publisher. What `on_rejected` says of an event is
  // said before the event counts as acknowledged; `on_break`: why the stream ended that is begun again now.
  std::function<void(const Rejection&)> on_rejected;
  std::function<void(const Status&)> on_break;
};

// What became of all that was published. Acknowledgements come in order: the first `acknowledged` events are decided, each in one of the
// four ways below, and durable.
struct PublishReport {
  Status status;  // OK: every event was acknowledged. Otherwise why not
  std::uint64_t published = 0;
  std::uint64_t acknowledged = 0;
  std::uint64_t applied = 0;
  std::uint64_t duplicates = 0;  // were there already; also what was sent a second time after a break
  std::uint64_t rejected = 0;
  std::uint64_t failed = 0;
  std::uint64_t breaks = 0;  // how often the stream was begun again
  // The others in their order, with the ids that they were given. The server may or may not have applied them: published again
  // as they stand here they are applied once.
  std::vector<v1::Event> unacknowledged;
};

// Publishes events in their order. All methods may be called on any thread; events of several threads are ordered as they come.
//
// What was taken is sent again after a break until it is acknowledged, and applied once, by its id. The publisher ends by itself when the
// server refuses the stream for good (a token that is not valid, a role too low) or `patience` is over; Publish, Flush and Close
// say why.
class EventPublisher {
 public:
  explicit EventPublisher(const std::shared_ptr<grpc::ChannelInterface>& channel, PublisherOptions options = {});
  // Does not wait: what is not acknowledged yet may be lost. Close waits, and says what became of it.
  ~EventPublisher();
  EventPublisher(const EventPublisher&) = delete;
  EventPublisher& operator=(const EventPublisher&) = delete;

  // Takes an event, and gives it an id if it has none. Waits while `batches_in_flight` are full.
  // Errors: INVALID_ARGUMENT (EVENT_TOO_LARGE: more than 4 MiB); FAILED_PRECONDITION (PUBLISHER_CLOSED) after Close; why the publisher
  // ended.
  Status Publish(v1::Event event);
  // Likewise, but RESOURCE_EXHAUSTED (PUBLISHER_FULL) at once instead of waiting. `event` is moved from only when it was taken.
  Status TryPublish(v1::Event& event);

  // Sends all that was taken so far, and waits until it is acknowledged.
  // Errors: DEADLINE_EXCEEDED (NOT_ACKNOWLEDGED) when it is not in time, which changes nothing; why the publisher ended.
  Status Flush(std::chrono::milliseconds timeout);

  // Takes no more, waits as Flush does, ends the stream and tells what became of all. The second time it tells the same.
  PublishReport Close(std::chrono::milliseconds timeout);

  // How many of the first events are acknowledged.
  std::uint64_t acknowledged() const;

 private:
  using Clock = std::chrono::steady_clock;
  using Batch = std::shared_ptr<v1::StreamEventsRequest>;
  enum class Step { kCancel, kAnswer, kRelease, kDone, kWrite, kWritesDone, kWait };

  Status Take(v1::Event& event, bool wait);
  // Those below: under mutex_.
  bool HasRoom(std::size_t bytes) const;
  bool IsOpenFull(std::size_t bytes) const;
  void Seal();
  void SealIfDue();
  bool IsDue() const { return !window_.empty() || open_.events_size() > 0; }
  Step NextStep(const EventStream& stream);
  Clock::time_point WakeTime(const EventStream& stream) const;
  void End(Status status);

  // The publisher's own thread.
  void Run();
  bool WaitForWork();
  Status RunStream();
  // False when the answer is to nothing that was sent.
  bool HandleAnswer(EventStream& stream);
  void TellRejections(const v1::StreamEventsRequest& batch, const v1::StreamEventsResponse& answer, std::uint64_t first);
  // False when the publisher has ended.
  bool WaitAfterBreak(const Status& status);

  const std::unique_ptr<v1::EventService::Stub> stub_;
  const PublisherOptions options_;
  Backoff backoff_;  // the publisher's own thread's

  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  v1::StreamEventsRequest open_;  // the batch that is being filled
  std::size_t open_bytes_ = 0;
  Clock::time_point open_since_;
  std::deque<Batch> window_;  // closed and not acknowledged
  std::size_t sent_ = 0;      // of these, on the present stream
  std::int64_t last_batch_ = 0;
  Clock::time_point progress_;  // the last acknowledgement, or when something became due
  Clock::time_point stream_since_;
  bool flushing_ = false;
  bool closing_ = false;
  bool writes_done_ = false;  // on the present stream
  bool cancelled_ = false;    // the present stream
  bool stopping_ = false;     // without waiting
  bool ended_ = false;
  Status end_;
  PublishReport totals_;

  std::thread thread_;
};

}  // namespace stagecraft::client

#endif  // STAGECRAFT_CLIENT_EVENT_PUBLISHER_H_
