// The engine with its threads (runtime/engine/engine.h).
#include <atomic>
#include <catch2/catch.hpp>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "runtime/engine/inbox.h"
#include "runtime/model/reasons.h"
#include "runtime/store/sqlite/sqlite_store.h"
#include "tests/store/controlled_store.h"
#include "tests/store/temp_folder.h"
#include "tests/unit/engine/world.h"

namespace stagecraft::runtime::tests {
namespace {

struct Running {
  explicit Running(Store& store, EngineOptions options = {}, Micros at = kStart) : clock(at) {
    auto opened = Engine::Open(store, clock, random, options);
    if (!opened) FAIL(opened.error().message);
    engine = std::move(*opened);
  }

  EventResult Apply(const TestEvent& event) {
    const TestBatch batch({event});
    auto results = engine->Apply(batch.inputs());
    if (!results) FAIL(results.error().message);
    return results->at(0);
  }
  std::string Digest() {
    std::string digest;
    REQUIRE(engine->Read([&](const View& view) { digest = tests::Digest(view); }).ok());
    return digest;
  }
  std::uint32_t Deploy(const std::string& script, std::uint32_t expected = 0) {
    auto result = engine->Deploy({{{"test.stage", script}}, "mika", "", expected});
    if (!result) FAIL(result.error().message);
    return result->revision;
  }

  ManualClock clock;
  SeededRandom random{1};
  std::unique_ptr<Engine> engine;
};

// Answers that can be waited for.
class Answer final : public Submission {
 public:
  explicit Answer(std::vector<TestEvent> events) : batch_(std::move(events)) {}

  std::span<const EventInput> Events() const override { return batch_.inputs(); }
  void Done(std::span<const EventResult> given, const Status& why) override {
    const std::lock_guard lock(mutex_);
    results.assign(given.begin(), given.end());
    failure = why;
    done_ = true;
    changed_.notify_all();
  }
  void Wait() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return done_; });
  }
  bool done() const {
    const std::lock_guard lock(mutex_);
    return done_;
  }

  std::vector<EventResult> results;
  Status failure;

 private:
  TestBatch batch_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool done_ = false;
};

TestEvent Sent(const std::string& id, const std::string& contact = "ana") {
  return {id, contact, "email sent", kStart, {}, {}, CreateMode::kCreateIfMissing, ""};
}

TEST_CASE("a command waits for the submissions before it, and for none of those that come after it") {
  EngineOptions options;
  options.batch_events_max = 1;
  Inbox inbox(options);
  Answer answer({Sent("e1")});
  REQUIRE(inbox.Push(answer).ok());
  REQUIRE(inbox.Push(answer).ok());
  std::thread caller([&inbox] { static_cast<void>(inbox.Execute([](Core&) { return Status{}; })); });
  // As under a load that never ends: one comes for each that is taken.
  Inbox::Work work;
  bool taken = false;
  for (int i = 0; i < 1'000'000 && !taken; ++i) {
    REQUIRE(inbox.Push(answer).ok());
    inbox.Take(0, work);
    taken = !work.commands.empty();
    std::this_thread::yield();
  }
  CHECK(taken);
  while (work.commands.empty()) inbox.Take(-1, work);
  work.commands.front().done.set_value(Status{});
  caller.join();
}

TEST_CASE("events are answered, read back, and there after a restart") {
  const auto store = NewMemoryStore();
  std::string before;
  {
    Running running(*store);
    CHECK(running.Deploy(kScript) == 1);
    const EventResult result =
        running.Apply({"e1", "ana", "contact updated", kStart, {}, {{"lifecycle", "SQL"}}, CreateMode::kCreateIfMissing, ""});
    CHECK(result.state == EventState::kApplied);
    CHECK(running.engine->Revisions().size() == 1);
    before = running.Digest();
    REQUIRE(running.engine->Settle().ok());
  }
  Running again(*store);
  CHECK(again.Digest() == before);
  CHECK(again.Apply({"e1", "ana", "contact updated", kStart, {}, {{"lifecycle", "SQL"}}, CreateMode::kCreateIfMissing, ""}).state ==
        EventState::kDuplicate);
}

TEST_CASE("a stopping engine commits what it took and writes a last checkpoint") {
  const auto store = NewMemoryStore();
  Answer answer({Sent("e1"), Sent("e2", "ben")});
  {
    Running running(*store);
    REQUIRE(running.engine->Submit(answer).ok());
  }
  CHECK(answer.done());
  CHECK(answer.results.size() == 2);
  int rows_behind = 0;
  int contacts = 0;
  Store::Recovery visitor;
  visitor.on_revision = [](const Revision&) { return Status{}; };
  visitor.on_checkpoint = [&](CheckpointRow&& row) {
    contacts += row.kind == CheckpointKind::kContact ? 1 : 0;
    return Status{};
  };
  visitor.on_journal = [&](const JournalRow&) {
    ++rows_behind;
    return Status{};
  };
  REQUIRE(store->Recover(visitor).ok());
  CHECK(rows_behind == 0);
  CHECK(contacts == 2);
}

