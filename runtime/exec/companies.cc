// Values that the contacts of a company share (docs/semantics.md, "Companies"). Each contact holds copies of them in its own slots, so
// that conditions read them as they read anything else.
#include <algorithm>

#include "runtime/exec/decision.h"

namespace stagecraft::runtime {

const Company* Decision::CompanyOfContact() const {
  if (shared_->companies == nullptr || !program_.well_known.company_id) return nullptr;
  return shared_->companies->Find(contact_->Text(*program_.well_known.company_id));
}

Micros Decision::LastWordOn(std::uint32_t slot) const {
  if (plan_.of_company[slot]) {
    const Company* company = CompanyOfContact();
    const CompanyValue* value = company == nullptr ? nullptr : company->Find(slot);
    if (value != nullptr) return value->changed_at;
  }
  return contact_->ChangedAt(slot);
}

bool Decision::IsByPerson(std::uint32_t slot) const { return std::find(by_person_.begin(), by_person_.end(), slot) != by_person_.end(); }

void Decision::TakeCompanyValues() {
  const std::uint32_t id_slot = *program_.well_known.company_id;
  const Company* company = shared_->companies->FindEver(contact_->Text(id_slot));
  if (company == nullptr) return;
  if (company->deleted) {
    Write(id_slot, {}, {});
    return;
  }
  for (const CompanyValue& value : company->values) {
    if (!contact_->Holds(value.slot, value.value)) Write(value.slot, value.value, {});
  }
}

void Decision::FollowCompany() {
  if (shared_->companies == nullptr) return;
  const std::uint32_t id_slot = *program_.well_known.company_id;
  const SlotBefore& write = writes_[write_of_[id_slot]];
  const bool left_one = write.value.set;
  const std::string_view id = contact_->Text(id_slot);
  // Who left and came back in this round has joined: what was said in between is to be held against what the company has.
  const bool is_moved = write.effect != kByEvent;
  if (!is_moved) return;
  company_joined_ = !id.empty();

  const std::uint32_t rule_effect = rule_effect_;
  const std::uint32_t action = action_;
  rule_effect_ = record_->effects[write.effect].by;
  action_ = record_->effects[write.effect].action;
  const Company* company = shared_->companies->Find(id);
  for (const std::uint32_t slot : plan_.company_slots) FollowCompanyValue(slot, company, left_one);
  rule_effect_ = rule_effect;
  action_ = action;
}

void Decision::FollowCompanyValue(std::uint32_t slot, const Company* company, bool left_one) {
  const CompanyValue* value = company == nullptr ? nullptr : company->Find(slot);
  // What came with the contact's own event, or from a rule of this very round, is said of the company that is joined. A rule that sets
  // what is there says nothing.
  const std::uint32_t write = write_of_[slot];
  const bool is_said = IsSaidByEvent(slot) || (write != kNone && !contact_->Holds(slot, writes_[write].value));
  if (is_said && (value == nullptr || value->changed_at <= record_->occurred_at)) return;
  // Its own values become the company's, unless they were those of another one.
  if (value == nullptr && !left_one) return;
  const Value wanted = value == nullptr ? Value{} : value->value;
  if (contact_->Holds(slot, wanted)) return;
  if (is_said) {
    Refuse(slot, RefusalReason::kLate, contact_->Get(slot));
    by_person_.erase(std::remove(by_person_.begin(), by_person_.end(), slot), by_person_.end());
  }
  Write(slot, wanted, {});
}

void Decision::BringToCompany() {
  if (shared_->companies == nullptr || !program_.well_known.company_id) return;
  const std::uint32_t id_slot = *program_.well_known.company_id;
  const std::string id(contact_->Text(id_slot));
  if (id.empty()) return;
  if (shared_->companies->Find(id) == nullptr) {
    // It was deleted, and the contact is to hear of it next: only who names it makes it anew.
    if (!company_joined_) return;
    Effect& made = Emit(EffectKind::kCompanyMade, 0);
    made.text = id;
    made.number = record_->occurred_at;
    shared_->companies->Fold(made);
  }
  for (const std::uint32_t slot : plan_.company_slots) {
    if (company_joined_ || IsSaid(slot)) BringToCompany(slot, id);
  }
}

bool Decision::IsSaidByEvent(std::uint32_t slot) const { return record_->kind == RecordKind::kEvent && IsByPerson(slot); }

// A rule that sets what is there has said nothing: what its contact has may be what the company had until now. An event has, also when
// the contact knew it from this very moment.
bool Decision::IsSaid(std::uint32_t slot) const {
  if (IsSaidByEvent(slot)) return true;
  if (before_of_[slot] == kNone) return false;
  return std::any_of(record_->effects.begin(), record_->effects.end(),
                     [slot](const Effect& effect) { return effect.kind == EffectKind::kPropertySet && effect.target == slot; });
}

void Decision::BringToCompany(std::uint32_t slot, std::string_view id) {
  const CompanyValue* there = shared_->companies->Find(id)->Find(slot);
  Micros changed_at = contact_->ChangedAt(slot);
  const Value value = contact_->Get(slot);
  if (there == nullptr) {
    if (!value.set) return;
  } else {
    // Older than what the company has: it is on its way to this contact.
    if (changed_at < there->changed_at) return;
    // Only who says a value again makes it newer, not who takes it over.
    if (there->value == value) {
      if (!IsSaidByEvent(slot) || record_->occurred_at <= there->changed_at) return;
      // The contact may have joined later than what is said of its company was so.
      changed_at = record_->occurred_at;
    }
  }
  Effect& effect = Emit(EffectKind::kCompanySet, slot);
  effect.text = id;
  if (there != nullptr) effect.before = there->value;
  effect.after = value;
  effect.number = changed_at;
  shared_->companies->Fold(effect);
}

}  // namespace stagecraft::runtime
