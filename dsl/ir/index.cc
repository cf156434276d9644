#include "dsl/ir/index.h"

#include <algorithm>
#include <set>
#include <utility>

#include "dsl/ir/test_walk.h"

namespace stagecraft::ir {
namespace {

// True when what it is depends on how often events have happened.
bool Counts(const Node& node) { return node.kind == NodeKind::kCounter || (node.kind == NodeKind::kCriterion && node.each); }

// Keeps each list of numbers free of repetitions; callers add in ascending order of what the list is sorted by.
void AddOnce(std::vector<std::uint32_t>& numbers, std::uint32_t number) {
  if (numbers.empty() || numbers.back() != number) numbers.push_back(number);
}

class ProgramIndexer {
 public:
  explicit ProgramIndexer(Program& program) : program_(program), walk_(program.tests) {}

  void Run() {
    IndexRules();
    IndexPromises();
    IndexNodes();
    IndexTrackers();
    IndexWindows();
  }

 private:
  void IndexRules();
  void IndexRule(const Rule& rule, std::uint32_t number);
  void IndexOptions(const Rule& rule, std::uint32_t number);
  void IndexPromises();
  void IndexNodes();
  void IndexNode(std::uint32_t number);
  void IndexOperand(const Operand& operand, std::uint32_t node);
  void IndexTrackers();

  // The moments at which something may change by time alone (language.md E8).
  void IndexWindows();
  void AddNodeWindows(const Node& node);
  void AddWindows(Entry entry);
  void AddWindow(std::uint32_t tracker, std::int64_t window_us);

  Program& program_;
  TestWalk walk_;
  std::set<std::pair<std::uint32_t, std::int64_t>> windows_;
};

void ProgramIndexer::IndexOptions(const Rule& rule, std::uint32_t number) {
  auto& by_option = program_.index.by_option[rule.slot];
  for (std::uint32_t option = 0; option < rule.mask.size() * 64; ++option) {
    if (!MaskHas(rule.mask, option)) continue;
    if (by_option.size() <= option) by_option.resize(option + 1);
    AddOnce(by_option[option], number);
  }
}

void ProgramIndexer::IndexRule(const Rule& rule, std::uint32_t number) {
  TriggerIndex& index = program_.index;
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

void ProgramIndexer::IndexRules() {
  TriggerIndex& index = program_.index;
  for (auto* by_event : {&index.by_event, &index.by_timing, &index.by_withdrawal}) by_event->resize(program_.events.size());
  for (auto* by_slot : {&index.by_change, &index.by_stay, &index.by_date, &index.schedule_by_slot}) {
    by_slot->resize(program_.properties.size());
  }
  for (auto* by_node : {&index.by_node, &index.schedule_by_node}) by_node->resize(program_.nodes.size());
  index.by_option.resize(program_.properties.size());
  index.by_silence.resize(program_.trackers.size());
  std::vector<std::uint32_t> numbers;
  for (std::uint32_t number = 0; number < program_.rules.size(); ++number) {
    if (program_.rules[number].declared) numbers.push_back(number);
  }
  std::sort(numbers.begin(), numbers.end(),
            [this](std::uint32_t left, std::uint32_t right) { return program_.rules[left].order < program_.rules[right].order; });
  for (const std::uint32_t number : numbers) IndexRule(program_.rules[number], number);
}

void ProgramIndexer::IndexPromises() {
  TriggerIndex& index = program_.index;
  index.promises_by_slot.resize(program_.properties.size());
  index.promises_by_node.resize(program_.nodes.size());
  for (std::uint32_t number = 0; number < program_.promises.size(); ++number) {
    const Promise& promise = program_.promises[number];
    if (!promise.declared) continue;
    if (promise.kind == Promise::Kind::kTurns) AddOnce(index.promises_by_node[promise.node], number);
    for (const std::uint32_t slot : promise.slots) AddOnce(index.promises_by_slot[slot], number);
  }
}

void ProgramIndexer::IndexOperand(const Operand& operand, std::uint32_t node) {
  TriggerIndex& index = program_.index;
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
        const WellKnown& known = program_.well_known;
        for (const auto& slot : {known.first_name, known.last_name, known.email}) {
          if (slot.has_value()) AddOnce(index.nodes_by_property[*slot], node);
        }
      }
      break;
    case Space::kField:
      break;  // the fields of an event are gone when a node is computed
  }
}

void ProgramIndexer::IndexNode(std::uint32_t number) {
  TriggerIndex& index = program_.index;
  const Node& node = program_.nodes[number];
  if (Counts(node)) {
    AddOnce(index.nodes_by_tracker[node.tracker], number);
    if (node.since.has_value()) IndexOperand(node.since->operand, number);
  }
  for (const std::uint32_t criterion : node.criteria) AddOnce(index.nodes_by_node[criterion], number);
  walk_(node.condition, [&](const Test& test) {
    if (test.op != Op::kSeen && test.op != Op::kSeenSince) {
      IndexOperand(test.operand, number);
      return;
    }
    AddOnce(index.nodes_by_tracker[test.operand.index], number);
    if (test.op == Op::kSeenSince) IndexOperand(program_.sinces[static_cast<std::size_t>(test.imm)].operand, number);
  });
}

void ProgramIndexer::IndexNodes() {
  TriggerIndex& index = program_.index;
  index.nodes_by_property.resize(program_.properties.size());
  index.nodes_by_tracker.resize(program_.trackers.size());
  index.nodes_by_node.resize(program_.nodes.size());
  for (std::uint32_t number = 0; number < program_.nodes.size(); ++number) IndexNode(number);
}

void ProgramIndexer::IndexTrackers() {
  auto& by_event = program_.index.trackers_by_event;
  by_event.resize(program_.events.size());
  for (std::uint32_t tracker = 0; tracker < program_.trackers.size(); ++tracker) {
    for (const Tracker::Match& match : program_.trackers[tracker].matches) AddOnce(by_event[match.event], tracker);
  }
}

void ProgramIndexer::AddWindow(std::uint32_t tracker, std::int64_t window_us) {
  if (window_us > 0 && windows_.emplace(tracker, window_us).second) program_.windows.push_back({tracker, window_us});
}

void ProgramIndexer::AddWindows(Entry entry) {
  walk_(entry, [&](const Test& test) {
    if (test.op == Op::kSeen) AddWindow(test.operand.index, test.imm);
  });
}

void ProgramIndexer::AddNodeWindows(const Node& node) {
  if (Counts(node)) AddWindow(node.tracker, node.window_us);
  if (node.halving_us > 0) {
    for (int k = 1; k <= kHalvingsMax && k * node.halving_us < node.window_us; ++k) AddWindow(node.tracker, k * node.halving_us);
  }
  AddWindows(node.condition);
}

void ProgramIndexer::IndexWindows() {
  for (const Node& node : program_.nodes) AddNodeWindows(node);
  for (const Rule& rule : program_.rules) {
    AddWindows(rule.until);
    if (!rule.has_waits) continue;
    for (const Action& action : rule.actions) {
      if (action.wait.has_value()) AddWindows(action.wait->condition);
    }
  }
}

}  // namespace

void IndexProgram(Program& program) { ProgramIndexer(program).Run(); }

}  // namespace stagecraft::ir
