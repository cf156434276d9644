// A new revision takes over. Its program decides from the next record on; nothing that is already so sets off a rule.
#include <utility>

#include "runtime/engine/backfill.h"
#include "runtime/engine/core.h"
#include "runtime/model/reasons.h"

namespace stagecraft::runtime {

std::unique_ptr<Core> Core::OpenEmpty(Store& store, const Clock& clock, Random& random, const EngineOptions& options,
                                      std::shared_ptr<const ir::Program> program) {
  std::unique_ptr<Core> core(new Core(store, clock, random, options));
  core->MoveClock();
  core->programs_.Add(Revision(), program);
  core->Install(0, std::move(program));
  return core;
}

void Core::Install(std::uint32_t revision, std::shared_ptr<const ir::Program> program) {
  revision_ = revision;
  program_ = std::move(program);
  executor_ = std::make_unique<Executor>(program_, ExecLimits{options_.rounds_max});
  if (shared_.next_member.size() < program_->teams.size()) shared_.next_member.resize(program_->teams.size());
}

Status Core::Deploy(Deployment deployment) {
  MoveClock();
  Revision& revision = deployment.revision;
  if (revision.number != revision_ + 1) {
    return {StatusCode::kAborted,
            reasons::kRevisionChanged,
            "another deployment came first: revision " + std::to_string(revision_) + " is running; look at it and deploy again",
            {}};
  }
  revision.deployed_at = now_;
  record_ = {};
  record_.kind = RecordKind::kDeployment;
  record_.sequence = last_sequence_ + 1;
  record_.revision = revision.number;
  record_.contact = kNoContact;
  record_.received_at = now_;
  record_.occurred_at = now_;
  record_.actor = revision.author;
  packer_.Add(record_);
  last_sequence_ = record_.sequence;
  const Sequence sequence = record_.sequence;
  EndRunsBefore(*deployment.program, revision.number);
  if (Status status = Append(&revision); !status.ok()) return status;

  const std::shared_ptr<const ir::Program> before = program_;
  Install(revision.number, deployment.program);
  programs_.Add(std::move(revision), std::move(deployment.program));
  if (Status status = TakeOver(before, sequence, now_, [](std::uint32_t) { return true; }); !status.ok()) {
    failure_ = status;  // deployed, but the state does not follow: only a restart can mend it
    return status;
  }
  RebuildTimers();
  return {};
}

// A deployment may end runs; each contact that has such gets a record of it, under the same commit.
void Core::EndRunsBefore(const ir::Program& next, std::uint32_t revision) {
  for (std::uint32_t number = 0; number < contacts_.size(); ++number) {
    Contact& contact = contacts_[number].contact;
    if (contact.runs().empty()) continue;
    std::vector<Effect> effects = EndRuns(*program_, next, contact);
    if (effects.empty()) continue;
    Begin(RecordKind::kDeployment, contact, now_);
    record_.revision = revision;
    record_.effects = std::move(effects);
    for (const Effect& effect : record_.effects) FoldEffect(next, record_, effect, contact, shared_);
    contact.set_last_sequence(record_.sequence);
    packer_.Add(record_);
    contacts_.Touch(number);
  }
}

Status Core::TakeOver(const std::shared_ptr<const ir::Program>& before, Sequence sequence, Micros at,
                      const std::function<bool(std::uint32_t)>& is_behind) {
  const Backfill backfill(*before, program_);
  const Executor executor_before(before, {});
  std::vector<bool> owed(contacts_.size());  // something that the program before has not got to yet
  for (std::uint32_t number = 0; number < contacts_.size(); ++number) {
    if (!is_behind(number)) continue;
    owed[number] = executor_before.ChangesBy(contacts_[number].contact, at);
    backfill.Clear(contacts_[number].contact);
  }
  if (!backfill.empty()) {
    Record past;
    Status damage;
    Status scan = store_.ScanJournal(1, [&](const JournalRow& row) {
      damage = VisitRecords(row, past, [&](const Record& record) {
        if (record.sequence >= sequence) return false;
        if (record.contact >= contacts_.size()) return true;
        Contact& contact = contacts_[contacts_.Survivor(record.contact)].contact;
        const bool has_a_past = contact.departure().standing != Standing::kErased;
        if (has_a_past && is_behind(contact.number())) backfill.Feed(record, contact);
        return true;
      });
      return damage.ok() && row.first + row.count < sequence;
    });
    if (!scan.ok()) return scan;
    if (!damage.ok()) return damage;
  }
  for (std::uint32_t number = 0; number < contacts_.size(); ++number) {
    if (!is_behind(number)) continue;
    Contact& contact = contacts_[number].contact;
    // Nothing fires by a deployment, not even a list that a contact has left by it.
    if (!owed[number] && executor_->ChangesBy(contact, at)) contact.set_now(at);
    executor_->Recompute(contact);
    executor_->RearmTimers(contact, at);
    contacts_.Touch(number);
  }
  return {};
}

}  // namespace stagecraft::runtime
