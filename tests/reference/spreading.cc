// What one contact, or a person, has changed of a company comes to the others of it (Companies, "Spreading").
#include <algorithm>
#include <utility>

#include "dsl/support/text.h"
#include "tests/reference/derived.h"
#include "tests/reference/world.h"

namespace stagecraft::reference {
namespace {

constexpr int kTimesMax = 64;

}  // namespace

std::string World::CompanyIdOf(const Contact& contact) const {
  const std::optional<Symbol> property = script_->vocabulary().FindProperty("company id");
  return property.has_value() ? contact.Get(*property).text : std::string();
}

bool World::IsBehind(const Contact& contact, const std::string& id) const {
  if (!contact.IsHere() || CompanyIdOf(contact) != id) return false;
  const Company& company = companies_.at(id);
  return company.deleted || std::any_of(company.slots.begin(), company.slots.end(),
                                        [&](const auto& slot) { return contact.Get(slot.first) != slot.second.value; });
}

void World::NoteCompany(const std::string& id, Micros at) {
  const auto waiting = std::find_if(spreads_.begin(), spreads_.end(), [&](const Spread& spread) { return spread.company == id; });
  if (waiting != spreads_.end()) {
    waiting->at = std::max(waiting->at, at);
  } else {
    spreads_.push_back({id, at, spreading_ ? times_ + 1 : 1});
  }
}

void World::Finish(const Decision& decision, Micros at, std::uint32_t contact) {
  outcomes_.push_back({at, contact, decision.lines()});
  Keep(decision, contacts_[contact]);
  closings_[contact] = NextClosing(*script_, contacts_[contact]);
  if (decision.changed_company().empty()) return;
  if (!spreading_) {
    people_first_ = decision.people_first();
    people_first_of_ = contact;
  }
  NoteCompany(decision.changed_company(), at);
  SpreadAll();
}

void World::SpreadAll() {
  if (spreading_) return;
  spreading_ = true;
  while (!spreads_.empty()) {
    const Spread spread = spreads_.front();
    spreads_.pop_front();
    times_ = spread.times;
    std::vector<std::uint32_t> members;
    for (const Contact& contact : contacts_) {
      if (contact.IsHere() && CompanyIdOf(contact) == spread.company) members.push_back(contact.number);
    }
    for (const std::uint32_t member : members) BringTo(contacts_[member], spread);
  }
  spreading_ = false;
}

void World::BringTo(Contact& contact, const Spread& spread) {
  if (!IsBehind(contact, spread.company)) return;
  EnrolFirst(contact);
  const bool quiet = spread.times > kTimesMax;
  if (!quiet) FireBefore(spread.at, contact);
  if (!IsBehind(contact, spread.company)) return;
  const bool said_here = contact.number == people_first_of_;
  std::set<Symbol> people;
  for (const Symbol property : people_first_) {
    if (said_here || script_->vocabulary().property(property).IsOfCompany()) people.insert(property);
  }
  const Contact before = contact;
  const House house = house_;
  Decision decision(*script_, contact, contacts_, house_, companies_, spread.at, ++records_);
  if (decision.TakeFromCompany(people, quiet)) {
    // What a rule was allowed to overwrite is the rules' own from then on.
    for (const Symbol property : people) {
      if (!decision.people_first().contains(property)) people_first_.erase(property);
    }
    Finish(decision, spread.at, contact.number);
    return;
  }
  // The rules failed, not who changed the company: the values stay.
  contact = before;
  house_ = house;
  Decision values(*script_, contact, contacts_, house_, companies_, spread.at, records_);
  values.TakeOnly();
  outcomes_.push_back({spread.at, contact.number, {"failed"}});
  closings_[contact.number] = NextClosing(*script_, contact);
  KeepCascade(contact, std::nullopt, false);
}

runtime::EventState World::Change(const runtime::CompanyInput& input) {
  const std::string id(input.change.contact);
  const std::string content = "company|" + ContentOf(input.change);
  const auto taken = taken_.find(std::string(input.change.id));
  if (taken != taken_.end()) return taken->second == content ? runtime::EventState::kDuplicate : runtime::EventState::kRejected;
  const auto found = companies_.find(id);
  const bool known = found != companies_.end() && !found->second.deleted;
  if (!known && input.remove) return runtime::EventState::kRejected;
  taken_[std::string(input.change.id)] = content;
  const Micros at = input.change.occurred_at;
  std::vector<std::string> lines;
  if (!known) {
    companies_[id] = Company();
    lines.push_back("company " + id + " made");
  }
  bool changed = input.remove;
  people_first_.clear();
  people_first_of_ = std::nullopt;
  Company& company = companies_[id];
  for (const auto& [property, value] : ResolveProperties(*script_, input.change)) {
    const sema::PropertySymbol& declared = script_->vocabulary().property(property);
    const auto show = [&](const Value& each) { return each.set ? script_->Show(declared.type, &declared.options, each) : "unset"; };
    const auto there = company.slots.find(property);
    const Value before = there == company.slots.end() ? Value() : there->second.value;
    if (there != company.slots.end() && there->second.said_at > at) {
      if (before == value) continue;
      lines.push_back("refused (late): " + declared.name + (value.set ? " " + show(value) : ""));
      continue;
    }
    people_first_.insert(property);
    if (there == company.slots.end() && !value.set) continue;
    company.slots[property] = {value, at};
    if (before == value) continue;
    changed = true;
    lines.push_back("company " + id + ": " + declared.name + " " + show(before) + " → " + show(value));
  }
  if (input.remove) {
    company.deleted = true;
    company.slots.clear();
  }
  outcomes_.push_back({at, kNobody, std::move(lines)});
  ++records_;
  if (changed) NoteCompany(id, at);
  SpreadAll();
  return runtime::EventState::kApplied;
}

std::vector<std::string> World::BehindTheirCompany() const {
  std::vector<std::string> behind;
  for (const Contact& contact : contacts_) {
    const std::string id = CompanyIdOf(contact);
    if (companies_.contains(id) && IsBehind(contact, id)) behind.push_back(contact.id);
  }
  return behind;
}

std::vector<std::string> World::ShowCompanies() const {
  std::vector<std::string> lines;
  for (const auto& [id, company] : companies_) {
    lines.push_back(id + (company.deleted ? " is gone" : ""));
    for (const auto& [property, slot] : company.slots) {
      const sema::PropertySymbol& declared = script_->vocabulary().property(property);
      if (!slot.value.set) continue;
      lines.push_back(id + ": " + declared.name + " = " + script_->Show(declared.type, &declared.options, slot.value) + " since " +
                      script_->ShowTime(slot.said_at));
    }
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

}  // namespace stagecraft::reference
