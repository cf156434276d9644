// A new revision takes over. Its program decides from the next record on; nothing that is already so sets off a rule.
#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "runtime/engine/backfill.h"
#include "runtime/engine/core.h"
#include "runtime/engine/failures.h"
#include "runtime/exec/rearm.h"
#include "runtime/exec/redeploy.h"
#include "runtime/model/reasons.h"

namespace stagecraft::runtime {
namespace {

// Why a deployment ends a run; `why`: what the run's end says.
std::string WhyEnded(RunEnd end, const std::string& why) {
  switch (end) {
    case RunEnd::kNotFitting:
      return "its code no longer fits the scripts: " + why;
    case RunEnd::kRuleGone:
      return "the rule is no longer there, and had not begun";
    default:
      return "the rule does not wait at the same place any more";
  }
}

}  // namespace

std::unique_ptr<Core> Core::OpenEmpty(Store& store, const Clock& clock, Random& random, const EngineOptions& options,
                                      std::shared_ptr<const ir::Program> program) {
  std::unique_ptr<Core> core(new Core(store, clock, random, options));
  core->MoveClock();
  core->programs_.Add(Revision(), program);
  core->Install(0, std::move(program));
  core->RecountHoldings();
  return core;
}

void Core::Install(std::uint32_t revision, std::shared_ptr<const ir::Program> program) {
  revision_ = revision;
  program_ = WithSwitches(std::move(program), rules_);
  executor_ = std::make_unique<Executor>(program_, ExecLimits{options_.rounds_max});
  if (shared_.teams.size() < program_->teams.size()) shared_.teams.resize(program_->teams.size());
}

void Core::RecountHoldings() {
  executor_->BeginHoldings(shared_);
  if (!executor_->CountsHoldings()) return;
  for (std::uint32_t number = 0; number < contacts_.size(); ++number) {
    if (contacts_[number].contact.is_active()) executor_->CountHoldings(contacts_[number].contact, 1, shared_);
  }
}

Status Core::PlanDeployment(const Deployment& deployment, std::vector<EndedRuns>& ended) const {
  const Result<std::vector<ContactMoves>> moves = PlanMoves(deployment);
  if (!moves) return moves.error();
  ended = EndedBy(*moves);
  return {};
}

Status Core::Deploy(Deployment deployment, std::vector<EndedRuns>* ended) {
  MoveClock();
  Revision& revision = deployment.revision;
  // What is still owed to a contact by the revision before comes before what this one does to it.
  for (std::uint32_t number = 0; rules_.IsEnrolling() && number < contacts_.size(); ++number) {
    if (!contacts_[number].contact.runs().empty()) EnrolFirst(contacts_[number]);
  }
  const Result<std::vector<ContactMoves>> moves = PlanMoves(deployment);
  if (!moves) return moves.error();
  if (ended != nullptr) *ended = EndedBy(*moves);

  revision.deployed_at = now_;
  BeginShared(RecordKind::kDeployment, revision.number, revision.author);
  const Sequence sequence = record_.sequence;
  const std::shared_ptr<const ir::Program> before = program_;
  const std::shared_ptr<const ir::Program> after = WithSwitches(deployment.program, rules_);
  for (const std::uint32_t rule : deployment.enrol_existing ? RulesToEnrol(*before, *after) : std::vector<std::uint32_t>()) {
    Effect& effect = record_.effects.emplace_back();
    effect.kind = EffectKind::kEnrolExisting;
    effect.target = rule;
    effect.number = static_cast<std::int64_t>(contacts_.size());
    effect.number_before = sequence + static_cast<Sequence>(moves->size());
  }
  packer_.Add(record_);
  const auto everybody = [](std::uint32_t) { return true; };
  const std::vector<bool> owed = OwedBy(before, now_, everybody);
  rules_.Follow(*before, *after);
  rules_.Fold(record_);
  MoveRuns(*moves, *deployment.program, revision.number);
  if (Status status = Append(&revision); !status.ok()) return status;

  Install(revision.number, deployment.program);
  programs_.Add(std::move(revision), std::move(deployment.program));
  if (Status status = TakeOver(before, owed, sequence, now_, everybody); !status.ok()) {
    failure_ = status;  // deployed, but the state does not follow: only a restart can mend it
    return status;
  }
  if (before->well_known.company_id != program_->well_known.company_id) IndexMembers();
  RecountHoldings();
  RebuildTimers();
  return {};
}

Result<std::vector<Core::ContactMoves>> Core::PlanMoves(const Deployment& deployment) const {
  if (deployment.revision.number != revision_ + 1) {
    return Fail(StatusCode::kAborted, reasons::kRevisionChanged,
                "another deployment came first: revision " + std::to_string(revision_) + " is running; look at it and deploy again");
  }
  std::vector<ContactMoves> moves;
  for (std::uint32_t number = 0; number < contacts_.size(); ++number) {
    const Contact& contact = contacts_[number].contact;
    if (contact.runs().empty()) continue;
    std::optional<std::vector<Effect>> effects = runtime::MoveRuns({*program_, revision_, *deployment.program, deployment.lost}, contact);
    if (!effects) return Fail(StatusCode::kAborted, reasons::kRunsChanged, "a rule began to run meanwhile; deploy again");
    if (!effects->empty()) moves.push_back({number, std::move(*effects)});
  }
  return moves;
}

std::vector<EndedRuns> Core::EndedBy(const std::vector<ContactMoves>& moves) const {
  std::map<std::tuple<std::uint32_t, std::uint8_t, std::string>, std::uint64_t> counts;  // by rule, end, and what it says
  for (const ContactMoves& each : moves) {
    for (const Effect& effect : each.effects) {
      if (effect.kind != EffectKind::kRunEnded) continue;
      const Run* run = contacts_[each.contact].contact.progress().FindRun(static_cast<std::uint32_t>(effect.number));
      ++counts[{run->rule, effect.detail, effect.text}];
    }
  }
  std::vector<EndedRuns> ended;
  for (const auto& [key, count] : counts) {
    const auto& [number, detail, why] = key;
    const ir::Rule& rule = program_->rules[number];
    EndedRuns& runs = ended.emplace_back();
    runs.rule = rule.name;
    if (rule.place.file < program_->files.size()) runs.file = program_->files[rule.place.file];
    runs.line = rule.place.line;
    runs.revision = rule.of_revision != 0 ? rule.of_revision : revision_;
    runs.count = count;
    runs.reason = WhyEnded(static_cast<RunEnd>(detail), why);
    runs.is_failure = static_cast<RunEnd>(detail) == RunEnd::kNotFitting;
  }
  return ended;
}

// Each contact to whose runs the deployment does something gets a record of it, under the same commit.
void Core::MoveRuns(const std::vector<ContactMoves>& moves, const ir::Program& next, std::uint32_t revision) {
  for (const ContactMoves& each : moves) {
    Contact& contact = contacts_[each.contact].contact;
    Begin(RecordKind::kDeployment, contact, now_);
    record_.revision = revision;
    record_.effects = each.effects;
    for (const Effect& effect : record_.effects) FoldEffect(next, record_, effect, contact, shared_);
    contact.set_last_sequence(record_.sequence);
    packer_.Add(record_);
    NoteFailures(next, record_, 0, items_.failures);
    contacts_.Touch(each.contact);
  }
}

std::vector<bool> Core::OwedBy(const std::shared_ptr<const ir::Program>& program, Micros at, const Which& is_behind) const {
  Executor executor(program, {});
  std::vector<bool> owed(contacts_.size());
  for (std::uint32_t number = 0; number < contacts_.size(); ++number) {
    const Contact& contact = contacts_[number].contact;
    owed[number] = is_behind(number) && contact.is_active() && executor.OwesClosing(contact, at);
  }
  return owed;
}

Status Core::TakeOver(const std::shared_ptr<const ir::Program>& before, const std::vector<bool>& owed, Sequence sequence, Micros at,
                      const Which& is_behind) {
  const Backfill backfill(*before, program_);
  for (std::uint32_t number = 0; number < contacts_.size(); ++number) {
    if (is_behind(number)) backfill.Clear(contacts_[number].contact);
  }
  if (!backfill.empty()) {
    Record past;
    Status damage;
    Status scan = store_.ScanJournal(1, [&](const JournalRow& row) {
      damage = VisitRecords(row, past, [&](const Record& record) {
        if (record.sequence >= sequence) return false;
        if (record.contact >= contacts_.size()) return true;
        Contact& contact = contacts_[contacts_.Survivor(record.contact)].contact;
        // What is known of a contact's past begins behind what is forgotten of it: a count of the rest would be of nothing in particular.
        if (record.kind == RecordKind::kForgotten && is_behind(contact.number())) backfill.Clear(contact);
        const bool has_a_past = contact.departure().standing != Standing::kErased;
        if (has_a_past && is_behind(contact.number())) backfill.Feed(record, contact);
        return true;
      });
      return damage.ok() && row.first + row.count < sequence;
    });
    if (!scan.ok()) return scan;
    if (!damage.ok()) return damage;
  }
  const std::vector<std::uint32_t> anew = RulesThatWaitAnew(*before, *program_);
  for (std::uint32_t number = 0; number < contacts_.size(); ++number) {
    if (!is_behind(number)) continue;
    Contact& contact = contacts_[number].contact;
    std::erase_if(contact.mutable_timers(),
                  [&](const ArmedTimer& timer) { return std::binary_search(anew.begin(), anew.end(), timer.rule); });
    // Nothing fires by a deployment, not even a list that a contact has left by it.
    if (!owed[number] && executor_->ChangesBy(contact, at)) contact.set_now(at);
    executor_->Recompute(contact);
    executor_->RearmTimers(contact, at);
    contacts_.Touch(number);
  }
  return {};
}

}  // namespace stagecraft::runtime
