#include "runtime/store/sqlite/log_keeper.h"

#include "runtime/store/sqlite/connection.h"

namespace stagecraft::runtime {
namespace {

// How much the log grows before it is moved. Larger: rarer bursts of disk work, a longer start after a crash.
constexpr std::size_t kMoveBytes = 32U << 20;

// Moves all that is committed by now; never waits for writers or readers.
void Move(SQLite::Database& db) { db.exec("PRAGMA wal_checkpoint(PASSIVE)"); }

}  // namespace

LogKeeper::LogKeeper(std::string path, std::mutex& commits) : path_(std::move(path)), commits_(commits), thread_([this] { Run(); }) {}

LogKeeper::~LogKeeper() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void LogKeeper::Committed(std::size_t bytes) {
  const std::lock_guard lock(mutex_);
  waiting_bytes_ += bytes;
  if (waiting_bytes_ >= kMoveBytes) wake_.notify_one();
}

Status LogKeeper::status() const {
  const std::lock_guard lock(mutex_);
  return failure_;
}

void LogKeeper::Run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait(lock, [this] { return stopping_ || (waiting_bytes_ >= kMoveBytes && failure_.ok()); });
    if (stopping_) return;
    waiting_bytes_ = 0;
    lock.unlock();
    Status status = MoveLog();
    lock.lock();
    if (!status.ok()) failure_ = std::move(status);
  }
}

Status LogKeeper::MoveLog() {
  return Guarded(path_, [&]() -> Status {
    const auto db = OpenForWriting(path_, Sync::kFull);
    Move(*db);
    // The log is begun anew only by a commit that finds all of it moved, which never happens while commits go on beside.
    const std::lock_guard lock(commits_);
    Move(*db);
    return {};
  });
}

}  // namespace stagecraft::runtime
