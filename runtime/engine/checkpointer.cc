#include "runtime/engine/checkpointer.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "runtime/engine/failpoint.h"
#include "runtime/model/reasons.h"

namespace stagecraft::runtime {
namespace {

constexpr std::chrono::milliseconds kPauseFirst{20};
constexpr std::chrono::milliseconds kPauseMax{5'000};

bool IsBeingRead(const Status& status) { return status.reason == reasons::kStoreBusy; }

}  // namespace

Checkpointer::Checkpointer(Store& store, std::function<void()> on_written, std::chrono::microseconds patience)
    : store_(store), on_written_(std::move(on_written)), patience_(patience), thread_([this] { Run(); }) {}

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
  finishing_ = true;
  changed_.notify_all();
  changed_.wait(lock, [this] { return !busy_; });
  finishing_ = false;
}

bool Checkpointer::TakeGivenUp() {
  const std::lock_guard lock(mutex_);
  return std::exchange(has_given_up_, false);
}

Status Checkpointer::ForgetReplaced(Status status) {
  const auto until = std::chrono::steady_clock::now() + patience_;
  for (auto pause = kPauseFirst; IsBeingRead(status) && std::chrono::steady_clock::now() < until; pause = std::min(2 * pause, kPauseMax)) {
    {
      std::unique_lock lock(mutex_);
      if (changed_.wait_for(lock, pause, [this] { return stopping_ || finishing_; })) break;
    }
    status = store_.ForgetReplaced();
  }
  return status;
}

Status Checkpointer::Work() {
  if (!erasures_.empty()) return ForgetReplaced(Scrub(store_, erasures_));
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
    std::vector<Erasure> erasures = std::exchange(erasures_, {});
    if (status.ok()) {
      erased_ = std::move(erasures);
    } else if (IsBeingRead(status) && !erasures.empty()) {
      has_given_up_ = true;
    } else {
      status_ = std::move(status);
    }
    busy_ = false;
    changed_.notify_all();
    lock.unlock();
    on_written_();
    lock.lock();
  }
}

}  // namespace stagecraft::runtime
