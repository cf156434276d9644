// The index of rules leaves out only rules that cannot fire: with it and without it the same happens.
#include "runtime/exec/rule_index.h"

#include <catch2/catch.hpp>
#include <limits>
#include <random>

#include "runtime/exec/value_sets.h"
#include "tests/support/program_builder.h"
#include "tests/support/simulation.h"

namespace stagecraft::runtime {
namespace {

using B = ProgramBuilder;

constexpr Micros kStart = 1'790'000'000'000'000;
constexpr std::uint32_t kNoIndex = std::numeric_limits<std::uint32_t>::max();
const std::vector<std::string> kPages = {"/", "/pricing", "/Demo", "/ÉTÉ", "/docs"};
const std::vector<std::string> kFoldedPages = {"/", "/pricing", "/demo", "/été", "/docs"};
const std::vector<std::string> kPlaces = {"a", "b", "c", "d"};

// A random program over a small vocabulary, so that many rules ask for the same, and random events for it.
class RandomScript : public ProgramBuilder {
 public:
  explicit RandomScript(std::uint32_t seed, int rules) : random_(seed) {
    ir::Field page;
    page.name = "page";
    view_ = Event("page viewed", {page});
    mail_ = Event("email sent");
    for (const char* name : {"country", "sector", "stage"}) slots_.push_back(Options(name, kPlaces));
    vip_ = Property("vip", ir::Type::kTruth);
    company_ = Property("company", ir::Type::kText);
    watch_ = Watch(Condition(2, false));
    for (int i = 0; i < rules; ++i) AddRule("r" + std::to_string(i));
  }

  int Below(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n)); }

  // Sends one random event to both; the vocabulary's names and values are this script's.
  void Send(Simulation& first, Simulation& second, int number) {
    const std::string id = "e" + std::to_string(number);
    const std::string contact = "c" + std::to_string(Below(4));
    EventInput event;
    event.id = id;
    event.contact = contact;
    event.occurred_at = kStart + number;
    const bool views = Below(2) == 0;
    event.type = views ? "page viewed" : Below(8) == 0 ? "contact updated" : "email sent";
    const NamedInput page{"page", std::string_view(kPages[static_cast<std::size_t>(Below(5))])};
    if (views && Below(5) != 0) event.fields = {&page, 1};
    std::vector<NamedInput> properties;
    for (const char* name : {"country", "sector", "stage"}) {
      const std::string_view value = Below(5) == 0 ? std::string_view() : kPlaces[static_cast<std::size_t>(Below(4))];
      if (Below(3) == 0) properties.push_back({name, value});
    }
    if (Below(4) == 0) properties.push_back({"vip", Below(2) == 0});
    if (Below(4) == 0) properties.push_back({"company", Below(2) == 0 ? std::string_view("ACME") : std::string_view("Umbrella")});
    event.properties = properties;
    CHECK(first.Apply(event).reason == second.Apply(event).reason);
  }

 private:
  // A random graph of up to `depth` levels of `and`, `or` and `not`.
  ir::Entry Condition(int depth, bool with_page, ir::Entry then = ir::kHolds, ir::Entry otherwise = ir::kFails) {
    if (depth > 0) {
      switch (Below(4)) {
        case 0:
        case 1:
          return Condition(depth - 1, with_page, Condition(depth - 1, with_page, then, otherwise), otherwise);
        case 2:
          return Condition(depth - 1, with_page, then, Condition(depth - 1, with_page, then, otherwise));
        default:
          break;
      }
    }
    if (Below(8) == 0) std::swap(then, otherwise);
    const std::uint32_t slot = slots_[static_cast<std::size_t>(Below(3))];
    switch (Below(with_page ? 8 : 6)) {
      case 0:
        return Is(slot, {Below(4), Below(4)}, then, otherwise);
      case 1:
        return IsSet(slot, then, otherwise);
      case 2:
        return Compare(ir::Op::kEqual, Of(vip_, ir::Type::kTruth), Below(2), then, otherwise);
      case 3:
        return Text(ir::Op::kTextEqual, Of(company_, ir::Type::kText), Below(2) == 0 ? "acme" : "umbrella", then, otherwise);
      case 6:
      case 7: {
        const ir::Op op = Below(4) == 0 ? ir::Op::kTextContains : ir::Op::kTextEqual;
        return Text(op, Field(0, ir::Type::kText), kFoldedPages[static_cast<std::size_t>(Below(5))], then, otherwise);
      }
      default:
        return Is(slot, {Below(4)}, then, otherwise);
    }
  }

  void AddRule(const std::string& name) {
    const std::uint32_t slot = slots_[static_cast<std::size_t>(Below(3))];
    // The guard first: adding tests may not come between a rule's making and its completion.
    const int kind = Below(8);
    const ir::Entry guard = Condition(3, kind < 3);
    const ir::Entry on_page = Below(3) == 0 ? ir::kHolds : Condition(1, true);
    ir::Rule& rule = kind < 3    ? OnEvent(name, view_, on_page)
                     : kind == 3 ? OnEvent(name, mail_)
                     : kind == 4 ? OnEvent(name, program().well_known.contact_created)
                     : kind == 5 ? OnChange(name, slot)
                     : kind == 6 ? OnBecomes(name, slot, {Below(4), Below(4)})
                                 : (Below(2) == 0 ? OnRise(name, watch_) : OnFall(name, watch_));
    if (kind == 3 && Below(3) == 0) rule.events.push_back(program().well_known.contact_created);
    rule.condition = guard;
    rule.disabled = Below(10) == 0;
    if (Below(3) == 0) {
      rule.actions = {Set(slots_[static_cast<std::size_t>(Below(3))], Below(4))};
    } else {
      rule.actions = {CreateTask({}, {{name, {}}})};
    }
  }

