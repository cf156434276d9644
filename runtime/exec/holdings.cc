#include "runtime/exec/holdings.h"

#include <algorithm>

#include "dsl/support/text.h"

namespace stagecraft::runtime {
namespace {

// Adds to the owner's count and forgets an owner who has none any more, so that memory follows what there is.
void Add(Holdings::Account& account, const std::string& owner, std::int64_t by) {
  const auto found = std::find_if(account.begin(), account.end(), [&](const auto& each) { return each.first == owner; });
  if (found == account.end()) {
    account.emplace_back(owner, by);
  } else if ((found->second += by) == 0) {
    account.erase(found);
  }
}

}  // namespace

std::optional<std::size_t> HoldingsPlan::PlaceOf(std::uint32_t slot) const {
  const auto found = std::find_if(slots.begin(), slots.end(), [slot](const HeldSlot& each) { return each.slot == slot; });
  if (found == slots.end()) return std::nullopt;
  return static_cast<std::size_t>(found - slots.begin());
}

void Holdings::Begin(const HoldingsPlan& plan) { slots_.assign(plan.slots.size(), {}); }

void Holdings::Count(const HoldingsPlan& plan, const Contact& contact, std::int64_t by) {
  for (std::size_t i = 0; i < plan.slots.size(); ++i) {
    const std::string owner = FoldCase(contact.Text(plan.slots[i].slot));
    if (owner.empty()) continue;
    Slot& slot = slots_[i];
    const auto owned = slot.owned.try_emplace(owner, 0).first;
    if ((owned->second += by) == 0) slot.owned.erase(owned);
    if (!plan.slots[i].by_account || !plan.account) continue;
    const std::string domain = FoldCase(contact.Text(*plan.account));
    if (domain.empty()) continue;
    const auto account = slot.accounts.try_emplace(domain).first;
    Add(account->second, owner, by);
    if (account->second.empty()) slot.accounts.erase(account);
  }
}

std::int64_t Holdings::Of(std::size_t place, const std::string& user) const {
  const auto found = slots_[place].owned.find(user);
  return found == slots_[place].owned.end() ? 0 : found->second;
}

const Holdings::Account* Holdings::AccountOf(std::size_t place, const std::string& domain) const {
  const auto found = slots_[place].accounts.find(domain);
  return found == slots_[place].accounts.end() ? nullptr : &found->second;
}

}  // namespace stagecraft::runtime
