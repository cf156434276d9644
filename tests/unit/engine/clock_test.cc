// The engine under a clock that jumps: forward by a week, back by an hour, and into other zones (docs/semantics.md, E6 … E8).
#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/unit/engine/world.h"

namespace stagecraft::runtime::tests {
namespace {

const char kStays[] = R"(
after 3 days in status New notify "aya@acme.example" "{name} waits"
on joining "Recent" set city "Kyoto"
list "Recent" when page viewed within 2 days
)";

TestEvent New(const std::string& contact, Micros at) {
  return {"new " + contact, contact, "page viewed", at, {}, {{"status", "New"}}, CreateMode::kCreateIfMissing, ""};
}

// An event that says no time of its own.
TestEvent Now(const std::string& id, const std::string& contact) {
  return {id, contact, "email opened", 0, {}, {}, CreateMode::kCreateIfMissing, ""};
}

std::vector<Record> RecordsFrom(World& world, Sequence from) {
  std::vector<Record> records;
  Record record;
  const Status scanned = world.store->ScanJournal(from, [&](const JournalRow& row) {
    return VisitRecords(row, record,
                        [&](const Record& one) {
                          if (one.sequence >= from) records.push_back(one);
                          return true;
                        })
        .ok();
  });
  REQUIRE(scanned.ok());
  return records;
}

}  // namespace

TEST_CASE("the clock jumps forward a week: what was due fires in its order, some at a time, and new events are not held up") {
  constexpr int kContacts = 300;
  constexpr std::uint32_t kAtATime = 25;
  World world;
  world.Deploy(kStays);
  for (int i = 0; i < kContacts; ++i) world.Apply(New("c" + std::to_string(i), kStart + (i * 7 % kContacts) * kSecond));
  const Sequence before = world.core->last_sequence();

  world.clock.Set(kStart + 7 * kDay);
  SECTION("of a running engine") {}
  SECTION("of one that was down meanwhile") {
    world.Restart();
    world.clock.Advance(world.options.allowed_lateness);
  }
  std::uint32_t fired = 0;
  for (int step = 0;; ++step) {
    const std::uint32_t now_fired = world.core->FireDue(kAtATime);
    CHECK(now_fired <= kAtATime);
    fired += now_fired;
    if (now_fired == 0) break;
    const EventResult result = world.Apply(Now("live " + std::to_string(step), "somebody"));
    CHECK(result.state == EventState::kApplied);
    CHECK(result.sequence == world.core->last_sequence());
  }
  CHECK(fired == 2 * kContacts);  // the stays, and the windows of the list

  std::vector<Micros> due;
  for (const Record& record : RecordsFrom(world, before + 1)) {
    if (record.kind == RecordKind::kTimer) due.push_back(record.occurred_at);
  }
  CHECK(due.size() == 2 * kContacts);
  CHECK(std::is_sorted(due.begin(), due.end()));
  CHECK(world.view().notifications().size() == kContacts);
}

TEST_CASE("the clock jumps back an hour: now stays, nothing fires twice, and nothing is lost") {
  World world;
  world.Deploy(kStays);
  world.Apply(New("ana", kStart));
  world.AdvanceTo(kStart + kHour);
  world.Apply(New("ben", kStart + kHour));
  world.AdvanceTo(kStart + 3 * kDay + kHour / 2);
  CHECK(world.view().notifications().size() == 1);
  const Sequence before = world.core->last_sequence();

  world.AdvanceTo(kStart + 3 * kDay - kHour / 2);
  SECTION("of a running engine") {}
  SECTION("of one that starts again, from its journal") { world.Restart(); }
  SECTION("of one that starts again, from its checkpoint") {
    world.Checkpoint();
    world.Restart();
  }
  world.AdvanceTo(kStart + 3 * kDay - kHour / 2 + kSecond);
  CHECK(world.core->last_sequence() == before);
  const EventResult result = world.Apply(Now("later", "cem"));
  CHECK(result.state == EventState::kApplied);
  CHECK(world.view().FindContact("cem")->created_at() == kStart + 3 * kDay + kHour / 2);
  CHECK(world.Apply(Now("again", "ana")).status.message == "");
  world.AdvanceTo(kStart + 3 * kDay + kHour - 1);
  CHECK(world.view().notifications().size() == 1);
  world.AdvanceTo(kStart + 3 * kDay + kHour);
  CHECK(world.view().notifications().size() == 2);
  for (const Record& record : RecordsFrom(world, before + 1)) CHECK(record.received_at >= kStart + 3 * kDay + kHour / 2);
}

