#include "server/rpc/stream_events.h"

#include <grpcpp/alarm.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "runtime/model/reasons.h"
#include "server/rpc/admission.h"
#include "server/rpc/event_batch.h"
#include "server/rpc/limits.h"
#include "server/rpc/status_map.h"

namespace stagecraft::server {
namespace {

class StreamEventsCall;

// One batch on its way. Its messages and tables are used again and again: that is twice as fast as new ones (toolchain.md section 5).
struct StreamSlot final : runtime::Submission {
  std::span<const runtime::EventInput> Events() const override { return batch.inputs(); }
  void Done(std::span<const runtime::EventResult> results, const runtime::Status& failure) override;

  StreamEventsCall* owner = nullptr;
  v1::StreamEventsRequest request;
  v1::StreamEventsResponse response;
  EventBatch batch;
  std::size_t number = 0;  // guarded by the owner's mutex
  bool ready = false;      // guarded by the owner's mutex: `response` may be written
};

void FillAcknowledgement(const v1::StreamEventsRequest& request, const EventBatch& batch, std::span<const runtime::EventResult> results,
                         v1::StreamEventsResponse& out) {
  std::int32_t applied = 0, duplicates = 0, rejected = 0, failed = 0;
  std::int64_t changes = 0, rules_fired = 0;
  batch.ForEachResult(results, [&](std::uint32_t place, const runtime::EventResult& result) {
    const bool wanted = request.all_results() || !result.status.ok();
    switch (result.state) {
      case runtime::EventState::kApplied:
        ++applied;
        break;
      case runtime::EventState::kDuplicate:
        ++duplicates;
        break;
      case runtime::EventState::kRejected:
        ++rejected;
        break;
      case runtime::EventState::kFailed:
        ++failed;
        break;
    }
    if (result.state == runtime::EventState::kApplied) {
      changes += result.changes;
      rules_fired += result.rules_fired;
    }
    if (wanted) FillEventResult(place, result, *out.add_results());
  });
  out.set_applied(applied);
  out.set_duplicates(duplicates);
  out.set_rejected(rejected);
  out.set_failed(failed);
  out.set_changes(changes);
  out.set_rules_fired(rules_fired);
}

// The slots are a ring: head_ is the oldest batch without a written acknowledgement; the engine answers in order, so
// acknowledgements are written in order. At most one read and one write are under way.
//
// Reactions, the engine and Drain come on different threads. Each changes the state through Advance, which then begins
// whatever may begin. gRPC is never called under mutex_, since it may react at once; and nothing of the object is touched
// after the last look at the state, since it may be gone then: `acting_` keeps it alive until that look.
class StreamEventsCall final : public grpc::ServerBidiReactor<v1::StreamEventsRequest, v1::StreamEventsResponse>, public Drainable {
 public:
  StreamEventsCall(const ServiceContext& context, grpc::CallbackServerContext& call) : context_(context) {
    for (StreamSlot& slot : slots_) slot.owner = this;
    auto admitted = Admit(context, call, "StreamEvents");
    if (admitted) {
      caller_ = admitted->caller;
      trace_ = admitted->trace;
    }
    registered_ = context_.streams.Add(*this);
    Advance([&] {
      if (!registered_) end_ = Stopping();
      if (!admitted) end_ = std::move(admitted.error());
    });
  }

  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override {
    Advance([this, ok] {
      writing_ = false;
      ++head_;
      if (!ok) cancelled_ = true;
    });
  }
  void OnCancel() override {
    Advance([this] { cancelled_ = true; });
  }
  void OnDone() override {
    if (registered_) context_.streams.Remove(*this);
    delete this;
  }
  void Drain(const runtime::Status& why) override {
    Advance([&] {
      if (!end_) end_ = why;
    });
  }

  // On the engine's thread, or where a batch never reached it. With a failure, neither this batch nor those behind it get an
  // acknowledgement; those before it were answered already, in their order.
  void Answered(StreamSlot& slot, const runtime::Status& failure) {
    Advance([&] {
      --deciding_;
      slot.ready = failure.ok();
      if (!failure.ok()) {
        if (!end_) end_ = failure;
        tail_ = std::min(tail_, slot.number);
      }
    });
  }

 private:
  enum class Next { kNothing, kRead, kWrite, kFinish };

  StreamSlot& Slot(std::size_t number) { return slots_[number % slots_.size()]; }

  template <typename Change>
  void Advance(const Change& change);
  // What may begin now, marked as begun. Under mutex_.
  Next Decide();
  // Takes a batch that was read to the engine. False when it waits to be offered again: the object may be gone then.
  bool Offer(StreamSlot& slot);
  void OfferAgainLater(StreamSlot& slot);

  ServiceContext context_;
  std::string trace_;                     // its `traceparent`
  std::shared_ptr<const Caller> caller_;  // nullptr: nothing is read of who was not let in
  bool registered_ = false;
  std::unique_ptr<grpc::Alarm> retry_;

