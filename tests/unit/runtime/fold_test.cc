// The journal is enough: whatever programs and histories do, folding the effects gives the same contact to the byte, derived
// values kept up to date incrementally are those computed from scratch, and records survive packing.
#include <catch2/catch.hpp>
#include <random>

#include "tests/support/program_builder.h"
#include "tests/support/simulation.h"

namespace stagecraft::runtime {
namespace {

constexpr Micros kStart = 1'790'000'000'000'000;
constexpr Micros kHour = 3'600'000'000;

class RandomPlay {
 public:
  explicit RandomPlay(std::uint64_t seed) : random_(seed) {}

  int Pick(int bound) { return static_cast<int>(random_() % static_cast<std::uint64_t>(bound)); }

  std::shared_ptr<const ir::Program> MakeProgram() {
    ProgramBuilder builder;
    slots_ = {builder.Options("status", {"A", "B", "C", "C/D", "C/E"}), builder.Options("stage", {"A", "B", "C"}, true)};
    owner_ = builder.Property("owner", ir::Type::kUser);
    note_ = builder.Property("note", ir::Type::kText);
    visit_ = builder.Event("page viewed");
    builder.program().events[visit_].is_contact = true;
    const std::uint32_t mail = builder.Event("email sent");
    team_ = builder.Team("Sales", {"a@x", "b@x", "c@x"}, "m@x");
    const std::uint32_t trackers[] = {builder.Tracker(visit_, 20 * kHour), builder.Tracker(visit_),
                                      builder.Tracker(mail, 7 * kHour, false)};
    std::vector<std::uint32_t> criteria = {builder.Criterion(builder.Seen(trackers[0], 7 * kHour), 5),
                                           builder.Each(trackers[0], 20 * kHour, 3),
                                           builder.Criterion(builder.Is(slots_[0], {Pick(5)}, ir::kFails, ir::kHolds), 7),
                                           builder.Criterion(builder.Seen(trackers[2], 7 * kHour), -20)};
    const std::uint32_t score = builder.Score("score", criteria);
    const std::uint32_t counter = builder.Counter("visits", trackers[1], 0, ir::Since{ProgramBuilder::Entered(slots_[1], 1)});
    std::vector<std::uint32_t> nodes = {builder.List("hot", builder.Compare(ir::Op::kGreaterEqual, ProgramBuilder::Node(score), Pick(30))),
                                        builder.Watch(builder.Compare(ir::Op::kGreaterEqual, ProgramBuilder::Node(counter), 1 + Pick(3))),
                                        builder.Watch(builder.Is(slots_[0], {Pick(5)}))};
    for (int i = 0; i < 12; ++i) AddRule(builder, nodes, mail);
    return builder.Build();
  }

  void AddRule(ProgramBuilder& builder, const std::vector<std::uint32_t>& nodes, std::uint32_t mail) {
    const std::string name = "rule " + std::to_string(builder.program().rules.size());
    const ir::Entry condition = Pick(2) == 0 ? ir::kHolds : builder.Is(slots_[0], {Pick(5), Pick(5)}, ir::kFails, ir::kHolds);
    std::vector<ir::Action> actions;
    for (int i = Pick(3); i >= 0; --i) actions.push_back(MakeAction(builder));
    const std::uint32_t slot = slots_[static_cast<std::size_t>(Pick(2))];
    const std::uint32_t node = nodes[static_cast<std::size_t>(Pick(3))];
    ir::Rule* rule = nullptr;
    switch (Pick(7)) {
      case 0:
        rule = &builder.OnEvent(name, visit_);
        break;
      case 1:
        rule = &builder.OnEvent(name, mail);
        break;
      case 2:
        rule = &builder.OnBecomes(name, slot, {Pick(3), Pick(3)});
        break;
      case 3:
        rule = &builder.OnChange(name, slot);
        break;
      case 4:
        rule = &builder.OnRise(name, node);
        break;
      case 5:
        rule = &builder.OnFall(name, node);
        break;
      default:
        rule = &builder.OnStay(name, slot, {Pick(3)}, (1 + Pick(30)) * kHour);
        break;
    }
    rule->condition = condition;
    rule->actions = actions;
  }

  ir::Action MakeAction(ProgramBuilder& builder) {
    const ir::Recipient to_owner{ir::RecipientKind::kUserProperty, owner_, 0, ""};
    switch (Pick(8)) {
      case 0:
        return ProgramBuilder::Clear(slots_[static_cast<std::size_t>(Pick(2))]);
      case 1:
        return ProgramBuilder::Rotate(owner_, team_);
      case 2:
        return builder.Notify(to_owner, {{"hello", {}}});
      case 3:
        return builder.CreateTask(to_owner, {{"", ProgramBuilder::Of(slots_[0], ir::Type::kOption)}});
      case 4:
        return builder.SetText(note_, {{"", ProgramBuilder::Of(owner_, ir::Type::kUser)}, {" owns", {}}});
      default: {
        ir::Action action = ProgramBuilder::Set(slots_[static_cast<std::size_t>(Pick(2))], Pick(3));
        action.back_to = Pick(3) == 0;
        return action;
      }
    }
  }

  void Step(Simulation& simulation) {
    static const char* const kContacts[] = {"ana", "ben", "eva"};
    static const char* const kTypes[] = {"page viewed", "email sent", "contact updated"};
    static const std::string_view kLabels[] = {"A", "B", "C", "D", "E"};
    if (Pick(4) == 0) {
      simulation.AdvanceTo(simulation.now() + Pick(30) * kHour);
      return;
    }
    std::vector<NamedInput> properties;
    if (Pick(2) == 0) properties.push_back({"status", kLabels[Pick(5)]});
    if (Pick(3) == 0) properties.push_back({"stage", kLabels[Pick(3)]});
    if (Pick(5) == 0) properties.push_back({"status", std::monostate{}});
    if (properties.size() > 1 && properties.front().name == properties.back().name) properties.pop_back();
    if (Pick(5) == 0) properties.push_back({"owner", Pick(2) == 0 ? InputValue("boss@x") : InputValue(std::monostate{})});
    EventInput input;
    input.id = "e";
    input.contact = kContacts[Pick(3)];
    input.type = kTypes[Pick(3)];
    input.properties = properties;
    const Contact* contact = simulation.Find(input.contact);
    const Micros earliest = contact == nullptr ? simulation.now() : contact->created_at();
    input.occurred_at = Pick(3) == 0 ? std::max(earliest, simulation.now() - Pick(50) * kHour) : simulation.now();
    simulation.Apply(input);
  }

 private:
  std::mt19937_64 random_;
  std::vector<std::uint32_t> slots_;
  std::uint32_t owner_ = 0, note_ = 0, visit_ = 0, team_ = 0;
};

}  // namespace

TEST_CASE("folding the journal gives the state, and derived values are never stale") {
  int failed = 0;
  int fired = 0;
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    INFO("seed " << seed);
    RandomPlay play(seed);
    Simulation simulation(play.MakeProgram(), kStart);
    for (int step = 0; step < 60; ++step) {
      play.Step(simulation);
      if (step % 15 == 0) REQUIRE(FindFlaw(simulation) == "");
    }
    REQUIRE(FindFlaw(simulation) == "");
    for (const Record& record : simulation.records()) {
      for (const Effect& effect : record.effects) {
        failed += effect.kind == EffectKind::kFailed ? 1 : 0;
        fired += effect.kind == EffectKind::kRuleFired ? 1 : 0;
      }
    }
  }
  // The generator must reach both, or the test proves little.
  CHECK(failed > 50);
  CHECK(fired > 5000);
}

}  // namespace stagecraft::runtime
