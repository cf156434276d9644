// Runs under the engine: restarts, checkpoints and deployments (docs/semantics.md, "E10 Runs and waits").
#include <catch2/catch.hpp>

#include "runtime/engine/history.h"
#include "runtime/explain/describe.h"
#include "tests/unit/engine/world.h"

namespace stagecraft::runtime::tests {
namespace {

const char kWaits[] = R"(
pipeline Sales Qualified 20%
template "intro" subject "Hello {first name}" body "Hi"
rule "Chase"
  on SQL
  set status New
  send email "intro"
  create deal "{name}" in pipeline Sales at Qualified
  wait 2 days
  set status Open
  wait 1 day
  set status Connected
1 hour after meeting ends set job title "met"
)";

std::string With(std::string script, const std::string& what, const std::string& by) {
  const std::size_t at = script.find(what);
  REQUIRE(at != std::string::npos);
  return script.replace(at, what.size(), by);
}

TestEvent BecomesSql(const std::string& id, const std::string& contact, Micros at) {
  return {id, contact, "meeting ends", at, {}, {{"lifecycle", "SQL"}, {"email", "a@b.example"}}, CreateMode::kCreateIfMissing, ""};
}

// The newest record of the contact, as the journal has it.
Record Newest(World& world, std::string_view contact) {
  History history(*world.store);
  auto record = history.Find(world.view().FindContact(contact)->last_sequence());
  REQUIRE(record);
  return *record;
}

RunEnd EndIn(const Record& record) {
  REQUIRE(record.effects.size() == 1);
  REQUIRE(record.effects.front().kind == EffectKind::kRunEnded);
  return static_cast<RunEnd>(record.effects.front().detail);
}

// What the newest record of the contact, which moves one run, says for people.
std::string MovedIn(World& world, std::string_view contact) {
  const Record record = Newest(world, contact);
  REQUIRE(record.effects.size() == 1);
  return DescribeEffect(world.view().program(), record, record.effects.front())->text;
}

}  // namespace

TEST_CASE("a run that waits survives a restart, and goes on at its time") {
  World world;
  world.Deploy(kWaits);
  REQUIRE(world.Apply(BecomesSql("e1", "ana", kStart)).status.message == "");
  REQUIRE(world.view().FindContact("ana")->runs().size() == 2);
  CHECK(world.view().stats().timers == 2);
  const std::string before = Digest(world.view());
  SECTION("from the journal") {}
  SECTION("from a checkpoint") { world.Checkpoint(); }
  world.Restart();
  CHECK(Digest(world.view()) == before);
  CHECK(world.core->NextDue() == kStart + kHour);
  CHECK(world.AdvanceTo(kStart + kHour) == 1);
  CHECK(world.Get("ana", "job title") == "met");
  CHECK(world.AdvanceTo(kStart + 2 * kDay - 1) == 0);
  CHECK(world.AdvanceTo(kStart + 2 * kDay) == 1);
  CHECK(world.Get("ana", "status") == "Open");
  world.Restart();
  CHECK(world.AdvanceTo(kStart + 3 * kDay) == 1);
  CHECK(world.Get("ana", "status") == "Connected");
  CHECK(world.view().FindContact("ana")->runs().empty());
  CHECK(world.view().stats().timers == 0);
}

