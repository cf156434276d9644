// E6, E7 and E8 on programs made by hand: event time, timers, windows.
#include <catch2/catch.hpp>

#include "tests/support/program_builder.h"
#include "tests/support/simulation.h"

namespace stagecraft::runtime {
namespace {

using namespace std::string_view_literals;
using B = ProgramBuilder;
using Lines = std::vector<std::string>;

constexpr Micros kStart = 1'790'000'000'000'000;
constexpr Micros kHour = 3'600'000'000;
constexpr Micros kDay = 24 * kHour;

struct Script : ProgramBuilder {
  std::uint32_t status = Options("status", {"New", "Open", "Connected"});
  std::uint32_t note = Property("note", ir::Type::kText);
  std::uint32_t budget = Property("budget", ir::Type::kMoney);
  std::uint32_t visit = Event("page viewed");
};

struct Play {
  explicit Play(Script& script, ExecLimits limits = {}) : simulation(script.Build(), kStart, limits) {}

  Lines Do(std::string_view type, Micros at, const std::vector<NamedInput>& properties = {}) {
    EventInput input;
    input.id = "e";
    input.contact = "ana";
    input.type = type;
    input.properties = properties;
    input.occurred_at = at;
    CHECK(simulation.Apply(input).ok());
    return Last();
  }
  // What happens up to `to`.
  Lines Pass(Micros to) {
    const std::size_t before = simulation.records().size();
    simulation.AdvanceTo(to);
    Lines lines;
    for (std::size_t i = before; i < simulation.records().size(); ++i) {
      for (std::string& line : DescribeEffects(simulation.program(), simulation.records()[i])) lines.push_back(std::move(line));
    }
    return lines;
  }
  Lines Last() const { return DescribeEffects(simulation.program(), simulation.records().back()); }
  const Contact& ana() const { return *simulation.Find("ana"); }

