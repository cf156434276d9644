#include "runtime/exec/rule_index.h"

#include <algorithm>
#include <map>
#include <unordered_set>
#include <utility>

#include "runtime/exec/text_match.h"

namespace stagecraft::runtime {

// Makes the trees of one index.
class RuleIndexBuilder {
 public:
  RuleIndexBuilder(const ir::Program& program, std::uint32_t leaf_max, RuleIndex& index)
      : program_(program), leaf_max_(leaf_max), index_(index) {}

  // `event`: that the rules have conditions on; `with_fields`: the event that these are about is at hand.
  std::uint32_t AddTree(const std::vector<std::uint32_t>& rules, std::optional<std::uint32_t> event, bool with_fields);

 private:
  static constexpr std::uint32_t kNone = RuleIndex::kNone;
  // Rules that allow several values stand below each of them: so often may a rule stand in the tree on average.
  static constexpr std::size_t kCopiesMax = 8;

  struct Need {
    std::uint32_t operand = 0;
    ValueSet allowed;
  };
  struct Item {
    RuleIndex::Candidate candidate;
    std::vector<Need> needs;
  };
  using Items = std::vector<const Item*>;
  // What telling rules apart by an operand would give.
  struct Tally {
    std::size_t rules = 0;
    std::size_t copies = 0;
    std::unordered_set<std::int64_t> values;
  };

  Item MakeItem(std::uint32_t rule, std::optional<std::uint32_t> event, bool with_fields);
  std::uint32_t OperandNumber(const ir::Operand& operand);
  std::uint32_t AddLeaf(const Items& items);
  // `copies_max`: how many candidates may stand below the node.
  std::uint32_t AddNode(const Items& items, std::size_t copies_max);
  std::uint32_t AddSplit(const Items& items, std::size_t copies_max, std::uint32_t operand);
  // The operand that leaves the fewest rules to be tested; kNone when none leaves markedly fewer.
  std::uint32_t ChooseOperand(const Items& items, std::size_t copies_max) const;
  const ValueSet* NeedOf(const Item& item, std::uint32_t operand) const;

