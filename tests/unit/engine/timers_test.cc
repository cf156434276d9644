// When timers fire (language.md E6, E7, E8; docs/semantics.md, "Late events and timers").
#include <catch2/catch.hpp>

#include "tests/unit/engine/world.h"

namespace stagecraft::runtime::tests {
namespace {

const char kStays[] = R"(
status
  start   New
  process Open, Connected
team "Sales" "aya@acme.example"
on SQL assign owner from "Sales" by rotation
after 3 days in status New set status Open
after 2 days in status Open notify owner "{name} is open"
)";

const char kStatuses[] = R"(
status
  start   New
  process Open, Connected
)";

TestEvent Set(const std::string& id, const std::string& contact, Micros at, const std::string& status) {
  return {id, contact, "contact updated", at, {}, {{"status", status}, {"owner", "aya@acme.example"}}, CreateMode::kCreateIfMissing, ""};
}

TEST_CASE("E7: a timer fires when it is due, not before, and once") {
  World world;
  world.Deploy(kStays);
  REQUIRE(world.Apply(Set("e1", "ana", kStart, "New")).status.message == "");
  CHECK(world.core->NextDue() == kStart + 3 * kDay);
  CHECK(world.AdvanceTo(kStart + 3 * kDay - 1) == 0);
  CHECK(world.Get("ana", "status") == "New");
  CHECK(world.AdvanceTo(kStart + 3 * kDay) == 1);
  CHECK(world.Get("ana", "status") == "Open");
  CHECK(world.view().stats().timers == 1);
  CHECK(world.AdvanceTo(kStart + 5 * kDay) == 1);
  CHECK(world.view().notifications().size() == 1);
  CHECK(world.view().stats().timers == 0);
  CHECK_FALSE(world.core->NextDue());
}

TEST_CASE("E7: a stay that ends has no timer any more, and the next one counts anew") {
  World world;
  world.Deploy(kStays);
  world.Apply(Set("e1", "ana", kStart, "New"));
  world.clock.Set(kStart + kDay);
  world.Apply(Set("e2", "ana", kStart + kDay, "Connected"));
  CHECK(world.view().stats().timers == 0);
  world.clock.Set(kStart + 2 * kDay);
  world.Apply(Set("e3", "ana", kStart + 2 * kDay, "New"));
  CHECK(world.AdvanceTo(kStart + 5 * kDay - 1) == 0);
  CHECK(world.AdvanceTo(kStart + 5 * kDay) == 1);
}

TEST_CASE("E7: timers survive a restart and fire late rather than never, in the order they were due") {
  World world;
  world.Deploy(kStays);
  world.clock.Set(kStart + kHour);
  world.Apply(Set("e1", "ben", kStart + kHour, "New"));
  world.Apply(Set("e2", "ana", kStart, "New"));
  world.Apply(Set("e3", "cem", kStart + kHour, "New"));
  SECTION("from the journal") {}
  SECTION("from a checkpoint") { world.Checkpoint(); }
  world.clock.Set(kStart + 30 * kDay);
  world.Restart();
  CHECK(world.AdvanceTo(kStart + 30 * kDay) == 0);  // callers that were cut off get their time to send the rest
  const Sequence before = world.core->last_sequence();
  CHECK(world.AdvanceTo(kStart + 30 * kDay + 5 * kSecond) == 6);
  Record record;
  std::vector<std::pair<Micros, std::uint32_t>> fired;
  REQUIRE(world.store
              ->ScanJournal(before + 1,
                            [&](const JournalRow& row) {
                              return VisitRecords(row, record,
                                                  [&](const Record& one) {
                                                    fired.emplace_back(one.occurred_at, one.contact);
                                                    return true;
                                                  })
                                  .ok();
                            })
              .ok());
  const std::vector<std::pair<Micros, std::uint32_t>> expected = {{kStart + 3 * kDay, 1},         {kStart + kHour + 3 * kDay, 0},
                                                                  {kStart + kHour + 3 * kDay, 2}, {kStart + 5 * kDay, 1},
                                                                  {kStart + kHour + 5 * kDay, 0}, {kStart + kHour + 5 * kDay, 2}};
  CHECK(fired == expected);
}