TEST_CASE("the zone of the workspace changes by a deployment: schedules and dates go by the new one, and nothing fires by that") {
  const auto script = [](const std::string& zone) {
    return "workspace \"Acme\" time zone \"" + zone + R"("
property renewal date
rule "Daily" every day at 09:00 for each contact notify "aya@acme.example" "{renewal}"
rule "Date" 1 day before renewal notify "aya@acme.example" "tomorrow"
rule "Stay" after 2 days in status New notify "aya@acme.example" "waits"
rule "Waits" on page viewed wait until renewal notify "aya@acme.example" "today"
list "Soon" when renewal within the next 3 days
on joining "Soon" notify "aya@acme.example" "soon"
)";
  };
  World world;
  world.Deploy(script("Europe/Berlin"));
  // 2026-01-01 00:00 UTC is 01:00 in Berlin, 09:00 in Tokyo, and the evening before in New York.
  world.Apply({"e1", "ana", "page viewed", kStart, {}, {{"status", "New"}, {"renewal", "2026-01-06"}}, CreateMode::kCreateIfMissing, ""});
  const auto due_of = [&](const std::string& name) {
    const ir::Program& program = world.view().program();
    for (const ArmedTimer& timer : world.view().FindContact("ana")->timers()) {
      if (program.rules[timer.rule].name == name) return (timer.due - kStart) / kHour;
    }
    return std::int64_t{-1};
  };
  CHECK(due_of("Daily") == 8);
  CHECK(due_of("Date") == 4 * 24 - 1);
  CHECK(due_of("Stay") == 48);
  const auto soon = [&] { return world.Node("ana", "Soon"); };
  world.AdvanceTo(kStart + 44 * kHour);  // the third has begun in Tokyo, not yet in Berlin
  const Sequence before = world.core->last_sequence();
  CHECK(soon() == 0);
  SECTION("to the east") {
    world.Deploy(script("Asia/Tokyo"));
    CHECK(due_of("Daily") == 48);
    CHECK(due_of("Date") == 4 * 24 - 9);
    CHECK(soon() == 1);
    CHECK(world.view().FindContact("ana")->now() == kStart + 44 * kHour);
  }
  SECTION("to the west") {
    world.Deploy(script("America/New_York"));
    CHECK(due_of("Daily") == 48 + 14);
    CHECK(due_of("Date") == 4 * 24 + 5);
    CHECK(soon() == 0);
    CHECK(world.view().FindContact("ana")->now() == kStart + 32 * kHour);
  }
  CHECK(world.core->last_sequence() == before + 1);  // the deployment
  // The run keeps its moment, midnight in Berlin, until its contact has a record.
  CHECK((world.view().FindContact("ana")->runs().front().due - kStart) / kHour == 5 * 24 - 1);
  const std::string digest = Digest(world.view());
  world.Restart();
  CHECK(Digest(world.view()) == digest);
  world.AdvanceTo(kStart + 47 * kHour);
  CHECK(world.core->last_sequence() == before + 1);
}

TEST_CASE("E7: a window that a deployment brings, and that was over before it, sets nothing off") {
  const std::string script = "on page viewed set city \"Kyoto\"\n";
  const std::string with_list = script + R"(
list "Recent" when page viewed within 2 days
on joining "Recent" notify "aya@acme.example" "in"
on leaving "Recent" notify "aya@acme.example" "out"
)";
  World world;
  world.Deploy(script);
  world.Apply(New("ana", kStart));
  world.AdvanceTo(kStart + 9 * kDay);
  world.Apply(New("ben", kStart + 9 * kDay));
  world.AdvanceTo(kStart + 10 * kDay);
  world.Deploy(with_list);
  CHECK(world.Node("ana", "Recent") == 0);
  CHECK(world.Node("ben", "Recent") == 1);
  SECTION("of a running engine") {}
  SECTION("of one that starts again") {
    const std::string digest = Digest(world.view());
    world.Restart();
    CHECK(Digest(world.view()) == digest);
  }
  world.AdvanceTo(kStart + 10 * kDay + kHour);
  CHECK(world.view().notifications().empty());
  world.AdvanceTo(kStart + 11 * kDay);
  CHECK(world.view().notifications().size() == 1);
}

TEST_CASE("E8: what a window owed before a deployment is not lost by it") {
  const std::string script = R"(
list "Recent" when page viewed within 2 days
on leaving "Recent" notify "aya@acme.example" "out"
)";
  World world;
  world.Deploy(script);
  world.Apply(New("ana", kStart));
  world.clock.Set(kStart + 10 * kDay);  // the engine has not got to it yet
  world.Deploy(script + "on email opened set city \"Kyoto\"\n");
  SECTION("of a running engine") {}
  SECTION("of one that starts again") { world.Restart(); }
  world.AdvanceTo(kStart + 10 * kDay + world.options.allowed_lateness);
  CHECK(world.view().notifications().size() == 1);
}

}  // namespace stagecraft::runtime::tests
