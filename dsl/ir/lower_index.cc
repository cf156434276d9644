#include <algorithm>
#include <unordered_set>

#include "dsl/ir/lowering.h"

namespace stagecraft::ir {
namespace {

// Keeps each list of numbers free of repetitions; callers add in ascending order of what the list is sorted by.
void AddOnce(std::vector<std::uint32_t>& numbers, std::uint32_t number) {
  if (numbers.empty() || numbers.back() != number) numbers.push_back(number);
}

}  // namespace

template <typename Visitor>
void Lowering::ForEachTest(Entry entry, Visitor visit) const {
  std::vector<Entry> open = {entry};
  std::unordered_set<Entry> seen;
  while (!open.empty()) {
    const Entry next = open.back();
    open.pop_back();
    if (next == kHolds || next == kFails || !seen.insert(next).second) continue;
    const Test& test = program_->tests[next];
    visit(test);
    open.push_back(test.on_true);
    open.push_back(test.on_false);
  }
}

void Lowering::IndexRules() {
  TriggerIndex& index = program_->index;
  index.by_event.resize(program_->events.size());
  index.by_change.resize(program_->properties.size());
  index.by_stay.resize(program_->properties.size());
  index.by_node.resize(program_->nodes.size());
  index.by_option.resize(program_->properties.size());
  for (const std::uint32_t number : rules_in_order_) {
    const Rule& rule = program_->rules[number];
    switch (rule.trigger) {
      case TriggerKind::kEvent:
        for (const std::uint32_t event : rule.events) AddOnce(index.by_event[event], number);
        break;
      case TriggerKind::kBecomes: {
        auto& by_option = index.by_option[rule.slot];
        for (std::uint32_t option = 0; option < rule.mask.size() * 64; ++option) {
          if (!MaskHas(rule.mask, option)) continue;
          if (by_option.size() <= option) by_option.resize(option + 1);
          AddOnce(by_option[option], number);
        }
        break;
      }
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
    }
  }
}

void Lowering::AddWindow(std::uint32_t tracker, std::int64_t window_us) {
  if (window_us > 0 && windows_.emplace(tracker, window_us).second) program_->windows.push_back({tracker, window_us});
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
    AddWindow(node.tracker, node.window_us);
    if (node.since.has_value()) IndexOperand(node.since->operand, number);
  }
  for (const std::uint32_t criterion : node.criteria) AddOnce(index.nodes_by_node[criterion], number);
  ForEachTest(node.condition, [&](const Test& test) {
    if (test.op != Op::kSeen && test.op != Op::kSeenSince) {
      IndexOperand(test.operand, number);
      return;
    }
    AddOnce(index.nodes_by_tracker[test.operand.index], number);
    if (test.op == Op::kSeen) AddWindow(test.operand.index, test.imm);
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
  IndexNodes();
  auto& by_event = program_->index.trackers_by_event;
  by_event.resize(program_->events.size());
  for (std::uint32_t tracker = 0; tracker < program_->trackers.size(); ++tracker) {
    for (const Tracker::Match& match : program_->trackers[tracker].matches) AddOnce(by_event[match.event], tracker);
  }
}

}  // namespace stagecraft::ir
