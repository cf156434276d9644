#include "runtime/engine/recovery.h"

#include <algorithm>
#include <utility>

#include "runtime/engine/failures.h"
#include "runtime/model/reasons.h"

namespace stagecraft::runtime {
namespace {

Status Damaged(const std::string& what) { return {StatusCode::kDataLoss, reasons::kDataDamaged, what, {}}; }

}  // namespace

Result<std::unique_ptr<Core>> Core::Open(Store& store, const Clock& clock, Random& random, const EngineOptions& options, FoldWatch* watch) {
  std::unique_ptr<Core> core(new Core(store, clock, random, options));
  core->MoveClock();
  if (Status status = Recovery(*core, watch).Run(); !status.ok()) return tl::unexpected<Status>(std::move(status));
  return core;
}

Status Recovery::Run() {
  Store::Recovery visitor;
  visitor.on_revision = [&](const Revision& revision) {
    const std::uint32_t expected = core_.programs_.empty() ? 0 : core_.programs_.newest() + 1;
    if (revision.number != expected) return Damaged("the journal is damaged: revision " + std::to_string(expected) + " is missing");
    core_.programs_.Add(revision, nullptr);
    return Status{};
  };
  visitor.on_complete_through = [&](Sequence complete_through) { complete_through_ = complete_through; };
  visitor.on_checkpoint = [&](CheckpointRow&& row) { return TakeCheckpoint(std::move(row)); };
  Record scratch;
  visitor.on_journal = [&](const JournalRow& row) {
    // The first row may begin within the checkpoint, but not behind it.
    const Sequence next = (first_folded_ == 0 ? engine_through_ : core_.last_sequence_) + 1;
    if (first_folded_ == 0 ? row.first > next : row.first != next) {
      return Damaged("the journal is damaged: record " + std::to_string(next) + " is missing");
    }
    if (first_folded_ == 0) first_folded_ = row.first;
    Status failure;
    Status damage = VisitRecords(row, scratch, [&](const Record& record) {
      failure = Fold(record);
      return failure.ok();
    });
    return damage.ok() ? failure : damage;
  };
  if (Status status = core_.store_.Recover(visitor); !status.ok()) return status;
  if (core_.programs_.empty()) {
    if (Status status = FoundNewStore(); !status.ok()) return status;
  }
  if (core_.last_sequence_ < engine_through_) {
    if (auto row = core_.store_.ReadJournal(engine_through_); !row) {
      return Damaged("the checkpoint is ahead of the journal, which ends before record " + std::to_string(engine_through_) +
                     "; the files of the data folder are not of one moment");
    }
    core_.last_sequence_ = engine_through_;
  }
  if (Status status = TakeClock(); !status.ok()) return status;
  const std::uint32_t running = core_.programs_.newest();
  auto program = ProgramOf(running);
  if (!program) return program.error();
  core_.Install(running, *program);
  Complete();
  return {};
}

// The engine's time does not go back, although the machine's clock may have.
Status Recovery::TakeClock() {
  if (core_.last_sequence_ == 0) return {};
  auto row = core_.store_.ReadJournal(core_.last_sequence_);
  if (!row) return row.error();
  Record scratch;
  return VisitRecords(*row, scratch, [this](const Record& record) {
    core_.now_ = std::max(core_.now_, record.received_at);
    return true;
  });
}

// Keeps the numbering that the standard vocabulary has today: what events write before the first deployment refers to it.
Status Recovery::FoundNewStore() {
  CompileResult standard = Compile({});
  if (standard.program == nullptr) return {StatusCode::kInternal, reasons::kStoreFailed, "the standard vocabulary does not compile", {}};
  Revision revision;
  revision.deployed_at = core_.now_;
  revision.layout = ir::EncodeLayout(standard.program->layout);
  if (Status status = core_.store_.Append({}, &revision); !status.ok()) return status;
  core_.programs_.Add(std::move(revision), std::move(standard.program));
  return {};
}

namespace {

template <typename T>
Status TakeItem(const char* what, const CheckpointRow& row, std::optional<T> (*decode)(std::string_view), ItemTable<T>& items) {
  auto item = decode(row.bytes);
  if (!item) return Damaged(std::string(what) + " " + std::to_string(row.key) + " of the checkpoint is damaged");
  items.Add(std::move(*item));
  return {};
}

// Adds those that are newer than what the checkpoint had.
template <typename T>
void FoldNewer(const std::vector<T>& from, std::int64_t last, ItemTable<T>& into) {
  for (const T& item : from) {
    if (item.id > last) into.Add(item);
  }
}

}  // namespace

Status Recovery::TakeCheckpoint(CheckpointRow&& row) {
  switch (row.kind) {
    case CheckpointKind::kContact:
      return TakeContact(row);
    case CheckpointKind::kTask:
      return TakeItem("task", row, DecodeTask, core_.items_.tasks);
    case CheckpointKind::kNotification:
      return TakeItem("notification", row, DecodeNotification, core_.items_.notifications);
    case CheckpointKind::kDeal:
      return TakeDeal(row);
    case CheckpointKind::kDelivery:
      return TakeItem("delivery", row, DecodeDelivery, core_.items_.deliveries);
    case CheckpointKind::kDispatch:
      return TakeItem("the state of delivery", row, DecodeDispatch, core_.items_.dispatches);
    case CheckpointKind::kFailure:
      return TakeItem("failure", row, DecodeFailure, core_.items_.failures);
    case CheckpointKind::kEventIds:
      if (!core_.ids_.DecodePart(row.bytes))
        return Damaged("part " + std::to_string(row.key) + " of the checkpoint's event ids is damaged");
      return {};
    case CheckpointKind::kEngine:
      return TakeEngine(row);
    case CheckpointKind::kCompany:
      return TakeCompany(row);
    case CheckpointKind::kUser:
      return TakeUser(row);
  }
  return Damaged("the checkpoint has a row of unknown kind " + std::to_string(static_cast<int>(row.kind)));
}

Status Recovery::TakeContact(const CheckpointRow& row) {
  Sequence through = 0;
  auto contact = DecodeContactRow(row.bytes, through);
  if (!contact || contact->number() != core_.contacts_.size()) {
    return Damaged("contact number " + std::to_string(row.key) + " of the checkpoint is damaged, or one before it is missing");
  }
  core_.contacts_.Add(std::move(*contact));
  contact_through_.push_back(through);
  return {};
}

Status Recovery::TakeDeal(const CheckpointRow& row) {
  auto deal = DecodeDeal(row.bytes);
  if (!deal) return Damaged("deal " + std::to_string(row.key) + " of the checkpoint is damaged");
  core_.deal_index_.Add(std::move(*deal));
  return {};
}

Status Recovery::TakeCompany(const CheckpointRow& row) {
  auto company = DecodeCompany(row.bytes);
  if (company && core_.companies_.Add(std::move(*company))) return {};
  return Damaged("company number " + std::to_string(row.key) + " of the checkpoint is damaged, or one before it is missing");
}

Status Recovery::TakeEngine(const CheckpointRow& row) {
  auto engine = DecodeEngineRow(row.bytes);
  if (!engine) return Damaged("the engine's row of the checkpoint is damaged");
  engine_through_ = engine->through;
  core_.ids_.set_seed(engine->ids_seed);
  core_.erasures_ = std::move(engine->erasures);
  core_.rules_ = std::move(engine->rules);
  core_.shared_.teams = std::move(engine->teams);
  if (engine->next_member.empty()) return {};
  const auto program = ProgramOf(core_.programs_.newest());
  if (!program) return program.error();
  const std::size_t known = std::min(engine->next_member.size(), (*program)->teams.size());
  core_.shared_.teams.resize(known);
  for (std::size_t i = 0; i < known; ++i) SeedTurns((*program)->teams[i], engine->next_member[i], core_.shared_.teams[i]);
  return {};
}

Status Recovery::TakeUser(const CheckpointRow& row) {
  auto user = DecodeUser(row.bytes);
  if (!user || static_cast<std::size_t>(row.key) != core_.shared_.users.size()) {
    return Damaged("user number " + std::to_string(row.key) + " of the checkpoint is damaged, or one before it is missing");
  }
  core_.shared_.users.Add(std::move(*user));
  return {};
}

Result<std::shared_ptr<const ir::Program>> Recovery::ProgramOf(std::uint32_t revision) {
  if (program_ == nullptr || program_revision_ != revision) {
    program_ = core_.programs_.Of(revision);
    program_revision_ = revision;
  }
  if (program_ == nullptr) {
    return Fail(
        StatusCode::kFailedPrecondition, reasons::kRevisionNotFound,
        "the scripts of revision " + std::to_string(revision) + " are missing or no longer compile; use the version that deployed them");
  }
  return program_;
}

Status Recovery::Fold(const Record& record) {
  core_.last_sequence_ = record.sequence;
  // Of the row that the checkpoint ends in, part of which may be forgotten.
  if (record.sequence <= complete_through_) return {};
  if (first_record_) {
    if (Status status = ShowTaken(record); !status.ok()) return status;
    EndCheckpoint(record.sequence);
  }
  if (record.kind == RecordKind::kForgotten) {
    return Damaged("the journal no longer says what record " + std::to_string(record.sequence) + " did, and the checkpoint ends before it");
  }
  if (record.kind == RecordKind::kDeployment && record.contact == kNoContact) return FoldDeployment(record);
  const bool is_company = record.kind == RecordKind::kCompany && record.contact == kNoContact;
  const bool is_of_rules = record.kind == RecordKind::kSwitch || record.kind == RecordKind::kEnrolment;
  if (is_of_rules && record.sequence > engine_through_) core_.rules_.Fold(record);
  // Another attempt at a failed event has its id, which is known.
  if ((record.kind == RecordKind::kEvent || is_company) && record.failure == 0 && record.sequence > ids_through_)
    core_.ids_.Add(core_.ids_.FromRecord(record));
  FoldItems(record);
  if (record.kind == RecordKind::kStanding) {
    for (const Effect& effect : record.effects) FoldStanding(record, effect);
  }
  if (record.kind == RecordKind::kDeliveryOutcome) return FoldOutcomes(record);
  if (record.kind == RecordKind::kReading) {
    for (const Effect& effect : record.effects) FoldReading(effect, record.occurred_at, core_.items_.notifications);
    return {};
  }
  if (record.kind == RecordKind::kUser) {
    for (const Effect& effect : record.effects) FoldUser(effect, core_.shared_.users);
    return {};
  }
  if (is_company) {
    for (const Effect& effect : record.effects) core_.companies_.Fold(effect);
  }
  auto program = ProgramOf(record.revision);
  if (!program) return program.error();
  NoteFailures(**program, record, last_failure_, core_.items_.failures);
  return record.contact == kNoContact ? Status{} : FoldIntoContact(record);
}

Status Recovery::ShowTaken(const Record& record) {
  if (watch_ == nullptr || core_.contacts_.size() == 0) return {};
  const bool deploys = record.kind == RecordKind::kDeployment && record.contact == kNoContact;
  const auto program = ProgramOf(deploys ? record.revision - 1 : record.revision);
  if (!program) return program.error();
  for (std::uint32_t number = 0; number < core_.contacts_.size(); ++number) watch_->OnTaken(*program, core_.contacts_[number].contact);
  return {};
}

void Recovery::EndCheckpoint(Sequence sequence) {
  first_record_ = false;
  counts_ = Counts();
  Items& items = core_.items_;
  last_task_ = items.tasks.last_id();
  last_notification_ = items.notifications.last_id();
  last_delivery_ = items.deliveries.last_id();
  last_failure_ = items.failures.last_id();
  ids_through_ = core_.ids_.last_sequence();
  // Of a folder from before there were dispatches: what was to be sent is to be sent still.
  last_dispatch_ = items.dispatches.last_id();
  for (const Delivery& delivery : items.deliveries.all()) {
    Dispatch dispatch;
    dispatch.id = DispatchId(delivery.id, DispatchRoute::kDelivery);
    dispatch.contact = delivery.contact;
    if (dispatch.id > last_dispatch_ && delivery.cause < sequence) items.dispatches.Add(std::move(dispatch));
  }
}

void Recovery::FoldItems(const Record& record) {
  FoldNewer(record.tasks, last_task_, core_.items_.tasks);
  FoldNewer(record.notifications, last_notification_, core_.items_.notifications);
  core_.deal_index_.Take(record);
  FoldNewer(record.deliveries, last_delivery_, core_.items_.deliveries);
  for (const Effect& effect : record.effects) {
    ForEachNewDispatch(record, effect, [this](const Dispatch& dispatch) {
      if (dispatch.id > last_dispatch_) core_.items_.dispatches.Add(dispatch);
    });
  }
}

Status Recovery::FoldOutcomes(const Record& record) {
  for (const Effect& effect : record.effects) {
    Dispatch* dispatch = core_.items_.dispatches.Change(effect.number);
    if (dispatch == nullptr) continue;  // the contact that it was for is erased, and nothing tells of it any more
    if (!TakeOutcome(effect, *dispatch)) return Damaged("record " + std::to_string(record.sequence) + " has no outcome of a delivery");
  }
  return {};
}

void Recovery::FoldStanding(const Record& record, const Effect& effect) {
  const bool is_erased = effect.kind == EffectKind::kDeparted && effect.detail == static_cast<std::uint8_t>(Standing::kErased);
  if (effect.kind == EffectKind::kMergedFrom) {
    core_.items_.Move(static_cast<std::uint32_t>(effect.number), record.contact);
    core_.deal_index_.Move(static_cast<std::uint32_t>(effect.number), record.contact);
  }
  const bool is_stray = effect.kind == EffectKind::kFailureErased;
  if (is_stray) core_.items_.GiveFailure(effect.number, record.contact);
  // Strays stand behind the erasure in its record, and are the erased contact's as well.
  if (is_erased || is_stray) core_.items_.Blank(record.contact);
  if (record.sequence <= engine_through_) return;
  // Before their contact, as Core::Erase has it.
  if (is_stray) core_.erasures_.insert(core_.erasures_.end() - 1, {kNoContact, Failure::CauseOf(effect.number)});
  if (is_erased) core_.erasures_.push_back({record.contact, record.sequence});
  if (effect.kind == EffectKind::kScrubbed) {
    std::erase_if(core_.erasures_, [&](const Erasure& erasure) {
      return erasure.contact == effect.number && (erasure.contact != kNoContact || erasure.record == effect.number_before);
    });
  }
}

CheckpointCounts Recovery::Counts() const {
  return {core_.items_.tasks.size(),      core_.items_.notifications.size(), core_.items_.deals.size(), core_.items_.deliveries.size(),
          core_.items_.dispatches.size(), core_.items_.failures.size(),      core_.ids_.size()};
}

Status Recovery::FoldDeployment(const Record& record) {
  auto before = ProgramOf(record.revision - 1);
  if (!before) return before.error();
  auto program = ProgramOf(record.revision);
  if (!program) return program.error();
  const auto is_behind = [&](std::uint32_t number) { return contact_through_[number] < record.sequence; };
  const std::vector<bool> owed = core_.OwedBy(WithSwitches(*before, core_.rules_), record.occurred_at, is_behind);
  if (record.sequence > engine_through_) {
    core_.rules_.Follow(**before, **program);
    core_.rules_.Fold(record);
  }
  core_.Install(record.revision, *program);
  return core_.TakeOver(*before, owed, record.sequence, record.occurred_at, is_behind);
}

Status Recovery::FoldIntoContact(const Record& record) {
  auto program = ProgramOf(record.revision);
  if (!program) return program.error();
  if (record.contact == core_.contacts_.size() && !record.effects.empty() && record.effects.front().kind == EffectKind::kContactCreated) {
    const Effect& created = record.effects.front();
    core_.contacts_.Add(Contact(created.text, record.contact, created.number));
    contact_through_.push_back(0);
  }
  if (record.contact >= core_.contacts_.size())
    return Damaged("record " + std::to_string(record.sequence) + " is for a contact that is not there");

  Contact& contact = core_.contacts_[record.contact].contact;
  const bool contact_is_behind = record.sequence > contact_through_[record.contact];
  if (contact_is_behind) {
    FoldHeader(record, contact);
    contact.set_last_sequence(record.sequence);
    core_.contacts_.Touch(record.contact);
  }
  for (const Effect& effect : record.effects) {
    if (effect.kind == EffectKind::kTaskChanged) {
      Task* task = core_.items_.tasks.Change(effect.number);
      if (task == nullptr) return Damaged("record " + std::to_string(record.sequence) + " is for a task that is not there");
      FoldTask(effect, record.occurred_at, *task);
    }
    bool is_behind = IsShared(effect.kind) ? record.sequence > engine_through_ : contact_is_behind;
    // A company's row of the checkpoint may have this and more: in the end all is as it was.
    if (IsOfCompany(effect.kind)) is_behind = true;
    if (is_behind && !FoldEffect(**program, record, effect, contact, core_.shared_)) {
      return Damaged("record " + std::to_string(record.sequence) + " does not fit revision " + std::to_string(record.revision));
    }
  }
  if (watch_ != nullptr && contact_is_behind) watch_->OnFolded(*program, record, contact);
  return {};
}

void Recovery::Complete() {
  for (std::uint32_t number = 0; number < core_.contacts_.size(); ++number) {
    ContactCell& cell = core_.contacts_[number];
    core_.executor_->Recompute(cell.contact);
    cell.heard_at = core_.now_;
  }
  core_.IndexMembers();
  core_.RecountHoldings();
  core_.RebuildTimers();
  if (first_record_) EndCheckpoint(core_.last_sequence_ + 1);
  core_.announced_ = core_.items_.dispatches.size();
  core_.CountDispatches();
  const Sequence complete_through = first_folded_ == 0 ? core_.last_sequence_ : std::max(complete_through_, first_folded_ - 1);
  core_.checkpoint_.Resume(complete_through, counts_);
}

}  // namespace stagecraft::runtime
