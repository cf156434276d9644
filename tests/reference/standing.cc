// Contacts as a whole: deleted, restored, merged, erased (E12).
#include <algorithm>
#include <utility>

#include "tests/reference/deals.h"
#include "tests/reference/deployments.h"
#include "tests/reference/derived.h"
#include "tests/reference/world.h"

namespace stagecraft::reference {
namespace {

constexpr const char* kNotFound = "CONTACT_NOT_FOUND";
constexpr const char* kDeleted = "CONTACT_DELETED";

// What the one that goes on gets of the other's values, a line each. `has_company`: of its own.
std::vector<std::string> TakeValues(const Script& script, bool has_company, const Contact& other, Contact& contact) {
  std::vector<std::string> lines;
  for (const auto& [property, slot] : other.slots) {
    const sema::PropertySymbol& declared = script.vocabulary().property(property);
    if (!slot.value.set || contact.Get(property).set || declared.IsKept()) continue;
    if (has_company && declared.IsOfCompany()) continue;
    contact.slots[property] = slot;
    lines.push_back(declared.name + ": unset → " + script.Show(declared.type, &declared.options, slot.value));
  }
  return lines;
}

std::vector<std::string> TakeDeals(const Script& script, Contact& other, Micros now, Contact& contact) {
  contact.deals.insert(contact.deals.end(), other.deals.begin(), other.deals.end());
  other.deals.clear();
  std::stable_sort(contact.deals.begin(), contact.deals.end(), [](const Deal& a, const Deal& b) { return a.record < b.record; });
  return FollowDeals(script, now, contact);
}

void TakeHistory(const Contact& other, Contact& contact) {
  contact.entered.insert(other.entered.begin(), other.entered.end());
  contact.happened.insert(contact.happened.end(), other.happened.begin(), other.happened.end());
  contact.tasks.insert(contact.tasks.end(), other.tasks.begin(), other.tasks.end());
  contact.created_at = std::min(contact.created_at, other.created_at);
  contact.now = std::max(contact.now, other.now);
  if (other.last_contacted.has_value()) {
    contact.last_contacted = std::max(contact.last_contacted.value_or(*other.last_contacted), *other.last_contacted);
  }
  for (const auto& [rule, at] : other.last_firings) {
    Micros& last = contact.last_firings.try_emplace(rule, at).first->second;
    last = std::max(last, at);
  }
}

}  // namespace

void World::Follow(Contact& contact, Outcome outcome) {
  const std::map<std::size_t, Timer> timers = std::exchange(contact.timers, {});
  contact.derived = DerivedOf(*script_, contact);
  if (contact.IsHere()) Rearm(*script_, *script_, timers, now_, contact);
  closings_[contact.number] = contact.IsHere() ? NextClosing(*script_, contact) : kNever;
  // The page does not say what of it comes first.
  std::sort(outcome.lines.begin(), outcome.lines.end());
  outcomes_.push_back(std::move(outcome));
}

void World::Depart(Contact& contact, Standing standing, const std::string& how) {
  std::vector<std::string> lines = {how};
  for (const Run& run : contact.runs) lines.push_back("run of `" + script_->RuleName(run.rule) + "` ends (departed)");
  if (standing == Standing::kErased) {
    const std::uint32_t number = contact.number;
    contact = Contact();
    contact.number = number;
  }
  contact.runs.clear();
  contact.standing = standing;
  Follow(contact, {now_, contact.number, std::move(lines)});
}

void World::ReturnToCompany(const Contact& contact) {
  const std::string id = CompanyIdOf(contact);
  if (!companies_.contains(id)) return;
  people_first_.clear();
  people_first_of_ = std::nullopt;
  NoteCompany(id, now_);
  SpreadAll();
}

std::string World::Delete(std::string_view id) {
  const Contact* found = Find(id);
  if (found == nullptr) return kNotFound;
  if (!found->IsHere()) return kDeleted;
  FireBefore(now_, *found);
  Depart(contacts_[found->number], Standing::kDeleted, "deleted");
  return {};
}

std::string World::Restore(std::string_view id) {
  const Contact* found = Find(id);
  if (found == nullptr) return kNotFound;
  if (found->IsHere()) return "CONTACT_NOT_DELETED";
  Contact& contact = contacts_[found->number];
  contact.standing = Standing::kActive;
  Follow(contact, {now_, contact.number, {"restored"}});
  ReturnToCompany(contact);
  return {};
}

std::vector<std::string> World::BringAlong(const std::map<Symbol, Slot>& own, const std::string& id) {
  std::vector<std::string> lines;
  if (!companies_.contains(id) || companies_[id].deleted) return lines;
  for (const auto& [property, slot] : own) {
    const sema::PropertySymbol& declared = script_->vocabulary().property(property);
    const bool is_news = declared.IsOfCompany() && slot.value.set && companies_[id].slots.emplace(property, slot).second;
    if (is_news)
      lines.push_back("company " + id + ": " + declared.name + " unset → " + script_->Show(declared.type, &declared.options, slot.value));
  }
  return lines;
}

std::string World::Merge(std::string_view id, std::string_view other_id) {
  const Contact* found = Find(id);
  if (found == nullptr) return kNotFound;
  if (!found->IsHere()) return kDeleted;
  const Contact* other_found = Find(other_id);
  if (other_found == nullptr) return kNotFound;
  if (!other_found->IsHere()) return kDeleted;
  if (found == other_found) return "SAME_CONTACT";
  Contact& contact = contacts_[found->number];
  Contact& other = contacts_[other_found->number];
  FireBefore(now_, contact);
  FireBefore(now_, other);
  const std::map<Symbol, Slot> own = contact.slots;
  const bool has_company = !CompanyIdOf(contact).empty();
  std::vector<std::string> lines = TakeValues(*script_, has_company, other, contact);
  if (!has_company) {
    for (std::string& line : BringAlong(own, CompanyIdOf(contact))) lines.push_back(std::move(line));
  }
  for (std::string& line : TakeDeals(*script_, other, now_, contact)) lines.push_back(std::move(line));
  lines.push_back("takes in " + other.id);
  TakeHistory(other, contact);
  Follow(contact, {now_, contact.number, std::move(lines)});
  other.into = contact.number;
  Depart(other, Standing::kMerged, "merged into " + contact.id);
  ReturnToCompany(contact);
  return {};
}

std::string World::Erase(std::string_view id) {
  const Contact* found = Find(id);
  if (found == nullptr) return kNotFound;
  // Those that were merged into it first, in the order in which they were made.
  std::vector<std::uint32_t> parts;
  for (const Contact& contact : contacts_) {
    if (contact.standing == Standing::kMerged && Find(contact.id) == found) parts.push_back(contact.number);
  }
  parts.push_back(found->number);
  for (const std::uint32_t part : parts) Depart(contacts_[part], Standing::kErased, "erased");
  return {};
}

}  // namespace stagecraft::reference
