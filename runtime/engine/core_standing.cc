// Contacts as a whole: deleted, restored, merged, erased (language.md E12; docs/semantics.md). No rule fires by any of it.
#include <algorithm>
#include <iterator>
#include <utility>

#include "runtime/engine/core.h"
#include "runtime/model/reasons.h"

namespace stagecraft::runtime {
namespace {

std::string Quoted(std::string_view text) { return "`" + std::string(text) + "`"; }

// Adds to the effects by which the contact gets these deals, all that it has then, what changes of the properties that follow them. What
// the effects say of those already is of the deals of one contact only.
void FollowDeals(const ir::Program& program, const Contact& contact, const std::vector<Deal>& deals, Micros at,
                 std::vector<Effect>& effects) {
  std::vector<Effect> of_deals;
  AddDealEffects(program, deals, at, of_deals);
  for (Effect& effect : of_deals) {
    std::erase_if(effects, [&](const Effect& other) { return other.kind == EffectKind::kPropertySet && other.target == effect.target; });
    effect.before = contact.Get(effect.target);
    if (effect.before != effect.after) effects.push_back(std::move(effect));
  }
}

// Who joins the other's company by the merge brings along what that knows nothing of, as by any joining.
void BringAlong(const ir::Program& program, const Companies& companies, const Contact& contact, const Contact& other,
                std::vector<Effect>& effects) {
  const std::optional<std::uint32_t> id_slot = program.well_known.company_id;
  if (!id_slot || contact.IsSet(*id_slot)) return;
  const Company* company = companies.Find(other.Text(*id_slot));
  if (company == nullptr) return;
  for (std::uint32_t slot = 0; slot < program.properties.size(); ++slot) {
    if (!program.properties[slot].of_company || !contact.IsSet(slot) || company->Find(slot) != nullptr) continue;
    Effect& set = effects.emplace_back();
    set.kind = EffectKind::kCompanySet;
    set.target = slot;
    set.text = company->id;
    set.after = contact.Get(slot);
    set.number = contact.ChangedAt(slot);
  }
}

}  // namespace

Result<ContactCell*> Core::FindFor(const StandingChange& change) {
  const auto number = contacts_.Find(change.contact);
  if (!number) return Fail(StatusCode::kNotFound, reasons::kContactNotFound, "there is no contact " + Quoted(change.contact));
  ContactCell& cell = contacts_[contacts_.Survivor(*number)];
  if (change.expected_sequence != 0 && change.expected_sequence != cell.contact.last_sequence()) {
    return Fail(StatusCode::kAborted, reasons::kContactChanged,
                "the contact " + Quoted(change.contact) + " has changed since it was read; read it again, and then decide");
  }
  return &cell;
}

Result<ContactCell*> Core::FindActive(const StandingChange& change) {
  auto cell = FindFor(change);
  if (cell && !(*cell)->contact.is_active()) {
    return Fail(StatusCode::kFailedPrecondition, reasons::kContactDeleted,
                "the contact " + Quoted(change.contact) + " is deleted; restore it first");
  }
  return cell;
}

// What is due by now still happens to the contact as it is.
Status Core::FireBefore(ContactCell& cell) {
  BeforeContact(cell);
  if (FireContact(cell, now_)) return {};
  return {StatusCode::kResourceExhausted,
          reasons::kTimersBehind,
          "more than " + std::to_string(kTimersPerEventMax) + " timers of the contact " + Quoted(cell.contact.id()) +
              " are due: rules that set each other off by timers; mend them, or try again when they have fired",
          {}};
}

void Core::BeginStanding(ContactCell& cell, std::string_view actor, std::vector<Effect> effects) {
  Begin(RecordKind::kStanding, cell.contact, now_);
  record_.actor.assign(actor);
  record_.effects = std::move(effects);
  if (cell.contact.is_active()) executor_->CountHoldings(cell.contact, -1, shared_);
  for (const Effect& effect : record_.effects) FoldEffect(*program_, record_, effect, cell.contact, shared_);
  if (cell.contact.is_active()) executor_->CountHoldings(cell.contact, 1, shared_);
}

void Core::Depart(ContactCell& cell, Standing standing, const Contact* into, std::string_view actor, std::vector<Effect> more) {
  const std::size_t timers_before = TimersOf(cell.contact);
  LeaveCompany(cell.contact);
  std::vector<Effect> effects = DepartureEffects(cell.contact, standing, into);
  std::move(more.begin(), more.end(), std::back_inserter(effects));
  BeginStanding(cell, actor, std::move(effects));
  executor_->Follow(cell.contact, record_);
  FinishRecord(cell, timers_before);
}

Status Core::Delete(const StandingChange& change) {
  MoveClock();
  auto cell = FindActive(change);
  if (!cell) return std::move(cell.error());
  if (Status status = FireBefore(**cell); !status.ok()) return status;
  Depart(**cell, Standing::kDeleted, nullptr, change.actor);
  return {};
}

Status Core::Restore(const StandingChange& change) {
  MoveClock();
  auto found = FindFor(change);
  if (!found) return std::move(found.error());
  ContactCell& cell = **found;
  if (cell.contact.is_active()) {
    return {StatusCode::kAlreadyExists, reasons::kContactNotDeleted, "the contact " + Quoted(change.contact) + " is not deleted", {}};
  }
  Effect back;
  back.kind = EffectKind::kDeparted;
  back.detail = static_cast<std::uint8_t>(Standing::kActive);
  BeginStanding(cell, change.actor, {std::move(back)});
  executor_->Follow(cell.contact, record_);
  FinishRecord(cell, 0);
  ReturnToCompany(cell.contact);
  return {};
}

Status Core::Merge(const StandingChange& change, std::string_view other_id) {
  MoveClock();
  auto found = FindActive(change);
  if (!found) return std::move(found.error());
  auto other_found = FindActive({other_id, {}, 0});
  if (!other_found) return std::move(other_found.error());
  ContactCell& cell = **found;
  ContactCell& other = **other_found;
  if (&cell == &other) {
    return {StatusCode::kInvalidArgument,
            reasons::kSameContact,
            Quoted(change.contact) + " and " + Quoted(other_id) + " are the same contact",
            {}};
  }
  if (Status status = FireBefore(cell); !status.ok()) return status;
  if (Status status = FireBefore(other); !status.ok()) return status;
  const std::size_t timers_before = TimersOf(cell.contact);
  std::vector<Effect> effects = MergeEffects(*program_, cell.contact, other.contact);
  std::vector<Deal> deals;
  deal_index_.DealsOf(cell.contact.number(), deals);
  deal_index_.DealsOf(other.contact.number(), deals);
  FollowDeals(*program_, cell.contact, deals, now_, effects);
  BringAlong(*program_, companies_, cell.contact, other.contact, effects);
  // Others of the company hear of it when both records are there.
  spreading_ = true;
  hops_ = 0;
  BeginStanding(cell, change.actor, std::move(effects));
  executor_->Follow(cell.contact, record_);
  FinishRecord(cell, timers_before);
  items_.Move(other.contact.number(), cell.contact.number());
  deal_index_.Move(other.contact.number(), cell.contact.number());
  Depart(other, Standing::kMerged, &cell.contact, change.actor);
  spreading_ = false;
  ReturnToCompany(cell.contact);
  return {};
}

Result<std::vector<Effect>> Core::StraysOf(const Contact& contact, std::uint32_t survivor) {
  std::vector<Effect> strays;
  std::vector<std::int64_t> failed;
  for (const Failure& failure : items_.failures.all()) {
    const bool may_be = failure.contact == kNoContact || failure.contact == contact.number() || failure.contact == survivor;
    if (failure.kind == Failure::Kind::kEvent && may_be) failed.push_back(failure.id);
  }
  for (const std::int64_t id : failed) {
    const Result<Record> record = ReadRecord(Failure::CauseOf(id));
    if (!record) return tl::unexpected<Status>(record.error());
    const bool is_of_it = record->contact == kNoContact && !record->effects.empty() && record->effects.back().after.text == contact.id();
    if (!is_of_it) continue;
    Effect& stray = strays.emplace_back();
    stray.kind = EffectKind::kFailureErased;
    stray.number = id;
  }
  return strays;
}

Status Core::Erase(const StandingChange& change, Sequence& record) {
  MoveClock();
  auto found = FindFor(change);
  if (!found) return std::move(found.error());
  const std::uint32_t survivor = (*found)->contact.number();
  const std::string actor(change.actor);
  // Those merged into it before itself: the contact that they lead to must be there until then.
  std::vector<std::uint32_t> numbers;
  for (std::uint32_t number = 0; number < contacts_.size(); ++number) {
    if (number != survivor && contacts_.Survivor(number) == survivor) numbers.push_back(number);
  }
  numbers.push_back(survivor);
  for (const std::uint32_t number : numbers) {
    auto strays = StraysOf(contacts_[number].contact, survivor);
    if (!strays) return std::move(strays.error());
    for (const Effect& stray : *strays) {
      items_.GiveFailure(stray.number, number);
      erasures_.push_back({kNoContact, Failure::CauseOf(stray.number)});
    }
    Depart(contacts_[number], Standing::kErased, nullptr, actor, std::move(*strays));
    items_.Blank(number);
    CountDispatches();
    erasures_.push_back({number, last_sequence_});
  }
  record = last_sequence_;
  return {};
}

std::vector<Erasure> Core::NextErasures() const {
  // What stands before a contact is of it, and goes with it: so the journal says the same whenever checkpoints are written.
  std::vector<Erasure> ready;
  std::size_t alone = 0;
  for (std::size_t i = 0; i < erasures_.size(); ++i) {
    if (erasures_[i].contact == kNoContact) continue;
    if (erasures_[i].record <= checkpoint_.complete_through()) ready.insert(ready.end(), &erasures_[alone], &erasures_[i] + 1);
    alone = i + 1;
  }
  // Of a contact that is done with: earlier versions put these behind it.
  for (; alone < erasures_.size(); ++alone) {
    if (erasures_[alone].record <= checkpoint_.complete_through()) ready.push_back(erasures_[alone]);
  }
  return ready;
}

void Core::NoteScrubbed(std::span<const Erasure> done) {
  BeginShared(RecordKind::kStanding, revision_, {});
  for (const Erasure& erasure : done) {
    Effect& effect = record_.effects.emplace_back();
    effect.kind = EffectKind::kScrubbed;
    effect.number = erasure.contact;
    if (erasure.contact == kNoContact) effect.number_before = erasure.record;
    std::erase(erasures_, erasure);
  }
  packer_.Add(record_);
}

}  // namespace stagecraft::runtime
