#include "runtime/engine/deal_index.h"

#include <algorithm>
#include <utility>

namespace stagecraft::runtime {

void DealIndex::DealsOf(std::uint32_t contact, std::vector<Deal>& out) const {
  const auto found = ids_.find(contact);
  if (found == ids_.end()) return;
  for (const std::int64_t id : found->second) {
    const Deal* deal = deals_.Find(id);
    if (!deal->deleted) out.push_back(*deal);
  }
}

void DealIndex::Add(Deal deal) {
  ids_[deal.contact].push_back(deal.id);
  deals_.Add(std::move(deal));
}

void DealIndex::Move(std::uint32_t contact, std::uint32_t into) {
  const auto found = ids_.find(contact);
  if (found == ids_.end()) return;
  std::vector<std::int64_t>& ids = ids_[into];
  ids.insert(ids.end(), found->second.begin(), found->second.end());
  std::sort(ids.begin(), ids.end());
  ids_.erase(contact);
}

void DealIndex::Take(const Record& record) {
  const std::int64_t newest = deals_.last_id();
  for (const Deal& deal : record.deals) {
    if (deal.id > newest) Add(deal);
  }
  // A record may speak of one deal several times: what was behind when it began is brought up all the way.
  std::vector<Deal*> taken;
  for (const Effect& effect : record.effects) {
    const bool is_new = effect.kind == EffectKind::kDealCreated;
    if (!is_new && effect.kind != EffectKind::kDealMoved && effect.kind != EffectKind::kDealSet) continue;
    Deal* deal = deals_.Change(is_new ? record.deals[static_cast<std::size_t>(effect.number)].id : effect.number);
    if (deal == nullptr) continue;
    const bool is_taken = std::find(taken.begin(), taken.end(), deal) != taken.end();
    if (!is_taken && deal->changed_by >= record.sequence) continue;
    if (!is_taken) taken.push_back(deal);
    Apply(record, effect, *deal);
  }
}

void DealIndex::Apply(const Record& record, const Effect& effect, Deal& deal) {
  deal.changed_by = record.sequence;
  if (effect.kind == EffectKind::kDealSet) {
    SetMember(deal, static_cast<DealMember>(effect.detail), effect.after, record.occurred_at);
    return;
  }
  if (effect.kind == EffectKind::kDealMoved) deal.stage = effect.after.text;
  deal.state = static_cast<DealState>(effect.detail);
  deal.stages.push_back({deal.stage, record.occurred_at, record.sequence});
}

}  // namespace stagecraft::runtime
