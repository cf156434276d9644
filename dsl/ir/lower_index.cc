#include "dsl/ir/lowering.h"

namespace stagecraft::ir {
namespace {

// Keeps each list of numbers free of repetitions; callers add in ascending order of what the list is sorted by.
void AddOnce(std::vector<std::uint32_t>& numbers, std::uint32_t number) {
  if (numbers.empty() || numbers.back() != number) numbers.push_back(number);
}

}  // namespace

void Lowering::IndexOptions(const Rule& rule, std::uint32_t number) {
  auto& by_option = program_->index.by_option[rule.slot];
  for (std::uint32_t option = 0; option < rule.mask.size() * 64; ++option) {
    if (!MaskHas(rule.mask, option)) continue;
    if (by_option.size() <= option) by_option.resize(option + 1);
    AddOnce(by_option[option], number);
  }
}

void Lowering::IndexRule(const Rule& rule, std::uint32_t number) {
  TriggerIndex& index = program_->index;
  switch (rule.trigger) {
    case TriggerKind::kEvent:
      for (const std::uint32_t event : rule.events) AddOnce(index.by_event[event], number);
      break;
    case TriggerKind::kBecomes:
      IndexOptions(rule, number);
      break;
    case TriggerKind::kChanges:
      AddOnce(index.by_change[rule.slot], number);
      break;
    case TriggerKind::kNodeRises:
    case TriggerKind::kNodeFalls:
      AddOnce(index.by_node[rule.node], number);
      break;
    case TriggerKind::kStays:
      AddOnce(index.by_stay[rule.slot], number);
      break;
    case TriggerKind::kWithout:
      AddOnce(index.by_silence[rule.tracker], number);
      break;
    case TriggerKind::kEventTimed:
      for (const EventTiming& timing : rule.timings) AddOnce(index.by_timing[timing.event], number);
      for (const std::uint32_t event : rule.withdrawals) AddOnce(index.by_withdrawal[event], number);
      break;
    case TriggerKind::kDate:
      if (rule.date.space == Space::kProperty || rule.date.space == Space::kEntered) AddOnce(index.by_date[rule.date.index], number);
      break;
    case TriggerKind::kSchedule:
      if (rule.node != kNoList) AddOnce(index.schedule_by_node[rule.node], number);
      if (rule.slot != kNoList) AddOnce(index.schedule_by_slot[rule.slot], number);
      if (rule.node == kNoList && rule.slot == kNoList) index.schedule_for_all.push_back(number);
      break;
    case TriggerKind::kNone:
      break;
  }
}

void Lowering::IndexRules() {
  TriggerIndex& index = program_->index;
  for (auto* by_event : {&index.by_event, &index.by_timing, &index.by_withdrawal}) by_event->resize(program_->events.size());
  for (auto* by_slot : {&index.by_change, &index.by_stay, &index.by_date, &index.schedule_by_slot}) {
    by_slot->resize(program_->properties.size());
  }
  for (auto* by_node : {&index.by_node, &index.schedule_by_node}) by_node->resize(program_->nodes.size());
  index.by_option.resize(program_->properties.size());
  index.by_silence.resize(program_->trackers.size());
  for (const std::uint32_t number : rule_numbers_) IndexRule(program_->rules[number], number);
}

void Lowering::IndexPromises() {
  TriggerIndex& index = program_->index;
  index.promises_by_slot.resize(program_->properties.size());
  index.promises_by_node.resize(program_->nodes.size());
  for (std::uint32_t number = 0; number < program_->promises.size(); ++number) {
    const Promise& promise = program_->promises[number];
    if (!promise.declared) continue;
    if (promise.kind == Promise::Kind::kTurns) AddOnce(index.promises_by_node[promise.node], number);
    for (const std::uint32_t slot : promise.slots) AddOnce(index.promises_by_slot[slot], number);
  }
}

void Lowering::IndexOperand(const Operand& operand, std::uint32_t node) {
  TriggerIndex& index = program_->index;
  switch (operand.space) {
    case Space::kProperty:
    case Space::kPrevious:
    case Space::kEntered:
      AddOnce(index.nodes_by_property[operand.index], node);
      break;
    case Space::kNode:
      AddOnce(index.nodes_by_node[operand.index], node);
      break;
    case Space::kContact:
      if (operand.index == static_cast<std::uint16_t>(ContactFact::kLastContacted)) AddOnce(index.nodes_by_last_contacted, node);
      if (operand.index == static_cast<std::uint16_t>(ContactFact::kName)) {
        const WellKnown& known = program_->well_known;
        for (const auto& slot : {known.first_name, known.last_name, known.email}) {
          if (slot.has_value()) AddOnce(index.nodes_by_property[*slot], node);
        }
      }
      break;
    case Space::kField:
      break;  // the fields of an event are gone when a node is computed
  }
}

void Lowering::IndexNode(std::uint32_t number) {
  TriggerIndex& index = program_->index;
  const Node& node = program_->nodes[number];
  const bool counts = node.kind == NodeKind::kCounter || (node.kind == NodeKind::kCriterion && node.each);
  if (counts) {
    AddOnce(index.nodes_by_tracker[node.tracker], number);
    if (node.since.has_value()) IndexOperand(node.since->operand, number);
  }
  for (const std::uint32_t criterion : node.criteria) AddOnce(index.nodes_by_node[criterion], number);
  ForEachTest(node.condition, [&](const Test& test) {
    if (test.op != Op::kSeen && test.op != Op::kSeenSince) {
      IndexOperand(test.operand, number);
      return;
    }
    AddOnce(index.nodes_by_tracker[test.operand.index], number);
    if (test.op == Op::kSeenSince) IndexOperand(program_->sinces[static_cast<std::size_t>(test.imm)].operand, number);
  });
}

void Lowering::IndexNodes() {
  TriggerIndex& index = program_->index;
  index.nodes_by_property.resize(program_->properties.size());
  index.nodes_by_tracker.resize(program_->trackers.size());
  index.nodes_by_node.resize(program_->nodes.size());
  for (std::uint32_t number = 0; number < program_->nodes.size(); ++number) IndexNode(number);
}

void Lowering::LowerIndex() {
  IndexRules();
  IndexPromises();
  IndexNodes();
  LowerWindows();
  auto& by_event = program_->index.trackers_by_event;
  by_event.resize(program_->events.size());
  for (std::uint32_t tracker = 0; tracker < program_->trackers.size(); ++tracker) {
    for (const Tracker::Match& match : program_->trackers[tracker].matches) AddOnce(by_event[match.event], tracker);
  }
}

}  // namespace stagecraft::ir