TEST_CASE("a recorded history gives what it would have given live") {
  World live;
  live.Deploy(kStays);
  live.Apply(Set("e1", "ana", kStart, "New"));
  live.AdvanceTo(kStart + 4 * kDay);
  live.Apply({"e2", "ana", "email sent", kStart + 4 * kDay, {}, {}, CreateMode::kMustExist, ""});
  live.AdvanceTo(kStart + 6 * kDay);
  live.Apply(Set("e3", "ana", kStart + 6 * kDay, "Connected"));

  World replay;
  replay.Deploy(kStays);
  replay.clock.Set(kStart + 100 * kDay);
  for (const TestEvent& event :
       {Set("e1", "ana", kStart, "New"), TestEvent{"e2", "ana", "email sent", kStart + 4 * kDay, {}, {}, CreateMode::kMustExist, ""},
        Set("e3", "ana", kStart + 6 * kDay, "Connected")}) {
    replay.Apply(event);
  }
  CHECK(replay.Get("ana", "status") == "Connected");
  CHECK(replay.view().notifications().size() == 1);
  CHECK(Digest(replay.view()) == Digest(live.view()));
}

TEST_CASE("what a late event of one contact makes overdue for the others of its company waits as its own does") {
  World world;
  world.Deploy("on change of company name wait 5 hours set status Open\n");
  for (const std::string id : {"ana", "eva"})
    world.Apply({"join " + id, id, "contact created", kStart, {}, {{"company id", "acme"}}, CreateMode::kCreateIfMissing, ""});
  world.AdvanceTo(kStart + 10 * kHour);
  world.Apply({"e1", "ana", "contact updated", kStart + kHour, {}, {{"company name", "Acme"}}, CreateMode::kMustExist, ""});
  REQUIRE(world.Get("eva", "company name") == "Acme");
  CHECK(world.AdvanceTo(kStart + 10 * kHour) == 0);
  CHECK(world.AdvanceTo(kStart + 10 * kHour + 5 * kSecond) == 2);
  CHECK(world.Get("ana", "status") == "Open");
  CHECK(world.Get("eva", "status") == "Open");
}

