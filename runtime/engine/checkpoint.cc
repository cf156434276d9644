#include "runtime/engine/checkpoint.h"

#include <algorithm>

#include "runtime/model/codec.h"

namespace stagecraft::runtime {
namespace {

// A part takes the engine's thread about half a millisecond, so that no event waits long for it.
constexpr std::size_t kPartContacts = 2'000;
constexpr std::size_t kPartItems = 4'000;
constexpr std::size_t kPartIdParts = 8;

}  // namespace

void CheckpointPlan::Resume(Sequence complete_through, const CheckpointCounts& written) {
  complete_through_ = complete_through;
  tasks_.written = written.tasks;
  notifications_.written = written.notifications;
  deals_.written = written.deals;
  deliveries_.written = written.deliveries;
  dispatches_.written = written.dispatches;
  failures_.written = written.failures;
  ids_written_ = written.ids;
}

template <typename Item>
void CheckpointPlan::BeginItems(ItemTable<Item>& items, ItemsProgress& progress) {
  progress.end = items.size();
  progress.changed = items.TakeChanged();
  // What is new is written as it is by now.
  progress.changed.erase(std::lower_bound(progress.changed.begin(), progress.changed.end(), progress.written), progress.changed.end());
  progress.next_changed = 0;
}

// Adds rows of what is to be written, at most kPartItems.
template <typename Item, typename Encode>
void CheckpointPlan::AddItems(CheckpointKind kind, const ItemTable<Item>& items, const Encode& encode, ItemsProgress& progress,
                              CheckpointBatch& batch) {
  for (std::size_t rows = 0; rows < kPartItems && !progress.IsDone(); ++rows) {
    const bool is_new = progress.written < progress.end;
    const Item& item = items[is_new ? progress.written++ : progress.changed[progress.next_changed++]];
    encode(item, batch.rows.emplace_back(CheckpointRow{kind, item.id, {}}).bytes);
  }
}

bool CheckpointPlan::IsDone() const {
  return next_contact_ == contacts_.size() && next_company_ == companies_.size() && tasks_.IsDone() && notifications_.IsDone() &&
         deals_.IsDone() && deliveries_.IsDone() && dispatches_.IsDone() && failures_.IsDone() && ids_written_ == ids_end_;
}

bool CheckpointPlan::BeginRound(const CheckpointSource& source, bool force) {
  const Sequence behind = source.committed - complete_through_;
  if (behind == 0 || (!force && behind < records_min_)) return false;
  in_round_ = true;
  round_through_ = source.committed;
  BeginItems(source.items.tasks, tasks_);
  BeginItems(source.items.notifications, notifications_);
  BeginItems(source.items.deals, deals_);
  BeginItems(source.items.deliveries, deliveries_);
  BeginItems(source.items.dispatches, dispatches_);
  BeginItems(source.items.failures, failures_);
  ids_end_ = source.ids.size();
  const std::vector<std::size_t> users = source.shared.users.TakeChanged();
  users_.insert(users_.end(), users.begin(), users.end());
  contacts_ = source.contacts.TakeTouched();
  std::sort(contacts_.begin(), contacts_.end());  // the order of the table that they go into
  next_contact_ = 0;
  companies_ = source.companies.TakeChanged();
  next_company_ = 0;
  return true;
}

bool CheckpointPlan::Next(const CheckpointSource& source, bool force, CheckpointBatch& batch) {
  if (!in_round_ && !BeginRound(source, force)) return false;
  batch.rows.clear();
  batch.complete_through.reset();
  AddContacts(source, batch);
  AddCompanies(source, batch);
  AddItems(CheckpointKind::kTask, source.items.tasks, EncodeTask, tasks_, batch);
  AddItems(CheckpointKind::kNotification, source.items.notifications, EncodeNotification, notifications_, batch);
  AddItems(CheckpointKind::kDeal, source.items.deals, EncodeDeal, deals_, batch);
  AddItems(CheckpointKind::kDelivery, source.items.deliveries, EncodeDelivery, deliveries_, batch);
  AddItems(CheckpointKind::kDispatch, source.items.dispatches, EncodeDispatch, dispatches_, batch);
  AddItems(CheckpointKind::kFailure, source.items.failures, EncodeFailure, failures_, batch);
  AddUsers(source, batch);
  AddIds(source, batch);
  batch.rows.push_back({CheckpointKind::kEngine, 0,
                        EncodeEngineRow({source.committed, source.ids.seed(), source.shared.teams, {}, source.rules, source.erasures})});
  if (IsDone()) {
    batch.complete_through = round_through_;
    complete_through_ = round_through_;
    in_round_ = false;
  }
  return true;
}

void CheckpointPlan::AddContacts(const CheckpointSource& source, CheckpointBatch& batch) {
  const std::size_t end = std::min(contacts_.size(), next_contact_ + kPartContacts);
  for (; next_contact_ < end; ++next_contact_) {
    ContactCell& cell = source.contacts[contacts_[next_contact_]];
    cell.dirty = false;
    batch.rows.push_back({CheckpointKind::kContact, cell.contact.number(), EncodeContactRow(cell.contact, source.committed)});
  }
}

void CheckpointPlan::AddCompanies(const CheckpointSource& source, CheckpointBatch& batch) {
  const std::size_t end = std::min(companies_.size(), next_company_ + kPartItems);
  for (; next_company_ < end; ++next_company_) {
    const Company& company = source.companies[companies_[next_company_]];
    batch.rows.push_back({CheckpointKind::kCompany, company.number, EncodeCompany(company)});
  }
}

// There are few, and few of them change.
void CheckpointPlan::AddUsers(const CheckpointSource& source, CheckpointBatch& batch) {
  for (const std::size_t number : users_) {
    CheckpointRow& row = batch.rows.emplace_back(CheckpointRow{CheckpointKind::kUser, static_cast<std::int64_t>(number), {}});
    EncodeUser(source.shared.users[number], row.bytes);
  }
  users_.clear();
}

void CheckpointPlan::AddIds(const CheckpointSource& source, CheckpointBatch& batch) {
  for (std::size_t parts = 0; parts < kPartIdParts && ids_written_ < ids_end_; ++parts) {
    const std::size_t part = ids_written_ / EventIds::kPart;
    batch.rows.push_back({CheckpointKind::kEventIds, static_cast<std::int64_t>(part), source.ids.EncodePart(part)});
    // The part holds all there are by now, perhaps more than the round asks for.
    ids_written_ = std::min((part + 1) * EventIds::kPart, ids_end_);
  }
}

std::string EncodeContactRow(const Contact& contact, Sequence through) {
  std::string bytes;
  Writer(bytes).Signed(through);
  contact.Encode(bytes);
  return bytes;
}

std::optional<Contact> DecodeContactRow(std::string_view bytes, Sequence& through) {
  Reader reader(bytes);
  through = reader.Signed();
  if (!reader.ok()) return std::nullopt;
  return Contact::Decode(bytes.substr(reader.offset()));
}

namespace {

void PutTurns(Writer& writer, const std::vector<TeamTurns>& teams) {
  writer.Unsigned(teams.size());
  for (const TeamTurns& team : teams) {
    writer.Signed(team.time);
    writer.Unsigned(team.turns.size());
    for (const Turn& turn : team.turns) {
      writer.Text(turn.member);
      writer.Relative(turn.at, team.time);
    }
  }
}

void GetTurns(Reader& reader, std::vector<TeamTurns>& teams) {
  for (std::size_t left = reader.Count(); left > 0 && reader.ok(); --left) {
    TeamTurns& team = teams.emplace_back();
    team.time = reader.Signed();
    for (std::size_t turns = reader.Count(); turns > 0 && reader.ok(); --turns) {
      Turn& turn = team.turns.emplace_back();
      turn.member = reader.Text();
      turn.at = reader.Relative(team.time);
    }
  }
}

}  // namespace

std::string EncodeEngineRow(const EngineRow& row) {
  std::string bytes;
  Writer writer(bytes);
  writer.Signed(row.through);
  writer.Unsigned(row.ids_seed);
  writer.Unsigned(row.next_member.size());
  for (const std::uint32_t next : row.next_member) writer.Unsigned(next);
  PutRuleStates(writer, row.rules);
  writer.Unsigned(row.erasures.size());
  for (const Erasure& erasure : row.erasures) {
    writer.Unsigned(erasure.contact);
    writer.Signed(erasure.record);
  }
  PutTurns(writer, row.teams);
  return bytes;
}

std::optional<EngineRow> DecodeEngineRow(std::string_view bytes) {
  Reader reader(bytes);
  EngineRow row;
  row.through = reader.Signed();
  row.ids_seed = reader.Unsigned();
  for (std::size_t teams = reader.Count(); teams > 0; --teams) row.next_member.push_back(reader.Bounded<std::uint32_t>());
  if (reader.AtEnd()) return reader.ok() ? std::optional(std::move(row)) : std::nullopt;  // rows of earlier versions end here
  GetRuleStates(reader, row.rules);
  for (std::size_t erasures = reader.Count(); erasures > 0 && reader.ok(); --erasures) {
    const auto contact = reader.Bounded<std::uint32_t>();
    row.erasures.push_back({contact, reader.Signed()});
  }
  GetTurns(reader, row.teams);
  if (!reader.ok() || !reader.AtEnd()) return std::nullopt;
  return row;
}

}  // namespace stagecraft::runtime
