#include "runtime/verify/node_watch.h"

#include <string>

namespace stagecraft::runtime {

void NodeWatch::OnFolded(const std::shared_ptr<const ir::Program>& program, const Record& record, Contact& contact) {
  Use(program);
  said_ = contact.derived;
  // A contact comes from nothing: of one that is new, no score and no list has been anything yet.
  said_.resize(program->nodes.size());
  executor_->Recompute(contact);
  // What a deployment changes, what changes although a cascade was taken back, and what is not told any more has no effects.
  const bool is_failed = !record.effects.empty() && record.effects.back().kind == EffectKind::kFailed;
  if (record.kind == RecordKind::kDeployment || record.kind == RecordKind::kScrubbed || is_failed) return;
  for (const Effect& effect : record.effects) {
    if (effect.kind != EffectKind::kNodeChanged) continue;
    const auto node = nodes_.find({static_cast<ir::NodeKind>(effect.detail), effect.target});
    if (node == nodes_.end()) {
      report_.Add(Invariant::kDerived, "record " + std::to_string(record.sequence) + " speaks of a score or list that revision " +
                                           std::to_string(record.revision) + " does not have");
    } else {
      said_[node->second] = effect.number;
    }
  }
  for (const auto& [key, node] : nodes_) Compare(record, contact, node);
}

void NodeWatch::OnTaken(const std::shared_ptr<const ir::Program>& program, Contact& contact) {
  Use(program);
  executor_->Recompute(contact);
}

void NodeWatch::Use(const std::shared_ptr<const ir::Program>& program) {
  if (program_ == program) return;
  program_ = program;
  executor_ = std::make_unique<Executor>(program, ExecLimits{});
  nodes_.clear();
  for (std::uint32_t node = 0; node < program->nodes.size(); ++node) {
    const ir::NodeKind kind = program->nodes[node].kind;
    if (kind == ir::NodeKind::kScore || kind == ir::NodeKind::kList) nodes_.emplace(std::pair(kind, executor_->TargetOf(node)), node);
  }
}

void NodeWatch::Compare(const Record& record, const Contact& contact, std::uint32_t node) {
  const std::int64_t is = contact.derived[node];
  const std::int64_t said = said_[node];
  if (is == said) return;
  const ir::Node& derived = program_->nodes[node];
  const auto membership = [](std::int64_t value) { return value != 0 ? "in it" : "not in it"; };
  const std::string after = "after record " + std::to_string(record.sequence) + " contact `" + contact.id() + "`: ";
  if (derived.kind == ir::NodeKind::kScore) {
    report_.Add(Invariant::kDerived, after + "`" + derived.name + "` is " + std::to_string(is) + " by its criteria, and " +
                                         std::to_string(said) + " by the journal");
  } else {
    report_.Add(Invariant::kDerived,
                after + "list `" + derived.name + "`: by its condition " + membership(is) + ", by the journal " + membership(said));
  }
}

}  // namespace stagecraft::runtime
