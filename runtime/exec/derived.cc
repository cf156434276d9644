// Derived values, kept up to date incrementally: only nodes that read what has changed are looked at, each once, in the
// order in which they read one another.
#include <algorithm>
#include <bit>
#include <utility>

#include "runtime/exec/decision.h"

namespace stagecraft::runtime {

void Decision::MarkDirty(std::uint32_t node, std::uint32_t cause) {
  const std::size_t word = node / 64;
  const std::uint64_t bit = std::uint64_t{1} << (node % 64);
  if ((dirty_[word] & bit) != 0) {
    // Time moves first, and whatever moves the node with it is what is to be named.
    if (cause_[node] == kByEvent && !created_) cause_[node] = cause;
    return;
  }
  dirty_[word] |= bit;
  dirty_from_ = std::min(dirty_from_, word);
  cause_[node] = cause;
}

void Decision::MarkAllDirty(const std::vector<std::vector<std::uint32_t>>& index, std::uint32_t key, std::uint32_t cause) {
  if (key >= index.size()) return;
  for (const std::uint32_t node : index[key]) MarkDirty(node, cause);
}

void Decision::BeginDerived(bool created) {
  if (!created) {
    if (contact_->derived.size() != program_.nodes.size()) RecomputeAll(plan_, *contact_);
    return;
  }
  // For rules a new contact comes from nothing: what holds of a contact of which nothing is known turns true with it.
  contact_->derived = plan_.baseline;
  contact_->next_window_close = Contact::kNever;
  windows_moved_ = plan_.windows.ReadsFacts();
  for (const std::uint32_t node : plan_.baseline_set) {
    touched_.push_back({node, 0, kByEvent});
    cause_[node] = kByEvent;
  }
  for (const std::uint32_t node : plan_.fact_nodes) MarkDirty(node, kByEvent);
}

void Decision::UpdateDerived() {
  for (std::size_t word = dirty_from_; word < dirty_.size(); ++word) {
    // Nodes that become dirty meanwhile have higher numbers: they are in this word or behind it.
    while (dirty_[word] != 0) {
      const auto bit = static_cast<std::uint32_t>(std::countr_zero(dirty_[word]));
      dirty_[word] &= dirty_[word] - 1;
      UpdateNode(static_cast<std::uint32_t>(word * 64) + bit);
    }
  }
  dirty_from_ = dirty_.size();
  ReportNodes();
}

void Decision::UpdateNode(std::uint32_t number) {
  const ir::Node& node = program_.nodes[number];
  std::int64_t& value = contact_->derived[number];
  const std::int64_t before = value;
  const std::int64_t gained = std::exchange(score_delta_[number], 0);
  // What halves is rounded over all lines together, so that it cannot be told from one of them.
  value = node.kind == ir::NodeKind::kScore && node.halving_us == 0 ? value + gained : EvaluateNode(plan_, *contact_, number);
  if (value == before) return;
  // The nodes of a new contact's baseline are there already, with the 0 from which they come.
  const bool in_baseline = created_ && round_ == 0 && plan_.baseline[number] != 0;
  if (!in_baseline) touched_.push_back({number, before, kByEvent});
  if (node.kind == ir::NodeKind::kCriterion) {
    score_delta_[node.score] += value - before;
    MarkDirty(node.score, cause_[number]);
  }
  MarkAllDirty(program_.index.nodes_by_node, number, cause_[number]);
}

void Decision::ReportNodes() {
  if (closing_) {
    closing_ = std::none_of(touched_.begin(), touched_.end(), [this](const NodeChange& change) {
      return IsVisible(program_.nodes[change.node].kind) && contact_->derived[change.node] != change.before;
    });
    if (closing_) {
      unseen_.insert(unseen_.end(), touched_.begin(), touched_.end());
      touched_.clear();
      return;
    }
  }
  const auto& rules_by_node = program_.index.by_node;
  std::sort(touched_.begin(), touched_.end(), [](const NodeChange& a, const NodeChange& b) { return a.node < b.node; });
  for (NodeChange& change : touched_) {
    const std::int64_t now = contact_->derived[change.node];
    if (now == change.before) continue;
    change.effect = cause_[change.node];
    if (round_ == 0 && !by_person_.empty() && change.node < program_.index.nodes_by_node.size()) {
      const std::vector<std::uint32_t>& readers = program_.index.nodes_by_node[change.node];
      by_derived_.insert(by_derived_.end(), readers.begin(), readers.end());
    }
    const ir::NodeKind kind = program_.nodes[change.node].kind;
    if (kind == ir::NodeKind::kScore || kind == ir::NodeKind::kList) {
      Effect& effect = record_->effects.emplace_back();
      effect.kind = EffectKind::kNodeChanged;
      effect.target = plan_.node_targets[change.node];
      effect.detail = static_cast<std::uint8_t>(kind);
      effect.number = now;
      effect.number_before = change.before;
      effect.trigger = change.effect;
      change.effect = LastEffect();
    }
    if (kind == ir::NodeKind::kList) FollowSchedules(program_.index.schedule_by_node, change.node, now != 0);
    if (!program_.promises.empty()) NoteTurn(change);
    if (change.node < rules_by_node.size() && !rules_by_node[change.node].empty()) node_changes_.push_back(change);
  }
  touched_.clear();
}

}  // namespace stagecraft::runtime
