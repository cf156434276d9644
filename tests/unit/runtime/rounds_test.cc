// E2, E3, E4, E9 and E11 on programs made by hand.
#include <catch2/catch.hpp>

#include "tests/support/program_builder.h"
#include "tests/support/simulation.h"

namespace stagecraft::runtime {
namespace {

using namespace std::string_view_literals;
using B = ProgramBuilder;

constexpr Micros kStart = 1'790'000'000'000'000;
constexpr Micros kMinute = 60'000'000;

// Status New, Open, Connected, Nurturing with two sub-values; lifecycle Lead, MQL, SQL forward only.
struct Script : ProgramBuilder {
  std::uint32_t status = Options("status", {"New", "Open", "Connected", "Nurturing", "Nurturing/Timing", "Nurturing/Pricing"});
  std::uint32_t lifecycle = Options("lifecycle", {"Lead", "MQL", "SQL"}, true);
  std::uint32_t owner = Property("owner", ir::Type::kUser);
  std::uint32_t note = Property("note", ir::Type::kText);
  std::uint32_t budget = Property("budget", ir::Type::kMoney);
  std::uint32_t mail = Event("email sent");

  ir::Recipient to_owner() const { return {ir::RecipientKind::kUserProperty, owner, 0, ""}; }
};

using Lines = std::vector<std::string>;

struct Play {
  explicit Play(Script& script, ExecLimits limits = {}) : simulation(script.Build(), kStart, limits) {}

  Status Try(std::string_view type, const std::vector<NamedInput>& properties = {}, Micros at = 0) {
    EventInput input;
    input.id = "e";
    input.contact = "ana";
    input.type = type;
    input.properties = properties;
    input.occurred_at = at;
    return simulation.Apply(input);
  }
  // What the event did, but for the creation of the contact.
  Lines Do(std::string_view type, const std::vector<NamedInput>& properties = {}, Micros at = 0) {
    const Status status = Try(type, properties, at);
    INFO(status.message);
    CHECK(status.ok());
    Lines lines = DescribeEffects(simulation.program(), simulation.records().back());
    if (!lines.empty() && lines.front() == "created") lines.erase(lines.begin());
    return lines;
  }