TEST_CASE("nothing is answered or seen before it is durable") {
  ControlledStore store;
  Running running(store);
  store.Hold(true);
  Answer answer({Sent("e1")});
  REQUIRE(running.engine->Submit(answer).ok());
  std::atomic<bool> read = false;
  std::thread reader([&] {
    // Sees the contact, or the moment before it; in either case what it saw is durable when Read returns.
    bool seen = false;
    while (!seen) {
      if (!running.engine->Read([&](const View& view) { seen = view.FindContact("ana") != nullptr; }).ok()) break;
    }
    read = true;
  });
  CHECK_FALSE(answer.done());
  CHECK_FALSE(read);
  store.Hold(false);
  answer.Wait();
  reader.join();
  CHECK(read);
  CHECK(answer.failure.ok());
}

TEST_CASE("a full inbox refuses at once and takes again when there is room") {
  ControlledStore store;
  EngineOptions options;
  options.inbox_events_max = 3;
  options.batch_events_max = 1;
  Running running(store, options);
  store.Hold(true);
  std::vector<std::unique_ptr<Answer>> answers;
  Status status;
  while (status.ok()) {
    answers.push_back(std::make_unique<Answer>(std::vector<TestEvent>{Sent("e" + std::to_string(answers.size()))}));
    status = running.engine->Submit(*answers.back());
  }
  CHECK(status.code == StatusCode::kResourceExhausted);
  CHECK(status.reason == reasons::kInboxFull);
  answers.pop_back();
  CHECK(answers.size() <= 4);
  store.Hold(false);
  for (const auto& answer : answers) answer->Wait();
  CHECK(running.Apply(Sent("last")).state == EventState::kApplied);
}

TEST_CASE("when the store fails nothing is acknowledged, and the engine says so for good") {
  ControlledStore store;
  Running running(store);
  REQUIRE(running.Apply(Sent("e1")).state == EventState::kApplied);
  store.Hold(true);
  Answer first({Sent("e2")});
  Answer second({Sent("e3")});
  REQUIRE(running.engine->Submit(first).ok());
  REQUIRE(running.engine->Submit(second).ok());
  store.failure = {StatusCode::kResourceExhausted, reasons::kDiskFull, "the disk is full", {}};
  store.Hold(false);
  first.Wait();
  second.Wait();
  CHECK(first.failure.reason == reasons::kDiskFull);
  CHECK_FALSE(second.failure.ok());
  CHECK(first.results.empty());
  CHECK(running.engine->Health().reason == reasons::kDiskFull);
  Answer later({Sent("e4")});
  const Status refused = running.engine->Submit(later);
  CHECK(refused.code == StatusCode::kUnavailable);
  CHECK(refused.message.find("the disk is full") != std::string::npos);
  CHECK_FALSE(running.engine->Read([](const View&) {}).ok());
  CHECK_FALSE(running.engine->Settle().ok());
}

TEST_CASE("a checkpoint that cannot be written stops the engine") {
  ControlledStore store;
  store.checkpoint_failure = {StatusCode::kResourceExhausted, reasons::kDiskFull, "the disk is full", {}};
  EngineOptions options;
  options.checkpoint_records = 1;
  Running running(store, options);
  for (int i = 0; running.engine->Health().ok() && i < 100'000; ++i) {
    const TestBatch batch({Sent("e" + std::to_string(i))});
    static_cast<void>(running.engine->Apply(batch.inputs()));
  }
  CHECK(running.engine->Health().reason == reasons::kDiskFull);
}

TEST_CASE("a script with errors is not deployed, and the running revision stays") {
  const auto store = NewMemoryStore();
  Running running(*store);
  CHECK(running.Deploy("on SQL set status New\n") == 1);
  const auto result = running.engine->Deploy({{{"bad.stage", "on SQL set status Nwe\n"}}, "mika", "", 0});
  REQUIRE(result);
  CHECK(result->revision == 0);
  CHECK_FALSE(result->diagnostics.empty());
  CHECK(running.engine->Revisions().size() == 1);
}

TEST_CASE("a deployment that expects another revision is aborted") {
  const auto store = NewMemoryStore();
  Running running(*store);
  CHECK(running.Deploy("on SQL set status New\n") == 1);
  CHECK(running.Deploy("on SQL set status Open\n", 1) == 2);
  const auto result = running.engine->Deploy({{{"test.stage", "on SQL set status New\n"}}, "mika", "", 1});
  REQUIRE_FALSE(result);
  CHECK(result.error().code == StatusCode::kAborted);
}

