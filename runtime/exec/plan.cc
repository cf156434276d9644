#include "runtime/exec/plan.h"

#include <algorithm>
#include <limits>
#include <span>

#include "dsl/ir/test_walk.h"
#include "dsl/support/text.h"
#include "runtime/exec/shared_state.h"
#include "runtime/exec/text_match.h"

namespace stagecraft::runtime {
namespace {

// The Layout's number of a score or list. Every node has one: lowering interned it.
std::uint32_t NumberIn(const ir::Registry& registry, const std::string& name) {
  if (const auto number = registry.Find(name)) return *number;
  return registry.Find(FoldCase(name)).value_or(0);
}

bool ReadsFact(const ir::Test& test) {
  return test.operand.space == ir::Space::kContact && !IsSeen(test.op) &&
         static_cast<ir::ContactFact>(test.operand.index) != ir::ContactFact::kLastContacted;
}

// The nodes whose own condition reads a fact that the baseline does not know.
std::vector<std::uint32_t> FindFactNodes(const ir::Program& program) {
  std::vector<std::uint32_t> found;
  ir::TestWalk walk(program.tests);
  for (std::uint32_t i = 0; i < program.nodes.size(); ++i) {
    bool reads = false;
    walk(program.nodes[i].condition, [&](const ir::Test& test) { reads = reads || ReadsFact(test); });
    if (reads) found.push_back(i);
  }
  return found;
}

std::unordered_map<ir::Entry, std::vector<std::uint32_t>> FindWaitSlots(const ir::Program& program) {
  std::unordered_map<ir::Entry, std::vector<std::uint32_t>> found;
  ir::TestWalk walk(program.tests);
  for (const ir::Rule& rule : program.rules) {
    for (const ir::Action& action : rule.actions) {
      if (!action.wait || found.contains(action.wait->condition)) continue;
      std::vector<std::uint32_t>& slots = found[action.wait->condition];
      walk(action.wait->condition, [&](const ir::Test& test) {
        if (test.operand.space == ir::Space::kProperty && !IsSeen(test.op)) slots.push_back(test.operand.index);
      });
      std::sort(slots.begin(), slots.end());
    }
  }
  return found;
}

std::vector<DealEvent> FindDealEvents(const ir::Program& program) {
  std::vector<DealEvent> found;
  const auto add = [&](DealEvent::Kind kind, const std::optional<std::uint32_t>& event) {
    if (!event) return;
    const std::vector<ir::Field>& fields = program.events[*event].fields;
    const auto field = [&](std::string_view name, ir::Type type) -> std::optional<std::uint32_t> {
      for (std::uint32_t i = 0; i < fields.size(); ++i) {
        if (fields[i].declared && fields[i].type == type && SameName(fields[i].name, name)) return i;
      }
      return std::nullopt;
    };
    DealEvent& deal = found.emplace_back();
    deal.kind = kind;
    deal.event = *event;
    deal.deal = field("deal", ir::Type::kText);
    deal.pipeline = field("deal pipeline", ir::Type::kText);
    deal.stage = field("deal stage", ir::Type::kText);
    deal.name = field("deal name", ir::Type::kText);
    deal.amount = field("amount", ir::Type::kMoney);
    deal.owner = field("deal owner", ir::Type::kText);
    deal.close_date = field("close date", ir::Type::kDate);
  };
  const ir::WellKnown& known = program.well_known;
  add(DealEvent::Kind::kCreated, known.deal_created);
  add(DealEvent::Kind::kMoved, known.deal_moved);
  add(DealEvent::Kind::kWon, known.deal_won);
  add(DealEvent::Kind::kLost, known.deal_lost);
  add(DealEvent::Kind::kUpdated, known.deal_updated);
  add(DealEvent::Kind::kDeleted, known.deal_deleted);
  return found;
}

// What the assignments of the rules go by.
HoldingsPlan FindHoldings(const ir::Program& program) {
  HoldingsPlan plan;
  for (const ir::Rule& rule : program.rules) {
    for (const ir::Action& action : rule.actions) {
      if (action.kind != ir::ActionKind::kAssign) continue;
      const ir::Team& team = program.teams[action.team];
      const auto is_bounded = [](const std::optional<std::uint32_t>& capacity) { return capacity.has_value(); };
      const bool bounded = std::any_of(team.capacities.begin(), team.capacities.end(), is_bounded);
      if (!action.by_load && !action.keeping_account && !bounded) continue;
      if (!plan.PlaceOf(action.slot)) plan.slots.push_back({action.slot, false});
      HeldSlot& slot = plan.slots[*plan.PlaceOf(action.slot)];
      slot.by_account = slot.by_account || action.keeping_account;
    }
  }
  if (plan.slots.empty()) return plan;
  plan.account = program.well_known.company_domain;
  plan.reads.assign(program.properties.size(), false);
  for (const HeldSlot& held : plan.slots) {
    plan.reads[held.slot] = true;
    if (held.by_account && plan.account) plan.reads[*plan.account] = true;
  }
  return plan;
}

std::vector<std::string> TurnKeysOf(const ir::Team& team) {
  std::vector<std::string> keys;
  std::unordered_map<std::string, std::int64_t> mentions;
  for (const std::string& member : team.members) keys.push_back(TurnKey(member, mentions[FoldCase(member)]++));
  return keys;
}

bool IsTimed(ir::TriggerKind trigger) {
  return trigger == ir::TriggerKind::kStays || trigger == ir::TriggerKind::kWithout || trigger == ir::TriggerKind::kDate ||
         trigger == ir::TriggerKind::kSchedule;
}

}  // namespace

Plan::Plan(std::shared_ptr<const ir::Program> from)
    : program(std::move(from)), calendar(program->calendar), patterns(*program), windows(*program) {
  node_targets.resize(program->nodes.size());
  for (std::uint32_t i = 0; i < program->nodes.size(); ++i) {
    const ir::Node& node = program->nodes[i];
    if (node.kind == ir::NodeKind::kScore) node_targets[i] = NumberIn(program->layout.scores, node.name);
    if (node.kind == ir::NodeKind::kList) node_targets[i] = NumberIn(program->layout.lists, node.name);
  }
  of_company.assign(program->properties.size(), false);
  for (std::uint32_t slot = 0; slot < program->properties.size() && program->well_known.company_id; ++slot) {
    if (!program->properties[slot].of_company) continue;
    company_slots.push_back(slot);
    of_company[slot] = true;
  }
  deal_events = FindDealEvents(*program);
  fact_nodes = FindFactNodes(*program);
  wait_slots = FindWaitSlots(*program);
  for (std::uint32_t i = 0; i < program->rules.size(); ++i) {
    const ir::Rule& rule = program->rules[i];
    if (rule.declared && !rule.disabled && IsTimed(rule.trigger)) timed_rules.push_back(i);
  }
  const auto started = program->event_names.find("rule started");
  if (started != program->event_names.end()) {
    const std::vector<ir::Field>& fields = program->events[started->second].fields;
    for (std::uint32_t field = 0; field < fields.size(); ++field) {
      if (!fields[field].declared || FoldCase(fields[field].name) != "rule" || !ir::IsText(fields[field].type)) continue;
      rule_started = started->second;
      rule_started_field = field;
    }
  }
  for (std::uint32_t i = 0; i < program->rules.size(); ++i) {
    const ir::Rule& rule = program->rules[i];
    if (rule.declared && rule.kind == ir::RuleKind::kSequence) sequences.emplace(FoldCase(rule.name), i);
  }
  holdings = FindHoldings(*program);
  for (const ir::Team& team : program->teams) {
    turn_keys.push_back(TurnKeysOf(team));
    if (!team.declared || team.manager.empty()) continue;
    for (const std::string& member : team.members) managers.try_emplace(FoldCase(member), team.manager);
  }
  Contact nobody("", 0, 0);
  RecomputeAll(*this, nobody);
  baseline = std::move(nobody.derived);
  for (std::uint32_t i = 0; i < baseline.size(); ++i) {
    if (baseline[i] != 0) baseline_set.push_back(i);
  }
}

std::string_view Plan::ManagerOf(std::string_view user) const {
  const auto found = managers.find(FoldCase(user));
  return found == managers.end() ? std::string_view() : std::string_view(found->second);
}

namespace {

using Times = std::span<const Micros>;

// The events of the tracker within the node's window and at or after its `since`.
Times EventsOf(const Plan& plan, const Contact& contact, const ir::Node& node) {
  const Track* track = contact.FindTrack(node.tracker);
  if (track == nullptr) return {};
  auto first = track->times.begin();
  if (node.since) {
    const std::optional<Micros> since = MomentOf(plan.SceneOf(contact), *node.since);
    if (!since) return {};
    first = std::lower_bound(first, track->times.end(), *since);
  }
  if (node.window_us != 0) first = std::upper_bound(first, track->times.end(), contact.now() - node.window_us);
  return {first, track->times.end()};
}

constexpr std::int64_t kPoint = std::int64_t{1} << ir::kHalvingsMax;  // in a score that halves

// In whole numbers all the way, so that the sum is the same whatever the order.
std::int64_t PointsOf(const Times& events, Micros now, const ir::Node& node) {
  if (node.halving_us == 0) return node.points * static_cast<std::int64_t>(events.size());
  std::int64_t sum = 0;
  for (const Micros at : events) {
    const Micros halvings = (now - at) / node.halving_us;
    if (halvings < ir::kHalvingsMax) sum += (node.points * kPoint) >> halvings;
  }
  return sum;
}

// What is left of points that halve is rounded for the score, not for each of its lines.
std::int64_t ScoreOf(const ir::Program& program, const Contact& contact, const ir::Node& score) {
  std::int64_t whole = 0;
  std::int64_t parts = 0;
  for (const std::uint32_t criterion : score.criteria) {
    (program.nodes[criterion].halving_us == 0 ? whole : parts) += contact.derived[criterion];
  }
  return whole + (parts >> ir::kHalvingsMax);
}

}  // namespace

std::int64_t EvaluateNode(const Plan& plan, const Contact& contact, std::uint32_t number) {
  const ir::Node& node = plan.program->nodes[number];
  switch (node.kind) {
    case ir::NodeKind::kCounter:
      return static_cast<std::int64_t>(EventsOf(plan, contact, node).size());
    case ir::NodeKind::kCriterion:
      if (node.each) return PointsOf(EventsOf(plan, contact, node), contact.now(), node);
      return Meets(plan.SceneOf(contact), plan.tables(), node.condition) ? node.points : 0;
    case ir::NodeKind::kScore:
      return ScoreOf(*plan.program, contact, node);
    case ir::NodeKind::kList:
    case ir::NodeKind::kWatch:
      return Meets(plan.SceneOf(contact), plan.tables(), node.condition) ? 1 : 0;
  }
  return 0;
}

void RecomputeAll(const Plan& plan, Contact& contact) {
  contact.derived.assign(plan.program->nodes.size(), 0);
  if (!contact.is_active()) {  // it is in no list and has no score, whatever its condition says of nothing
    contact.next_window_close = Contact::kNever;
    return;
  }
  for (std::uint32_t i = 0; i < contact.derived.size(); ++i) contact.derived[i] = EvaluateNode(plan, contact, i);
  FindNextWindowClose(plan, contact);
}

void FindNextWindowClose(const Plan& plan, Contact& contact) {
  contact.next_window_close = plan.windows.NextClose(plan.SceneOf(contact), contact.now());
}

Micros KeepFrom(const ir::Program& program, const Contact& contact, std::uint32_t tracker, Micros at) {
  const ir::Tracker& kind = program.trackers[tracker];
  const Micros window_from = kind.window_us == 0 ? std::numeric_limits<Micros>::min() : contact.now() - kind.window_us;
  if (kind.keeps_all) return window_from;
  const Track* track = contact.FindTrack(tracker);
  return std::max({window_from, at, track == nullptr ? at : track->times.back()});
}

bool InMask(const ir::Mask& mask, const Value& value) { return value.set && ir::MaskHas(mask, value.number); }

}  // namespace stagecraft::runtime
