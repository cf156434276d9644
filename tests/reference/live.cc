#include "tests/reference/live.h"

#include <algorithm>
#include <utility>

#include "runtime/engine/row_packer.h"
#include "runtime/model/reasons.h"
#include "tests/reference/show.h"

namespace stagecraft::reference {
namespace {

constexpr std::uint32_t kFiredMax = 5'000;

void Require(const runtime::Status& status) {
  if (!status.ok()) throw std::runtime_error(status.message);
}

}  // namespace

Live::Live(std::shared_ptr<const ir::Program> program, const std::vector<runtime::Revision::File>& files, runtime::Micros start,
           bool restarts, std::uint8_t routes)
    : now_(start), clock_(start) {
  options_.notification_routes = routes;
  if (!restarts) {
    core_ = runtime::Core::OpenEmpty(*store_, clock_, random_, options_, std::move(program));
    return;
  }
  Open();
  runtime::Deployment deployment;
  deployment.revision = {1, 0, "mika", "", files, ir::EncodeLayout(program->layout)};
  deployment.program = std::move(program);
  Require(core_->Deploy(std::move(deployment)));
  taken_ = core_->last_sequence();
}

void Live::Open() {
  core_.reset();
  clock_.Set(now_);  // how far the engine has come without a record is lost with a clock that is behind
  auto core = runtime::Core::Open(*store_, clock_, random_, options_);
  if (!core) Require(core.error());
  core_ = std::move(*core);
}

runtime::EventResult Live::Apply(const runtime::EventInput& input) {
  std::vector<runtime::EventResult> results;
  core_->Process(std::span(&input, 1), results);
  Require(core_->Commit());
  return results.front();
}

void Live::AdvanceTo(runtime::Micros to) {
  if (to > now_) clock_.Set(now_ = to);
  if (core_->FireOverdue(kFiredMax) == kFiredMax) throw TooLong("more than " + std::to_string(kFiredMax) + " timers fall due in one step");
  Require(core_->Commit());
}

void Live::SayOfUser(const runtime::UserChange& change) {
  Require(core_->ChangeUser(change));
  Require(core_->Commit());
}

runtime::Status Live::Retry(std::int64_t failure, bool& is_done) {
  runtime::Failure after;
  runtime::Status status = core_->Retry(failure, "mika@acme.example", after);
  is_done = after.is_closed;
  Require(core_->Commit());
  return status;
}

void Live::PutOutcome(const runtime::Dispatch& outcome) {
  core_->PutOutcomes({&outcome, 1});
  Require(core_->Commit());
}

runtime::Status Live::RetryDispatch(std::int64_t dispatch) {
  runtime::Status status = core_->RetryDispatch(dispatch);
  Require(core_->Commit());
  return status;
}

void Live::SwitchRule(std::uint32_t rule, bool on) {
  const runtime::Status status = core_->SwitchRule(rule, on, "mika@acme.example");
  if (status.reason != runtime::reasons::kRuleDisabled) Require(status);
  Require(core_->Commit());
}

void Live::StopRuns(const runtime::StopRunsRequest& request) {
  std::optional<std::uint32_t> next;
  do {
    core_->StopRuns(request, 1, next);
  } while (next.has_value());
  Require(core_->Commit());
}

std::shared_ptr<const ir::Program> Live::Deploy(const std::vector<runtime::Revision::File>& files, bool enrols) {
  CompileResult compiled = core_->programs().CompileNext(files, core_->view().RulesInProgress());
  if (compiled.program == nullptr) return nullptr;
  runtime::Deployment deployment;
  deployment.revision = {core_->view().revision() + 1, 0, "mika", "", files, ir::EncodeLayout(compiled.program->layout)};
  deployment.program = compiled.program;
  deployment.lost = std::move(compiled.lost);
  deployment.enrol_existing = enrols;
  Require(core_->Deploy(std::move(deployment)));
  return compiled.program;
}

runtime::EventResult Live::Change(const runtime::CompanyInput& input) {
  runtime::EventResult result;
  core_->ChangeCompany(input, result);
  Require(core_->Commit());
  return result;
}

std::vector<std::string> Live::ShowCompanies() const {
  std::vector<std::string> lines;
  const runtime::Companies& companies = core_->view().companies();
  for (std::uint32_t number = 0; number < companies.size(); ++number) {
    const runtime::Company& company = companies[number];
    lines.push_back(company.id + (company.deleted ? " is gone" : ""));
    for (const runtime::CompanyValue& value : company.values) {
      const ir::Property& property = program().properties[value.slot];
      if (!value.value.set) continue;
      lines.push_back(company.id + ": " + property.name + " = " + runtime::FormatValue(program(), property.type, value.slot, value.value) +
                      " since " + FormatTime(program(), value.changed_at));
    }
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

std::string Live::Change(const runtime::RandomStanding& standing) {
  using Kind = runtime::RandomStanding::Kind;
  const runtime::StandingChange change{standing.contact, "mika", 0};
  runtime::Sequence record = 0;
  const runtime::Status status = standing.kind == Kind::kDelete    ? core_->Delete(change)
                                 : standing.kind == Kind::kRestore ? core_->Restore(change)
                                 : standing.kind == Kind::kMerge   ? core_->Merge(change, standing.other)
                                                                   : core_->Erase(change, record);
  Require(core_->Commit());
  return status.reason;
}

std::string Live::Restart(bool with_checkpoint) {
  const std::string before = Digest();
  runtime::CheckpointBatch batch;
  while (with_checkpoint && core_->NextCheckpoint(true, batch)) Require(store_->WriteCheckpoint(batch));
  Open();
  return Digest() == before ? "" : "the engine is another one after a restart\n";
}

std::vector<runtime::Record> Live::TakeRecords() {
  std::vector<runtime::Record> records;
  if (taken_ == core_->last_sequence()) return records;
  runtime::Record scratch;
  const auto visit = [&](const runtime::Record& record) {
    if (record.sequence > taken_) records.push_back(record);
    return true;
  };
  Require(store_->ScanJournal(taken_ + 1, [&](const runtime::JournalRow& row) { return runtime::VisitRecords(row, scratch, visit).ok(); }));
  taken_ = core_->last_sequence();
  return records;
}

std::string Live::Digest() const {
  std::string digest;
  for (std::uint32_t number = 0; number < contacts(); ++number) {
    contact(number).Encode(digest);
    for (const std::int64_t value : contact(number).derived) digest += " " + std::to_string(value);
  }
  const runtime::View& view = core_->view();
  for (const runtime::Task& task : view.tasks()) EncodeTask(task, digest);
  for (const runtime::Notification& notification : view.notifications()) EncodeNotification(notification, digest);
  for (const runtime::Deal& deal : view.deals()) EncodeDeal(deal, digest);
  for (const runtime::Delivery& delivery : view.deliveries()) EncodeDelivery(delivery, digest);
  for (const runtime::Dispatch& dispatch : view.dispatches()) EncodeDispatch(dispatch, digest);
  for (const runtime::Failure& failure : view.failures()) EncodeFailure(failure, digest);
  for (const runtime::User& user : view.users()) EncodeUser(user, digest);
  return digest + " timers " + std::to_string(view.stats().timers);
}

}  // namespace stagecraft::reference