  std::mutex mutex_;  // guards what follows
  std::array<StreamSlot, limits::kStreamBatchesMax> slots_;
  std::size_t head_ = 0;      // number of the oldest batch that is not acknowledged
  std::size_t tail_ = 0;      // number of the batch to be read next; at most head_ + slots
  std::size_t deciding_ = 0;  // batches that were read and not answered
  int acting_ = 0;            // threads in Advance
  bool reading_ = false;
  bool loading_ = false;  // a batch was read and has not reached the engine; nothing is read before, to keep the order
  bool writing_ = false;
  bool half_closed_ = false;  // the client sends no more
  bool cancelled_ = false;    // nobody is there to read
  bool finished_ = false;
  std::optional<runtime::Status> end_;  // read no more; when all that was taken is answered, end with this
};

void StreamSlot::Done(std::span<const runtime::EventResult> results, const runtime::Status& failure) {
  if (failure.ok()) FillAcknowledgement(request, batch, results, response);
  owner->Answered(*this, failure);
}

StreamEventsCall::Next StreamEventsCall::Decide() {
  if (finished_) return Next::kNothing;
  if (!cancelled_ && !writing_ && head_ < tail_ && Slot(head_).ready) {
    writing_ = true;
    return Next::kWrite;
  }
  const bool more_in = !half_closed_ && !cancelled_ && !end_;
  if (more_in && !reading_ && !loading_ && tail_ - head_ < slots_.size()) {
    reading_ = true;
    return Next::kRead;
  }
  const bool all_written = !writing_ && (cancelled_ || head_ >= tail_);
  if (!more_in && !loading_ && deciding_ == 0 && all_written && acting_ == 1) {
    finished_ = true;
    return Next::kFinish;
  }
  return Next::kNothing;
}

template <typename Change>
void StreamEventsCall::Advance(const Change& change) {
  std::unique_lock lock(mutex_);
  change();
  ++acting_;
  for (;;) {
    const Next next = Decide();
    // Only OnReadDone moves tail_ forward and only OnWriteDone moves head_, so that these stay the right ones.
    StreamSlot& oldest = Slot(head_);
    StreamSlot& newest = Slot(tail_);
    if (next == Next::kNothing) {
      --acting_;
      return;
    }
    const grpc::Status status = next == Next::kFinish && end_ ? ToGrpcStatus(*end_) : grpc::Status::OK;
    lock.unlock();
    switch (next) {
      case Next::kRead:
        StartRead(&newest.request);
        break;
      case Next::kWrite:
        StartWrite(&oldest.response);
        break;
      case Next::kFinish:
        Finish(status);
        return;
      case Next::kNothing:
        break;
    }
    lock.lock();
  }
}

void StreamEventsCall::OnReadDone(bool ok) {
  StreamSlot* slot = nullptr;
  Advance([&] {
    reading_ = false;
    if (!ok) {
      half_closed_ = true;
    } else if (!end_ && !cancelled_ && !finished_) {
      slot = &Slot(tail_);
      slot->number = tail_++;
      slot->ready = false;
      loading_ = true;
      ++deciding_;
    }
  });
  if (slot == nullptr) return;
  slot->response.Clear();
  slot->response.set_batch(slot->request.batch());
  if (const runtime::Status status = context_.gate.CheckCaller(*caller_); !status.ok()) {
    Answered(*slot, status);
  } else if (const runtime::Status wrong = CheckBatchSize(slot->request.events_size(), 0); !wrong.ok()) {
    FillRpcStatus(wrong, *slot->response.mutable_error());
    Answered(*slot, {});
  } else {
    slot->batch.Load(slot->request.events(), context_.ids, *caller_, trace_);
    if (!Offer(*slot)) return;
  }
  Advance([this] { loading_ = false; });
}

bool StreamEventsCall::Offer(StreamSlot& slot) {
  if (slot.batch.inputs().empty()) {
    slot.Done({}, {});
    return true;
  }
  const runtime::Status status = context_.engine.Submit(slot);
  if (status.ok()) return true;
  if (status.reason == runtime::reasons::kInboxFull) {
    OfferAgainLater(slot);
    return false;
  }
  Answered(slot, status);
  return true;
}

// Back pressure: while a batch waits nothing is read, so that in the end the client's writes wait.
void StreamEventsCall::OfferAgainLater(StreamSlot& slot) {
  retry_ = std::make_unique<grpc::Alarm>();  // a new one each time: this may run within the old one's callback
  retry_->Set(std::chrono::system_clock::now() + limits::kInboxRetry, [this, &slot](bool /*expired*/) {
    bool wanted = false;
    {
      const std::lock_guard lock(mutex_);
      wanted = !cancelled_;
    }
    if (!wanted) {
      Answered(slot, runtime::Status{runtime::StatusCode::kCancelled, "CANCELLED", "the client is gone", {}});
    } else if (!Offer(slot)) {
      return;
    }
    Advance([this] { loading_ = false; });
  });
}

}  // namespace

grpc::ServerBidiReactor<v1::StreamEventsRequest, v1::StreamEventsResponse>* NewStreamEventsCall(const ServiceContext& context,
                                                                                                grpc::CallbackServerContext& call) {
  return new StreamEventsCall(context, call);
}

runtime::Status CheckBatchSize(int events, int events_min) {
  if (events >= events_min && events <= limits::kBatchEventsMax) return {};
  return InvalidField("events", "INVALID_BATCH_SIZE",
                      "a batch of " + std::to_string(events) + " events; expected " + std::to_string(events_min) + " to " +
                          std::to_string(limits::kBatchEventsMax));
}

}  // namespace stagecraft::server
