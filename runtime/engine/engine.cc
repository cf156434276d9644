#include "runtime/engine/engine.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <set>
#include <shared_mutex>
#include <thread>
#include <utility>

#include "runtime/engine/checkpointer.h"
#include "runtime/engine/core.h"
#include "runtime/engine/history.h"
#include "runtime/engine/inbox.h"
#include "runtime/engine/state_lock.h"
#include "runtime/model/reasons.h"

namespace stagecraft::runtime {
namespace {

// Timers fired between two batches of events: about a millisecond's work, so that catching up never holds up new events.
constexpr std::uint32_t kTimersPerStep = 1'000;
// Likewise for contacts whose runs are ended.
constexpr std::uint32_t kStopsPerStep = 1'000;
// The longest sleep while something is due later: a wall clock may be set forward meanwhile.
constexpr Micros kSleepMax = 1'000'000;

// Waits for its own answer.
class WaitingSubmission final : public Submission {
 public:
  explicit WaitingSubmission(std::span<const EventInput> events) : events_(events) {}

  std::span<const EventInput> Events() const override { return events_; }
  void Done(std::span<const EventResult> results, const Status& failure) override {
    if (failure.ok()) {
      answer_.set_value(std::vector<EventResult>(results.begin(), results.end()));
    } else {
      answer_.set_value(tl::unexpected<Status>(failure));
    }
  }
  Result<std::vector<EventResult>> Wait() { return answer_.get_future().get(); }

 private:
  std::span<const EventInput> events_;
  std::promise<Result<std::vector<EventResult>>> answer_;
};

class ThreadedEngine final : public Engine {
 public:
  ThreadedEngine(std::unique_ptr<Core> core, Store& store, const Clock& clock, const EngineOptions& options)
      : core_(std::move(core)),
        store_(store),
        clock_(clock),
        inbox_(options),
        history_(store),
        checkpointer_(std::make_unique<Checkpointer>(
            store, [this] { inbox_.Wake(); }, std::chrono::microseconds(options.reader_patience))),
        next_due_(core_->NextDue().value_or(Contact::kNever)),
        durable_(core_->last_sequence()),
        enrols_at_(core_->NextEnrolment().value_or(Contact::kNever)),
        thread_([this] { Run(); }) {}

  ~ThreadedEngine() override {
    inbox_.Close({StatusCode::kUnavailable, reasons::kEngineStopping, "the server is stopping; send again when it is back", {}});
    thread_.join();
  }

  Status Submit(Submission& submission) override { return inbox_.Push(submission); }

  Result<std::vector<EventResult>> Apply(std::span<const EventInput> events) override {
    WaitingSubmission submission(events);
    if (Status status = Submit(submission); !status.ok()) return tl::unexpected<Status>(std::move(status));
    return submission.Wait();
  }

  Result<std::vector<EventResult>> ChangeCompanies(std::span<const CompanyInput> changes) override {
    std::vector<EventResult> results;
    Status status = inbox_.Execute([&](Core& core) {
      for (const CompanyInput& change : changes) core.ChangeCompany(change, results.emplace_back());
      return Status{};
    });
    if (!status.ok()) return tl::unexpected<Status>(std::move(status));
    return results;
  }

