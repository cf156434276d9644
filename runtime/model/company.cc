// The packed form of a company: number, id, created at, flags (1 deleted), count of values, each: slot, changed at, value.
#include "runtime/model/company.h"

#include <algorithm>
#include <utility>

#include "runtime/model/codec_effect.h"
#include "runtime/model/contact.h"

namespace stagecraft::runtime {
namespace {

constexpr std::uint8_t kDeleted = 1;

auto PlaceOf(const std::vector<CompanyValue>& values, std::uint32_t slot) {
  return std::lower_bound(values.begin(), values.end(), slot,
                          [](const CompanyValue& value, std::uint32_t key) { return value.slot < key; });
}

}  // namespace

const CompanyValue* Company::Find(std::uint32_t slot) const {
  const auto place = PlaceOf(values, slot);
  return place != values.end() && place->slot == slot ? &*place : nullptr;
}

const Company* Companies::FindEver(std::string_view id) const {
  const auto found = numbers_.find(id);
  return found == numbers_.end() ? nullptr : &companies_[found->second];
}

const Company* Companies::Find(std::string_view id) const {
  const Company* company = FindEver(id);
  return company == nullptr || company->deleted ? nullptr : company;
}

Company& Companies::Make(std::string_view id) {
  const auto [place, added] = numbers_.emplace(id, static_cast<std::uint32_t>(companies_.size()));
  if (added) {
    Company& company = companies_.emplace_back();
    company.id = id;
    company.number = place->second;
  }
  changed_.push_back(place->second);
  return companies_[place->second];
}

void Companies::Fold(const Effect& effect) {
  switch (effect.kind) {
    case EffectKind::kCompanyMade: {
      Company& company = Make(effect.text);
      company.created_at = effect.number;
      company.deleted = false;
      return;
    }
    case EffectKind::kCompanySet: {
      std::vector<CompanyValue>& values = Make(effect.text).values;
      auto place = values.begin() + (PlaceOf(values, effect.target) - values.cbegin());
      if (place == values.end() || place->slot != effect.target) place = values.insert(place, {effect.target, {}, 0});
      place->value = effect.after;
      place->changed_at = effect.number;
      return;
    }
    case EffectKind::kCompanyDeleted: {
      Company& company = Make(effect.text);
      company.deleted = true;
      company.values.clear();
      return;
    }
    default:
      return;
  }
}

bool Companies::Add(Company company) {
  if (company.number != companies_.size() || !numbers_.emplace(company.id, company.number).second) return false;
  companies_.push_back(std::move(company));
  return true;
}

void Companies::Join(std::string_view id, std::uint32_t contact) {
  const auto found = numbers_.find(id);
  if (found == numbers_.end()) return;
  std::vector<std::uint32_t>& members = companies_[found->second].members;
  const auto place = std::lower_bound(members.begin(), members.end(), contact);
  if (place == members.end() || *place != contact) members.insert(place, contact);
}

void Companies::Leave(std::string_view id, std::uint32_t contact) {
  const auto found = numbers_.find(id);
  if (found == numbers_.end()) return;
  std::vector<std::uint32_t>& members = companies_[found->second].members;
  const auto place = std::lower_bound(members.begin(), members.end(), contact);
  if (place != members.end() && *place == contact) members.erase(place);
}

void Companies::ForgetMembers() {
  for (Company& company : companies_) company.members.clear();
}

std::vector<std::uint32_t> Companies::TakeChanged() {
  std::vector<std::uint32_t> changed = std::exchange(changed_, {});
  std::sort(changed.begin(), changed.end());
  changed.erase(std::unique(changed.begin(), changed.end()), changed.end());
  return changed;
}

bool IsBehind(const Contact& contact, const Company& company) {
  if (company.deleted) return true;
  return std::any_of(company.values.begin(), company.values.end(),
                     [&](const CompanyValue& value) { return !contact.Holds(value.slot, value.value); });
}

std::string EncodeCompany(const Company& company) {
  std::string bytes;
  Writer writer(bytes);
  writer.Unsigned(company.number);
  writer.Text(company.id);
  writer.Signed(company.created_at);
  writer.Byte(company.deleted ? kDeleted : std::uint8_t{0});
  writer.Unsigned(company.values.size());
  for (const CompanyValue& value : company.values) {
    writer.Unsigned(value.slot);
    writer.Signed(value.changed_at);
    PutValue(writer, value.value);
  }
  return bytes;
}

std::optional<Company> DecodeCompany(std::string_view bytes) {
  Reader reader(bytes);
  Company company;
  company.number = reader.Bounded<std::uint32_t>();
  company.id = reader.Text();
  company.created_at = reader.Signed();
  company.deleted = (reader.Byte() & kDeleted) != 0;
  for (std::size_t count = reader.Count(); count > 0 && reader.ok(); --count) {
    CompanyValue& value = company.values.emplace_back();
    value.slot = reader.Bounded<std::uint32_t>();
    value.changed_at = reader.Signed();
    GetValue(reader, value.value);
  }
  const auto by_slot = [](const CompanyValue& a, const CompanyValue& b) { return a.slot < b.slot; };
  if (!reader.ok() || !reader.AtEnd() || !std::is_sorted(company.values.begin(), company.values.end(), by_slot)) return std::nullopt;
  return company;
}

}  // namespace stagecraft::runtime