TEST_CASE("deployments at the same moment all get through, one after the other") {
  const auto store = NewMemoryStore();
  Running running(*store);
  std::atomic<int> deployed = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      const auto result = running.engine->Deploy({{{"test.stage", "on SQL set status New\n"}}, "mika", "", 0});
      if (result && result->revision != 0) ++deployed;
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(deployed == 4);
  CHECK(running.engine->Revisions().size() == 4);
}

TEST_CASE("what is due when the engine opens fires before anybody reads") {
  EngineOptions options;
  options.allowed_lateness = 0;
  const auto store = NewMemoryStore();
  {
    Running before(*store, options);
    before.Deploy("after 1 day in status New notify owner \"a day\"\n");
    before.Apply({"e1", "ana", "contact updated", kStart, {}, {{"status", "New"}, {"owner", "mika"}}, CreateMode::kCreateIfMissing, ""});
  }
  Running after(*store, options, kStart + 2 * kDay);
  std::size_t notifications = 0;
  REQUIRE(after.engine->Read([&](const View& view) { notifications = view.notifications().size(); }).ok());
  CHECK(notifications == 1);
}

TEST_CASE("runs are ended and what failed is tried again on the engine's thread") {
  const auto store = NewMemoryStore();
  Running world(*store);
  world.Deploy("rule \"Chase\"\n  on SQL\n  notify owner \"new\"\n  wait 1 day\n  set status Open\n");
  world.Apply({"e1", "ana", "contact updated", kStart, {}, {{"lifecycle", "SQL"}}, CreateMode::kCreateIfMissing, ""});
  std::uint32_t rule = 0;
  std::int64_t failure = 0;
  REQUIRE(world.engine
              ->Read([&](const View& view) {
                rule = view.RulesInProgress().at(0);
                failure = view.failures().at(0).id;
              })
              .ok());
  const auto after = world.engine->Retry(failure, "mika");
  CHECK((after && !after->is_closed));
  CHECK(world.engine->StopRuns({rule, {}, "enough", "mika"}) == 1U);
  CHECK(world.engine->StopRuns({rule, {}, "enough", "mika"}) == 0U);
  CHECK(world.engine->SwitchRule(rule, false, "mika").ok());
  const auto records = world.engine->Records(0, 10);
  REQUIRE(records);
  CHECK(records->size() == 5);
  CHECK(records->front().kind == RecordKind::kSwitch);
}

TEST_CASE("settling fires what is overdue without waiting for quiet, in due order") {
  const auto store = NewMemoryStore();
  Running running(*store);
  running.Deploy(kScript);
  running.clock.Set(kStart + 30 * kDay);
  running.Apply(
      {"e1", "ana", "contact updated", kStart, {}, {{"status", "New"}, {"owner", "aya@acme.example"}}, CreateMode::kCreateIfMissing, ""});
  REQUIRE(running.engine->Settle().ok());
  REQUIRE(running.engine
              ->Read([&](const View& view) {
                CHECK(view.stats().timers == 0);
                CHECK(view.notifications().size() == 1);
              })
              .ok());
}

TEST_CASE("a read never sees a derived value whose time is over") {
  const auto store = NewMemoryStore();
  Running running(*store);
  running.Deploy("score\n  +10 when page viewed \"/pricing\" within 14 days\n");
  running.Apply({"e1", "ana", "page viewed", kStart, {{"page", "/pricing"}}, {}, CreateMode::kCreateIfMissing, ""});
  running.clock.Set(kStart + 14 * kDay);
  REQUIRE(running.engine
              ->Read([&](const View& view) { CHECK(view.NodeOf(*view.FindContact("ana"), view.program().node_names.at("score")) == 0); })
              .ok());
}

TEST_CASE("a read never sees a derived value whose time is over, however many there are") {
  constexpr int kContacts = 2'500;  // more than the engine's thread fires in one step
  const auto store = NewMemoryStore();
  Running running(*store);
  running.Deploy("score\n  +10 when page viewed \"/pricing\" within 14 days\n");
  std::vector<TestEvent> events;
  for (int i = 0; i < kContacts; ++i) {
    const std::string number = std::to_string(i);
    events.push_back({"e" + number, "c" + number, "page viewed", kStart, {{"page", "/pricing"}}, {}, CreateMode::kCreateIfMissing, ""});
  }
  REQUIRE(running.engine->Apply(TestBatch(events).inputs()).has_value());
  running.clock.Set(kStart + 14 * kDay);
  int stale = 0;
  REQUIRE(running.engine
              ->Read([&](const View& view) {
                const std::uint32_t score = view.program().node_names.at("score");
                for (std::uint32_t i = 0; i < view.stats().contacts; ++i) stale += view.NodeOf(*view.ContactAt(i), score) != 0 ? 1 : 0;
              })
              .ok());
  CHECK(stale == 0);
}