  Result<DeployResult> Deploy(const DeployRequest& request) override;
  Status Read(const std::function<void(const View&)>& reader) override;
  Result<HistoryPage> History(std::string_view contact, Sequence from, std::uint32_t limit) override {
    return HistoryOf(*this, history_, contact, from, limit);
  }
  Status DeleteContact(const StandingChange& change) override {
    return inbox_.Execute([&change](Core& core) { return core.Delete(change); });
  }
  Status RestoreContact(const StandingChange& change) override {
    return inbox_.Execute([&change](Core& core) { return core.Restore(change); });
  }
  Status MergeContacts(const StandingChange& change, std::string_view other) override {
    return inbox_.Execute([&](Core& core) { return core.Merge(change, other); });
  }
  Status EraseContact(const StandingChange& change) override;
  Result<std::vector<Record>> Records(Sequence from, std::uint32_t limit) override {
    return history_.Before(from == 0 ? durable_.load() : from, limit);
  }
  Status SwitchRule(std::uint32_t rule, bool on, std::string_view actor) override {
    return inbox_.Execute([&](Core& core) { return core.SwitchRule(rule, on, actor); });
  }
  Result<std::uint32_t> StopRuns(const StopRunsRequest& request) override;
  Status StopEnrolment(std::uint32_t revision, std::string_view actor) override {
    return inbox_.Execute([&](Core& core) { return core.StopEnrolment(revision, actor); });
  }
  Result<Failure> Retry(std::int64_t failure, std::string_view actor) override;
  Result<Record> FindRecord(Sequence sequence) override { return history_.Find(sequence); }
  Status ReadBack(Sequence from, const std::function<bool(const Record&)>& visit) override;
  Status ChangeUser(const UserChange& change) override {
    return inbox_.Execute([&change](Core& core) { return core.ChangeUser(change); });
  }
  std::shared_ptr<const ir::Program> ProgramOf(std::uint32_t number) override { return core_->programs().Of(number); }
  std::vector<Revision> Revisions() override { return core_->programs().Deployed(); }
  void WatchDispatches(std::function<void(std::span<const std::int64_t>)> opened) override {
    const std::lock_guard lock(watch_mutex_);
    on_opened_ = std::move(opened);
  }
  void WatchCommits(std::function<void(Sequence)> committed) override {
    const std::lock_guard lock(watch_mutex_);
    on_committed_ = std::move(committed);
  }
  Status PutOutcomes(std::span<const Dispatch> outcomes) override {
    return inbox_.Execute([outcomes](Core& core) {
      core.PutOutcomes(outcomes);
      return Status{};
    });
  }
  Status RetryDispatch(std::int64_t id) override {
    return inbox_.Execute([id](Core& core) { return core.RetryDispatch(id); });
  }
  Status MarkRead(std::span<const std::int64_t> notifications, bool read, std::string_view actor) override {
    return inbox_.Execute([&](Core& core) { return core.MarkRead(notifications, read, actor); });
  }
  Status Backup(const Store::TakePart& take) override { return store_.Backup(take); }
  Status Settle() override;

  EngineFigures Figures() const override;

  Status Health() const override {
    const std::lock_guard lock(durable_mutex_);
    return failure_;
  }

 private:
  // ---- the engine's thread ----
  void Run();
  void Step(Inbox::Work& work);
  Status Commit();
  void Answer(Inbox::Work& work, const Status& failure);
  void ContinueCheckpoint();
  // Gives the checkpointer what it is to write next, erasures first; false when there is nothing. `at_once`: not only when it is due.
  bool BeginWrite(bool at_once);
  // What the checkpointer has scrubbed is noted, and is no longer waited for.
  void TakeErased();
  void WriteLastCheckpoint();
  void Publish(Sequence durable);
  void AnnounceOpened();
  void Fail(const Status& status);
  Micros SleepFor() const;

  Status WaitDurable(Sequence sequence);

  const std::unique_ptr<Core> core_;
  Store& store_;
  const Clock& clock_;
  Inbox inbox_;
  runtime::History history_;
  std::unique_ptr<Checkpointer> checkpointer_;
  mutable StateLock state_lock_;  // of *core_: exclusive for the engine's thread while it decides, shared for readers
  std::atomic<Micros> next_due_;

  mutable std::mutex durable_mutex_;  // guards failure_, and the waiting for durable_
  std::condition_variable durable_changed_;
  std::atomic<Sequence> durable_;
  bool erasures_held_up_ = false;        // by who reads the store: the next checkpoint comes first; the engine's thread's own
  std::uint64_t erasures_given_up_ = 0;  // so often; guarded by durable_mutex_
  Sequence erased_through_ = 0;          // no record of an erasure up to this one has anything left to scrub; guarded by durable_mutex_
  Status failure_;
  Distribution<kCommitSeconds.size()> commit_seconds_{kCommitSeconds};  // these two guarded by durable_mutex_
  Distribution<kCommitRecords.size()> commit_records_{kCommitRecords};

