#include "runtime/engine/checkpoint.h"

#include <algorithm>

#include "runtime/model/codec.h"

namespace stagecraft::runtime {
namespace {

// A part takes the engine's thread about half a millisecond, so that no event waits long for it.
constexpr std::size_t kPartContacts = 2'000;
constexpr std::size_t kPartItems = 4'000;
constexpr std::size_t kPartIdParts = 8;

// Adds the rows of `items` from `written` on, at most kPartItems, and moves `written`.
template <typename Item, typename Encode>
void AddItems(CheckpointKind kind, const std::vector<Item>& items, std::size_t end, const Encode& encode, std::size_t& written,
              CheckpointBatch& batch) {
  end = std::min(end, written + kPartItems);
  for (; written < end; ++written) {
    CheckpointRow& row = batch.rows.emplace_back(CheckpointRow{kind, items[written].id, {}});
    encode(items[written], row.bytes);
  }
}

}  // namespace

void CheckpointPlan::Resume(Sequence complete_through, const CheckpointCounts& written) {
  complete_through_ = complete_through;
  written_ = written;
}

bool CheckpointPlan::BeginRound(const CheckpointSource& source, bool force) {
  const Sequence behind = source.committed - complete_through_;
  if (behind == 0 || (!force && behind < records_min_)) return false;
  in_round_ = true;
  round_through_ = source.committed;
  round_ = {source.tasks.size(), source.notifications.size(), source.deals.size(), source.deliveries.size(), source.ids.size()};
  contacts_ = source.contacts.TakeTouched();
  std::sort(contacts_.begin(), contacts_.end());  // the order of the table that they go into
  next_contact_ = 0;
  return true;
}

bool CheckpointPlan::Next(const CheckpointSource& source, bool force, CheckpointBatch& batch) {
  if (!in_round_ && !BeginRound(source, force)) return false;
  batch.rows.clear();
  batch.complete_through.reset();
  AddContacts(source, batch);
  AddItems(CheckpointKind::kTask, source.tasks, round_.tasks, EncodeTask, written_.tasks, batch);
  AddItems(CheckpointKind::kNotification, source.notifications, round_.notifications, EncodeNotification, written_.notifications, batch);
  AddItems(CheckpointKind::kDeal, source.deals, round_.deals, EncodeDeal, written_.deals, batch);
  AddItems(CheckpointKind::kDelivery, source.deliveries, round_.deliveries, EncodeDelivery, written_.deliveries, batch);
  AddIds(source, batch);
  batch.rows.push_back({CheckpointKind::kEngine, 0, EncodeEngineRow({source.committed, source.ids.seed(), source.shared})});
  if (next_contact_ == contacts_.size() && written_ == round_) {
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

void CheckpointPlan::AddIds(const CheckpointSource& source, CheckpointBatch& batch) {
  for (std::size_t parts = 0; parts < kPartIdParts && written_.ids < round_.ids; ++parts) {
    const std::size_t part = written_.ids / EventIds::kPart;
    batch.rows.push_back({CheckpointKind::kEventIds, static_cast<std::int64_t>(part), source.ids.EncodePart(part)});
    // The part holds all there are by now, perhaps more than the round asks for.
    written_.ids = std::min((part + 1) * EventIds::kPart, round_.ids);
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

std::string EncodeEngineRow(const EngineRow& row) {
  std::string bytes;
  Writer writer(bytes);
  writer.Signed(row.through);
  writer.Unsigned(row.ids_seed);
  writer.Unsigned(row.shared.next_member.size());
  for (const std::uint32_t next : row.shared.next_member) writer.Unsigned(next);
  return bytes;
}

std::optional<EngineRow> DecodeEngineRow(std::string_view bytes) {
  Reader reader(bytes);
  EngineRow row;
  row.through = reader.Signed();
  row.ids_seed = reader.Unsigned();
  for (std::size_t teams = reader.Count(); teams > 0; --teams) row.shared.next_member.push_back(reader.Bounded<std::uint32_t>());
  if (!reader.ok() || !reader.AtEnd()) return std::nullopt;
  return row;
}

}  // namespace stagecraft::runtime
