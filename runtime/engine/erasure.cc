#include "runtime/engine/erasure.h"

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "runtime/engine/core.h"
#include "runtime/engine/journal_rewriter.h"
#include "runtime/exec/executor.h"
#include "runtime/model/dispatch.h"
#include "runtime/model/failure.h"

namespace stagecraft::runtime {
namespace {

// What is left of a record: its place in the chain, and what it did to what all contacts share.
Record Residue(const Record& record) {
  Record residue;
  residue.kind = RecordKind::kScrubbed;
  residue.sequence = record.sequence;
  residue.previous = record.previous;
  residue.revision = record.revision;
  residue.contact = record.contact;
  for (const Effect& effect : record.effects) {
    // What is said of a company is the company's, whoever said it.
    if (IsOfCompany(effect.kind)) {
      Effect& kept = residue.effects.emplace_back();
      kept.kind = effect.kind;
      kept.target = effect.target;
      kept.number = effect.number;
      kept.after = effect.after;
      kept.text = effect.text;
      continue;
    }
    if (effect.kind != EffectKind::kContactCreated && !IsShared(effect.kind)) continue;
    Effect& kept = residue.effects.emplace_back();
    kept.kind = effect.kind;
    if (!IsShared(effect.kind)) continue;
    kept.detail = effect.detail;
    kept.target = effect.target;
    kept.number = effect.number;
    kept.number_before = effect.number_before;
    kept.text = effect.text;  // a member of the team
    kept.after.number = effect.after.number;
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

// Packs the record, or what is left of it when it `is_gone`. True: it was something else before.
bool EncodeScrubbed(const Record& record, bool is_gone, std::string& out) {
  const bool scrubs = is_gone && record.kind != RecordKind::kScrubbed;
  if (scrubs) {
    EncodeResidue(record, out);
  } else {
    EncodeRecord(record, out);
  }
  return scrubs;
}

// The rows that have records of a contact, newest first.
class Chain {
 public:
  Chain(Store& store, const Erasure& erasure) : store_(store), contact_(erasure.contact), next_(erasure.record) {}

  // The next row that has records of the contact; nothing at the end.
  Result<std::optional<JournalRow>> Next() {
    if (next_ == 0) return std::optional<JournalRow>();
    Result<JournalRow> row = store_.ReadJournal(next_);
    if (!row) return tl::unexpected<Status>(std::move(row.error()));
    next_ = 0;
    Status damage = VisitRecords(*row, scratch_, [&](const Record& record) {
      const bool leads_on = record.contact == contact_ && record.previous < row->first;
      if (leads_on) next_ = record.previous;
      return !leads_on;
    });
    if (!damage.ok()) return tl::unexpected<Status>(std::move(damage));
    return std::optional(std::move(*row));
  }

 private:
  Store& store_;
  const std::uint32_t contact_;
  Sequence next_;
  Record scratch_;
};

Status ScrubChain(Store& store, const Erasure& erasure) {
  Chain chain(store, erasure);
  JournalRewriter rewriter(store);
  for (;;) {
    const auto row = chain.Next();
    if (!row) return row.error();
    if (!*row) return rewriter.Write();
    Status status = rewriter.Take(**row, [&](const Record& record, std::string& out) {
      return EncodeScrubbed(record, record.contact == erasure.contact && record.sequence != erasure.record, out);
    });
    if (!status.ok()) return status;
  }
}

// The records of the contact that had something sent.
Status FindSenders(Store& store, const Erasure& erasure, std::set<Sequence>& senders) {
  Chain chain(store, erasure);
  Record scratch;
  for (;;) {
    const auto row = chain.Next();
    if (!row) return row.error();
    if (!*row) return {};
    Status damage = VisitRecords(**row, scratch, [&](const Record& record) {
      const bool sends = !record.deliveries.empty() || !record.notifications.empty() || record.kind == RecordKind::kForgotten;
      if (record.contact == erasure.contact && sends) senders.insert(record.sequence);
      return true;
    });
    if (!damage.ok()) return damage;
  }
}

// Packs the rows from the record `from` on that have a record which `is_of_them(record)`, anew: `encode` as JournalRewriter::Take has it.
template <typename IsOfThem, typename Encode>
Status RewriteFrom(Store& store, Sequence from, const IsOfThem& is_of_them, const Encode& encode) {
  Record scratch;
  std::vector<Sequence> rows;
  Status damage;
  Status scan = store.ScanJournal(from, [&](const JournalRow& row) {
    damage = VisitRecords(row, scratch, [&](Record& record) {
      if (!is_of_them(record)) return true;
      rows.push_back(row.first);
      return false;
    });
    return damage.ok();
  });
  if (!scan.ok() || !damage.ok()) return scan.ok() ? damage : scan;
  JournalRewriter rewriter(store);
  for (const Sequence first : rows) {
    const Result<JournalRow> row = store.ReadJournal(first);
    if (!row) return row.error();
    if (Status status = rewriter.Take(*row, encode); !status.ok()) return status;
  }
  return rewriter.Write();
}

// What other computers answered when something was sent to the contact may name it. As many bytes as before, so that the row is overwritten
// where it stands.
bool BlankOutcome(const std::set<Sequence>& senders, Record& record) {
  if (record.kind != RecordKind::kDeliveryOutcome) return false;
  bool blanked = false;
  for (Effect& effect : record.effects) {
    const bool has_text = effect.text.find_first_not_of(' ') != std::string::npos;
    if (!has_text || !senders.contains(SenderOf(effect.number))) continue;
    effect.text.assign(effect.text.size(), ' ');
    blanked = true;
  }
  return blanked;
}

Status ScrubOutcomes(Store& store, const std::set<Sequence>& senders) {
  if (senders.empty()) return {};
  const auto blank = [&](Record& record) { return BlankOutcome(senders, record); };
  return RewriteFrom(store, *senders.begin(), blank, [&](Record& record, std::string& out) {
    const bool blanked = blank(record);
    EncodeRecord(record, out);
    return blanked;
  });
}

// The events that failed before there was a contact, and the attempts at them that came to the same.
Status ScrubStrays(Store& store, const std::set<Sequence>& strays) {
  if (strays.empty()) return {};
  const auto is_stray = [&](const Record& record) {
    const bool is_attempt = record.failure != 0 && strays.contains(Failure::CauseOf(record.failure));
    return record.contact == kNoContact && (is_attempt || strays.contains(record.sequence));
  };
  return RewriteFrom(store, *strays.begin(), is_stray,
                     [&](const Record& record, std::string& out) { return EncodeScrubbed(record, is_stray(record), out); });
}

}  // namespace

Status Scrub(Store& store, std::span<const Erasure> erasures) {
  // First what is found by records that are scrubbed afterwards.
  std::set<Sequence> senders;
  std::set<Sequence> strays;
  for (const Erasure& erasure : erasures) {
    if (erasure.contact == kNoContact) {
      strays.insert(erasure.record);
    } else if (Status status = FindSenders(store, erasure, senders); !status.ok()) {
      return status;
    }
  }
  if (Status status = ScrubOutcomes(store, senders); !status.ok()) return status;
  if (Status status = ScrubStrays(store, strays); !status.ok()) return status;
  for (const Erasure& erasure : erasures) {
    if (erasure.contact == kNoContact) continue;
    if (Status status = ScrubChain(store, erasure); !status.ok()) return status;
  }
  return store.ForgetReplaced();
}

}  // namespace stagecraft::runtime