TEST_CASE("an overdue timer that a late event armed waits until its contact is quiet") {
  World world;
  world.Deploy(kStays);
  world.clock.Set(kStart + 10 * kDay);
  world.Apply(Set("e1", "ana", kStart, "New"));
  CHECK(world.AdvanceTo(kStart + 10 * kDay + 4 * kSecond) == 0);
  SECTION("and fires when nothing more comes") {
    CHECK(world.core->NextDue() == kStart + 10 * kDay + 5 * kSecond);
    CHECK(world.AdvanceTo(kStart + 10 * kDay + 5 * kSecond) == 2);
    CHECK(world.Get("ana", "status") == "Open");
  }
  SECTION("and waits on when more comes") {
    world.Apply({"e2", "ana", "email sent", kStart + kDay, {}, {}, CreateMode::kMustExist, ""});
    CHECK(world.AdvanceTo(kStart + 10 * kDay + 8 * kSecond) == 0);
    CHECK(world.AdvanceTo(kStart + 10 * kDay + 9 * kSecond) == 2);
  }
  SECTION("and never fires when what comes ends the stay in time") {
    world.Apply(Set("e2", "ana", kStart + kDay, "Connected"));
    CHECK(world.AdvanceTo(kStart + 11 * kDay) == 0);
    CHECK(world.Get("ana", "status") == "Connected");
  }
  SECTION("and fires at once where nobody waits") {
    CHECK(world.core->FireOverdue(1'000) == 2);
    CHECK(world.Get("ana", "status") == "Open");
  }
}

TEST_CASE("E7: a rule that waits for something else after a deployment counts that from its own beginning") {
  World world;
  world.Deploy("rule \"r\" after 9 days without call notify owner \"silence\"" + std::string(kStatuses));
  world.Apply(Set("e1", "ana", kStart, "Open"));
  world.clock.Set(kStart + 5 * kHour);
  world.Apply(Set("e2", "ana", kStart + 5 * kHour, "New"));
  world.Deploy("rule \"r\" after 3 days in status New notify owner \"stay\"" + std::string(kStatuses));
  CHECK(world.core->NextDue() == kStart + 5 * kHour + 3 * kDay);
}

TEST_CASE("E7: what a rule is still to do for one reason it does not do for another after a deployment") {
  World world;
  world.Deploy("rule \"r\" after 1 hour in status New notify owner \"stay\"" + std::string(kStatuses));
  world.Apply(Set("e1", "ana", kStart, "Open"));
  world.clock.Set(kStart + kDay);
  world.Apply(Set("e2", "ana", kStart + kHour, "New"));  // it may not be over yet: the timer waits for the contact to be quiet
  world.Deploy("rule \"r\" after 2 hours without call notify owner \"silence\"" + std::string(kStatuses));
  world.AdvanceTo(kStart + 2 * kDay);
  CHECK(world.view().notifications().empty());
}

TEST_CASE("no more timers fire at a time than are asked for") {
  World world;
  world.Deploy(kStays);
  for (int i = 0; i < 10; ++i) world.Apply(Set("e" + std::to_string(i), "c" + std::to_string(i), kStart, "New"));
  world.clock.Set(kStart + 3 * kDay);
  CHECK(world.core->FireDue(4) == 4);
  CHECK(world.core->FireDue(4) == 4);
  CHECK(world.core->FireDue(4) == 2);
}

TEST_CASE("E8: a point whose window closes is gone at that very moment, and a rule sees it") {
  World world;
  world.Deploy(R"(
property cold yes or no
score
  +10 when page viewed "/pricing" within 14 days
list "Warm" when score >= 10
on leaving "Warm" set cold yes
)");
  world.Apply({"e1", "ana", "page viewed", kStart, {{"page", "/pricing"}}, {}, CreateMode::kCreateIfMissing, ""});
  CHECK(world.Node("ana", "score") == 10);
  CHECK(world.AdvanceTo(kStart + 14 * kDay - 1) == 0);
  CHECK(world.Node("ana", "score") == 10);
  SECTION("as time passes") { CHECK(world.AdvanceTo(kStart + 14 * kDay) == 1); }
  SECTION("after a restart") {
    world.Restart();
    CHECK(world.Node("ana", "score") == 10);
    CHECK(world.AdvanceTo(kStart + 14 * kDay) == 1);
  }
  SECTION("when the next event comes, before it") {
    world.clock.Set(kStart + 20 * kDay);
    world.Apply({"e2", "ana", "email sent", kStart + 20 * kDay, {}, {}, CreateMode::kMustExist, ""});
  }
  CHECK(world.Node("ana", "score") == 0);
  CHECK(world.Get("ana", "cold") == "yes");
}

TEST_CASE("E8: a later event moves the closing of the window") {
  World world;
  world.Deploy("score\n  +10 when page viewed \"/pricing\" within 14 days\n");
  const auto view_page = [&](const std::string& id, Micros at) {
    world.clock.Set(at);
    world.Apply({id, "ana", "page viewed", at, {{"page", "/pricing"}}, {}, CreateMode::kCreateIfMissing, ""});
  };
  view_page("e1", kStart);
  view_page("e2", kStart + 10 * kDay);
  world.AdvanceTo(kStart + 14 * kDay);
  CHECK(world.Node("ana", "score") == 10);
  world.AdvanceTo(kStart + 24 * kDay);
  CHECK(world.Node("ana", "score") == 0);
  CHECK_FALSE(world.core->NextDue());
}

TEST_CASE("E8: a closing by which nothing changes has no record, also when it is looked at again after a restart") {
  World world;
  world.Deploy("score\n  +10 when page viewed \"/pricing\" within 14 days\non email sent when page viewed within 3 days set status Open\n");
  const auto view_page = [&](const std::string& id, Micros at) {
    world.clock.Set(at);
    return world.Apply({id, "ana", "page viewed", at, {{"page", "/pricing"}}, {}, CreateMode::kCreateIfMissing, ""});
  };
  view_page("e1", kStart);
  const Sequence last = view_page("e2", kStart + kDay).sequence;
  world.AdvanceTo(kStart + 5 * kDay);
  CHECK(world.view().FindContact("ana")->now() == kStart + kDay);
  world.Restart();
  world.AdvanceTo(kStart + 14 * kDay);
  CHECK(world.core->NextDue() == kStart + 15 * kDay);
  CHECK(world.core->last_sequence() == last);
  world.AdvanceTo(kStart + 15 * kDay);
  CHECK(world.core->last_sequence() == last + 1);
  CHECK(world.Node("ana", "score") == 0);
  CHECK(world.view().FindContact("ana")->now() == kStart + 15 * kDay);
}

TEST_CASE("E8: who asks for contacts asks by the engine's clock, however long ago something happened to them") {
  World world;
  world.Deploy("on email sent set status Open\n");
  world.Apply({"e1", "ana", "page viewed", kStart, {}, {}, CreateMode::kCreateIfMissing, ""});
  const ConditionResult recent = CompileCondition("created within the last 3 days", world.view().program());
  REQUIRE(recent.condition);
  const Contact& ana = *world.view().FindContact("ana");
  CHECK(world.view().Meets(ana, *recent.condition));
  world.AdvanceTo(kStart + 3 * kDay);
  CHECK_FALSE(world.view().Meets(ana, *recent.condition));
}

}  // namespace
}  // namespace stagecraft::runtime::tests
