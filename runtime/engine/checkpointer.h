// Writes the parts of the checkpoint, and scrubs what is erased, on a thread of its own, one at a time.
#ifndef STAGECRAFT_RUNTIME_ENGINE_CHECKPOINTER_H_
#define STAGECRAFT_RUNTIME_ENGINE_CHECKPOINTER_H_

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "runtime/engine/erasure.h"
#include "runtime/store/store.h"

namespace stagecraft::runtime {

class Checkpointer {
 public:
  // `on_written` is called on the checkpointer's thread after each part.
  // `patience`: so long an erasure waits for who reads the store (Store::ForgetReplaced); then it is given up, to be asked for again.
  Checkpointer(Store& store, std::function<void()> on_written, std::chrono::microseconds patience);
  // Waits for the part that is being written.
  ~Checkpointer();
  Checkpointer(const Checkpointer&) = delete;
  Checkpointer& operator=(const Checkpointer&) = delete;

  bool busy() const;
  // As Write, for contacts that are erased: see Scrub.
  void Erase(std::vector<Erasure> erasures);
  // Swaps `batch` with the one written before, for its memory.
  void Write(CheckpointBatch& batch);
  // Waits until not busy; an erasure that waits for a reader is given up.
  void Finish();
  // An erasure was given up; said once.
  bool TakeGivenUp();
  // What was scrubbed last, once.
  std::vector<Erasure> TakeErased();
  // Not ok once a part could not be written.
  Status status() const;

 private:
  void Run();
  Status Work();
  // As long as somebody reads the store.
  Status ForgetReplaced(Status status);

  Store& store_;
  const std::function<void()> on_written_;
  const std::chrono::microseconds patience_;
  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  CheckpointBatch batch_;
  std::vector<Erasure> erasures_;  // not empty: they are the work
  std::vector<Erasure> erased_;
  bool busy_ = false;
  bool finishing_ = false;
  bool has_given_up_ = false;
  bool stopping_ = false;
  Status status_;
  std::thread thread_;
};

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_ENGINE_CHECKPOINTER_H_
