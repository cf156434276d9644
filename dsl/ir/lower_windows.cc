// The moments at which something may change by time alone (language.md E8).
#include "dsl/ir/lowering.h"

namespace stagecraft::ir {

void Lowering::AddWindow(std::uint32_t tracker, std::int64_t window_us) {
  if (window_us > 0 && windows_.emplace(tracker, window_us).second) program_->windows.push_back({tracker, window_us});
}

void Lowering::AddWindows(Entry entry) {
  ForEachTest(entry, [&](const Test& test) {
    if (test.op == Op::kSeen) AddWindow(test.operand.index, test.imm);
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
