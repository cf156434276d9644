// Tasks that people complete, reopen and change, and the reminders of them.
#include <catch2/catch.hpp>

#include "tests/unit/engine/world.h"

namespace stagecraft::runtime::tests {
namespace {

constexpr const char* kTasks =
    "property calls_done number\n"
    "on contact created create task \"Call {name}\" for owner due in 2 days remind 1 day before\n"
    "on task completed add 1 to calls_done\n";

class Office {
 public:
  explicit Office(const std::string& script = kTasks) {
    world.Deploy(script);
    world.Apply(
        {"new", "ana", "contact created", kStart, {}, {{"owner", "ben@acme.example"}, {"first name", "Ana"}}, CreateMode::kMustCreate, ""});
  }

  EventResult Do(const std::string& type, Micros at, std::vector<std::pair<std::string, std::string>> fields = {}) {
    if (at > world.clock.Now()) world.AdvanceTo(at);
    if (type != "task created") fields.insert(fields.begin(), {"task", std::to_string(task().id)});
    return world.Apply(
        {"t" + std::to_string(++events_), "ana", type, at, std::move(fields), {}, CreateMode::kMustExist, "ben@acme.example"});
  }
  const Task& task() const { return world.view().tasks().at(0); }
  std::string Done() const { return world.Get("ana", "calls_done"); }

  World world;

