// The world of one test: a contact, the engine that decides its events, and a clock that only the test moves.
#ifndef STAGECRAFT_RUNTIME_SCENARIO_TEST_WORLD_H_
#define STAGECRAFT_RUNTIME_SCENARIO_TEST_WORLD_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "runtime/engine/core.h"
#include "runtime/engine/simulated.h"
#include "runtime/model/record.h"
#include "runtime/scenario/coverage.h"
#include "runtime/scenario/prepared.h"
#include "runtime/store/store.h"

namespace stagecraft::runtime {

// Who looks on while a test runs.
struct Onlooker {
  CoverageCounts* counts = nullptr;                  // gets what is seen to happen
  const std::function<bool()>* cancelled = nullptr;  // true ends the test
};

// What a test may keep of what happens, in bytes: tens of thousands of events and timers. A server runs tests that others wrote, and a
// command line runs one on each processor at the same time.
inline constexpr std::size_t kTestBytesMax = 64U << 20;

class TestWorld {
 public:
  // The clock stands at `start`.
  TestWorld(const Prepared& prepared, Micros start, const Onlooker& onlooker);

  // ---- given ----
  // Something that happened before the test began; `at` is not after the start.
  struct Past {
    const sema::TestEvent* event = nullptr;  // as many times as it says
    Micros at = 0;
  };
  // Makes the contact as it is when the test begins. Call once, first.
  Status Begin(const std::vector<sema::TestValue>& facts, std::vector<Past> past);

  // ---- what happens. Each fails when the engine refuses the event, when timers set each other off without end, with
  // RESOURCE_EXHAUSTED when more has happened than kTestBytesMax can hold, and with CANCELLED ----
  // Once, now.
  Status Happen(const sema::TestEvent& event);
  // Somebody says where a user is.
  Status ChangeUser(const sema::TestUser& user);
  // Everything that is due by `moment` happens in its order, then it is `moment`.
  Status PassTo(Micros moment);

  Micros now() const { return clock_.Now(); }
  const Contact& contact() const;
  const View& view() const { return core_->view(); }
  // What was decided by now, oldest first; of deployments there is none.
  const std::vector<Record>& records() const { return records_; }
  // So many of them belong to what is given.
  std::size_t given_records() const { return given_records_; }

 private:
  Status Open(std::shared_ptr<const ir::Program> program, Micros at);
  Status Change(std::shared_ptr<const ir::Program> program);
  // Something was decided. CANCELLED when nobody wants to see more, RESOURCE_EXHAUSTED when it is more than can be kept.
  Status Look();
  // Takes what was decided since the last time into records_.
  void Keep();
  Status HappenTimes(const Past& past);
  // The task that the event is about, as its field `task` says it.
  Result<std::string> TaskOf(const sema::TestEvent& event) const;
  Status Send(std::string_view type, const std::vector<sema::TestValue>& fields, const std::vector<sema::TestValue>& changes,
              CreateMode create);

  const Prepared& prepared_;
  const Onlooker onlooker_;
  const Micros start_;
  std::unique_ptr<Store> store_;
  ManualClock clock_;
  SeededRandom random_{0};
  std::unique_ptr<Core> core_;
  std::shared_ptr<const ir::Program> running_;
  std::vector<Record> records_;
  std::size_t kept_bytes_ = 0;  // about what records_, and the engine and its store for their sake, take up
  Sequence read_through_ = 0;
  std::size_t given_records_ = 0;
  std::uint64_t events_ = 0;
};

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_SCENARIO_TEST_WORLD_H_
