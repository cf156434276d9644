// What contacts share with the others of their company (docs/semantics.md, "Companies").
//
// A record that changes a company is followed by a record for each other member, before anything else is decided: the contacts of a company
// are never seen with different values. All of them are packed with the record that they follow from, and every append writes all that is
// packed, in one transaction: after a crash they are all there or none is.
#include <algorithm>
#include <utility>

#include "runtime/engine/core.h"
#include "runtime/model/reasons.h"

namespace stagecraft::runtime {
namespace {

// How often the contacts of a company may set each other off: as many as a cascade may have rounds.
constexpr std::uint32_t kHopsMax = 64;

}  // namespace

void Core::IndexMembers() {
  companies_.ForgetMembers();
  if (!program_->well_known.company_id || companies_.size() == 0) return;
  for (std::uint32_t number = 0; number < contacts_.size(); ++number) {
    const Contact& contact = contacts_[number].contact;
    if (contact.is_active()) companies_.Join(contact.Text(*program_->well_known.company_id), number);
  }
}

void Core::LeaveCompany(const Contact& contact) {
  if (program_->well_known.company_id) companies_.Leave(contact.Text(*program_->well_known.company_id), contact.number());
}

void Core::ReturnToCompany(const Contact& contact) {
  if (!program_->well_known.company_id) return;
  const Company* company = companies_.FindEver(contact.Text(*program_->well_known.company_id));
  if (company == nullptr) return;
  companies_.Join(company->id, contact.number());
  by_person_.clear();
  AddSpread({company->number, now_, last_sequence_, 1});
  SpreadCompanies();
}

void Core::NoteCompany(std::string_view id) {
  if (!spreading_) {
    by_person_ = executor_->by_person();
    by_person_of_ = record_.contact;
  }
  AddSpread({companies_.FindEver(id)->number, record_.occurred_at, record_.sequence, spreading_ ? hops_ + 1 : 1});
}

// A company that waits for its turn has one turn for all that happens to it meanwhile.
void Core::AddSpread(const Spread& spread) {
  const auto waiting = std::find_if(spreads_.begin(), spreads_.end(), [&](const Spread& other) { return other.company == spread.company; });
  if (waiting == spreads_.end()) {
    spreads_.push_back(spread);
    return;
  }
  waiting->occurred_at = std::max(waiting->occurred_at, spread.occurred_at);
  waiting->cause = spread.cause;
}

void Core::SpreadCompanies() {
  if (spreading_ || spreads_.empty()) return;
  spreading_ = true;
  while (!spreads_.empty()) {
    const Spread spread = spreads_.front();
    spreads_.pop_front();
    hops_ = spread.hops;
    // A member may leave by what it gets, and others may come.
    const std::vector<std::uint32_t> members = companies_[spread.company].members;
    for (const std::uint32_t member : members) BringTo(contacts_[member], spread);
  }
  spreading_ = false;
  by_person_.clear();
}

void Core::BringTo(ContactCell& cell, const Spread& spread) {
  Contact& contact = cell.contact;
  const Company& company = companies_[spread.company];
  const bool is_quiet = spread.hops > kHopsMax;
  if (!IsBehind(contact, company)) return;
  BeforeContact(cell);
  // As before an event; what is left of too many timers fires as time allows.
  if (!is_quiet) FireContact(cell, spread.occurred_at);
  if (contact.Text(*program_->well_known.company_id) != company.id || !IsBehind(contact, company)) return;

  Begin(RecordKind::kCompany, contact, spread.occurred_at);
  record_.event_id = company.id;
  record_.content = static_cast<std::uint64_t>(spread.cause);
  CompanyNews news;
  news.quiet = is_quiet;
  const bool is_cause = contact.number() == by_person_of_;
  const auto is_shared = [&](std::uint32_t slot) { return program_->properties[slot].of_company; };
  std::copy_if(by_person_.begin(), by_person_.end(), std::back_inserter(news.by_person),
               [&](std::uint32_t slot) { return is_cause || is_shared(slot); });
  const std::size_t timers_before = TimersOf(contact);
  // More may be on its way to the company as well: what is overdue by this waits as it does for the contact whose event it was.
  cell.heard_at = now_;
  const ExecResult outcome = executor_->TakeFromCompany(news, contact, shared_, record_);
  if (!outcome.failed) {
    // A value that a rule was allowed to overwrite is the rules' own from now on.
    const std::vector<std::uint32_t>& left = executor_->by_person();
    by_person_.erase(std::remove_if(by_person_.begin(), by_person_.end(),
                                    [&](std::uint32_t slot) {
                                      const bool was_asked = is_cause || is_shared(slot);
                                      return was_asked && std::find(left.begin(), left.end(), slot) == left.end();
                                    }),
                     by_person_.end());
  }
  FinishRecord(cell, timers_before);
}

void Core::ChangeCompany(const CompanyInput& input, EventResult& result) {
  MoveClock();
  const EventKey key = ids_.KeyOf(input.change.id);
  const std::uint64_t content = HashContent(input.change, content_scratch_);
  if (AnswerKnown(input.change, key, content, result)) return;
  result.status = ResolveCompany(*program_, input.change, now_, resolved_);
  const Company* company = companies_.Find(input.change.contact);
  if (result.status.ok()) result.status = CheckCompany(input, company);
  if (!result.status.ok()) {
    result.state = EventState::kRejected;
    return;
  }
  result.created = company == nullptr;
  BeginCompany(input, content);
  const auto add = [&](EffectKind kind) -> Effect& {
    Effect& effect = record_.effects.emplace_back();
    effect.kind = kind;
    effect.text = input.change.contact;
    return effect;
  };
  if (input.remove) {
    add(EffectKind::kCompanyDeleted);
  } else if (company == nullptr) {
    add(EffectKind::kCompanyMade).number = resolved_.occurred_at;
  }
  by_person_.clear();
  by_person_of_ = kNoContact;
  for (const ResolvedChange& change : resolved_.changes) {
    const CompanyValue* there = company == nullptr ? nullptr : company->Find(change.slot);
    const Value before = there == nullptr ? Value{} : there->value;
    if (there != nullptr && there->changed_at > resolved_.occurred_at) {
      if (before == change.value) continue;
      Effect& refused = add(EffectKind::kRefused);
      refused.target = change.slot;
      refused.detail = static_cast<std::uint8_t>(RefusalReason::kLate);
      refused.after = change.value;
      continue;
    }
    by_person_.push_back(change.slot);
    if (there == nullptr && !change.value.set) continue;
    Effect& set = add(EffectKind::kCompanySet);
    set.target = change.slot;
    set.before = before;
    set.after = change.value;
    set.number = resolved_.occurred_at;
    result.changes += before == change.value ? 0 : 1;
  }
  FinishCompany(key, content, result);
}

void Core::BeginCompany(const CompanyInput& input, std::uint64_t content) {
  BeginShared(RecordKind::kCompany, revision_, input.change.actor);
  record_.occurred_at = resolved_.occurred_at;
  record_.event_id.assign(input.change.id);
  record_.content = content;
}

void Core::FinishCompany(const EventKey& key, std::uint64_t content, EventResult& result) {
  result.sequence = record_.sequence;
  KnownEvent known;
  known.key = key;
  known.content = content;
  known.sequence = record_.sequence;
  known.changes = result.changes;
  ids_.Add(known);
  packer_.Add(record_);
  const std::vector<Effect> effects = std::move(record_.effects);
  for (const Effect& effect : effects) companies_.Fold(effect);
  const bool changed = std::any_of(effects.begin(), effects.end(), [](const Effect& effect) {
    return effect.kind == EffectKind::kCompanyDeleted || (effect.kind == EffectKind::kCompanySet && effect.before != effect.after);
  });
  if (!changed) return;
  spreads_.push_back({companies_.FindEver(effects.front().text)->number, record_.occurred_at, record_.sequence, 1});
  SpreadCompanies();
}

Status Core::CheckCompany(const CompanyInput& input, const Company* company) const {
  const std::string quoted = "`" + std::string(input.change.contact) + "`";
  const auto fail = [](StatusCode code, Reason reason, std::string message) {
    Status status{code, reason, std::move(message), {}};
    status.violations.push_back({"company", status.message});
    return status;
  };
  if (company == nullptr && (input.remove || input.change.create == CreateMode::kMustExist)) {
    return fail(StatusCode::kNotFound, reasons::kCompanyNotFound, "there is no company " + quoted + "; create it first");
  }
  if (company != nullptr && input.change.create == CreateMode::kMustCreate) {
    return fail(StatusCode::kAlreadyExists, reasons::kCompanyExists, "there is already a company " + quoted);
  }
  if (resolved_.occurred_at > now_ + options_.future_max) {
    return fail(StatusCode::kInvalidArgument, reasons::kEventInFuture,
                "the change is dated ahead of the server's clock; check the sender's clock");
  }
  return {};
}

}  // namespace stagecraft::runtime