TEST_CASE("what is to be sent is announced once, and again when somebody wants it tried again") {
  World world;
  world.Deploy("on SQL call webhook \"crm\" with email");
  world.Apply({"e1", "ana", "contact updated", kStart, {}, {{"lifecycle", "SQL"}}, CreateMode::kCreateIfMissing, ""});
  std::vector<std::int64_t> opened;
  world.core->TakeOpened(opened);
  REQUIRE(opened.size() == 1);
  Dispatch dispatch = world.view().dispatches().at(0);
  CHECK(opened[0] == dispatch.id);
  CHECK(ItemOf(dispatch.id) == world.view().deliveries().at(0).id);
  opened.clear();
  world.core->TakeOpened(opened);
  CHECK(opened.empty());

  dispatch.state = DispatchState::kDead;
  dispatch.attempts = 1;
  dispatch.tried_at = kStart;
  dispatch.error = "refused";
  world.core->PutOutcomes({&dispatch, 1});
  REQUIRE(world.core->Commit().ok());
  const std::string before = Digest(world.view());
  world.Restart();
  CHECK(Digest(world.view()) == before);
  CHECK(world.view().dispatches()[0] == dispatch);
  CHECK(world.view().stats().dispatches[static_cast<std::size_t>(DispatchState::kDead)] == 1);
  world.core->TakeOpened(opened);
  CHECK(opened.empty());
  REQUIRE(world.core->RetryDispatch(dispatch.id).ok());
  world.core->TakeOpened(opened);
  CHECK(opened == std::vector<std::int64_t>{dispatch.id});
}

TEST_CASE("deals and deliveries survive a restart") {
  World world;
  world.Deploy(kWaits);
  REQUIRE(world.Apply(BecomesSql("e1", "ana", kStart)).status.message == "");
  SECTION("from the journal") {}
  SECTION("from a checkpoint") { world.Checkpoint(); }
  world.Restart();
  REQUIRE(world.view().deals().size() == 1);
  CHECK(world.view().deals().front().stage == "Qualified");
  REQUIRE(world.view().deliveries().size() == 1);
  CHECK(world.view().deliveries().front().recipient == "a@b.example");
}

TEST_CASE("a deployment that keeps the rule keeps its runs") {
  World world;
  world.Deploy(kWaits);
  world.Apply(BecomesSql("e1", "ana", kStart));
  world.Deploy(std::string(kWaits) + "on MQL set status New\n");
  CHECK(world.view().FindContact("ana")->runs().size() == 2);
  world.AdvanceTo(kStart + 3 * kDay);
  CHECK(world.Get("ana", "status") == "Connected");
}

TEST_CASE("a deployment that changes the rule lets its runs end as they began") {
  World world;
  world.Deploy(kWaits);
  world.Apply(BecomesSql("e1", "ana", kStart));
  const std::string changed = With(kWaits, "set status Open", "set status \"Attempted to Contact\"");
  world.Deploy(changed);
  CHECK(world.view().FindContact("ana")->runs().size() == 2);
  CHECK(MovedIn(world, "ana") == "rule \"Chase\" goes on as it began, with the rule of revision 1");
  // What begins now is of the new rule; the two do not mix.
  world.Apply(BecomesSql("e2", "ben", kStart));
  const std::string before = Digest(world.view());
  SECTION("from the journal") {}
  SECTION("from a checkpoint") { world.Checkpoint(); }
  world.Restart();
  CHECK(Digest(world.view()) == before);
  world.AdvanceTo(kStart + 2 * kDay);
  CHECK(world.Get("ana", "status") == "Open");
  CHECK(world.Get("ben", "status") == "Attempted to Contact");
  world.AdvanceTo(kStart + 3 * kDay);
  CHECK(world.Get("ana", "status") == "Connected");
  CHECK(world.view().FindContact("ana")->runs().empty());
}

TEST_CASE("runs of several generations of a rule go on beside each other, and what has no runs is given up") {
  World world;
  world.Deploy(kWaits);
  world.Apply(BecomesSql("e1", "ana", kStart));
  world.Deploy(With(kWaits, "set status Open", "set status \"Attempted to Contact\""));
  world.Apply(BecomesSql("e2", "ben", kStart));
  world.Deploy(With(kWaits, "set status Open", "set status Unqualified"));
  world.Apply(BecomesSql("e3", "cem", kStart));
  world.Restart();
  CHECK(world.view().program().layout.retired.size() == 2);
  world.AdvanceTo(kStart + 2 * kDay);
  CHECK(world.Get("ana", "status") == "Open");
  CHECK(world.Get("ben", "status") == "Attempted to Contact");
  CHECK(world.Get("cem", "status") == "Unqualified");
  world.AdvanceTo(kStart + 3 * kDay);
  world.Deploy(With(kWaits, "set status Open", "set status \"In Progress\""));
  CHECK(world.view().program().layout.retired.empty());
}