  const ir::Program& program_;
  const std::uint32_t leaf_max_;
  RuleIndex& index_;
  std::vector<bool> decided_;  // by operand: a node above looked at it
};

std::uint32_t RuleIndexBuilder::OperandNumber(const ir::Operand& operand) {
  const auto found = std::find(index_.operands_.begin(), index_.operands_.end(), operand);
  if (found != index_.operands_.end()) return static_cast<std::uint32_t>(found - index_.operands_.begin());
  index_.operands_.push_back(operand);
  index_.rules_asking_.push_back(0);
  decided_.push_back(false);
  return static_cast<std::uint32_t>(index_.operands_.size() - 1);
}

RuleIndexBuilder::Item RuleIndexBuilder::MakeItem(std::uint32_t number, std::optional<std::uint32_t> event, bool with_fields) {
  const ir::Rule& rule = program_.rules[number];
  Item item;
  item.candidate = RuleIndex::CandidateOf(program_, number, event);
  std::vector<Demand> demands = DemandsOf(program_, rule.condition, index_.texts_);
  if (event) demands = BothDemands(std::move(demands), DemandsOf(program_, rule.EventCondition(*event), index_.texts_));
  for (Demand& demand : demands) {
    if (demand.operand.space == ir::Space::kField && !with_fields) continue;
    const std::uint32_t operand = OperandNumber(demand.operand);
    ++index_.rules_asking_[operand];
    item.needs.push_back({operand, std::move(demand.allowed)});
  }
  return item;
}

std::uint32_t RuleIndexBuilder::AddTree(const std::vector<std::uint32_t>& rules, std::optional<std::uint32_t> event, bool with_fields) {
  std::vector<Item> items;
  for (const std::uint32_t rule : rules) {
    if (program_.rules[rule].MayFire()) items.push_back(MakeItem(rule, event, with_fields));
  }
  Items all;
  for (const Item& item : items) all.push_back(&item);
  return AddNode(all, all.size() * kCopiesMax);
}

const ValueSet* RuleIndexBuilder::NeedOf(const Item& item, std::uint32_t operand) const {
  const auto found = std::find_if(item.needs.begin(), item.needs.end(), [&](const Need& need) { return need.operand == operand; });
  return found == item.needs.end() ? nullptr : &found->allowed;
}

std::uint32_t RuleIndexBuilder::AddLeaf(const Items& items) {
  RuleIndex::Node leaf;
  leaf.first = static_cast<std::uint32_t>(index_.candidates_.size());
  leaf.count = static_cast<std::uint32_t>(items.size());
  for (const Item* item : items) index_.candidates_.push_back(item->candidate);
  index_.nodes_.push_back(leaf);
  return static_cast<std::uint32_t>(index_.nodes_.size() - 1);
}

std::uint32_t RuleIndexBuilder::AddNode(const Items& items, std::size_t copies_max) {
  if (items.empty()) return kNone;
  if (items.size() <= leaf_max_) return AddLeaf(items);
  const std::uint32_t operand = ChooseOperand(items, copies_max);
  return operand == kNone ? AddLeaf(items) : AddSplit(items, copies_max, operand);
}

std::uint32_t RuleIndexBuilder::ChooseOperand(const Items& items, std::size_t copies_max) const {
  std::map<std::uint32_t, Tally> tallies;
  for (const Item* item : items) {
    for (const Need& need : item->needs) {
      if (decided_[need.operand]) continue;
      Tally& tally = tallies[need.operand];
      ++tally.rules;
      tally.copies += need.allowed.values.size();
      tally.values.insert(need.allowed.values.begin(), need.allowed.values.end());
    }
  }
  std::uint32_t best = kNone;
  // Looking at an operand costs about as much as testing a rule: it must spare a quarter of them. That also bounds the depth.
  double best_cost = 0.75 * static_cast<double>(items.size());
  for (const auto& [operand, tally] : tallies) {
    const std::size_t rest = items.size() - tally.rules;
    if (rest + tally.copies > copies_max) continue;
    const auto values = static_cast<double>(std::max<std::size_t>(tally.values.size(), 1));
    // With one value only, it is as likely to be there as not.
    const double cost = static_cast<double>(rest) + static_cast<double>(tally.copies) / std::max(values, 2.0);
    if (cost >= best_cost) continue;
    best = operand;
    best_cost = cost;
  }
  return best;
}

std::uint32_t RuleIndexBuilder::AddSplit(const Items& items, std::size_t copies_max, std::uint32_t operand) {
  std::map<std::int64_t, Items> by_value;
  Items rest;
  std::size_t copies = 0;
  for (const Item* item : items) {
    const ValueSet* allowed = NeedOf(*item, operand);
    if (allowed == nullptr) {
      rest.push_back(item);
      continue;
    }
    for (const std::int64_t value : allowed->values) by_value[value].push_back(item);
    copies += allowed->values.size();
  }
  copies += rest.size();
  const auto share = [&](const Items& part) { return std::max(part.size(), copies_max * part.size() / copies); };

  RuleIndex::Node node;
  node.operand = operand;
  node.first = static_cast<std::uint32_t>(index_.branches_.size());
  node.count = static_cast<std::uint32_t>(by_value.size());
  index_.branches_.resize(index_.branches_.size() + by_value.size());
  decided_[operand] = true;
  std::size_t place = node.first;
  for (const auto& [value, part] : by_value) index_.branches_[place++] = {value, AddNode(part, share(part))};
  decided_[operand] = false;
  node.rest = AddNode(rest, share(rest));
  index_.nodes_.push_back(node);
  return static_cast<std::uint32_t>(index_.nodes_.size() - 1);
}

RuleIndex::Candidate RuleIndex::CandidateOf(const ir::Program& program, std::uint32_t number, std::optional<std::uint32_t> event) {
  const ir::Rule& rule = program.rules[number];
  const bool one_at_a_time = rule.has_waits && !rule.every_time && rule.trigger != ir::TriggerKind::kEventTimed;
  const bool limited = one_at_a_time || rule.once != ir::Rule::Once::kAlways || rule.until != ir::kFails;
  return {number, rule.order, event ? rule.EventCondition(*event) : ir::kHolds, rule.condition, limited};
}

RuleIndex::RuleIndex(const ir::Program& program, std::uint32_t leaf_max) {
  RuleIndexBuilder builder(program, leaf_max, *this);
  const ir::TriggerIndex& rules = program.index;
  for (std::uint32_t event = 0; event < rules.by_event.size(); ++event) {
    // The creation of a contact happens along with other events, whose fields are not its own.
    by_event_.push_back(builder.AddTree(rules.by_event[event], event, event != program.well_known.contact_created));
  }
  for (const auto& by_option : rules.by_option) {
    std::vector<std::uint32_t>& roots = by_option_.emplace_back();
    for (const std::vector<std::uint32_t>& numbers : by_option) roots.push_back(builder.AddTree(numbers, std::nullopt, true));
  }
  for (const std::vector<std::uint32_t>& numbers : rules.by_change) by_change_.push_back(builder.AddTree(numbers, std::nullopt, true));
  for (const std::vector<std::uint32_t>& numbers : rules.by_node) by_node_.push_back(builder.AddTree(numbers, std::nullopt, true));
}

std::vector<std::uint32_t> RuleIndex::MostReadSlots(std::size_t count) const {
  std::map<std::uint32_t, std::size_t> asking;
  for (std::size_t i = 0; i < operands_.size(); ++i) {
    if (operands_[i].space == ir::Space::kProperty) asking[operands_[i].index] += rules_asking_[i];
  }
  std::vector<std::uint32_t> slots;
  for (const auto& [slot, rules] : asking) slots.push_back(slot);
  std::sort(slots.begin(), slots.end(), [&](std::uint32_t a, std::uint32_t b) { return asking[a] > asking[b]; });
  if (slots.size() > count) slots.resize(count);
  return slots;
}

std::uint32_t RuleIndex::BranchFor(const Node& node, std::optional<std::int64_t> value) const {
  if (!value) return kNone;
  const auto begin = branches_.begin() + node.first;
  const auto end = begin + node.count;
  const auto found = std::lower_bound(begin, end, *value, [](const Branch& branch, std::int64_t wanted) { return branch.value < wanted; });
  return found != end && found->value == *value ? found->node : kNone;
}

void RuleIndex::Present::Begin(const RuleIndex& index, const Scene& scene) {
  index_ = &index;
  scene_ = scene;
  ++scene_number_;
  if (cells_.size() < index.operands_.size()) cells_.resize(index.operands_.size());
}

std::optional<std::int64_t> RuleIndex::Present::ValueOf(std::uint32_t operand) {
  Cell& cell = cells_[operand];
  if (cell.read_in == scene_number_) return cell.value;
  cell.read_in = scene_number_;
  const ir::Operand& wanted = index_->operands_[operand];
  const Reading reading = Read(scene_, wanted);
  if (!reading.set) {
    cell.value.reset();
  } else {
    cell.value = ir::IsText(wanted.type) ? index_->texts_.Find(Folded(reading.text)) : reading.number;
  }
  return cell.value;
}

}  // namespace stagecraft::runtime