TEST_CASE("the history of a contact is its chain of records, newest first") {
  const auto store = NewMemoryStore();
  Running running(*store);
  for (int i = 0; i < 600; ++i) running.Apply(Sent("e" + std::to_string(i), i % 2 == 0 ? "ana" : "ben"));
  const auto page = running.engine->History("ana", 0, 10);
  REQUIRE(page);
  REQUIRE(page->records.size() == 10);
  CHECK(page->records.front().event_id == "e598");
  CHECK(page->records.back().event_id == "e580");
  const auto next = running.engine->History("ana", page->next, 1'000);
  REQUIRE(next);
  CHECK(next->records.size() == 290);
  CHECK(next->next == 0);
  CHECK(running.engine->History("nobody", 0, 10).error().code == StatusCode::kNotFound);
  CHECK(running.engine->History("ben", page->records.front().sequence, 10).error().code == StatusCode::kNotFound);
}

TEST_CASE("an erasure waits until nobody reads the store any more, and nothing else waits") {
  ControlledStore store;
  Running running(store);
  running.Apply(Sent("e1"));
  store.readers = 3;
  CHECK(running.engine->EraseContact({"ana", "mika", 0}).ok());
  CHECK(store.readers < 0);
  CHECK(running.Apply(Sent("e2", "ben")).state == EventState::kApplied);
}

TEST_CASE("an erasure that somebody keeps waiting by reading is answered, and done when the engine writes its next checkpoint") {
  ControlledStore store;
  EngineOptions options;
  options.reader_patience = 0;
  Running running(store, options);
  running.Apply(Sent("e1"));
  store.readers = 1;
  const Status status = running.engine->EraseContact({"ana", "mika", 0});
  CHECK(status.code == StatusCode::kUnavailable);
  CHECK(status.reason == reasons::kStoreBusy);
  CHECK(running.Apply(Sent("e2", "ben")).state == EventState::kApplied);
  // The second erasure waits until both are done.
  CHECK(running.engine->EraseContact({"ben", "mika", 0}).ok());
  CHECK(store.readers < 0);
}

TEST_CASE("many writers and readers at once: every event once, and the state is that of the journal") {
  const stagecraft::tests::TempFolder folder;
  constexpr int kThreads = 3;
  constexpr int kBatches = 40;
  constexpr int kEvents = 50;
  std::string before;
  {
    auto store = OpenSqliteStore(folder.path());
    REQUIRE(store);
    EngineOptions options;
    options.checkpoint_records = 500;
    Running running(**store, options);
    running.Deploy(kScript);
    std::atomic<int> applied = 0;
    std::atomic<int> wrong = 0;
    std::atomic<bool> writing = true;
    std::vector<std::thread> writers;
    for (int t = 0; t < kThreads; ++t) {
      writers.emplace_back([&, t] {
        for (int b = 0; b < kBatches; ++b) {
          std::vector<TestEvent> events;
          for (int i = 0; i < kEvents; ++i) {
            events.push_back(Sent(std::to_string(t) + "." + std::to_string(b) + "." + std::to_string(i),
                                  "c" + std::to_string((t * 7 + b * 13 + i) % 97)));
            if (i % 5 == 0) events.back().properties = {{"lifecycle", "SQL"}};
          }
          const TestBatch batch(events);
          const auto results = running.engine->Apply(batch.inputs());
          if (!results)
            ++wrong;
          else
            for (const EventResult& result : *results) (result.state == EventState::kApplied ? applied : wrong) += 1;
        }
      });
    }
    std::thread reader([&] {
      Sequence last = 0;
      while (writing) {
        const Status status = running.engine->Read([&](const View& view) {
          if (view.stats().last_sequence < last) ++wrong;
          last = view.stats().last_sequence;
          for (std::uint32_t i = 0; i < view.stats().contacts; ++i) {
            if (view.ContactAt(i)->last_sequence() > last) ++wrong;
          }
        });
        const auto history = running.engine->History("c1", 0, 5);
        const bool not_there_yet = !history && history.error().code == StatusCode::kNotFound;
        if (!status.ok() || !(history || not_there_yet)) ++wrong;
      }
    });
    for (std::thread& writer : writers) writer.join();
    writing = false;
    reader.join();
    CHECK(applied == kThreads * kBatches * kEvents);
    CHECK(wrong == 0);
    before = running.Digest();
  }
  auto store = OpenSqliteStore(folder.path());
  REQUIRE(store);
  Running again(**store);
  CHECK(again.Digest() == before);
}

}  // namespace
}  // namespace stagecraft::runtime::tests
