// What waits for the engine's thread: submissions, bounded by their events, and commands. Thread-safe.
#ifndef STAGECRAFT_RUNTIME_ENGINE_INBOX_H_
#define STAGECRAFT_RUNTIME_ENGINE_INBOX_H_

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <future>
#include <mutex>
#include <vector>

#include "runtime/engine/core.h"
#include "runtime/engine/engine.h"

namespace stagecraft::runtime {

// Something to be done on the state between batches. `done` is set when all it did is durable.
struct Command {
  std::function<Status(Core&)> work;
  std::promise<Status> done;
  std::uint64_t after = 0;  // as many submissions, of all that there have ever been, come before it
};

class Inbox {
 public:
  explicit Inbox(const EngineOptions& options) : events_max_(options.inbox_events_max), batch_events_max_(options.batch_events_max) {}

  // RESOURCE_EXHAUSTED (INBOX_FULL), or why it was closed.
  Status Push(Submission& submission);
  // Runs `work` on the engine's thread and waits until what it did is durable.
  Status Execute(std::function<Status(Core&)> work);
  // How many events wait.
  std::size_t events() const;
  // Lets Take return.
  void Wake();
  // From now on everything is refused with `why`; what is waiting can still be taken.
  void Close(Status why);

  struct Work {
    std::vector<Submission*> submissions;
    std::vector<Command> commands;
    bool more = false;    // something is left for the next Take
    bool closed = false;  // and nothing will come any more
  };
  // Waits for something to do, at most `wait` microseconds (negative: for ever); takes submissions of one batch, and the
  // commands before which no submission is left.
  void Take(Micros wait, Work& work);

 private:
  bool HasWork() const { return woken_ || closed_ || !submissions_.empty() || !commands_.empty(); }

  const std::size_t events_max_;
  const std::size_t batch_events_max_;
  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable wake_;
  std::deque<Submission*> submissions_;
  std::size_t events_ = 0;
  std::uint64_t taken_ = 0;  // submissions, ever
  std::deque<Command> commands_;
  bool woken_ = false;
  bool closed_ = false;
  Status why_closed_;
};

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_ENGINE_INBOX_H_