TEST_CASE("a rule that does again what it did has its runs back") {
  World world;
  world.Deploy(kWaits);
  world.Apply(BecomesSql("e1", "ana", kStart));
  const std::uint32_t rule = world.view().FindContact("ana")->runs().back().rule;
  world.Deploy(With(kWaits, "set status Open", "set status \"Attempted to Contact\""));
  CHECK(world.view().FindContact("ana")->runs().back().rule != rule);
  world.Deploy(kWaits);
  CHECK(world.view().FindContact("ana")->runs().back().rule == rule);
  CHECK(world.view().program().layout.retired.empty());
}

TEST_CASE("E10: a run that goes on as it began counts as one of the rule") {
  World world;
  world.Deploy(kWaits);
  world.Apply(BecomesSql("e1", "ana", kStart));
  world.Deploy(With(kWaits, "set status Open", "set status \"Attempted to Contact\""));
  const auto becomes = [&](const std::string& id, const std::string& stage) {
    return world.Apply({id, "ana", "contact updated", world.clock.Now(), {}, {{"lifecycle", stage}}, CreateMode::kMustExist, ""});
  };
  CHECK(becomes("e2", "MQL").status.ok());
  CHECK(becomes("e3", "SQL").rules_fired == 0);
  world.AdvanceTo(kStart + 3 * kDay);
  CHECK(becomes("e4", "MQL").status.ok());
  CHECK(becomes("e5", "SQL").rules_fired == 1);
}

TEST_CASE("a deployment without the rule lets its runs end as they began") {
  World world;
  world.Deploy(kWaits);
  world.Apply(BecomesSql("e1", "ana", kStart));
  world.Deploy("template \"intro\" subject \"Hello\" body \"Hi\"\npipeline Sales Qualified 20%\n");
  // The announced run of the rule that is gone does not begin any more.
  REQUIRE(world.view().FindContact("ana")->runs().size() == 1);
  world.Restart();
  world.AdvanceTo(kStart + 3 * kDay);
  CHECK(world.Get("ana", "status") == "Connected");
}

TEST_CASE("a run whose code no longer fits the scripts ends, and says why") {
  World world;
  world.Deploy(kWaits);
  world.Apply(BecomesSql("e1", "ana", kStart));
  world.AdvanceTo(kStart + kHour);
  world.Deploy("on MQL set status New\n");
  const Record record = Newest(world, "ana");
  CHECK(EndIn(record) == RunEnd::kNotFitting);
  CHECK(record.effects.front().text == "there is no template \"intro\"");
  CHECK(world.view().FindContact("ana")->runs().empty());
  CHECK_FALSE(world.core->NextDue());
}

TEST_CASE("the runs of a disabled rule stand still, and go on late when it is no longer disabled") {
  World world;
  world.Deploy(kWaits);
  world.Apply(BecomesSql("e1", "ana", kStart));
  world.AdvanceTo(kStart + kHour);
  world.Deploy(With(kWaits, "on SQL", "on SQL disabled"));
  CHECK(world.view().FindContact("ana")->runs().size() == 1);
  CHECK_FALSE(world.core->NextDue());
  world.Restart();
  CHECK(world.AdvanceTo(kStart + 4 * kDay) == 0);
  CHECK(world.Get("ana", "status") == "New");
  world.Deploy(kWaits);
  world.AdvanceTo(kStart + 4 * kDay + kHour);
  CHECK(world.Get("ana", "status") == "Connected");
}

TEST_CASE("a rule whose words mean more options by a deployment has its runs still") {
  const std::string script = R"(
status
  start   New
  process Open, Connected
rule "r" on SQL when status before Connected wait 2 days set job title "waited"
)";
  World world;
  world.Deploy(script);
  world.Apply({"e1", "ana", "contact updated", kStart, {}, {{"lifecycle", "SQL"}, {"status", "New"}}, CreateMode::kCreateIfMissing, ""});
  world.Deploy(With(script, "Open,", "Open, Trying,"));
  REQUIRE(world.view().FindContact("ana")->runs().size() == 1);
  world.AdvanceTo(kStart + 2 * kDay);
  CHECK(world.Get("ana", "job title") == "waited");
}

