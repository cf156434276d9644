#include "runtime/outbox/dispatcher.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace stagecraft::runtime {
namespace {

// Looked through in one read of the engine's state, which holds up its thread: a few milliseconds.
constexpr std::size_t kSlice = 4'000;
// The longest sleep while something is due later: a wall clock may be set forward meanwhile.
constexpr Micros kSleepMax = 1'000'000;

struct Finished {
  Job job;
  SendResult result;
};

// What came of some jobs, each beside its job.
struct Outcomes {
  std::vector<Dispatch> after;
  std::vector<Job> jobs;
};

class ThreadedDispatcher final : public Dispatcher {
 public:
  ThreadedDispatcher(Engine& engine, Channel& channel, const Clock& clock, Random& random, DispatcherOptions options)
      : engine_(engine), channel_(channel), clock_(clock), options_(std::move(options)), outbox_(options_.outbox, random) {
    engine_.WatchDispatches([this](std::span<const std::int64_t> ids) {
      {
        const std::lock_guard lock(mutex_);
        opened_.insert(opened_.end(), ids.begin(), ids.end());
      }
      wake_.notify_one();
    });
    for (std::uint32_t i = 0; i < options_.concurrency; ++i) senders_.emplace_back([this] { Send(); });
    thread_ = std::thread([this] { Run(); });
  }

  ~ThreadedDispatcher() override {
    engine_.WatchDispatches(nullptr);
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_one();
    jobs_changed_.notify_all();
    channel_.Stop();
    for (std::thread& sender : senders_) sender.join();
    {
      const std::lock_guard lock(mutex_);
      senders_ended_ = true;
    }
    wake_.notify_one();
    thread_.join();
  }

 private:
  // ---- the senders ----
  void Send();
  // ---- thread_ ----
  void Run();
  bool OpenAll();
  bool OpenNew(const std::vector<std::int64_t>& ids);
  Dispatch Finish(const Finished& finished);
  Outcomes FinishAll(std::vector<Finished>& finished);
  bool Record(const Outcomes& outcomes);
  bool Hand();
  void Wait(std::vector<std::int64_t>& opened, std::vector<Finished>& finished);
  bool HasNews() const { return !opened_.empty() || !finished_.empty() || senders_ended_; }
  std::size_t Room() const { return options_.concurrency - under_way_; }
  bool IsStopping() {
    const std::lock_guard lock(mutex_);
    return stopping_;
  }

  Engine& engine_;
  Channel& channel_;
  const Clock& clock_;
  const DispatcherOptions options_;

  // thread_ only.
  Outbox outbox_;
  std::size_t under_way_ = 0;
  bool works_ = true;  // the engine does

  std::mutex mutex_;  // guards what follows
  std::condition_variable wake_;
  std::condition_variable jobs_changed_;
  std::vector<std::int64_t> opened_;
  std::deque<Job> jobs_;
  std::vector<Finished> finished_;
  bool stopping_ = false;
  bool senders_ended_ = false;

