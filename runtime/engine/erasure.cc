#include "runtime/engine/erasure.h"

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "runtime/engine/row_packer.h"

namespace stagecraft::runtime {
namespace {

// Rows rewritten in one transaction: a commit of events waits for it.
constexpr std::size_t kRowsPerStep = 16;

// What is left of a record: its place in the chain, and what it did to what all contacts share.
Record Residue(const Record& record) {
  Record residue;
  residue.kind = RecordKind::kScrubbed;
  residue.sequence = record.sequence;
  residue.previous = record.previous;
  residue.revision = record.revision;
  residue.contact = record.contact;
  for (const Effect& effect : record.effects) {
    if (effect.kind != EffectKind::kContactCreated && effect.kind != EffectKind::kRotated) continue;
    Effect& kept = residue.effects.emplace_back();
    kept.kind = effect.kind;
    kept.target = effect.target;
    kept.number = effect.kind == EffectKind::kRotated ? effect.number : 0;
  }
  return residue;
}

std::size_t PackedSize(const Record& record) {
  std::string bytes;
  EncodeRecord(record, bytes);
  return bytes.size();
}

// Packs what is left of `record` into as many bytes as the record took: so the store overwrites them where they stand, and nothing that
// stands beside them is moved.
void EncodeResidue(const Record& record, std::string& out) {
  Record residue = Residue(record);
  const std::size_t wanted = PackedSize(record);
  // The size of a record stands before it, and takes more bytes itself for a larger one.
  for (std::size_t size = PackedSize(residue); size != wanted; size = PackedSize(residue)) {
    if (size > wanted && residue.padding < size - wanted) break;
    residue.padding += static_cast<std::uint32_t>(wanted - size);
  }
  EncodeRecord(residue, out);
}

// Of one contact.
class Scrubber {
 public:
  Scrubber(Store& store, const Erasure& erasure) : store_(store), erasure_(erasure) {}

  Status Run() {
    for (Sequence at = erasure_.record; at != 0; at = next_) {
      if (Status status = TakeRow(at); !status.ok()) return status;
      if (rows_.size() < kRowsPerStep) continue;
      if (Status status = Write(); !status.ok()) return status;
    }
    return Write();
  }

 private:
  // Scrubs the records of the contact in the row that holds `at`, and finds where its chain goes on before that row.
  Status TakeRow(Sequence at) {
    const Result<JournalRow> row = store_.ReadJournal(at);
    if (!row) return row.error();
    JournalRow scrubbed{row->first, row->count, {}};
    next_ = 0;
    bool changed = false;
    Record scratch;
    Status damage = VisitRecords(*row, scratch, [&](const Record& record) {
      const bool is_of_contact = record.contact == erasure_.contact;
      if (is_of_contact && next_ == 0 && record.previous < row->first) next_ = record.previous;
      const bool to_scrub = is_of_contact && record.sequence != erasure_.record && record.kind != RecordKind::kScrubbed;
      changed = changed || to_scrub;
      if (to_scrub) {
        EncodeResidue(record, scrubbed.bytes);
      } else {
        EncodeRecord(record, scrubbed.bytes);
      }
      return true;
    });
    if (damage.ok() && changed) rows_.push_back(std::move(scrubbed));
    return damage;
  }

  Status Write() {
    if (rows_.empty()) return {};
    Status status = store_.RewriteJournal(rows_);
    rows_.clear();
    return status;
  }

  Store& store_;
  const Erasure& erasure_;
  std::vector<JournalRow> rows_;
  Sequence next_ = 0;
};

}  // namespace

Status Scrub(Store& store, std::span<const Erasure> erasures) {
  for (const Erasure& erasure : erasures) {
    if (Status status = Scrubber(store, erasure).Run(); !status.ok()) return status;
  }
  return store.ForgetReplaced();
}

}  // namespace stagecraft::runtime
