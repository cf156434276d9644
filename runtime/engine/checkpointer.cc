#include "runtime/engine/checkpointer.h"

#include <utility>

#include "runtime/engine/failpoint.h"

namespace stagecraft::runtime {

Checkpointer::Checkpointer(Store& store, std::function<void()> on_written)
    : store_(store), on_written_(std::move(on_written)), thread_([this] { Run(); }) {}

Checkpointer::~Checkpointer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

bool Checkpointer::busy() const {
  const std::lock_guard lock(mutex_);
  return busy_;
}

Status Checkpointer::status() const {
  const std::lock_guard lock(mutex_);
  return status_;
}

void Checkpointer::Write(CheckpointBatch& batch) {
  {
    const std::lock_guard lock(mutex_);
    std::swap(batch_, batch);
    busy_ = true;
  }
  changed_.notify_all();
}

void Checkpointer::Erase(std::vector<Erasure> erasures) {
  {
    const std::lock_guard lock(mutex_);
    erasures_ = std::move(erasures);
    busy_ = true;
  }
  changed_.notify_all();
}

std::vector<Erasure> Checkpointer::TakeErased() {
  const std::lock_guard lock(mutex_);
  return std::exchange(erased_, {});
}

void Checkpointer::Finish() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return !busy_; });
}

Status Checkpointer::Work() {
  if (!erasures_.empty()) return Scrub(store_, erasures_);
  Status status = store_.WriteCheckpoint(batch_);
  STAGECRAFT_FAILPOINT("mid-checkpoint");
  if (batch_.complete_through) STAGECRAFT_FAILPOINT("after-checkpoint");
  return status;
}

void Checkpointer::Run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return busy_ || stopping_; });
    if (!busy_) return;
    lock.unlock();
    Status status = Work();
    lock.lock();
    erased_ = std::exchange(erasures_, {});
    if (!status.ok()) status_ = std::move(status);
    busy_ = false;
    changed_.notify_all();
    lock.unlock();
    on_written_();
    lock.lock();
  }
}

}  // namespace stagecraft::runtime
