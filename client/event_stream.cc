#include "client/event_stream.h"

#include <utility>

namespace stagecraft::client {

// The hold keeps the call from ending between a reaction and what the owner's thread begins because of it.
void EventStream::Start(v1::EventService::Stub& stub) {
  stub.async()->StreamEvents(&context_, this);
  AddHold();
  StartRead(&answer_);
  StartCall();
}

void EventStream::Write(std::shared_ptr<const v1::StreamEventsRequest> batch) {
  {
    const std::lock_guard lock(mutex_);
    batch_ = std::move(batch);
    writing_ = true;
  }
  StartWrite(batch_.get());
}

void EventStream::ReadOn() {
  {
    const std::lock_guard lock(mutex_);
    answered_ = false;
  }
  StartRead(&answer_);
}

void EventStream::WritesDone() { StartWritesDone(); }

void EventStream::Release() {
  {
    const std::lock_guard lock(mutex_);
    released_ = true;
  }
  RemoveHold();
}

void EventStream::OnReadDone(bool ok) {
  const std::lock_guard lock(mutex_);
  answered_ = ok;
  ended_ = !ok;
  changed_.notify_all();
}

// A failed write stays "being written", so that no other follows; what it failed of comes with the end.
void EventStream::OnWriteDone(bool ok) {
  const std::lock_guard lock(mutex_);
  writing_ = !ok;
  changed_.notify_all();
}

// Notified under the lock: once it is let go the stream may be gone.
void EventStream::OnDone(const grpc::Status& status) {
  const std::lock_guard lock(mutex_);
  status_ = status;
  done_ = true;
  changed_.notify_all();
}

}  // namespace stagecraft::client
