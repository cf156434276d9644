#include "runtime/engine/history.h"

#include <iterator>
#include <optional>
#include <queue>
#include <string>
#include <utility>

#include "runtime/engine/view.h"
#include "runtime/model/codec.h"
#include "runtime/model/contact.h"
#include "runtime/model/reasons.h"

namespace stagecraft::runtime {
namespace {

Status DamagedAt(Sequence record) {
  return {StatusCode::kDataLoss, reasons::kDataDamaged, "the journal is damaged at record " + std::to_string(record), {}};
}

}  // namespace

std::shared_ptr<const History::Row> History::Cached(Sequence sequence) {
  const std::lock_guard lock(mutex_);
  const auto after = rows_.upper_bound(sequence);
  if (after == rows_.begin()) return nullptr;
  const auto& row = std::prev(after)->second;
  return sequence < row->first + static_cast<Sequence>(row->offsets.size()) ? row : nullptr;
}

Result<std::shared_ptr<const History::Row>> History::RowOf(Sequence sequence) {
  if (auto cached = Cached(sequence)) return cached;
  Result<JournalRow> packed = store_.ReadJournal(sequence);
  if (!packed) return tl::unexpected<Status>(std::move(packed.error()));
  auto row = std::make_shared<Row>();
  row->first = packed->first;
  row->bytes = std::move(packed->bytes);
  row->offsets.reserve(packed->count);
  Reader reader(row->bytes);
  for (std::uint32_t i = 0; i < packed->count; ++i) {
    row->offsets.push_back(static_cast<std::uint32_t>(reader.offset()));
    reader.Text();
    if (!reader.ok()) return tl::unexpected<Status>(DamagedAt(row->first + i));
  }
  const std::lock_guard lock(mutex_);
  if (!rows_.emplace(row->first, row).second) return row;
  read_.push_back(row->first);
  for (bytes_ += row->bytes.size(); bytes_ > cache_bytes_ && read_.size() > 1; read_.pop_front()) {
    const auto oldest = rows_.find(read_.front());
    bytes_ -= oldest->second->bytes.size();
    rows_.erase(oldest);
  }
  return row;
}

Status History::Unpack(const Row& row, Sequence sequence, Record& out) {
  std::size_t offset = row.offsets[static_cast<std::size_t>(sequence - row.first)];
  if (!DecodeRecord(row.bytes, offset, out)) return DamagedAt(sequence);
  out.sequence = sequence;
  return {};
}

Result<Record> History::Find(Sequence sequence) {
  const auto row = RowOf(sequence);
  if (!row) return tl::unexpected<Status>(row.error());
  Record record;
  if (Status damage = Unpack(**row, sequence, record); !damage.ok()) return tl::unexpected<Status>(std::move(damage));
  return record;
}

Result<HistoryPage> History::Page(Sequence head, Sequence from, std::uint32_t limit, bool took_over) {
  return took_over ? Chains(head, from, limit) : Chain(from, limit);
}

Result<HistoryPage> History::Chain(Sequence from, std::uint32_t limit) {
  HistoryPage page{{}, from};
  while (page.next != 0 && page.records.size() < limit) {
    auto record = Find(page.next);
    if (!record) return tl::unexpected<Status>(std::move(record.error()));
    page.next = record->previous;
    page.records.push_back(std::move(*record));
  }
  return page;
}

// Several chains, the newest record of all of them next: a merge tells where the other contact's begins.
Result<HistoryPage> History::Chains(Sequence head, Sequence from, std::uint32_t limit) {
  HistoryPage page;
  std::priority_queue<Sequence> heads;
  heads.push(head);
  while (!heads.empty() && page.records.size() < limit) {
    auto record = Find(heads.top());
    if (!record) return tl::unexpected<Status>(std::move(record.error()));
    heads.pop();
    if (record->previous != 0) heads.push(record->previous);
    for (const Effect& effect : record->effects) {
      if (effect.kind == EffectKind::kMergedFrom && effect.before.number != 0) heads.push(effect.before.number);
    }
    if (record->sequence <= from) page.records.push_back(std::move(*record));
  }
  page.next = heads.empty() ? 0 : heads.top();
  return page;
}

Result<HistoryPage> HistoryOf(Past& past, History& history, std::string_view contact, Sequence from, std::uint32_t limit) {
  std::optional<Sequence> head;
  std::uint32_t number = 0;
  bool took_over = false;
  Status status = past.Read([&](const View& view) {
    const Contact* found = view.FindContact(contact);
    if (found == nullptr) return;
    head = found->last_sequence();
    number = found->number();
    took_over = found->departure().took_over;
  });
  if (!status.ok()) return tl::unexpected<Status>(std::move(status));
  if (!head) return Fail(StatusCode::kNotFound, reasons::kContactNotFound, "there is no contact `" + std::string(contact) + "`");
  auto page = history.Page(*head, from == 0 ? *head : from, limit, took_over);
  const bool of_another = page && !page->records.empty() && page->records.front().contact != number;
  if (of_another && !took_over) {
    return Fail(StatusCode::kNotFound, reasons::kRecordNotFound,
                "record " + std::to_string(from) + " is not one of contact `" + std::string(contact) + "`");
  }
  return page;
}

void History::Forget() {
  const std::lock_guard lock(mutex_);
  rows_.clear();
  read_.clear();
  bytes_ = 0;
}

Result<std::vector<Record>> History::Before(Sequence from, std::uint32_t limit) {
  std::vector<Record> records;
  Status status = Back(from, [&](const Record& record) {
    if (records.size() < limit) records.push_back(record);
    return records.size() < limit;
  });
  if (!status.ok()) return tl::unexpected<Status>(std::move(status));
  return records;
}

Status History::Back(Sequence from, const std::function<bool(const Record&)>& visit) {
  Record record;
  for (Sequence at = from; at > 0;) {
    const auto row = RowOf(at);
    if (!row) return row.error();
    for (; at >= (*row)->first; --at) {
      if (Status damage = Unpack(**row, at, record); !damage.ok()) return damage;
      if (!visit(record)) return {};
    }
  }
  return {};
}

}  // namespace stagecraft::runtime
