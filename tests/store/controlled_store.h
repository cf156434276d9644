// A store whose writes wait, or fail, as a test says.
#ifndef STAGECRAFT_TESTS_STORE_CONTROLLED_STORE_H_
#define STAGECRAFT_TESTS_STORE_CONTROLLED_STORE_H_

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <span>

#include "runtime/model/reasons.h"
#include "runtime/store/memory_store.h"
#include "runtime/store/store.h"

namespace stagecraft::runtime::tests {

// Holds appends back until it is told, and fails them when it is told.
class ControlledStore final : public Store {
 public:
  Status Append(std::span<const JournalRow> rows, const Revision* revision) override {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !held_; });
    return failure.ok() ? inner_->Append(rows, revision) : failure;
  }
  Status WriteCheckpoint(const CheckpointBatch& batch) override {
    return checkpoint_failure.ok() ? inner_->WriteCheckpoint(batch) : checkpoint_failure;
  }
  Status RewriteJournal(std::span<const JournalRow> rows) override { return inner_->RewriteJournal(rows); }
  Status ForgetReplaced() override {
    return readers-- > 0 ? Status{StatusCode::kUnavailable, reasons::kStoreBusy, "somebody reads it", {}} : inner_->ForgetReplaced();
  }
  Status KeepBase() override { return inner_->KeepBase(); }
  Status Shrink() override { return inner_->Shrink(); }
  Status Recover(const Recovery& visitor) override { return inner_->Recover(visitor); }
  Status Inspect(const Inspection& visitor) override { return inner_->Inspect(visitor); }
  Status Backup(const TakePart& take) override { return backup_failure.ok() ? inner_->Backup(take) : backup_failure; }
  Result<JournalRow> ReadJournal(Sequence sequence) override { return inner_->ReadJournal(sequence); }
  Status ScanJournal(Sequence from, const std::function<bool(const JournalRow&)>& visit) override {
    return inner_->ScanJournal(from, visit);
  }

  void Hold(bool held) {
    {
      const std::lock_guard lock(mutex_);
      held_ = held;
    }
    changed_.notify_all();
  }

  Status failure;  // set before the engine is opened, or while it is held
  Status checkpoint_failure;
  Status backup_failure;
  std::atomic<int> readers = 0;  // so often is the store read by somebody when bytes are to go

 private:
  std::unique_ptr<Store> inner_ = NewMemoryStore();
  std::mutex mutex_;
  std::condition_variable changed_;
  bool held_ = false;
};

}  // namespace stagecraft::runtime::tests

#endif  // STAGECRAFT_TESTS_STORE_CONTROLLED_STORE_H_
