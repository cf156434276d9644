#include "runtime/engine/inbox.h"

#include <chrono>
#include <utility>

#include "runtime/model/reasons.h"

namespace stagecraft::runtime {

Status Inbox::Push(Submission& submission) {
  const std::size_t events = submission.Events().size();
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return why_closed_;
    // A batch larger than the whole inbox is let in when nothing else waits: otherwise it could never be taken.
    if (events_ > 0 && events_ + events > events_max_) {
      return {
          StatusCode::kResourceExhausted,
          reasons::kInboxFull,
          std::to_string(events_) + " events are waiting already, of " + std::to_string(events_max_) + " that may; send again in a moment",
          {}};
    }
    events_ += events;
    submissions_.push_back(&submission);
  }
  wake_.notify_one();
  return {};
}

Status Inbox::Execute(std::function<Status(Core&)> work) {
  Command command{std::move(work), {}, 0};
  std::future<Status> done = command.done.get_future();
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return why_closed_;
    command.after = taken_ + submissions_.size();
    commands_.push_back(std::move(command));
  }
  wake_.notify_one();
  return done.get();
}

std::size_t Inbox::events() const {
  const std::lock_guard lock(mutex_);
  return events_;
}

void Inbox::Wake() {
  {
    const std::lock_guard lock(mutex_);
    woken_ = true;
  }
  wake_.notify_one();
}

void Inbox::Close(Status why) {
  {
    const std::lock_guard lock(mutex_);
    if (!closed_) why_closed_ = std::move(why);
    closed_ = true;
  }
  wake_.notify_one();
}

void Inbox::Take(Micros wait, Work& work) {
  work.submissions.clear();
  work.commands.clear();
  std::unique_lock lock(mutex_);
  const auto has_work = [this] { return HasWork(); };
  if (wait < 0) {
    wake_.wait(lock, has_work);
  } else {
    wake_.wait_for(lock, std::chrono::microseconds(wait), has_work);
  }
  woken_ = false;
  std::size_t events = 0;
  while (!submissions_.empty() && (work.submissions.empty() || events < batch_events_max_)) {
    Submission* submission = submissions_.front();
    events += submission->Events().size();
    work.submissions.push_back(submission);
    submissions_.pop_front();
  }
  events_ -= events;
  taken_ += work.submissions.size();
  // Not all at the end: under a load that never ends they would wait for ever.
  for (; !commands_.empty() && commands_.front().after <= taken_; commands_.pop_front()) {
    work.commands.push_back(std::move(commands_.front()));
  }
  work.more = !submissions_.empty();
  work.closed = closed_ && !work.more;
}

}  // namespace stagecraft::runtime