TEST_CASE("a run that stands still follows the date that it waits for") {
  const std::string script = "property demo time\nrule \"r\" on SQL wait until demo set job title \"met\"\n";
  const auto says = [](const std::string& id, const std::string& demo) {
    return TestEvent{id, "ana", "contact updated", kStart, {}, {{"lifecycle", "SQL"}, {"demo", demo}}, CreateMode::kCreateIfMissing, ""};
  };
  World world;
  world.Deploy(script);
  world.Apply(says("e1", "2026-01-20T00:00:00Z"));
  world.Deploy(With(script, "on SQL", "on SQL disabled"));
  world.Apply(says("e2", "2026-01-02T00:00:00Z"));
  world.AdvanceTo(kStart + 3 * kDay);
  CHECK(world.Get("ana", "job title").empty());
  world.Deploy(script);
  world.AdvanceTo(kStart + 3 * kDay);
  CHECK(world.Get("ana", "job title") == "met");
}

TEST_CASE("`migrate`: a run goes on at the same wait of the changed rule") {
  World world;
  world.Deploy(kWaits);
  world.Apply(BecomesSql("e1", "ana", kStart));
  const std::string migrating = With(kWaits, "on SQL\n", "on SQL migrate\n");
  SECTION("when it is a wait there as well") {
    world.Deploy(With(migrating, "set status Open", "set status \"Attempted to Contact\""));
    world.AdvanceTo(kStart + 2 * kDay);
    CHECK(world.Get("ana", "status") == "Attempted to Contact");
  }
  SECTION("when it is another action, it ends") {
    world.Deploy(With(migrating, "  send email \"intro\"\n", ""));
    CHECK(EndIn(Newest(world, "ana")) == RunEnd::kRuleChanged);
  }
}

TEST_CASE("nothing fires by a deployment: dates and silences that have passed get no timer, others do") {
  World world;
  world.Deploy("property contract_end date\n");
  const auto with_date = [](const std::string& id, const std::string& contact, const std::string& date) {
    return TestEvent{id, contact, "contact updated", kStart, {}, {{"contract_end", date}}, CreateMode::kCreateIfMissing, ""};
  };
  world.Apply(with_date("e1", "ana", "2026-03-01"));
  world.Apply(with_date("e2", "ben", "2026-01-10"));
  world.clock.Set(kStart + 5 * kDay);
  const std::string script =
      "property contract_end date\n30 days before contract_end set status Open\nafter 3 days without activity set status New\n"
      "after 30 days without activity set status New\n";
  world.Deploy(script);
  const std::string before = Digest(world.view());
  CHECK(world.view().FindContact("ana")->timers().size() == 2);
  CHECK(world.view().FindContact("ben")->timers().size() == 1);
  world.Restart();
  CHECK(Digest(world.view()) == before);
  world.AdvanceTo(kStart + 30 * kDay);
  CHECK(world.Get("ana", "status") == "New");
}

TEST_CASE("a schedule goes on after a restart and a deployment") {
  World world;
  const std::string script = "list \"Owned\" when owner is set\nevery day at 09:00 for each contact in \"Owned\" notify owner \"day\"\n";
  world.Deploy(script);
  world.Apply({"e1", "ana", "contact updated", kStart, {}, {{"owner", "ben@acme.example"}}, CreateMode::kCreateIfMissing, ""});
  CHECK(world.AdvanceTo(kStart + kDay) == 1);
  world.Restart();
  CHECK(world.AdvanceTo(kStart + 2 * kDay) == 1);
  world.Deploy(With(script, "09:00", "10:00"));
  CHECK(world.core->NextDue() == kStart + 2 * kDay + 10 * kHour);
  CHECK(world.AdvanceTo(kStart + 3 * kDay) == 1);
  CHECK(world.view().notifications().size() == 3);
}

}  // namespace stagecraft::runtime::tests
