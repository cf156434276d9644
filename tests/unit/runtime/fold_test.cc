// The journal is enough: whatever programs and histories do, folding the effects gives the same contact to the byte, derived
// values kept up to date incrementally are those computed from scratch, and records survive packing.
#include <catch2/catch.hpp>
#include <map>
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
    amount_ = builder.Property("amount", ir::Type::kNumber);
    dates_ = {builder.Property("renewal", ir::Type::kDate), builder.Property("review", ir::Type::kTime)};
    builder.Property("email", ir::Type::kUser);
    visit_ = builder.Event("page viewed");
    ir::Field starts;
    starts.name = "starts";
    starts.type = ir::Type::kTime;
    booked_ = builder.Event("meeting booked", {starts});
    cancelled_ = builder.Event("meeting cancelled");
    builder.program().calendar.time_zone = Pick(2) == 0 ? "UTC" : "Europe/Berlin";
    builder.program().events[visit_].is_contact = true;
    const std::uint32_t mail = builder.Event("email sent");
    team_ = builder.Team("Sales", {"a@x", "b@x", "c@x"}, "m@x");
    trackers_ = {builder.Tracker(visit_, 20 * kHour), builder.Tracker(visit_), builder.Tracker(mail, 7 * kHour, false),
                 builder.Tracker(mail, 0, false), builder.Tracker(visit_, ir::kHalvingsMax * 3 * kHour)};
    std::vector<std::uint32_t> criteria = {builder.Criterion(builder.Seen(trackers_[0], 7 * kHour), 5),
                                           builder.Each(trackers_[0], 20 * kHour, 3),
                                           builder.Criterion(builder.Is(slots_[0], {Pick(5)}, ir::kFails, ir::kHolds), 7),
                                           builder.Criterion(builder.Seen(trackers_[2], 7 * kHour), -20),
                                           builder.Criterion(MakeNear(builder, ir::Op::kLately), 4),
                                           builder.Criterion(MakeNear(builder, ir::Op::kSoon), 6),
                                           builder.Halving(trackers_[4], 3 * kHour, Pick(2) == 0 ? 9 : -9)};
    const std::uint32_t score = builder.Score("score", criteria);
    const std::uint32_t counter = builder.Counter("visits", trackers_[1], 0, ir::Since{ProgramBuilder::Entered(slots_[1], 1)});
    std::vector<std::uint32_t> nodes = {builder.List("hot", builder.Compare(ir::Op::kGreaterEqual, ProgramBuilder::Node(score), Pick(30))),
                                        builder.Watch(builder.Compare(ir::Op::kGreaterEqual, ProgramBuilder::Node(counter), 1 + Pick(3))),
                                        builder.Watch(builder.Is(slots_[0], {Pick(5)}))};
    for (int i = 0; i < 2; ++i) sequences_.push_back(AddSequence(builder));
    for (int i = 0; i < 18; ++i) AddRule(builder, nodes, mail);
    AddPromises(builder, nodes);
    return builder.Build();
  }

  // A test whether a date or moment, or when the contact was made or last spoken to, is near.
  ir::Entry MakeNear(ProgramBuilder& builder, ir::Op op) {
    const std::size_t which = static_cast<std::size_t>(Pick(2));
    ir::Operand operand = ProgramBuilder::Of(dates_[which], which == 0 ? ir::Type::kDate : ir::Type::kTime);
    if (Pick(4) == 0) operand = ProgramBuilder::Entered(slots_[0], 1);
    if (Pick(4) == 0) {
      const auto fact = Pick(2) == 0 ? ir::ContactFact::kCreated : ir::ContactFact::kLastContacted;
      operand = {ir::Space::kContact, static_cast<std::uint16_t>(fact), 0, Pick(2) == 0 ? ir::Type::kTime : ir::Type::kDate};
    }
    return builder.Compare(op, operand, (1 + Pick(60)) * kHour);
  }

  void AddPromises(ProgramBuilder& builder, const std::vector<std::uint32_t>& nodes) {
    ir::Promise& turns = builder.Promise("never hot", ir::Promise::Kind::kTurns);
    turns.node = nodes[static_cast<std::size_t>(Pick(3))];
    ir::Promise& ends = builder.Promise("never C", ir::Promise::Kind::kEnds);
    ends.broken = builder.Is(slots_[1], {2});
    ends.slots = {slots_[1]};
    ir::Promise& moves = builder.Promise("moves of status", ir::Promise::Kind::kMoves);
    moves.slots = {slots_[0]};
    for (int i = 0; i < 5; ++i) moves.allowed.push_back(ProgramBuilder::MaskOf({Pick(5), Pick(5)}));
  }

  std::uint32_t AddSequence(ProgramBuilder& builder) {
    ir::Rule& rule = builder.Sequence("sequence " + std::to_string(builder.program().rules.size()));
    const auto number = static_cast<std::uint32_t>(builder.program().rules.size() - 1);
    for (int i = 2 + Pick(3); i > 0; --i) rule.actions.push_back(Pick(2) == 0 ? MakeWait(builder, 0) : MakeAction(builder));
    if (Pick(2) == 0) rule.until = builder.SeenSinceRun(trackers_[3]);
    return number;
  }

  ir::Action MakeWait(ProgramBuilder& builder, std::uint32_t timeout) {
    const std::uint32_t slot = slots_[static_cast<std::size_t>(Pick(2))];
    const std::uint32_t target = timeout == 0 ? ir::kNoAction : timeout;
    switch (Pick(6)) {
      case 0:
        return ProgramBuilder::WaitUntil(builder.SeenSinceRun(trackers_[3]), ProgramBuilder::Hours(Pick(30)), target);
      case 1:
        return ProgramBuilder::WaitUntil(builder.Is(slot, {Pick(3)}), ProgramBuilder::Months(1), target);
      case 2:
        return ProgramBuilder::WaitUntil(MakeNear(builder, ir::Op::kSoon));
      case 3:
        return ProgramBuilder::WaitUntilMoment(ProgramBuilder::Of(dates_[1], ir::Type::kTime));
      default: {
        ir::Action wait = ProgramBuilder::WaitFor(ProgramBuilder::Hours(Pick(20)));
        if (Pick(3) == 0) wait.wait->kind = ir::Wait::Kind::kRecurrence;
        if (Pick(3) == 0) wait.wait->at_most = ProgramBuilder::Hours(Pick(20));
        return wait;
      }
    }
  }

  // Puts waits, branches and jumps between the actions; all jumps go forward.
  std::vector<ir::Action> MakeBranching(ProgramBuilder& builder) {
    std::vector<ir::Action> actions;
    const std::uint32_t size = 8;
    for (std::uint32_t i = 0; i < size; ++i) {
      const std::uint32_t ahead = i + 1 + static_cast<std::uint32_t>(Pick(static_cast<int>(size - i)));
      switch (Pick(7)) {
        case 0:
          actions.push_back(ProgramBuilder::Branch(builder.Is(slots_[0], {Pick(5), Pick(5)}), ahead));
          break;
        case 1:
          actions.push_back(Pick(3) == 0 ? ProgramBuilder::End() : ProgramBuilder::Jump(ahead));
          break;
        case 2:
          actions.push_back(ProgramBuilder::Split({{500'000, i + 1}, {500'000, ahead}}));
          break;
        case 3:
        case 4:
          actions.push_back(MakeWait(builder, ahead));
          break;
        default:
          actions.push_back(MakeAction(builder));
          break;
      }
    }
    return actions;
  }

  static ir::Recurrence Daily(int minute) {
    ir::Recurrence daily;
    daily.minute = minute;
    return daily;
  }

  void AddRule(ProgramBuilder& builder, const std::vector<std::uint32_t>& nodes, std::uint32_t mail) {
    const std::string name = "rule " + std::to_string(builder.program().rules.size());
    const ir::Entry condition = Pick(2) == 0 ? ir::kHolds : builder.Is(slots_[0], {Pick(5), Pick(5)}, ir::kFails, ir::kHolds);
    std::vector<ir::Action> actions;
    for (int i = Pick(3); i >= 0; --i) actions.push_back(MakeAction(builder));
    if (Pick(2) == 0) actions = MakeBranching(builder);
    const std::uint32_t slot = slots_[static_cast<std::size_t>(Pick(2))];
    const std::uint32_t node = nodes[static_cast<std::size_t>(Pick(3))];
    ir::Rule* rule = nullptr;
    const std::size_t date = static_cast<std::size_t>(Pick(2));
    const ir::Duration delay = Pick(2) == 0 ? ProgramBuilder::Hours(1 + Pick(50)) : ProgramBuilder::Months(1);
    switch (Pick(13)) {
      case 7:
        rule = &builder.Without(name, trackers_[static_cast<std::size_t>(Pick(2) == 0 ? 1 : 3)], (1 + Pick(30)) * kHour);
        break;
      case 8:
        rule = &builder.AfterEvent(name, visit_, Pick(10) * kHour);
        break;
      case 9:
        rule = &builder.BeforeAnnounced(name, booked_, 0, Pick(30) * kHour);
        rule->withdrawals = {cancelled_, booked_};
        break;
      case 10:
        rule = &builder.OnDate(name, ProgramBuilder::Of(dates_[date], date == 0 ? ir::Type::kDate : ir::Type::kTime), delay, Pick(2) == 0);
        if (Pick(2) == 0) rule->minute = 9 * 60;
        break;
      case 11:
        rule = &builder.OnDate(name, ProgramBuilder::Entered(slots_[0], 1), delay, false);
        break;
      case 12:
        rule = &builder.Every(name, Daily(Pick(1440)));
        if (Pick(3) == 0) rule->node = nodes[0];
        if (rule->node == ir::kNoList && Pick(2) == 0) rule->slot = slots_[1];
        break;
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
    rule->every_time = Pick(3) == 0;
    if (Pick(4) == 0) rule->until = builder.Is(slots_[1], {Pick(3)});
    if (Pick(4) == 0) {
      rule->once = Pick(2) == 0 ? ir::Rule::Once::kPerContact : ir::Rule::Once::kPerPeriod;
      rule->period = ProgramBuilder::Hours(30);
    }
  }

  ir::Action MakeAction(ProgramBuilder& builder) {
    const ir::Recipient to_owner{ir::RecipientKind::kUserProperty, owner_, 0, ""};
    switch (Pick(12)) {
      case 8:
        return sequences_.empty() ? ProgramBuilder::Clear(owner_)
                                  : ProgramBuilder::Enrol(sequences_[static_cast<std::size_t>(Pick(2)) % sequences_.size()]);
      case 9:
        return sequences_.empty() ? ProgramBuilder::Clear(note_) : ProgramBuilder::Leave(sequences_.front());
      case 10:
        return MakeComputed();
      case 11: {
        ir::Action append = builder.SetText(note_, {{"x", {}}});
        append.append = true;
        return append;
      }
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

  // Twice the amount, or a month after the renewal, or now.
  ir::Action MakeComputed() {
    const int which = Pick(3);
    ir::Action action = ProgramBuilder::Set(which == 0 ? amount_ : dates_[static_cast<std::size_t>(which - 1)], 0);
    action.value.kind = ir::ValueExpr::Kind::kCompute;
    action.value.type = which == 0 ? ir::Type::kNumber : which == 1 ? ir::Type::kDate : ir::Type::kTime;
    ir::ComputeStep operand;
    operand.op = ir::ComputeStep::Op::kOperand;
    operand.operand = ProgramBuilder::Of(which == 0 ? amount_ : dates_[0], which == 0 ? ir::Type::kNumber : ir::Type::kDate);
    ir::ComputeStep constant;
    constant.constant = 2 * ir::kNumberScale;
    ir::ComputeStep step;
    step.op = which == 0 ? ir::ComputeStep::Op::kMultiply : ir::ComputeStep::Op::kShift;
    step.duration.months = 1;
    ir::ComputeStep now;
    now.op = ir::ComputeStep::Op::kNow;
    if (which == 0) action.value.steps = {operand, constant, step};
    if (which == 1) action.value.steps = {operand, step};
    if (which == 2) action.value.steps = {now, step};
    return action;
  }

  void Step(Simulation& simulation) {
    static const char* const kContacts[] = {"ana", "ben", "eva"};
    static const char* const kTypes[] = {"page viewed", "email sent", "contact updated", "meeting booked", "meeting cancelled"};
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
    input.type = kTypes[Pick(5)];
    if (Pick(4) == 0) properties.push_back({"renewal", InputValue(Micros{simulation.now() + (Pick(80) - 20) * kHour})});
    if (Pick(4) == 0) properties.push_back({"review", InputValue(Micros{simulation.now() + (Pick(80) - 20) * kHour})});
    if (Pick(6) == 0) properties.push_back({"amount", InputValue(Pick(2) == 0 ? 3.5 : 9.0e12)});
    input.properties = properties;
    const NamedInput starts{"starts", InputValue(Micros{simulation.now() + Pick(60) * kHour})};
    if (input.type == "meeting booked") input.fields = {&starts, 1};
    const Contact* contact = simulation.Find(input.contact);
    const Micros earliest = contact == nullptr ? simulation.now() : contact->created_at();
    input.occurred_at = Pick(3) == 0 ? std::max(earliest, simulation.now() - Pick(50) * kHour) : simulation.now();
    simulation.Apply(input);
  }

 private:
  std::mt19937_64 random_;
  std::vector<std::uint32_t> slots_;
  std::vector<std::uint32_t> dates_;
  std::vector<std::uint32_t> trackers_;
  std::vector<std::uint32_t> sequences_;
  std::uint32_t owner_ = 0, note_ = 0, amount_ = 0, visit_ = 0, booked_ = 0, cancelled_ = 0, team_ = 0;
};

}  // namespace

TEST_CASE("folding the journal gives the state, and derived values are never stale") {
  std::map<EffectKind, int> seen;
  std::map<int, int> run_ends, wait_ends;
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
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
        ++seen[effect.kind];
        if (effect.kind == EffectKind::kRunEnded) ++run_ends[effect.detail];
        if (effect.kind == EffectKind::kRunResumed) ++wait_ends[effect.detail];
      }
    }
  }
  // The generator must reach all of this, or the test proves little.
  CHECK(seen[EffectKind::kFailed] > 50);
  CHECK(seen[EffectKind::kRuleFired] > 5000);
  CHECK(seen[EffectKind::kEnrolled] > 500);
  CHECK(seen[EffectKind::kPromiseBroken] > 500);
  for (const WaitEnd end : {WaitEnd::kTime, WaitEnd::kCondition, WaitEnd::kTimeout}) CHECK(wait_ends[static_cast<int>(end)] > 200);
  for (const RunEnd end : {RunEnd::kDone, RunEnd::kStopped, RunEnd::kLeft, RunEnd::kWithdrawn, RunEnd::kNotBegun})
    CHECK(run_ends[static_cast<int>(end)] > 100);
}

}  // namespace stagecraft::runtime
