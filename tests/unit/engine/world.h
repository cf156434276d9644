// A core in a simulated world: one thread, a hand-moved clock, a store in memory that survives "restarts".
#ifndef STAGECRAFT_TESTS_UNIT_ENGINE_WORLD_H_
#define STAGECRAFT_TESTS_UNIT_ENGINE_WORLD_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/engine/core.h"
#include "runtime/engine/simulated.h"
#include "runtime/store/memory_store.h"

namespace stagecraft::runtime::tests {

inline constexpr Micros kSecond = 1'000'000;
inline constexpr Micros kHour = 3'600 * kSecond;
inline constexpr Micros kDay = 24 * kHour;
inline constexpr Micros kStart = 1'767'225'600 * kSecond;  // 2026-01-01T00:00:00Z, a Thursday

// An event that owns its texts.
struct TestEvent {
  std::string id;
  std::string contact;
  std::string type;
  Micros at = 0;
  std::vector<std::pair<std::string, std::string>> fields;
  std::vector<std::pair<std::string, std::string>> properties;
  CreateMode create = CreateMode::kCreateIfMissing;
  std::string actor;
};

// The events as the engine takes them.
class TestBatch {
 public:
  explicit TestBatch(std::vector<TestEvent> events);
  TestBatch(const TestBatch&) = delete;
  TestBatch& operator=(const TestBatch&) = delete;
  std::span<const EventInput> inputs() const { return inputs_; }

 private:
  const std::vector<TestEvent> events_;
  std::vector<std::vector<NamedInput>> values_;
  std::vector<EventInput> inputs_;
};

// All that a state is: contacts to the byte, derived values, tasks, notifications, deals, deliveries and what came of them, companies.
std::string Digest(const View& view);

// A revision made of one script; fails the test when it does not compile.
Deployment MakeDeployment(Core& core, const std::string& script);

// What most tests run.
extern const char kScript[];

class World {
 public:
  explicit World(EngineOptions options = {});

  // As after a crash: nothing is there but what was committed.
  void Restart();
  // `enrol`: contacts that are there already are enrolled.
  void Deploy(const std::string& script, bool enrol = false);

  // Decides one event and commits.
  EventResult Apply(const TestEvent& event);
  // Moves the clock and fires what is due by then; gives how many.
  std::uint32_t AdvanceTo(Micros at);
  // Writes all parts of a checkpoint; gives how many.
  int Checkpoint();

  const View& view() const { return core->view(); }
  // The property of a contact as people read it; empty: unset.
  std::string Get(std::string_view contact, std::string_view property) const;
  std::int64_t Node(std::string_view contact, std::string_view name) const;

  std::unique_ptr<Store> store = NewMemoryStore();
  ManualClock clock{kStart};
  SeededRandom random{1};
  EngineOptions options;
  std::unique_ptr<Core> core;
};

}  // namespace stagecraft::runtime::tests

#endif  // STAGECRAFT_TESTS_UNIT_ENGINE_WORLD_H_