  std::vector<std::thread> senders_;
  std::thread thread_;
};

void ThreadedDispatcher::Send() {
  std::unique_lock lock(mutex_);
  for (;;) {
    jobs_changed_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
    if (stopping_) return;
    Finished finished{std::move(jobs_.front()), {}};
    jobs_.pop_front();
    lock.unlock();
    finished.result = channel_.Send(finished.job.message);
    lock.lock();
    finished_.push_back(std::move(finished));
    wake_.notify_one();
  }
}

void ThreadedDispatcher::Run() {
  works_ = OpenAll();
  std::vector<std::int64_t> opened;
  std::vector<Finished> finished;
  for (;;) {
    Wait(opened, finished);
    const Outcomes outcomes = FinishAll(finished);
    // The senders have work again before the disk is waited for.
    works_ = works_ && OpenNew(opened) && (IsStopping() || Hand()) && Record(outcomes);
    const std::lock_guard lock(mutex_);
    if (senders_ended_ && finished_.empty()) return;
  }
}

// Until there is something to do.
void ThreadedDispatcher::Wait(std::vector<std::int64_t>& opened, std::vector<Finished>& finished) {
  opened.clear();
  finished.clear();
  const std::optional<Micros> due = works_ && Room() > 0 ? outbox_.NextDue() : std::nullopt;
  std::unique_lock lock(mutex_);
  const auto has_news = [this] { return HasNews(); };
  if (due && !stopping_) {
    wake_.wait_for(lock, std::chrono::microseconds(std::clamp<Micros>(*due - clock_.Now(), 0, kSleepMax)), has_news);
  } else {
    wake_.wait(lock, has_news);
  }
  opened.swap(opened_);
  finished.swap(finished_);
}

// False, here and below, when the engine no longer works: then the process is about to end.
bool ThreadedDispatcher::OpenAll() {
  std::size_t size = 1;
  for (std::size_t place = 0; place < size; place += kSlice) {
    const Status status = engine_.Read([&](const View& view) {
      size = view.dispatches().size();
      outbox_.OpenFrom(view, place, kSlice, clock_.Now());
    });
    if (!status.ok() || IsStopping()) return false;
  }
  return true;
}

bool ThreadedDispatcher::OpenNew(const std::vector<std::int64_t>& ids) {
  for (std::size_t first = 0; first < ids.size(); first += kSlice) {
    const auto slice = std::span(ids).subspan(first, std::min(kSlice, ids.size() - first));
    if (!engine_.Read([&](const View& view) { outbox_.Open(view, slice, clock_.Now()); }).ok()) return false;
  }
  return true;
}

// Says what an operator should know of it.
Dispatch ThreadedDispatcher::Finish(const Finished& finished) {
  const std::string& destination = finished.job.destination;
  const bool was_down = outbox_.IsDown(destination);
  Dispatch outcome = outbox_.Finish(finished.job, finished.result, clock_.Now());
  if (!options_.warn) return outcome;
  if (outcome.state == DispatchState::kDead) {
    options_.warn(fmt::format("delivery {} to {} is dead: {}", outcome.id, destination, outcome.error));
  }
  const bool is_down = outbox_.IsDown(destination);
  if (is_down && !was_down) options_.warn(fmt::format("{} fails, and is only probed until it works: {}", destination, outcome.error));
  if (was_down && !is_down) options_.warn(fmt::format("{} works again", destination));
  return outcome;
}

Outcomes ThreadedDispatcher::FinishAll(std::vector<Finished>& finished) {
  under_way_ -= finished.size();
  Outcomes outcomes;
  for (Finished& each : finished) {
    if (each.result.end == SendEnd::kCut) {
      outbox_.Cut(each.job);
      continue;
    }
    outcomes.after.push_back(Finish(each));
    outcomes.jobs.push_back(std::move(each.job));
  }
  return outcomes;
}

bool ThreadedDispatcher::Record(const Outcomes& outcomes) {
  if (outcomes.after.empty()) return true;
  if (!engine_.PutOutcomes(outcomes.after).ok()) return false;
  outbox_.Recorded(outcomes.after, outcomes.jobs);
  return true;
}

// Gives the senders what is due, as much as they can take.
bool ThreadedDispatcher::Hand() {
  const std::optional<Micros> due = outbox_.NextDue();
  if (Room() == 0 || !due || *due > clock_.Now()) return true;
  std::vector<Job> jobs;
  const Status status = engine_.Read([&](const View& view) { jobs = outbox_.Take(view, clock_.Now(), Room()); });
  if (!status.ok()) return false;
  under_way_ += jobs.size();
  {
    const std::lock_guard lock(mutex_);
    std::move(jobs.begin(), jobs.end(), std::back_inserter(jobs_));
  }
  jobs_changed_.notify_all();
  return true;
}

}  // namespace

std::unique_ptr<Dispatcher> Dispatcher::Start(Engine& engine, Channel& channel, const Clock& clock, Random& random,
                                              DispatcherOptions options) {
  return std::make_unique<ThreadedDispatcher>(engine, channel, clock, random, std::move(options));
}

}  // namespace stagecraft::runtime
