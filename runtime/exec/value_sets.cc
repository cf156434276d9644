#include "runtime/exec/value_sets.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

namespace stagecraft::runtime {
namespace {

// Larger sets tell rules apart so little that they are taken for everything.
constexpr std::size_t kValuesMax = 64;
// Conditions with more tests are not looked into: each operand costs a walk over all of them.
constexpr std::size_t kTestsMax = 256;

ValueSet Everything() { return {true, {}}; }

ValueSet Union(const ValueSet& a, const ValueSet& b) {
  if (a.all || b.all) return Everything();
  ValueSet result;
  std::set_union(a.values.begin(), a.values.end(), b.values.begin(), b.values.end(), std::back_inserter(result.values));
  return result.values.size() > kValuesMax ? Everything() : result;
}

ValueSet Intersection(const ValueSet& a, const ValueSet& b) {
  if (a.all) return b;
  if (b.all) return a;
  ValueSet result;
  std::set_intersection(a.values.begin(), a.values.end(), b.values.begin(), b.values.end(), std::back_inserter(result.values));
  return result;
}

// The values with which the test passes; nothing when that is no small set.
std::optional<ValueSet> PassingValues(const ir::Program& program, const ir::Test& test, TextNumbers& texts) {
  const ir::Space space = test.operand.space;
  if (space != ir::Space::kProperty && space != ir::Space::kField && space != ir::Space::kNode) return std::nullopt;
  const bool text = ir::IsText(test.operand.type);
  const auto place = static_cast<std::size_t>(test.imm);
  ValueSet result;
  if (test.op == ir::Op::kTextEqual && text) {
    result.values.push_back(texts.Intern(program.texts[place]));
  } else if (test.op == ir::Op::kEqual && !text) {
    result.values.push_back(test.imm);
  } else if (test.op == ir::Op::kOptionIn && !text) {
    const ir::Mask& mask = program.masks[place];
    for (std::int64_t option = 0; option < static_cast<std::int64_t>(mask.size() * 64); ++option) {
      if (ir::MaskHas(mask, option)) result.values.push_back(option);
    }
  } else {
    return std::nullopt;
  }
  if (result.values.size() > kValuesMax) return std::nullopt;
  return result;
}

// The tests that the condition may come to, each behind its successors; empty when they are too many.
std::vector<ir::Entry> TestsOf(const ir::Program& program, ir::Entry condition) {
  std::vector<ir::Entry> order;
  std::unordered_map<ir::Entry, bool> left;  // tests that were entered, and whether they were left again
  std::vector<ir::Entry> open = {condition};
  while (!open.empty()) {
    const ir::Entry entry = open.back();
    const bool entered = entry < ir::kFails && !left.try_emplace(entry, false).second;
    if (entry >= ir::kFails || entered) {
      open.pop_back();
      if (entered && !std::exchange(left[entry], true)) order.push_back(entry);
      continue;
    }
    if (left.size() > kTestsMax) return {};
    open.insert(open.end(), {program.tests[entry].on_true, program.tests[entry].on_false});
  }
  return order;
}

// One condition, looked into for one operand after the other.
class Walk {
 public:
  Walk(const ir::Program& program, ir::Entry condition, TextNumbers& texts) : tests_(TestsOf(program, condition)) {
    for (std::size_t i = 0; i < tests_.size(); ++i) {
      const ir::Test& test = program.tests[tests_[i]];
      place_.emplace(tests_[i], i);
      steps_.push_back({test.operand, PassingValues(program, test, texts), PlaceOf(test.on_true), PlaceOf(test.on_false)});
    }
  }

  std::vector<ir::Operand> operands() const {
    std::vector<ir::Operand> found;
    for (const Step& step : steps_) {
      if (step.passing && std::find(found.begin(), found.end(), step.operand) == found.end()) found.push_back(step.operand);
    }
    return found;
  }

  // The values of `operand` with which the condition can hold. What is not known of other tests is taken as either.
  ValueSet ValuesOf(const ir::Operand& operand) const {
    std::vector<ValueSet> holds_with(steps_.size());
    const auto with = [&](std::size_t place) {
      return place == kHoldsPlace ? Everything() : place == kFailsPlace ? ValueSet{} : holds_with[place];
    };
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      const Step& step = steps_[i];
      const bool asks = step.passing && step.operand == operand;
      const ValueSet on_true = asks ? Intersection(*step.passing, with(step.on_true)) : with(step.on_true);
      holds_with[i] = Union(on_true, with(step.on_false));
    }
    return steps_.empty() ? Everything() : std::move(holds_with.back());
  }

 private:
  static constexpr std::size_t kHoldsPlace = SIZE_MAX;
  static constexpr std::size_t kFailsPlace = SIZE_MAX - 1;

  struct Step {
    ir::Operand operand;
    std::optional<ValueSet> passing;
    std::size_t on_true = 0;
    std::size_t on_false = 0;
  };

  std::size_t PlaceOf(ir::Entry entry) const {
    if (entry == ir::kHolds) return kHoldsPlace;
    return entry == ir::kFails ? kFailsPlace : place_.at(entry);
  }

  std::vector<ir::Entry> tests_;
  std::unordered_map<ir::Entry, std::size_t> place_;
  std::vector<Step> steps_;
};

}  // namespace

std::vector<Demand> DemandsOf(const ir::Program& program, ir::Entry condition, TextNumbers& texts) {
  const Walk walk(program, condition, texts);
  std::vector<Demand> demands;
  for (const ir::Operand& operand : walk.operands()) {
    ValueSet allowed = walk.ValuesOf(operand);
    if (!allowed.all) demands.push_back({operand, std::move(allowed)});
  }
  return demands;
}

std::vector<Demand> BothDemands(std::vector<Demand> a, std::vector<Demand> b) {
  for (Demand& more : b) {
    const auto same = [&](const Demand& demand) { return demand.operand == more.operand; };
    const auto found = std::find_if(a.begin(), a.end(), same);
    if (found == a.end()) {
      a.push_back(std::move(more));
    } else {
      found->allowed = Intersection(found->allowed, more.allowed);
    }
  }
  return a;
}

}  // namespace stagecraft::runtime