  std::mt19937 random_;
  std::uint32_t view_ = 0, mail_ = 0, vip_ = 0, company_ = 0, watch_ = 0;
  std::vector<std::uint32_t> slots_;
};

std::vector<std::uint32_t> CandidatesOf(const RuleIndex& index, std::uint32_t event, const Scene& scene) {
  RuleIndex::Present present;
  present.Begin(index, scene);
  std::vector<std::uint32_t> rules;
  index.ForEvent(event, present, [&](const RuleIndex::Candidate& candidate) { rules.push_back(candidate.rule); });
  return rules;
}

}  // namespace

TEST_CASE("with and without the index the same rules fire, in the same order and for the same reason") {
  for (std::uint32_t seed = 1; seed <= 60; ++seed) {
    RandomScript script(seed, 10 + static_cast<int>(seed) * 4);
    const auto program = script.Build();
    // A leaf of one rule makes the trees as deep as they get.
    Simulation indexed(program, kStart, {8, 1 + seed % 3});
    Simulation plain(program, kStart, {8, kNoIndex});
    for (int i = 0; i < 60; ++i) script.Send(indexed, plain, i);
    INFO("seed " << seed);
    REQUIRE(indexed.records() == plain.records());
  }
}

TEST_CASE("of many rules on one event only those are looked at whose page and country are there") {
  ProgramBuilder script;
  ir::Field page;
  page.name = "page";
  const std::uint32_t view = script.Event("page viewed", {page});
  const std::uint32_t country = script.Options("country", {"DE", "FR", "ES", "IT"});
  std::vector<std::uint32_t> wanted;
  for (int i = 0; i < 400; ++i) {
    const std::string text = "/" + std::to_string(i / 4);
    const ir::Entry on_page = script.Text(ir::Op::kTextEqual, B::Field(0, ir::Type::kText), text);
    script.OnEvent("r" + std::to_string(i), view, on_page).condition = script.Is(country, {i % 4});
  }
  // Asks nothing that tells it apart.
  script.OnEvent("any", view);
  const auto program = script.Build();
  const RuleIndex index(*program, 1);

  Contact contact("ana", 0, kStart);
  contact.Set(country, Value{true, 2, {}}, false, kStart);
  const std::vector<RecordedField> fields = {{0, Value{true, 0, "/7"}}};
  Scene scene;
  scene.program = program.get();
  scene.contact = &contact;
  scene.event = &program->events[view];
  scene.fields = &fields;
  CHECK(CandidatesOf(index, view, scene) == std::vector<std::uint32_t>{30, 400});
  contact.Set(country, Value{}, false, kStart);
  CHECK(CandidatesOf(index, view, scene) == std::vector<std::uint32_t>{400});
}

TEST_CASE("what a condition asks of an operand is known through `and`, `or` and `not`") {
  ProgramBuilder script;
  const std::uint32_t country = script.Options("country", {"DE", "FR", "ES"});
  const std::uint32_t vip = script.Property("vip", ir::Type::kTruth);
  const ir::Operand vip_operand = B::Of(vip, ir::Type::kTruth);
  TextNumbers texts;
  const auto demands = [&](ir::Entry condition) { return DemandsOf(script.program(), condition, texts); };

  SECTION("and") {
    const auto found = demands(script.Is(country, {0, 2}, script.Compare(ir::Op::kEqual, vip_operand, 1)));
    REQUIRE(found.size() == 2);
    for (const Demand& demand : found) {
      const bool on_vip = demand.operand == vip_operand;
      CHECK(demand.allowed.values == (on_vip ? std::vector<std::int64_t>{1} : std::vector<std::int64_t>{0, 2}));
    }
  }
  SECTION("or, of one operand") {
    const auto found = demands(script.Is(country, {0}, ir::kHolds, script.Is(country, {1})));
    REQUIRE(found.size() == 1);
    CHECK(found[0].allowed.values == std::vector<std::int64_t>{0, 1});
  }
  SECTION("or, of two operands: either may be anything") {
    CHECK(demands(script.Is(country, {0}, ir::kHolds, script.Compare(ir::Op::kEqual, vip_operand, 1))).empty());
  }
  SECTION("not: anything but that") { CHECK(demands(script.Is(country, {0}, ir::kFails, ir::kHolds)).empty()); }
  SECTION("what contradicts itself holds never") {
    const auto found = demands(script.Is(country, {0}, script.Is(country, {1})));
    REQUIRE(found.size() == 1);
    CHECK(found[0].allowed.values.empty());
  }
  SECTION("always and never") {
    CHECK(demands(ir::kHolds).empty());
    CHECK(demands(ir::kFails).empty());
  }
}

}  // namespace stagecraft::runtime
