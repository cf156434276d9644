// What the contacts of a company share (Companies).
#include <algorithm>

#include "tests/reference/decision.h"

namespace stagecraft::reference {

std::string Decision::CompanyIdOf(const Contact& contact) const {
  const std::optional<Symbol> property = script_.vocabulary().FindProperty("company id");
  return property.has_value() ? contact.Get(*property).text : std::string();
}

Company* Decision::CompanyOf(const std::string& id) const {
  const auto found = companies_.find(id);
  return found == companies_.end() || found->second.deleted ? nullptr : &found->second;
}

// E6 goes by the company's last word, where it has one.
Micros Decision::LastWordOn(Symbol property) const {
  const auto own = contact_.slots.find(property);
  const Micros word = own == contact_.slots.end() ? Slot().said_at : own->second.said_at;
  if (!script_.vocabulary().property(property).IsOfCompany()) return word;
  const Company* company = CompanyOf(CompanyIdOf(contact_));
  if (company == nullptr) return word;
  const auto there = company->slots.find(property);
  return there == company->slots.end() ? word : there->second.said_at;
}

// At the end of the round that set `company id`: joining, leaving, moving.
void Decision::FollowCompany(const Contact& start) {
  const std::string was = CompanyIdOf(start);
  const std::string is = CompanyIdOf(contact_);
  // Who leaves and comes back in one round has joined.
  if (was == is && !moved_) return;
  joined_ = !is.empty();
  const Company* company = CompanyOf(is);
  for (Symbol property = 0; property < script_.vocabulary().properties().size(); ++property) {
    if (!script_.vocabulary().property(property).IsOfCompany()) continue;
    const auto there = company == nullptr ? std::map<Symbol, Slot>::const_iterator() : company->slots.find(property);
    const bool known = company != nullptr && there != company->slots.end();
    const bool changed = written_.contains(property) && start.Get(property) != contact_.Get(property);
    const bool said = changed || (!events_.empty() && people_first_.contains(property));
    if (said && (!known || there->second.said_at <= at_)) continue;
    if (!known && was.empty()) continue;
    const Value wanted = known ? there->second.value : Value();
    Slot& slot = contact_.slots[property];
    if (slot.value == wanted) continue;
    if (said) {
      SayRefused("late", property, slot.value);
      people_first_.erase(property);
    }
    Say(script_.vocabulary().property(property).name + ": " + Show(property, slot.value) + " → " + Show(property, wanted));
    slot = {wanted, at_};
  }
}

// At the end of the record the company has what the contact has.
void Decision::BringToCompany() {
  const std::string id = CompanyIdOf(contact_);
  if (id.empty()) return;
  if (CompanyOf(id) == nullptr) {
    // Who has not heard yet that it is gone does not make it anew.
    if (!joined_) return;
    companies_[id] = Company();
    Say("company " + id + " made");
  }
  std::map<Symbol, Slot>& shared = companies_[id].slots;
  for (const auto& [property, slot] : contact_.slots) {
    const bool concerns = joined_ || touched_.contains(property) || before_.Get(property) != slot.value;
    if (!script_.vocabulary().property(property).IsOfCompany() || !concerns) continue;
    const auto there = shared.find(property);
    if (there == shared.end()) {
      if (!slot.value.set) continue;
    } else {
      if (slot.said_at < there->second.said_at) continue;
      if (there->second.value == slot.value) {
        // Only who says a value again makes it newer, not who takes it over.
        if (!events_.empty() && people_first_.contains(property)) there->second.said_at = std::max(there->second.said_at, at_);
        continue;
      }
    }
    const Value before = there == shared.end() ? Value() : there->second.value;
    shared[property] = slot;
    Say("company " + id + ": " + script_.vocabulary().property(property).name + " " + Show(property, before) + " → " +
        Show(property, slot.value));
    changed_company_ = id;
  }
}

// All that the contact does not have of its company yet.
void Decision::TakeValues() {
  const std::string id = CompanyIdOf(contact_);
  const auto set = [&](Symbol property, const Value& value) {
    Slot& slot = contact_.slots[property];
    if (slot.value == value) return;
    Say(script_.vocabulary().property(property).name + ": " + Show(property, slot.value) + " → " + Show(property, value));
    slot = {value, at_};
    written_.insert(property);
  };
  const Company& company = companies_.at(id);
  if (company.deleted) {
    set(script_.vocabulary().FindProperty("company id").value(), {});
    return;
  }
  for (const auto& [property, slot] : company.slots) set(property, slot.value);
}

void Decision::TakeOnly() {
  PassTime();
  TakeValues();
  EndRound(before_);
}

bool Decision::TakeFromCompany(const std::set<Symbol>& people, bool quiet) {
  people_first_ = people;
  if (quiet) rounds_max_ = 0;
  TakeOnly();
  return Cascade();
}

}  // namespace stagecraft::reference