  Simulation simulation;
};

}  // namespace

TEST_CASE("E2: a rule sees the state as it stood at the start of its round") {
  Script script;
  script.OnEvent("opens", script.mail).actions = {B::Set(script.status, 1)};
  const ir::Entry is_open = script.Is(script.status, {1});
  ir::Rule& second = script.OnEvent("only when open", script.mail);
  second.condition = is_open;
  second.actions = {B::Set(script.budget, 5)};
  Play play(script);
  CHECK(play.Do("email sent") == Lines{"round 1: `opens`", "status: unset → Open"});
  CHECK(play.Do("email sent") == Lines{"round 1: `opens`", "round 1: `only when open`", "budget: unset → 0.000005"});
}

TEST_CASE("E2: values are read when an action is applied, and see the actions before it") {
  Script script;
  script.OnEvent("writes", script.mail).actions = {
      script.SetText(script.note, {{"first", {}}}),
      script.SetText(script.note, {{"", B::Of(script.note, ir::Type::kText)}, {" and second", {}}}),
  };
  Play play(script);
  CHECK(play.Do("email sent") == Lines{"round 1: `writes`", "note: unset → first", "note: first → first and second"});
}

TEST_CASE("E2: each round follows from the changes of the one before") {
  Script script;
  script.OnBecomes("on SQL", script.lifecycle, {2}).actions = {B::Set(script.status, 0)};
  script.OnBecomes("on New", script.status, {0}).actions = {
      script.Notify(script.to_owner(), {{"new: ", {}}, {"", B::Of(script.owner, ir::Type::kUser)}})};
  Play play(script);
  CHECK(play.Do("contact updated", {{"lifecycle", "SQL"sv}, {"owner", "ben@acme.example"sv}}) ==
        Lines{"lifecycle: unset → SQL", "owner: unset → ben@acme.example", "round 1: `on SQL`", "status: unset → New", "round 2: `on New`",
              "notified ben@acme.example \"new: ben@acme.example\""});
}

TEST_CASE("E2: a change that is taken back within its round sets nothing off") {
  Script script;
  script.OnEvent("there and back", script.mail).actions = {B::Clear(script.status), B::Set(script.status, 1)};
  script.OnBecomes("on Open", script.status, {1}).actions = {B::Set(script.budget, 1)};
  Play play(script);
  play.Do("contact updated", {{"status", "Open"sv}});
  CHECK(play.Do("email sent") == Lines{"round 1: `there and back`", "status: Open → unset", "status: unset → Open"});
}

TEST_CASE("moving among sub-values is not becoming their option again") {
  Script script;
  script.OnBecomes("on Nurturing", script.status, {3, 4, 5}).actions = {B::Set(script.budget, 1)};
  Play play(script);
  CHECK(play.Do("contact updated", {{"status", "Timing"sv}}).size() == 3);
  const auto entered = play.simulation.Find("ana")->EnteredAt(script.status, 3);
  CHECK(entered == kStart);
  CHECK(play.Do("contact updated", {{"status", "Pricing"sv}}, kStart + kMinute) == Lines{"status: Timing → Pricing"});
  CHECK(play.simulation.Find("ana")->EnteredAt(script.status, 3) == kStart);
  CHECK(play.simulation.Find("ana")->EnteredAt(script.status, 5) == kStart + kMinute);
}

TEST_CASE("E3: of two rules that set one property, the first wins and only the losing action is dropped") {
  Script script;
  script.OnEvent("first", script.mail).actions = {B::Set(script.status, 1)};
  script.OnEvent("second", script.mail).actions = {B::Set(script.status, 2), B::Set(script.budget, 1'000'000)};
  script.OnEvent("third agrees", script.mail).actions = {B::Set(script.status, 1)};
  Play play(script);
  CHECK(play.Do("email sent") == Lines{"round 1: `first`", "status: unset → Open", "round 1: `second`",
                                       "refused (overruled): status Connected, overruled by `first`", "budget: unset → 1",
                                       "round 1: `third agrees`"});
}

TEST_CASE("E3: setting what is there already wins as well") {
  Script script;
  script.OnEvent("keeps", script.mail).actions = {B::Set(script.status, 1)};
  script.OnEvent("changes", script.mail).actions = {B::Clear(script.status)};
  Play play(script);
  play.Do("contact updated", {{"status", "Open"sv}});
  CHECK(play.Do("email sent") == Lines{"round 1: `keeps`", "round 1: `changes`", "refused (overruled): status, overruled by `keeps`"});
}

TEST_CASE("E4: an endless cascade leaves everything as it was and names the rules") {
  Script script;
  const std::uint32_t team = script.Team("Sales", {"a@x", "b@x"});
  const std::uint32_t tracker = script.Tracker(script.mail, 30 * kMinute);
  script.Score("score", {script.Each(tracker, 30 * kMinute, 3)});
  script.OnStay("waits", script.status, {1}, kMinute * 10);
  script.OnBecomes("ping", script.status, {0}).actions = {B::Set(script.status, 1), B::Rotate(script.owner, team)};
  script.OnBecomes("pong", script.status, {1}).actions = {B::Set(script.status, 0), script.CreateTask({}, {{"x", {}}})};
  ir::Rule& starts = script.OnEvent("starts", script.mail);
  starts.actions = {B::Set(script.status, 0)};
  Play play(script);
  play.Do("contact updated", {{"status", "Connected"sv}, {"note", "hello"sv}});
  std::string before;
  play.simulation.Find("ana")->Encode(before);
  const std::vector<std::int64_t> derived = play.simulation.Find("ana")->derived;
  const Status status = play.Try("email sent", {{"note", "changed"sv}}, kStart + kMinute);
  CHECK(status.message == "… → `pong` (test.stage:3) → `ping` (test.stage:2) → `pong` (test.stage:3)");
  CHECK(DescribeEffects(play.simulation.program(), play.simulation.records().back()).size() == 1);
  CHECK(play.simulation.records().back().tasks.empty());
  CHECK(play.simulation.shared().teams == std::vector<TeamTurns>(1));
  Contact after = *play.simulation.Find("ana");
  after.set_last_sequence(1);
  std::string bytes;
  after.Encode(bytes);
  CHECK(bytes == before);
  CHECK(after.derived == derived);
}

TEST_CASE("E4: a cascade of just the bound is all right") {
  for (const std::uint32_t rounds : {7U, 8U}) {
    Script script;
    std::vector<std::uint32_t> slots;
    for (int i = 0; i < 9; ++i) slots.push_back(script.Property("p" + std::to_string(i), ir::Type::kNumber));
    for (std::size_t i = 0; i + 1 < slots.size(); ++i)
      script.OnChange("r" + std::to_string(i), slots[i]).actions = {B::Set(slots[i + 1], 1)};
    Play play(script, ExecLimits{rounds});
    CHECK(play.Try("contact updated", {{"p0", 1.0}}).ok() == (rounds == 8));
  }
}

TEST_CASE("E4: a record with more deliveries than it can number is taken back") {
  Script script;
  const std::uint32_t team = script.Team("everybody", std::vector<std::string>(65'537, "a@x"));
  script.OnEvent("shout", script.mail).actions = {B::Set(script.status, 1),
                                                  script.Notify({ir::RecipientKind::kTeam, 0, team, ""}, {{"hey", {}}})};
  Play play(script);
  CHECK(play.Try("email sent").message == "`shout` (test.stage:1)");
  CHECK(play.simulation.records().back().notifications.empty());
  CHECK(play.simulation.contacts().empty());
}

TEST_CASE("E9: a forward-only stage goes back only with `back to` or after a clear") {
  Script script;
  script.OnEvent("back", script.mail).actions = {B::Set(script.lifecycle, 1)};
  Play refused(script);
  refused.Do("contact updated", {{"lifecycle", "SQL"sv}});
  CHECK(refused.Do("email sent") == Lines{"round 1: `back`", "refused (backward): lifecycle MQL"});

  script.program().rules[0].actions[0].back_to = true;
  Play allowed(script);
  allowed.Do("contact updated", {{"lifecycle", "SQL"sv}});
  CHECK(allowed.Do("email sent") == Lines{"round 1: `back`", "lifecycle: SQL → MQL"});

  script.program().rules[0].actions = {B::Clear(script.lifecycle), B::Set(script.lifecycle, 1)};
  Play cleared(script);
  cleared.Do("contact updated", {{"lifecycle", "SQL"sv}});
  CHECK(cleared.Do("email sent") == Lines{"round 1: `back`", "lifecycle: SQL → unset", "lifecycle: unset → MQL"});
}

TEST_CASE("E9: a person may move a stage back") {
  Script script;
  Play play(script);
  play.Do("contact updated", {{"lifecycle", "SQL"sv}});
  CHECK(play.Do("contact updated", {{"lifecycle", "Lead"sv}}) == Lines{"lifecycle: SQL → Lead"});
}

TEST_CASE("E11: a rule does not overwrite what a person set in the same event") {
  Script script;
  script.OnBecomes("on SQL", script.lifecycle, {2}).actions = {B::Set(script.status, 0)};
  Play play(script);
  CHECK(play.Do("contact updated", {{"lifecycle", "SQL"sv}, {"status", "Connected"sv}}) ==
        Lines{"lifecycle: unset → SQL", "status: unset → Connected", "round 1: `on SQL`", "refused (a person set it): status New"});
}

TEST_CASE("E11: a rule that answers to just that value may overwrite it") {
  Script script;
  script.OnBecomes("on Open", script.status, {1}).actions = {B::Set(script.status, 2)};
  script.OnBecomes("on Connected", script.status, {2}).actions = {B::Set(script.status, 3)};
  Play play(script);
  CHECK(play.Do("contact updated", {{"status", "Open"sv}}) == Lines{"status: unset → Open", "round 1: `on Open`",
                                                                    "status: Open → Connected", "round 2: `on Connected`",
                                                                    "status: Connected → Nurturing"});
}

TEST_CASE("the rotation goes on only when somebody was assigned") {
  Script script;
  const std::uint32_t team = script.Team("Sales", {"a@x", "b@x"}, "m@x");
  script.OnEvent("assign", script.mail).actions = {
      B::Rotate(script.owner, team), script.Notify({ir::RecipientKind::kManagerOfUserProperty, script.owner, 0, ""}, {{"hi", {}}})};
  Play play(script);
  CHECK(play.Do("email sent") == Lines{"round 1: `assign`", "owner: unset → a@x", "notified m@x \"hi\""});
  CHECK(play.Do("email sent", {{"owner", "boss@x"sv}}) ==
        Lines{"owner: a@x → boss@x", "round 1: `assign`", "refused (a person set it): owner b@x", "refused (nobody there): owner"});
  CHECK(play.Do("email sent") == Lines{"round 1: `assign`", "owner: boss@x → b@x", "notified m@x \"hi\""});
}

TEST_CASE("a task for nobody waits for somebody, and the run log says why") {
  Script script;
  script.OnEvent("task", script.mail).actions = {
      script.CreateTask(script.to_owner(), {{"Call {", {}}, {"", B::Of(script.owner, ir::Type::kUser)}, {"}", {}}})};
  Play play(script);
  CHECK(play.Do("email sent") == Lines{"round 1: `task`", "task \"Call {}\" for nobody", "refused (nobody there): owner"});
}

TEST_CASE("a new contact meets what holds of everybody") {
  Script script;
  const std::uint32_t not_connected = script.List("fresh", script.Is(script.status, {2}, ir::kFails, ir::kHolds));
  script.OnRise("welcome", not_connected).actions = {B::Set(script.budget, 1'000'000)};
  Play play(script);
  CHECK(play.Do("email sent") == Lines{"joins \"fresh\"", "round 1: `welcome`", "budget: unset → 1"});
  CHECK(play.Do("contact updated", {{"status", "Connected"sv}}) == Lines{"status: unset → Connected", "leaves \"fresh\""});
  Play connected(script);
  CHECK(connected.Do("contact updated", {{"status", "Connected"sv}}) == Lines{"status: unset → Connected"});
}

TEST_CASE("a rule fires once in a round, whatever sets it off, and names what came first") {
  Script script;
  ir::Rule& rule = script.OnBecomes("busy", script.status, {1});
  rule.actions = {B::Set(script.budget, 1)};
  script.program().index.by_change.resize(8);
  script.program().index.by_change[script.note] = {0};
  Play play(script);
  play.Do("contact updated", {{"note", "x"sv}, {"status", "Open"sv}});
  const Record& record = play.simulation.records().back();
  const auto fired =
      std::count_if(record.effects.begin(), record.effects.end(), [](const Effect& e) { return e.kind == EffectKind::kRuleFired; });
  CHECK(fired == 1);
}

TEST_CASE("every effect of a rule names the rule, and the rule what set it off") {
  Script script;
  const std::uint32_t score = script.Score("score", {script.Criterion(script.Is(script.status, {1}), 40)});
  const std::uint32_t hot = script.List("hot", script.Compare(ir::Op::kGreaterEqual, B::Node(score), 40));
  script.OnEvent("opens", script.mail).actions = {B::Set(script.status, 1)};
  script.OnRise("hot", hot).actions = {B::Set(script.lifecycle, 1)};
  Play play(script);
  play.Do("email sent");
  const std::vector<Effect>& effects = play.simulation.records().back().effects;
  const Effect& last_set =
      *std::find_if(effects.rbegin(), effects.rend(), [](const Effect& e) { return e.kind == EffectKind::kPropertySet; });
  const Effect& hot_fired = effects[last_set.by];
  CHECK(hot_fired.kind == EffectKind::kRuleFired);
  const Effect& joined = effects[hot_fired.trigger];
  CHECK(joined.kind == EffectKind::kNodeChanged);
  const Effect& opened = effects[joined.trigger];
  CHECK(opened.kind == EffectKind::kPropertySet);
  const Effect& opens_fired = effects[opened.by];
  CHECK(opens_fired.kind == EffectKind::kRuleFired);
  CHECK(opens_fired.trigger == kByEvent);
}

}  // namespace stagecraft::runtime