  std::mutex watch_mutex_;  // guards these two
  std::function<void(std::span<const std::int64_t>)> on_opened_;
  std::function<void(Sequence)> on_committed_;

  // Scratch of the engine's thread.
  std::vector<EventResult> results_;
  CheckpointBatch batch_;
  std::vector<std::int64_t> opened_;
  bool more_due_ = false;
  Micros enrols_at_;  // nobody who reads waits for it

  std::thread thread_;  // last: it uses all of the above
};

void ThreadedEngine::Run() {
  if (!core_->erasures().empty()) inbox_.Wake();  // left over from before a restart
  Inbox::Work work;
  for (;;) {
    inbox_.Take(SleepFor(), work);
    if (work.closed && work.submissions.empty() && work.commands.empty()) break;
    if (Health().ok()) {
      Step(work);
    } else {
      Answer(work, Health());
    }
  }
  if (Health().ok()) WriteLastCheckpoint();
}

Micros ThreadedEngine::SleepFor() const {
  if (more_due_) return 0;
  const Micros due = std::min(next_due_.load(), enrols_at_);
  if (due == Contact::kNever) return -1;
  return std::clamp<Micros>(due - clock_.Now(), 0, kSleepMax);
}

void ThreadedEngine::Step(Inbox::Work& work) {
  results_.clear();
  std::vector<Status> command_results;
  {
    const std::unique_lock lock(state_lock_);
    for (const Submission* submission : work.submissions) core_->Process(submission->Events(), results_);
    more_due_ = core_->FireDue(kTimersPerStep) == kTimersPerStep;
    for (const Command& command : work.commands) command_results.push_back(command.work(*core_));
    next_due_ = core_->NextDue().value_or(Contact::kNever);
    enrols_at_ = core_->NextEnrolment().value_or(Contact::kNever);
  }
  // Without the lock: whoever reads now waits until it is durable, but reads.
  Status status = core_->failure().ok() ? Commit() : core_->failure();
  if (!status.ok()) {
    Fail(status);
    Answer(work, status);
    return;
  }
  Publish(core_->last_sequence());
  Answer(work, {});
  for (std::size_t i = 0; i < work.commands.size(); ++i) work.commands[i].done.set_value(std::move(command_results[i]));
  AnnounceOpened();
  ContinueCheckpoint();
}

Status ThreadedEngine::Commit() {
  if (core_->IsCommitted()) return {};
  const Sequence records = core_->last_sequence() - durable_.load();
  const auto begin = std::chrono::steady_clock::now();
  Status status = core_->Commit();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  const std::lock_guard lock(durable_mutex_);
  commit_seconds_.Add(took.count());
  commit_records_.Add(static_cast<double>(records));
  return status;
}

EngineFigures ThreadedEngine::Figures() const {
  EngineFigures figures;
  {
    const std::shared_lock lock(state_lock_);
    figures.decided = core_->decided();
  }
  {
    const std::lock_guard lock(durable_mutex_);
    figures.commit_seconds = commit_seconds_;
    figures.commit_records = commit_records_;
  }
  figures.inbox_events = inbox_.events();
  figures.store = store_.Size();
  return figures;
}

void ThreadedEngine::Answer(Inbox::Work& work, const Status& failure) {
  std::size_t first = 0;
  for (Submission* submission : work.submissions) {
    const std::size_t count = failure.ok() ? submission->Events().size() : 0;
    submission->Done(std::span(results_).subspan(first, count), failure);
    first += count;
  }
  if (failure.ok()) return;
  for (Command& command : work.commands) command.done.set_value(failure);
}

void ThreadedEngine::Publish(Sequence durable) {
  if (durable_.load() == durable) return;
  {
    const std::lock_guard lock(durable_mutex_);
    durable_ = durable;
  }
  durable_changed_.notify_all();
  const std::lock_guard lock(watch_mutex_);
  if (on_committed_) on_committed_(durable);
}

void ThreadedEngine::AnnounceOpened() {
  opened_.clear();
  core_->TakeOpened(opened_);
  if (opened_.empty()) return;
  const std::lock_guard lock(watch_mutex_);
  if (on_opened_) on_opened_(opened_);
}

void ThreadedEngine::Fail(const Status& status) {
  {
    const std::lock_guard lock(durable_mutex_);
    failure_ = status;
  }
  durable_changed_.notify_all();
  inbox_.Close({StatusCode::kUnavailable, reasons::kEngineFailed, "the server has failed: " + status.message, {}});
}

void ThreadedEngine::ContinueCheckpoint() {
  if (checkpointer_->busy()) return;
  if (Status status = checkpointer_->status(); !status.ok()) {
    Fail(status);
    return;
  }
  TakeErased();
  BeginWrite(!core_->erasures().empty());
}

bool ThreadedEngine::BeginWrite(bool at_once) {
  if (std::vector<Erasure> erasures = core_->NextErasures(); !erasures.empty() && !erasures_held_up_) {
    checkpointer_->Erase(std::move(erasures));
    return true;
  }
  if (!core_->NextCheckpoint(at_once, batch_)) return false;
  erasures_held_up_ = false;
  checkpointer_->Write(batch_);
  return true;
}

void ThreadedEngine::TakeErased() {
  if (checkpointer_->TakeGivenUp()) {
    erasures_held_up_ = true;
    const std::lock_guard lock(durable_mutex_);
    ++erasures_given_up_;
    durable_changed_.notify_all();
  }
  const std::vector<Erasure> erased = checkpointer_->TakeErased();
  if (erased.empty()) return;
  {
    const std::unique_lock lock(state_lock_);
    core_->NoteScrubbed(erased);
  }
  history_.Forget();
  {
    const std::lock_guard lock(durable_mutex_);
    for (const Erasure& erasure : erased) erased_through_ = std::max(erased_through_, erasure.record);
  }
  durable_changed_.notify_all();
  inbox_.Wake();  // what was noted is to be committed
}

Status ThreadedEngine::EraseContact(const StandingChange& change) {
  Sequence record = 0;
  std::unique_lock lock(durable_mutex_);
  const std::uint64_t given_up = erasures_given_up_;
  lock.unlock();
  Status status = inbox_.Execute([&](Core& core) { return core.Erase(change, record); });
  if (!status.ok()) return status;
  lock.lock();
  durable_changed_.wait(lock, [&] { return erased_through_ >= record || erasures_given_up_ > given_up || !failure_.ok(); });
  if (erased_through_ >= record || !failure_.ok()) return failure_;
  return {
      StatusCode::kUnavailable,
      reasons::kStoreBusy,
      "the contact is erased, but somebody reads the data at length, such as a backup: its bytes go with the next checkpoint behind that",
      {}};
}

void ThreadedEngine::WriteLastCheckpoint() {
  do {
    checkpointer_->Finish();
    if (Status status = checkpointer_->status(); !status.ok()) {
      Fail(status);
      return;
    }
    TakeErased();
    if (Status status = core_->Commit(); !status.ok()) {
      Fail(status);
      return;
    }
  } while (BeginWrite(true));
}

Status ThreadedEngine::WaitDurable(Sequence sequence) {
  if (durable_.load() < sequence) {
    std::unique_lock lock(durable_mutex_);
    durable_changed_.wait(lock, [&] { return durable_.load() >= sequence || !failure_.ok(); });
  }
  return Health();
}

Status ThreadedEngine::Read(const std::function<void(const View&)>& reader) {
  // Derived values are never stale (E8): what is due by now comes first, however many steps of the engine's thread it takes.
  const Micros asked_at = clock_.Now();
  while (next_due_.load() <= asked_at) {
    if (Status status = inbox_.Execute([](Core&) { return Status{}; }); !status.ok()) return status;
  }
  Sequence seen = 0;
  {
    const std::shared_lock lock(state_lock_);
    reader(core_->view());
    seen = core_->last_sequence();
  }
  return WaitDurable(seen);
}

Status ThreadedEngine::Settle() {
  for (;;) {
    std::uint32_t fired = 0;
    Status status = inbox_.Execute([&fired](Core& core) {
      fired = core.FireOverdue(kTimersPerStep);
      return Status{};
    });
    if (!status.ok() || fired == 0) return status;
  }
}

Result<std::uint32_t> ThreadedEngine::StopRuns(const StopRunsRequest& request) {
  std::uint32_t stopped = 0;
  std::optional<std::uint32_t> next;
  do {
    Status status = inbox_.Execute([&](Core& core) {
      stopped += core.StopRuns(request, kStopsPerStep, next);
      return Status{};
    });
    if (!status.ok()) return tl::unexpected<Status>(std::move(status));
  } while (next);
  return stopped;
}

Result<Failure> ThreadedEngine::Retry(std::int64_t failure, std::string_view actor) {
  Failure after;
  Status status = inbox_.Execute([&](Core& core) { return core.Retry(failure, actor, after); });
  if (!status.ok()) return tl::unexpected<Status>(std::move(status));
  return after;
}

Result<DeployResult> ThreadedEngine::Deploy(const DeployRequest& request) {
  std::uint32_t running = 0;
  std::set<std::uint32_t> in_progress;  // grows from one attempt to the next, so that the last one has them all
  for (;;) {
    Status status = Read([&](const View& view) {
      if (running != view.revision()) in_progress.clear();  // numbers may have been given up
      running = view.revision();
      for (const std::uint32_t rule : view.RulesInProgress()) in_progress.insert(rule);
    });
    if (!status.ok()) return tl::unexpected<Status>(std::move(status));
    if (request.expected_revision != 0 && request.expected_revision != running) {
      return runtime::Fail(StatusCode::kAborted, reasons::kRevisionChanged,
                           "revision " + std::to_string(running) + " is running, not " + std::to_string(request.expected_revision) +
                               "; look at what has changed and deploy again");
    }
    CompileResult compiled = core_->programs().CompileNext(request.files, {in_progress.begin(), in_progress.end()});
    DeployResult result{0, std::move(compiled.diagnostics), std::move(compiled.sources), {}};
    if (compiled.program == nullptr) return result;

    Deployment deployment;
    deployment.revision = {running + 1, 0, request.author, request.note, request.files, ir::EncodeLayout(compiled.program->layout)};
    deployment.program = std::move(compiled.program);
    deployment.lost = std::move(compiled.lost);
    deployment.enrol_existing = request.enrol_existing;
    if (!request.dry_run) result.revision = deployment.revision.number;
    status = inbox_.Execute([&](Core& core) {
      return request.dry_run ? core.PlanDeployment(deployment, result.ended) : core.Deploy(std::move(deployment), &result.ended);
    });
    if (status.ok()) return result;
    // Compiled against a revision that another deployment has meanwhile replaced: once more, unless the caller minds. Or without a rule
    // that began to run meanwhile.
    const bool overtaken =
        status.code == StatusCode::kAborted && (request.expected_revision == 0 || status.reason == reasons::kRunsChanged);
    if (!overtaken) return tl::unexpected<Status>(std::move(status));
  }
}

Status ThreadedEngine::ReadBack(Sequence from, const std::function<bool(const Record&)>& visit) {
  const Sequence newest = durable_.load();
  return history_.Back(from == 0 ? newest : std::min(from, newest), visit);
}

}  // namespace

Result<std::unique_ptr<Engine>> Engine::Open(Store& store, Clock& clock, Random& random, const EngineOptions& options) {
  auto core = Core::Open(store, clock, random, options);
  if (!core) return tl::unexpected<Status>(std::move(core.error()));
  return std::make_unique<ThreadedEngine>(std::move(*core), store, clock, options);
}

}  // namespace stagecraft::runtime