  Simulation simulation;
};

}  // namespace

TEST_CASE("E8: a point is gone at the very moment its window closes, and rules see it") {
  Script script;
  const std::uint32_t visits = script.Tracker(script.visit, kDay);
  const std::uint32_t score = script.Score("score", {script.Criterion(script.Seen(visits, kDay), 10)});
  const std::uint32_t warm = script.List("warm", script.Compare(ir::Op::kGreaterEqual, B::Node(score), 10));
  script.OnFall("cold", warm).actions = {B::Set(script.status, 0)};
  Play play(script);
  CHECK(play.Do("page viewed", kStart) == Lines{"created", "score: 0 → 10", "joins \"warm\""});
  CHECK(play.Pass(kStart + kDay - 1).empty());
  CHECK(play.ana().derived[score] == 10);
  CHECK(play.Pass(kStart + kDay) == Lines{"score: 10 → 0", "leaves \"warm\"", "round 1: `cold`", "status: unset → New"});
  CHECK(play.simulation.records().back().occurred_at == kStart + kDay);
}

TEST_CASE("E8: a window is prolonged by a later event, and a counter counts each within it") {
  Script script;
  const std::uint32_t visits = script.Tracker(script.visit, kDay);
  const std::uint32_t counter = script.Counter("visits", visits, kDay);
  const std::uint32_t each = script.Each(visits, 2 * kHour, 3);
  const std::uint32_t score = script.Score("score", {each});
  Play play(script);
  play.Do("page viewed", kStart);
  play.Do("page viewed", kStart + kHour);
  CHECK(play.ana().derived[counter] == 2);
  CHECK(play.ana().derived[score] == 6);
  play.Pass(kStart + 2 * kHour);
  CHECK(play.ana().derived[score] == 3);
  play.Pass(kStart + 3 * kHour);
  CHECK(play.ana().derived[score] == 0);
  play.Pass(kStart + kDay);
  CHECK(play.ana().derived[counter] == 1);
  play.Pass(kStart + kDay + kHour);
  CHECK(play.ana().derived[counter] == 0);
  CHECK(play.ana().next_window_close == Contact::kNever);
}

TEST_CASE("E8: a counter since a stage counts the moment itself and starts anew with each stay") {
  Script script;
  const std::uint32_t visits = script.Tracker(script.visit);
  const std::uint32_t counter = script.Counter("visits", visits, 0, ir::Since{B::Entered(script.status, 1)});
  Play play(script);
  play.Do("page viewed", kStart);
  CHECK(play.ana().derived[counter] == 0);
  play.Do("page viewed", kStart + kHour, {{"status", "Open"sv}});
  CHECK(play.ana().derived[counter] == 1);
  play.Do("page viewed", kStart + 2 * kHour);
  CHECK(play.ana().derived[counter] == 2);
  play.Do("contact updated", kStart + 3 * kHour, {{"status", "New"sv}});
  play.Do("contact updated", kStart + 4 * kHour, {{"status", "Open"sv}});
  CHECK(play.ana().derived[counter] == 0);
}

TEST_CASE("E6: a late event never moves a newer value back") {
  Script script;
  Play play(script);
  play.Do("contact updated", kStart, {{"note", "x"sv}});
  play.Do("contact updated", kStart + 2 * kHour, {{"status", "Connected"sv}});
  CHECK(play.Do("contact updated", kStart + kHour, {{"status", "Open"sv}, {"budget", 5.0}}) ==
        Lines{"refused (late): status Open", "budget: unset → 5"});
  CHECK(play.ana().Number(script.status) == 2);
  CHECK(play.ana().now() == kStart + 2 * kHour);
}

TEST_CASE("E6: saying a value again makes it as new as the event that said it") {
  Script script;
  Play play(script);
  play.Do("contact updated", kStart, {{"status", "Open"sv}});
  CHECK(play.Do("contact updated", kStart + 2 * kHour, {{"status", "Open"sv}}).empty());
  CHECK(play.Do("contact updated", kStart + kHour, {{"status", "New"sv}}) == Lines{"refused (late): status New"});
}

TEST_CASE("E6: rules of a late event act at its own time, and never over something newer") {
  Script script;
  script.OnEvent("visit", script.visit).actions = {B::Set(script.status, 1), B::Set(script.budget, 1'000'000)};
  Play play(script);
  play.Do("contact updated", kStart + 2 * kHour, {{"status", "Connected"sv}});
  CHECK(play.Do("page viewed", kStart + kHour) == Lines{"round 1: `visit`", "refused (late): status Open", "budget: unset → 1"});
  CHECK(play.ana().ChangedAt(script.budget) == kStart + kHour);
}

TEST_CASE("E6: a late event counts in windows at its own time") {
  Script script;
  const std::uint32_t visits = script.Tracker(script.visit, kDay);
  const std::uint32_t counter = script.Counter("visits", visits, kDay);
  Play play(script);
  play.Do("contact updated", kStart, {{"note", "x"sv}});
  play.Do("contact updated", kStart + 3 * kDay, {{"note", "y"sv}});
  play.Do("page viewed", kStart + 2 * kDay + kHour);
  CHECK(play.ana().derived[counter] == 1);
  CHECK(play.Do("page viewed", kStart + kHour).empty());
  CHECK(play.ana().derived[counter] == 1);
  play.Pass(kStart + 3 * kDay + kHour);
  CHECK(play.ana().derived[counter] == 0);
}

TEST_CASE("a timer fires once when a stay has lasted, and each stay counts anew") {
  Script script;
  script.OnStay("waited", script.status, {0}, 3 * kDay).actions = {B::Set(script.budget, 1'000'000)};
  Play play(script);
  CHECK(play.Do("contact updated", kStart, {{"status", "New"sv}}).back() == "timer of `waited` armed for 2026-09-24 14:13:20");
  CHECK(play.Pass(kStart + 3 * kDay - 1).empty());
  CHECK(play.Pass(kStart + 3 * kDay) == Lines{"timer of `waited` gone", "round 1: `waited`", "budget: unset → 1"});
  CHECK(play.Pass(kStart + 30 * kDay).empty());
  play.Do("contact updated", kStart + 31 * kDay, {{"status", "Open"sv}, {"budget", std::monostate{}}});
  play.Do("contact updated", kStart + 32 * kDay, {{"status", "New"sv}});
  CHECK(play.Pass(kStart + 35 * kDay).size() == 3);
}

TEST_CASE("a timer is dropped when the stay ends, and fires before an event that is later than it") {
  Script script;
  script.OnStay("waited", script.status, {0}, 3 * kDay).actions = {B::Set(script.budget, 1'000'000)};
  Play play(script);
  play.Do("contact updated", kStart, {{"status", "New"sv}});
  CHECK(play.Do("contact updated", kStart + kDay, {{"status", "Open"sv}}) == Lines{"status: New → Open", "timer of `waited` gone"});
  CHECK(play.Pass(kStart + 9 * kDay).empty());
  play.Do("contact updated", kStart + 10 * kDay, {{"status", "New"sv}});
  play.Do("contact updated", kStart + 14 * kDay, {{"status", "Open"sv}});
  const Record& fired = play.simulation.records()[play.simulation.records().size() - 2];
  CHECK(DescribeEffects(play.simulation.program(), fired) == Lines{"timer of `waited` gone", "round 1: `waited`", "budget: unset → 1"});
  CHECK(fired.occurred_at == kStart + 13 * kDay);
}

TEST_CASE("a timer whose rule does not end is gone all the same") {
  Script script;
  script.OnBecomes("ping", script.status, {1}).actions = {B::Set(script.status, 2)};
  script.OnBecomes("pong", script.status, {2}).actions = {B::Set(script.status, 1)};
  script.OnStay("waited", script.status, {0}, kDay).actions = {B::Set(script.status, 1)};
  Play play(script);
  play.Do("contact updated", kStart, {{"status", "New"sv}});
  const Lines lines = play.Pass(kStart + 2 * kDay);
  REQUIRE(lines.size() == 2);
  CHECK(lines[0] == "timer of `waited` gone");
  CHECK(lines[1].substr(0, 8) == "failed: ");
  CHECK(play.ana().Number(script.status) == 0);
  CHECK(play.ana().now() == kStart + kDay);
  CHECK(play.Pass(kStart + 9 * kDay).empty());
}

TEST_CASE("after a deployment stays that go on have timers, and those that are over have none") {
  Script script;
  script.OnStay("waited", script.status, {0}, 3 * kDay);
  Play play(script);
  play.Do("contact updated", kStart, {{"status", "New"sv}});
  Contact contact = play.ana();

  script.program().rules[0].delay.micros = 5 * kDay;
  script.OnStay("long", script.status, {0, 1}, 10 * kDay);
  script.OnStay("short", script.status, {0}, kHour);
  script.OnStay("elsewhere", script.status, {1}, 10 * kDay);
  const Executor next(script.Build(), {});
  next.RearmTimers(contact, kStart + kDay);
  REQUIRE(contact.timers().size() == 2);
  CHECK(contact.FindTimer(0)->due == kStart + 5 * kDay);
  CHECK(contact.FindTimer(1)->due == kStart + 10 * kDay);

  script.program().rules[0].delay.micros = kHour;
  const Executor shortened(script.Build(), {});
  Contact early = contact;
  shortened.RearmTimers(early, kStart + kDay);
  CHECK(early.FindTimer(0) == nullptr);
  Contact overdue = contact;
  shortened.RearmTimers(overdue, kStart + 6 * kDay);
  CHECK(overdue.FindTimer(0)->due == kStart + 5 * kDay);
}

TEST_CASE("`is me` asks for the viewer, and fails when nobody asks") {
  Script script;
  const std::uint32_t owner = script.Property("owner", ir::Type::kUser);
  Play play(script);
  play.Do("contact updated", kStart, {{"owner", "Ben@acme.example"sv}});
  CompiledCondition mine;
  mine.tests = {{ir::Op::kIsMe, B::Of(owner, ir::Type::kUser), 0, ir::kHolds, ir::kFails}};
  mine.entry = 0;
  const Executor& executor = play.simulation.executor();
  CHECK(executor.Meets(play.ana(), mine, kStart, "ben@acme.example"));
  CHECK_FALSE(executor.Meets(play.ana(), mine, kStart, "mika@acme.example"));
  CHECK_FALSE(executor.Meets(play.ana(), mine, kStart));
}

TEST_CASE("a pattern of a condition that stands alone is compiled when it is met, and a broken one matches nothing") {
  Script script;
  Play play(script);
  play.Do("contact updated", kStart, {{"note", "Renewal 2027"sv}});
  CompiledCondition matches;
  matches.tests = {{ir::Op::kTextMatches, B::Of(script.note, ir::Type::kText), 0, ir::kHolds, ir::kFails}};
  matches.entry = 0;
  matches.texts = {"renewal [0-9]{4}$"};
  CHECK(play.simulation.executor().Meets(play.ana(), matches, kStart));
  matches.texts = {"(unclosed"};
  CHECK_FALSE(play.simulation.executor().Meets(play.ana(), matches, kStart));
}

TEST_CASE("a contact has at most so many runs, and what would begin one more is refused") {
  Script script;
  script.OnEvent("waits", script.visit).actions = {B::WaitFor(B::Hours(1))};
  script.program().rules[0].every_time = true;
  Play play(script);
  for (std::size_t i = 0; i < kRunsMax; ++i) play.Do("page viewed", kStart);
  CHECK(play.ana().runs().size() == kRunsMax);
  CHECK(play.Do("page viewed", kStart) == Lines{"round 1: `waits`", "refused (too many runs): `waits`"});
  CHECK(FindFlaw(play.simulation) == "");
}

TEST_CASE("a run keeps the fields of its event for what reads them after a wait") {
  Script script;
  ir::Field page;
  page.name = "page";
  const std::uint32_t seen = script.Event("page seen", {page});
  script.OnEvent("tells", seen).actions = {B::WaitFor(B::Hours(1)),
                                           script.Notify({ir::RecipientKind::kUser, 0, 0, "ben@x"}, {{"", B::Field(0, ir::Type::kText)}})};
  Play play(script);
  const NamedInput field{"page", "/pricing"sv};
  EventInput input;
  input.id = "e";
  input.contact = "ana";
  input.type = "page seen";
  input.fields = {&field, 1};
  input.occurred_at = kStart;
  REQUIRE(play.simulation.Apply(input).ok());
  const Lines lines = play.Pass(kStart + kHour);
  REQUIRE(lines.size() == 3);
  CHECK(lines[1] == "notified ben@x \"/pricing\"");
}

TEST_CASE("a circle of rules that wait is cut at its bound, and the run that was woken is gone") {
  Script script;
  script.OnEvent("waits", script.visit).actions = {B::WaitFor(B::Hours(1)), B::Set(script.status, 0)};
  script.OnBecomes("opens", script.status, {0}).actions = {B::Set(script.status, 1)};
  script.OnBecomes("closes", script.status, {1}).actions = {B::Set(script.status, 0)};
  Play play(script);
  play.Do("page viewed", kStart);
  const Lines lines = play.Pass(kStart + 2 * kHour);
  REQUIRE(lines.size() == 2);
  CHECK(lines[0] == "run of `waits` ends (failed)");
  CHECK(play.ana().runs().empty());
  CHECK_FALSE(play.ana().IsSet(script.status));
  CHECK(FindFlaw(play.simulation) == "");
}

}  // namespace stagecraft::runtime