 private:
  int events_ = 0;
};

TEST_CASE("a task is completed once, and the second time changes nothing and sets nothing off") {
  Office office;
  CHECK_FALSE(office.task().completed);
  CHECK(office.Do("task completed", kStart + kHour).state == EventState::kApplied);
  CHECK(office.task().completed);
  CHECK(office.task().state_at == kStart + kHour);
  CHECK(office.Done() == "1");
  const EventResult again = office.Do("task completed", kStart + 2 * kHour);
  CHECK(again.state == EventState::kApplied);
  CHECK(again.rules_fired == 0);
  CHECK(office.task().state_at == kStart + kHour);
  CHECK(office.Done() == "1");
}

TEST_CASE("a task of somebody else, an unknown one and no task at all are rejected") {
  Office office;
  office.world.Apply({"other", "bob", "contact created", kStart, {}, {}, CreateMode::kMustCreate, ""});
  const std::string id = std::to_string(office.task().id);
  const auto reason = [&](const std::string& contact, std::vector<std::pair<std::string, std::string>> fields) {
    const EventResult result =
        office.world.Apply({"x", contact, "task completed", kStart, std::move(fields), {}, CreateMode::kMustExist, ""});
    CHECK(result.state == EventState::kRejected);
    return std::string(result.status.reason);
  };
  CHECK(reason("bob", {{"task", id}}) == "TASK_NOT_FOUND");
  CHECK(reason("ana", {{"task", "4711"}}) == "TASK_NOT_FOUND");
  CHECK(reason("ana", {{"task", "call"}}) == "INVALID_VALUE");
  CHECK(reason("ana", {}) == "INVALID_VALUE");
  CHECK_FALSE(office.task().completed);
}

TEST_CASE("the assignee of an open task is reminded, also after a restart") {
  Office office;
  if (GENERATE(false, true)) office.world.Checkpoint();
  if (GENERATE(false, true)) office.world.Restart();
  office.world.AdvanceTo(kStart + kDay - 1);
  CHECK(office.world.view().notifications().empty());
  office.world.AdvanceTo(kStart + kDay);
  REQUIRE(office.world.view().notifications().size() == 1);
  CHECK(office.world.view().notifications()[0].recipient == "ben@acme.example");
  CHECK(office.world.view().notifications()[0].text == "task due at 2026-01-03 00:00: Call Ana");
  CHECK(office.world.view().stats().timers == 0);
  office.world.AdvanceTo(kStart + 10 * kDay);
  CHECK(office.world.view().notifications().size() == 1);
}

TEST_CASE("nobody is reminded of a completed task, and of a reopened one again, if the moment is still to come") {
  Office office;
  office.Do("task completed", kStart + kHour);
  CHECK(office.world.view().stats().timers == 0);
  SECTION("completed") {
    office.world.AdvanceTo(kStart + 3 * kDay);
    CHECK(office.world.view().notifications().empty());
  }
  SECTION("reopened in time") {
    office.Do("task reopened", kStart + 2 * kHour);
    CHECK_FALSE(office.task().completed);
    office.world.AdvanceTo(kStart + 3 * kDay);
    CHECK(office.world.view().notifications().size() == 1);
  }
  SECTION("reopened too late") {
    office.world.AdvanceTo(kStart + 3 * kDay);
    office.Do("task reopened", kStart + 3 * kDay);
    office.world.AdvanceTo(kStart + 4 * kDay);
    CHECK(office.world.view().notifications().empty());
  }
}

TEST_CASE("a task is given to somebody else, and its reminder moves with its due time") {
  Office office;
  office.Do("task changed", kStart + kHour, {{"assignee", "aya@acme.example"}, {"due", "2026-01-05T12:00:00Z"}, {"priority", "high"}});
  CHECK(office.task().assignee == "aya@acme.example");
  CHECK(office.task().due_at == kStart + 4 * kDay + 12 * kHour);
  CHECK(office.task().remind_at == kStart + 3 * kDay + 12 * kHour);
  CHECK(office.task().priority == static_cast<std::uint8_t>(ir::Priority::kHigh));
  office.world.AdvanceTo(kStart + 2 * kDay);
  CHECK(office.world.view().notifications().empty());
  office.world.AdvanceTo(kStart + 4 * kDay);
  REQUIRE(office.world.view().notifications().size() == 1);
  CHECK(office.world.view().notifications()[0].recipient == "aya@acme.example");
}

TEST_CASE("a late word on a task does not undo a newer one (E6)") {
  Office office;
  office.world.AdvanceTo(kStart + 6 * kHour);
  office.Do("task completed", kStart + 4 * kHour);
  office.Do("task reopened", kStart + 5 * kHour);
  office.Do("task completed", kStart + 4 * kHour + 1);
  CHECK_FALSE(office.task().completed);
  office.Do("task changed", kStart + 3 * kHour, {{"title", "Write"}});
  CHECK(office.task().title == "Write");
  office.Do("task changed", kStart + 2 * kHour, {{"title", "Shout"}});
  CHECK(office.task().title == "Write");
}

TEST_CASE("what an event says of a task as it is already is no word on it") {
  Office office;
  office.world.AdvanceTo(kStart + 6 * kHour);
  office.Do("task changed", kStart + 3 * kHour, {{"title", "Write"}});
  const auto refused = [&](Micros at, std::vector<std::pair<std::string, std::string>> fields) {
    const Sequence sequence = office.Do("task changed", at, std::move(fields)).sequence;
    bool found = false;
    Record scratch;
    REQUIRE(office.world.store
                ->ScanJournal(sequence,
                              [&](const JournalRow& row) {
                                return VisitRecords(row, scratch,
                                                    [&](const Record& record) {
                                                      for (const Effect& effect : record.effects)
                                                        found = found || effect.kind == EffectKind::kRefused;
                                                      return true;
                                                    })
                                    .ok();
                              })
                .ok());
    return found;
  };
  CHECK_FALSE(refused(kStart + 2 * kHour, {}));
  CHECK_FALSE(refused(kStart + 2 * kHour, {{"title", "Write"}}));
  CHECK(refused(kStart + 2 * kHour, {{"title", "Shout"}}));
  office.Do("task changed", kStart + 5 * kHour, {{"title", "Write"}});
  CHECK_FALSE(refused(kStart + 4 * kHour, {{"title", "Call"}}));
  CHECK(office.task().title == "Call");
}

TEST_CASE("another attempt at a failed event about a task does what that event says of its task, and nothing to another") {
  World world;
  world.options.rounds_max = 6;
  world.Restart();
  world.Deploy(
      "property pings number\nproperty pongs number\n"
      "on contact created create task \"Call {name}\"\n"
      "on task completed when status is Open add 1 to pings\n"
      "on change of pings add 1 to pongs\n"
      "on change of pongs add 1 to pings\n");
  int events = 0;
  const auto send = [&](const std::string& contact, const std::string& type, std::vector<std::pair<std::string, std::string>> fields,
                        std::vector<std::pair<std::string, std::string>> properties = {}) {
    const std::string id = "e" + std::to_string(++events);
    return world.Apply({id, contact, type, kStart, std::move(fields), std::move(properties), CreateMode::kCreateIfMissing, ""}).state;
  };
  send("ana", "contact created", {}, {{"status", "Open"}});
  send("bob", "contact created", {});
  const std::string of_ana = std::to_string(world.view().tasks()[0].id);
  const std::string of_bob = std::to_string(world.view().tasks()[1].id);
  REQUIRE(send("ana", "task completed", {{"task", of_ana}}) == EventState::kFailed);
  send("ana", "contact updated", {}, {{"status", "New"}});
  SECTION("behind one about another task") { send("bob", "task changed", {{"task", of_bob}, {"title", "Write"}}); }
  SECTION("behind another event") {}
  Failure after;
  REQUIRE(world.core->Retry(world.view().failures()[0].id, "mika@acme.example", after).ok());
  CHECK(after.is_closed);
  CHECK(world.view().tasks()[0].completed);
  CHECK_FALSE(world.view().tasks()[1].completed);
}

TEST_CASE("people make tasks, but not for somebody who is deactivated") {
  Office office;
  CHECK(office.Do("task created", kStart, {{"title", "Send the contract"}, {"assignee", "aya@acme.example"}}).state ==
        EventState::kApplied);
  REQUIRE(office.world.view().tasks().size() == 2);
  CHECK(office.world.view().tasks()[1].title == "Send the contract");
  UserChange change;
  change.user = "aya@acme.example";
  change.deactivated = true;
  REQUIRE(office.world.core->ChangeUser(change).ok());
  const EventResult refused = office.Do("task created", kStart, {{"title", "Again"}, {"assignee", "Aya@acme.example"}});
  CHECK(refused.status.reason == std::string("USER_DEACTIVATED"));
  CHECK(office.Do("task created", kStart, {{"assignee", "ben@acme.example"}}).status.reason == std::string("INVALID_VALUE"));
}

TEST_CASE("a rule waits until a task is completed") {
  Office office(
      "rule \"Chase\"\n  on contact created\n  create task \"Call\" for owner\n  wait until task completed\n  set status Connected\n");
  CHECK(office.world.Get("ana", "status").empty());
  office.Do("task completed", kStart + kHour);
  CHECK(office.world.Get("ana", "status") == "Connected");
}

TEST_CASE("what people do to tasks is the same after a crash, whatever the checkpoint holds") {
  const int checkpoint_at = GENERATE(0, 1, 2, 3, 4);
  Office office;
  const auto at = [&](int step) {
    if (step == checkpoint_at) office.world.Checkpoint();
  };
  at(0);
  office.Do("task changed", kStart + kHour, {{"title", "Write"}, {"due", "2026-01-08T00:00:00Z"}});
  at(1);
  office.Do("task completed", kStart + 2 * kHour);
  at(2);
  office.Do("task reopened", kStart + 3 * kHour);
  at(3);
  office.Do("task created", kStart + 4 * kHour, {{"title", "Another"}, {"due", "2026-01-09T00:00:00Z"}});
  at(4);
  const std::string before = Digest(office.world.view());
  office.world.Restart();
  CHECK(Digest(office.world.view()) == before);
  office.world.Checkpoint();
  office.world.Restart();
  CHECK(Digest(office.world.view()) == before);
}

}  // namespace
}  // namespace stagecraft::runtime::tests
