#include <algorithm>
#include <utility>

#include "dsl/ir/lowering.h"

namespace stagecraft::ir {

std::uint32_t Lowering::AddNode(Node node) {
  program_->nodes.push_back(std::move(node));
  return static_cast<std::uint32_t>(program_->nodes.size() - 1);
}

// Nodes read only nodes with smaller numbers: derived_order is topological, and watches come after them all.
void Lowering::LowerDerived() {
  numbering_.nodes.resize(script_.derived.size());
  for (const sema::Symbol symbol : script_.derived_order) {
    const sema::DerivedSymbol& derived = script_.vocabulary.derived()[symbol];
    switch (derived.kind) {
      case sema::DerivedKind::kCounter:
        LowerCounter(symbol);
        break;
      case sema::DerivedKind::kScore:
        LowerScore(symbol);
        break;
      case sema::DerivedKind::kDefinition:
      case sema::DerivedKind::kList: {
        Node node;
        node.kind = derived.kind == sema::DerivedKind::kList ? NodeKind::kList : NodeKind::kWatch;
        node.name = derived.name;
        node.condition = graph_.Build(script_.derived[symbol].condition);
        node.place = PlaceOf(derived.span);
        numbering_.nodes[symbol] = AddNode(std::move(node));
        break;
      }
    }
  }
}

void Lowering::LowerCounter(sema::Symbol symbol) {
  const sema::Derived& derived = script_.derived[symbol];
  Node node;
  node.kind = NodeKind::kCounter;
  node.name = script_.vocabulary.derived()[symbol].name;
  node.tracker = TrackerOf(derived.events, derived.within_us, true, {});
  node.window_us = derived.within_us;
  if (derived.since.has_value()) node.since = graph_.LowerSince(*derived.since);
  node.place = PlaceOf(script_.vocabulary.derived()[symbol].span);
  numbering_.nodes[symbol] = AddNode(std::move(node));
}

void Lowering::LowerCriterion(const sema::Criterion& criterion, Node& node) {
  node.kind = NodeKind::kCriterion;
  node.name = criterion.text;
  node.points = criterion.points;
  node.each = criterion.each;
  node.place = PlaceOf(criterion.span);
  if (!criterion.each) {
    node.condition = graph_.Build(criterion.condition);
    return;
  }
  node.condition = kHolds;
  node.halving_us = criterion.halving_us;
  node.window_us = criterion.within_us;
  if (criterion.halving_us > 0) {
    const std::int64_t worthless_after = criterion.halving_us * kHalvingsMax;
    node.window_us = node.window_us == 0 ? worthless_after : std::min(node.window_us, worthless_after);
  }
  node.tracker = TrackerOf(criterion.events, node.window_us, true, {});
  if (criterion.since.has_value()) node.since = graph_.LowerSince(*criterion.since);
}

void Lowering::LowerScore(sema::Symbol symbol) {
  Node score;
  score.kind = NodeKind::kScore;
  score.name = script_.vocabulary.derived()[symbol].name;
  score.place = PlaceOf(script_.vocabulary.derived()[symbol].span);
  for (const sema::Criterion& criterion : script_.derived[symbol].criteria) {
    Node node;
    LowerCriterion(criterion, node);
    score.halving_us = std::max(score.halving_us, node.halving_us);
    score.criteria.push_back(AddNode(std::move(node)));
  }
  const std::uint32_t number = AddNode(std::move(score));
  numbering_.nodes[symbol] = number;
  for (const std::uint32_t criterion : program_->nodes[number].criteria) program_->nodes[criterion].score = number;
}

std::uint32_t Lowering::WatchOf(const sema::Condition& condition, Place place) {
  const bool definition = condition.kind == sema::Condition::Kind::kCompare &&
                          condition.reference.space == sema::Reference::Space::kDerived && condition.reference.type == Type::kTruth &&
                          condition.number == 1;
  if (definition) return numbering_.nodes[condition.reference.symbol];
  const auto [it, added] = watches_.emplace(sema::CanonicalText(condition, script_.vocabulary), 0);
  if (added) {
    Node node;
    node.kind = NodeKind::kWatch;
    node.condition = graph_.Build(condition);
    node.place = place;
    it->second = AddNode(std::move(node));
  }
  return it->second;
}

}  // namespace stagecraft::ir
