// The dispatcher with its threads, on an engine with its own.
#include "runtime/outbox/dispatcher.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>

#include "runtime/outbox/simulated.h"
#include "tests/unit/engine/world.h"

namespace stagecraft::runtime::tests {
namespace {

const char kSendingScript[] = R"(
on SQL call webhook "crm" with email
on MQL call webhook "slow" with email
)";

// Something that another thread counts and this one waits for.
class Counter {
 public:
  void Add() {
    const std::lock_guard lock(mutex_);
    ++count_;
    changed_.notify_all();
  }
  bool WaitFor(int count) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(60), [&] { return count_ >= count; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int count_ = 0;
};

struct Running {
  explicit Running(Store& store) {
    auto opened = Engine::Open(store, clock, random, {});
    if (!opened) FAIL(opened.error().message);
    engine = std::move(*opened);
  }

  void Deploy() { REQUIRE(engine->Deploy({{{"test.stage", kSendingScript}}, "mika", "", 0})->revision == 1); }
  void Become(const std::string& stage, int from, int to) {
    std::vector<TestEvent> events;
    for (int i = from; i < to; ++i) {
      const std::string contact = stage + std::to_string(i);
      events.push_back({contact, contact, "contact updated", kStart, {}, {{"lifecycle", stage}}, CreateMode::kCreateIfMissing, ""});
    }
    const TestBatch batch(std::move(events));
    REQUIRE(engine->Apply(batch.inputs()));
  }
  std::uint64_t CountOf(DispatchState state) {
    std::uint64_t count = 0;
    REQUIRE(engine->Read([&](const View& view) { count = view.stats().dispatches[static_cast<std::size_t>(state)]; }).ok());
    return count;
  }

  ManualClock clock{kStart};
  SeededRandom random{1};
  std::unique_ptr<Engine> engine;
};

DispatcherOptions Options() {
  DispatcherOptions options;
  options.concurrency = 4;
  return options;
}

TEST_CASE("all that there is, and all that comes, is sent, each once") {
  const auto store = NewMemoryStore();
  Running running(*store);
  running.Deploy();
  running.Become("SQL", 0, 500);
  Counter sent;
  SimulatedChannel channel([&](const Outgoing&) {
    sent.Add();
    return SendResult();
  });
  {
    const auto dispatcher = Dispatcher::Start(*running.engine, channel, running.clock, running.random, Options());
    running.Become("SQL", 500, 1'000);
    REQUIRE(sent.WaitFor(1'000));
  }
  std::set<std::string> keys;
  for (const Outgoing& message : channel.given()) keys.insert(message.key);
  CHECK(channel.given().size() == 1'000);
  CHECK(keys.size() == 1'000);
  CHECK(running.CountOf(DispatchState::kSent) == 1'000);
}

TEST_CASE("a receiver that hangs does not hold up the others, and what hangs at the end is sent the next time") {
  // Blocks for the one destination until it is told to stop.
  class HangingChannel final : public Channel {
   public:
    SendResult Send(const Outgoing& message) override {
      if (message.name == "crm") {
        sent.Add();
        return {};
      }
      std::unique_lock lock(mutex_);
      stopped_changed_.wait(lock, [this] { return stopped_; });
      return {SendEnd::kCut, {}, {}};
    }
    void Stop() override {
      const std::lock_guard lock(mutex_);
      stopped_ = true;
      stopped_changed_.notify_all();
    }
    Counter sent;

   private:
    std::mutex mutex_;
    std::condition_variable stopped_changed_;
    bool stopped_ = false;
  };
  const auto store = NewMemoryStore();
  Running running(*store);
  running.Deploy();
  running.Become("MQL", 0, 50);
  running.Become("SQL", 0, 200);
  {
    HangingChannel channel;
    DispatcherOptions options = Options();
    options.outbox.per_destination = 2;
    const auto dispatcher = Dispatcher::Start(*running.engine, channel, running.clock, running.random, options);
    REQUIRE(channel.sent.WaitFor(200));
  }
  CHECK(running.CountOf(DispatchState::kSent) == 200);
  CHECK(running.CountOf(DispatchState::kPending) == 50);
  Counter sent;
  SimulatedChannel channel([&](const Outgoing&) {
    sent.Add();
    return SendResult();
  });
  {
    const auto dispatcher = Dispatcher::Start(*running.engine, channel, running.clock, running.random, Options());
    REQUIRE(sent.WaitFor(50));
  }
  CHECK(running.CountOf(DispatchState::kSent) == 250);
}

TEST_CASE("what is given up is said, and sent when somebody has it tried again") {
  const auto store = NewMemoryStore();
  Running running(*store);
  running.Deploy();
  Counter warned, sent;
  std::atomic<bool> works = false;
  SimulatedChannel channel([&](const Outgoing&) {
    if (!works) return SendResult{SendEnd::kRefused, "no destination named `crm`", {}};
    sent.Add();
    return SendResult();
  });
  DispatcherOptions options = Options();
  std::string line;
  options.warn = [&](const std::string& text) {
    line = text;
    warned.Add();
  };
  {
    const auto dispatcher = Dispatcher::Start(*running.engine, channel, running.clock, running.random, options);
    running.Become("SQL", 0, 1);
    REQUIRE(warned.WaitFor(1));
    works = true;
    std::int64_t id = 0;
    // Dead once the engine has put it down.
    while (running.CountOf(DispatchState::kDead) == 0) std::this_thread::yield();
    REQUIRE(running.engine->Read([&](const View& view) { id = view.dispatches().at(0).id; }).ok());
    CHECK(line == "delivery " + std::to_string(id) + " to webhook crm is dead: no destination named `crm`");
    REQUIRE(running.engine->RetryDispatch(id).ok());
    REQUIRE(sent.WaitFor(1));
  }
  CHECK(running.CountOf(DispatchState::kSent) == 1);
}

}  // namespace
}  // namespace stagecraft::runtime::tests
