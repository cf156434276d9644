// The moments at which something may change by time alone (language.md E8).
#include "dsl/ir/lowering.h"

namespace stagecraft::ir {

void Lowering::AddWindow(std::uint32_t tracker, std::int64_t window_us) {
  if (window_us > 0 && windows_.emplace(tracker, window_us).second) program_->windows.push_back({tracker, window_us});
}

void Lowering::AddDateWindow(const Operand& operand, std::int64_t offset_us) {
  const bool added = date_windows_.emplace(operand.space, operand.index, operand.option, operand.type, offset_us).second;
  if (added) program_->date_windows.push_back({operand, offset_us});
}

void Lowering::AddWindows(Entry entry) {
  ForEachTest(entry, [&](const Test& test) {
    switch (test.op) {
      case Op::kSeen:
        AddWindow(test.operand.index, test.imm);
        break;
      case Op::kLately:
        AddDateWindow(test.operand, 0);
        AddDateWindow(test.operand, test.imm);
        break;
      case Op::kSoon:
        AddDateWindow(test.operand, -test.imm);
        // A moment is over at once, a day when it ends.
        AddDateWindow(test.operand, test.operand.type == Type::kDate ? kMicrosPerDay : 1);
        break;
      default:
        break;
    }
  });
}

void Lowering::AddNodeWindows(const Node& node) {
  const bool counts = node.kind == NodeKind::kCounter || (node.kind == NodeKind::kCriterion && node.each);
  if (counts) AddWindow(node.tracker, node.window_us);
  if (node.halving_us > 0) {
    for (int k = 1; k <= kHalvingsMax && k * node.halving_us < node.window_us; ++k) AddWindow(node.tracker, k * node.halving_us);
  }
  AddWindows(node.condition);
}

void Lowering::LowerWindows() {
  for (const Node& node : program_->nodes) AddNodeWindows(node);
  for (const Rule& rule : program_->rules) {
    AddWindows(rule.until);
    if (!rule.has_waits) continue;
    for (const Action& action : rule.actions) {
      if (action.wait.has_value()) AddWindows(action.wait->condition);
    }
  }
}

}  // namespace stagecraft::ir
