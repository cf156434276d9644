#include "dsl/graph/possible_values.h"

#include <algorithm>
#include <unordered_set>

namespace stagecraft::graph {
namespace {

// Definitions of definitions are followed this deep; beyond it anything is possible.
constexpr int kDepthMax = 32;

bool Compares(ir::Op op, std::int64_t left, std::int64_t right) {
  switch (op) {
    case ir::Op::kEqual:
      return left == right;
    case ir::Op::kLess:
      return left < right;
    case ir::Op::kLessEqual:
      return left <= right;
    case ir::Op::kGreater:
      return left > right;
    default:
      return left >= right;
  }
}

bool IsSeen(ir::Op op) { return op == ir::Op::kSeen || op == ir::Op::kSeenSince || op == ir::Op::kSeenSinceRun; }

bool IsComparison(ir::Op op) { return op >= ir::Op::kEqual && op <= ir::Op::kGreaterEqual; }

}  // namespace

PossibleValues::PossibleValues(const ir::Program& program, std::uint32_t slot) : program_(program), slot_(slot) {
  const ir::Property& property = program.properties[slot];
  const bool truth = property.type == ir::Type::kTruth;
  unset_ = truth ? 2 : static_cast<std::uint32_t>(property.options.size());
  all_.assign(unset_ + 1, true);
  for (std::uint32_t option = 0; !truth && option < unset_; ++option) all_[option] = property.options[option].declared;
}

bool PossibleValues::NodeCan(std::uint32_t node, bool outcome, std::uint32_t value, int depth) {
  const auto key = std::pair(node, value);
  auto found = nodes_.find(key);
  if (found == nodes_.end()) {
    Outcomes outcomes;
    if (depth < kDepthMax) {
      const ir::Entry condition = program_.nodes[node].condition;
      outcomes = {Can(condition, true, value, depth + 1), Can(condition, false, value, depth + 1)};
    }
    found = nodes_.emplace(key, outcomes).first;
  }
  return outcome ? found->second.holds : found->second.fails;
}

PossibleValues::Outcomes PossibleValues::OutcomesOfNode(const ir::Test& test, std::uint32_t value, int depth) {
  const ir::Node& node = program_.nodes[test.operand.index];
  const bool two_valued = node.kind == ir::NodeKind::kList || node.kind == ir::NodeKind::kWatch;
  if (!two_valued || !IsComparison(test.op)) return {};
  Outcomes outcomes = {false, false};
  for (const bool state : {false, true}) {
    if (!NodeCan(test.operand.index, state, value, depth)) continue;
    const bool holds = Compares(test.op, state ? 1 : 0, test.imm);
    outcomes.holds = outcomes.holds || holds;
    outcomes.fails = outcomes.fails || !holds;
  }
  return outcomes;
}

PossibleValues::Outcomes PossibleValues::OutcomesOf(const ir::Test& test, std::uint32_t value, int depth) {
  if (IsSeen(test.op)) return {};
  if (test.operand.space == ir::Space::kNode) return OutcomesOfNode(test, value, depth);
  if (test.operand.space != ir::Space::kProperty || test.operand.index != slot_) return {};
  bool holds = value != unset_;
  if (test.op == ir::Op::kOptionIn) {
    holds = holds && ir::MaskHas(program_.masks[static_cast<std::size_t>(test.imm)], value);
  } else if (IsComparison(test.op)) {
    holds = holds && Compares(test.op, value, test.imm);
  } else if (test.op != ir::Op::kIsSet) {
    return {};
  }
  return {holds, !holds};
}

// Of this property, whatever of it: its value, what it was, when it came to be so.
bool PossibleValues::Reads(const ir::Operand& operand) const {
  const bool property =
      operand.space == ir::Space::kProperty || operand.space == ir::Space::kPrevious || operand.space == ir::Space::kEntered;
  return property && operand.index == slot_;
}

bool PossibleValues::TestFeels(const ir::Test& test, std::uint32_t from, std::uint32_t to, int depth) {
  if (test.op == ir::Op::kSeenSince) return Reads(program_.sinces[static_cast<std::size_t>(test.imm)].operand);
  if (IsSeen(test.op)) return false;
  if (test.operand.space == ir::Space::kNode) return NodeFeels(test.operand.index, from, to, depth);
  if (!Reads(test.operand)) return false;
  if (test.operand.space != ir::Space::kProperty) return true;
  const Outcomes before = OutcomesOf(test, from, depth);
  const Outcomes after = OutcomesOf(test, to, depth);
  const bool certain = before.holds != before.fails && after.holds != after.fails;
  return !certain || before.holds != after.holds;
}

bool PossibleValues::Feels(ir::Entry entry, std::uint32_t from, std::uint32_t to, int depth) {
  std::vector<ir::Entry> open = {entry};
  std::unordered_set<ir::Entry> seen;
  while (!open.empty()) {
    const ir::Entry next = open.back();
    open.pop_back();
    if (next == ir::kHolds || next == ir::kFails || !seen.insert(next).second) continue;
    const ir::Test& test = program_.tests[next];
    if (TestFeels(test, from, to, depth)) return true;
    open.insert(open.end(), {test.on_true, test.on_false});
  }
  return false;
}

bool PossibleValues::NodeFeels(std::uint32_t number, std::uint32_t from, std::uint32_t to, int depth) {
  const auto key = std::tuple(number, from, to);
  if (const auto found = feelings_.find(key); found != feelings_.end()) return found->second;
  const ir::Node& node = program_.nodes[number];
  bool feels = depth >= kDepthMax || (node.since.has_value() && Reads(node.since->operand)) || Feels(node.condition, from, to, depth + 1);
  for (const std::uint32_t criterion : node.criteria) feels = feels || NodeFeels(criterion, from, to, depth + 1);
  feelings_[key] = feels;
  return feels;
}

// A walk over the tests that can be reached, not a recursion: a condition may be very long.
bool PossibleValues::Can(ir::Entry entry, bool outcome, std::uint32_t value, int depth) {
  const ir::Entry wanted = outcome ? ir::kHolds : ir::kFails;
  std::vector<ir::Entry> open = {entry};
  std::unordered_set<ir::Entry> seen;
  while (!open.empty()) {
    const ir::Entry next = open.back();
    open.pop_back();
    if (next == wanted) return true;
    if (next == ir::kHolds || next == ir::kFails || !seen.insert(next).second) continue;
    const ir::Test& test = program_.tests[next];
    const Outcomes outcomes = OutcomesOf(test, value, depth);
    if (outcomes.holds) open.push_back(test.on_true);
    if (outcomes.fails) open.push_back(test.on_false);
  }
  return false;
}

Values PossibleValues::Where(const Values& values, ir::Entry entry, bool outcome) {
  Values result = values;
  for (std::uint32_t value = 0; value < result.size(); ++value) result[value] = result[value] && Can(entry, outcome, value);
  return result;
}

Values PossibleValues::WhereNode(const Values& values, std::uint32_t node, bool outcome) {
  Values result = values;
  for (std::uint32_t value = 0; value < result.size(); ++value) result[value] = result[value] && NodeCan(node, outcome, value);
  return result;
}

Values PossibleValues::Within(const Values& values, const ir::Mask& mask) const {
  Values result = values;
  for (std::uint32_t value = 0; value < result.size(); ++value)
    result[value] = result[value] && value != unset_ && ir::MaskHas(mask, value);
  return result;
}

Values PossibleValues::Only(std::uint32_t value) const {
  Values result(all_.size(), false);
  result[value] = true;
  return result;
}

bool IsEmpty(const Values& values) { return std::find(values.begin(), values.end(), true) == values.end(); }

Values Union(Values left, const Values& right) {
  for (std::size_t i = 0; i < left.size(); ++i) left[i] = left[i] || right[i];
  return left;
}

}  // namespace stagecraft::graph
