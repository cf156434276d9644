#include "runtime/compact/compaction.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "runtime/engine/core_past.h"
#include "runtime/engine/erasure.h"
#include "runtime/engine/journal_rewriter.h"
#include "runtime/explain/explain.h"
#include "runtime/model/dispatch.h"

namespace stagecraft::runtime {
namespace {

// Records of a contact lie all over the journal: what fits into memory is read once, not once for each contact.
constexpr std::size_t kCacheBytes = std::size_t{1} << 30;

// Whether the record may be forgotten at all. What belongs to no contact is little; the story of a contact as a whole leads to the stories
// of those that became part of it.
bool IsHistory(const Record& record) {
  return record.contact != kNoContact && record.kind != RecordKind::kStanding && record.kind != RecordKind::kScrubbed;
}

bool MadeItsContact(const Record& record) { return !record.effects.empty() && record.effects.front().kind == EffectKind::kContactCreated; }

Record WhatIsLeft(const Record& record) {
  Record left;
  left.kind = RecordKind::kForgotten;
  left.sequence = record.sequence;
  left.previous = record.previous;
  left.revision = record.revision;
  left.contact = record.contact;
  left.received_at = record.received_at;
  left.occurred_at = record.occurred_at;
  if (MadeItsContact(record)) {
    Effect& made = left.effects.emplace_back();
    made.kind = EffectKind::kContactCreated;
    made.number = record.occurred_at;  // said by the record, and takes no room
  }
  return left;
}

class Compaction {
 public:
  Compaction(Core& core, Store& store, Micros keep_from, const CompactionProgress& progress)
      : core_(core), store_(store), keep_from_(keep_from), progress_(progress) {}

  // Finds what is to be forgotten.
  Result<CompactionReport> Plan() {
    needed_.assign(static_cast<std::size_t>(core_.last_sequence()) + 1, false);
    if (Status status = FindNeeded(); !status.ok()) return tl::unexpected<Status>(std::move(status));
    CompactionReport report;
    Record scratch;
    Status damage;
    Status scan = store_.ScanJournal(1, [&](const JournalRow& row) {
      damage = VisitRecords(row, scratch, [&](const Record& record) {
        ++report.records;
        if (record.kind == RecordKind::kForgotten) {
          ++report.forgotten_before;
        } else if (IsOld(record) && IsHistory(record)) {
          ++(IsNeeded(record) ? report.needed : report.forgotten);
        }
        return true;
      });
      return damage.ok();
    });
    if (!scan.ok() || !damage.ok()) return tl::unexpected<Status>(scan.ok() ? std::move(damage) : std::move(scan));
    return report;
  }

  // All that the journal says is in the checkpoint then.
  Status BringCheckpoint() {
    CheckpointBatch batch;
    for (;;) {
      if (Status status = core_.Commit(); !status.ok()) return status;
      if (const std::vector<Erasure> erasures = core_.NextErasures(); !erasures.empty()) {
        if (Status status = Scrub(store_, erasures); !status.ok()) return status;
        core_.NoteScrubbed(erasures);
      } else if (core_.NextCheckpoint(true, batch)) {
        if (Status status = store_.WriteCheckpoint(batch); !status.ok()) return status;
      } else {
        return {};
      }
    }
  }

  Status Forget() {
    std::vector<Sequence> rows;
    Record scratch;
    Status damage;
    Status scan = store_.ScanJournal(1, [&](const JournalRow& row) {
      bool forgets = false;
      bool is_old = true;
      damage = VisitRecords(row, scratch, [&](const Record& record) {
        is_old = IsOld(record);
        forgets = IsForgotten(record);
        return is_old && !forgets;
      });
      if (forgets) rows.push_back(row.first);
      return damage.ok() && is_old;
    });
    if (!scan.ok() || !damage.ok()) return scan.ok() ? damage : scan;
    JournalRewriter rewriter(store_);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      Tell("rows rewritten", i, rows.size());
      const Result<JournalRow> row = store_.ReadJournal(rows[i]);
      if (!row) return row.error();
      Status status = rewriter.Take(*row, [&](const Record& record, std::string& out) {
        const bool forgets = IsForgotten(record);
        EncodeRecord(forgets ? WhatIsLeft(record) : record, out);
        return forgets;
      });
      if (!status.ok()) return status;
    }
    return rewriter.Write();
  }

 private:
  bool IsOld(const Record& record) const { return record.received_at < keep_from_; }
  bool IsNeeded(const Record& record) const {
    const auto place = static_cast<std::size_t>(record.sequence);
    return place >= needed_.size() || needed_[place];  // what came in meanwhile is no older than what is there
  }
  bool IsForgotten(const Record& record) const {
    return IsOld(record) && IsHistory(record) && record.kind != RecordKind::kForgotten && !IsNeeded(record);
  }

  void Tell(const char* what, std::uint64_t done, std::uint64_t total) const {
    if (progress_) progress_(what, done, total);
  }

  void Need(Sequence record) {
    if (record > 0 && static_cast<std::size_t>(record) < needed_.size()) needed_[static_cast<std::size_t>(record)] = true;
  }

  Status FindNeeded() {
    const View& view = core_.view();
    for (const Task& task : view.tasks()) {
      if (!task.completed) Need(task.cause);
    }
    for (const Deal& deal : view.deals()) {
      if (deal.deleted) continue;
      Need(deal.cause);
      Need(deal.changed_by);
      for (const DealStage& stage : deal.stages) Need(stage.record);
    }
    for (const Dispatch& dispatch : view.dispatches()) {
      if (IsOpen(dispatch.state)) Need(SenderOf(dispatch.id));
    }
    for (const Failure& failure : view.failures()) {
      if (failure.is_closed) continue;
      Need(failure.cause());
      Need(failure.source);
      Need(failure.tried_in);
    }
    CorePast past(core_, store_, kCacheBytes);
    const std::uint64_t contacts = view.stats().contacts;
    for (std::uint32_t number = 0; number < contacts; ++number) {
      Tell("contacts looked at", number, contacts);
      const Contact& contact = *view.ContactAt(number);
      const Standing standing = contact.departure().standing;
      // One that was merged is part of the story of another.
      if (standing == Standing::kErased || standing == Standing::kMerged) continue;
      if (Status status = FindCauses(past, contact, [this](Sequence record) { Need(record); }); !status.ok()) return status;
    }
    return {};
  }

  Core& core_;
  Store& store_;
  const Micros keep_from_;
  const CompactionProgress& progress_;
  std::vector<bool> needed_;  // by sequence
};

}  // namespace

Result<CompactionReport> PlanCompaction(Core& core, Store& store, Micros keep_from, const CompactionProgress& progress) {
  return Compaction(core, store, keep_from, progress).Plan();
}

Result<CompactionReport> CompactJournal(Core& core, Store& store, Micros keep_from, const CompactionProgress& progress) {
  Compaction compaction(core, store, keep_from, progress);
  Status status = compaction.BringCheckpoint();
  if (!status.ok()) return tl::unexpected<Status>(std::move(status));
  auto report = compaction.Plan();
  if (!report) return report;
  if (report->forgotten > 0) {
    status = store.KeepBase();
    if (status.ok()) status = compaction.Forget();
  }
  // Also what an earlier one, broken off, has left.
  if (status.ok()) status = store.Shrink();
  if (!status.ok()) return tl::unexpected<Status>(std::move(status));
  return report;
}

}  // namespace stagecraft::runtime
