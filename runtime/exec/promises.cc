// Promises (`always`, `never`, `moves of`): watched, never enforced. Each is broken at most once in a record.
#include <algorithm>

#include "runtime/exec/decision.h"

namespace stagecraft::runtime {
namespace {

const std::vector<std::uint32_t>* Find(const std::vector<std::vector<std::uint32_t>>& index, std::uint32_t key) {
  return key < index.size() && !index[key].empty() ? &index[key] : nullptr;
}

}  // namespace

void Decision::Break(std::uint32_t promise, std::uint32_t trigger) {
  if (std::find(broken_.begin(), broken_.end(), promise) != broken_.end()) return;
  broken_.push_back(promise);
  Emit(EffectKind::kPromiseBroken, promise).trigger = trigger;
}

// Moves are looked at one by one: what a record does in several rounds may be several moves.
void Decision::NoteMoves() {
  for (const SlotBefore& change : net_changes_) {
    const auto* promises = Find(program_.index.promises_by_slot, change.slot);
    if (promises == nullptr || !change.value.set || !contact_->IsSet(change.slot)) continue;
    for (const std::uint32_t number : *promises) {
      const ir::Promise& promise = program_.promises[number];
      if (promise.kind != ir::Promise::Kind::kMoves || !promise.declared) continue;
      const auto from = static_cast<std::size_t>(change.value.number);
      const bool allowed = from < promise.allowed.size() && ir::MaskHas(promise.allowed[from], contact_->Number(change.slot));
      if (!allowed) Break(number, change.effect);
    }
  }
}

// `change` of a node; what counts is how it was before the record.
void Decision::NoteTurn(const NodeChange& change) {
  if (Find(program_.index.promises_by_node, change.node) == nullptr) return;
  const auto same = [&](const NodeBefore& before) { return before.node == change.node; };
  if (std::none_of(watched_before_.begin(), watched_before_.end(), same))
    watched_before_.push_back({change.node, change.before, change.effect});
}

// What is so for a moment only, until the cascade has come to its end, breaks nothing.
void Decision::CheckPromises() {
  for (const NodeBefore& before : watched_before_) {
    if (before.value != 0 || contact_->derived[before.node] == 0) continue;
    for (const std::uint32_t number : program_.index.promises_by_node[before.node]) {
      if (program_.promises[number].declared) Break(number, before.effect);
    }
  }
  for (const SlotBefore& before : slots_before_) {
    const auto* promises = Find(program_.index.promises_by_slot, before.slot);
    if (promises == nullptr || contact_->Holds(before.slot, before.value)) continue;
    for (const std::uint32_t number : *promises) {
      const ir::Promise& promise = program_.promises[number];
      const bool watched = promise.kind == ir::Promise::Kind::kEnds && promise.declared;
      if (watched && Meets(EventScene(), plan_.tables(), promise.broken)) Break(number, LastChangeOf(before.slot));
    }
  }
}

std::uint32_t Decision::LastChangeOf(std::uint32_t slot) const {
  std::uint32_t last = kByEvent;
  for (std::uint32_t i = 0; i < record_->effects.size(); ++i) {
    const Effect& effect = record_->effects[i];
    if (effect.kind == EffectKind::kPropertySet && effect.target == slot) last = i;
  }
  return last;
}

}  // namespace stagecraft::runtime
