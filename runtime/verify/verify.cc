#include "runtime/verify/verify.h"

#include <utility>

#include "runtime/verify/checkpoint_check.h"
#include "runtime/verify/journal_check.h"
#include "runtime/verify/revision_check.h"
#include "runtime/verify/state_check.h"

namespace stagecraft::runtime {
namespace {

// Where a journal begins. What is forgotten of it keeps its place.
constexpr Sequence kFirstRecord = 1;

// Damage that a store tells of without a row that it hands out: the part may have lost rows that nobody knows of.
void TakeDamage(Store::Damage&& damage, StoredRows& stored, Report& report) {
  switch (damage.part) {
    case Store::Damage::Part::kRevisions:
      report.Add(Invariant::kRevisions, std::move(damage.what));
      return;
    case Store::Damage::Part::kCheckpoint:
      report.Add(Invariant::kCheckpoint, std::move(damage.what));
      return;
    case Store::Damage::Part::kJournal:
      report.Add(Invariant::kJournal, std::move(damage.what));
      stored.journal_is_whole = false;
      return;
  }
}

}  // namespace

Result<Report> Verify(Store& store) {
  Report report;
  StoredRows stored;
  JournalCheck journal(kFirstRecord, stored, report);
  Store::Inspection visitor;
  visitor.on_damage = [&](Store::Damage&& damage) { TakeDamage(std::move(damage), stored, report); };
  visitor.on_revision = [&](Revision&& revision) { stored.revisions.push_back(std::move(revision)); };
  visitor.on_complete_through = [&](Sequence complete_through) { stored.complete_through = complete_through; };
  visitor.on_checkpoint = [&](CheckpointRow&& row, bool is_sound) {
    const RowKey key{row.kind, row.key};
    if (is_sound) {
      stored.rows.emplace(key, std::move(row.bytes));
    } else {
      stored.damaged.insert(key);
    }
  };
  visitor.on_base_through = [&](Sequence complete_through) { stored.base_through = complete_through; };
  visitor.on_base = [&](CheckpointRow&& row, bool is_sound) {
    if (is_sound) stored.base.emplace(RowKey{row.kind, row.key}, std::move(row.bytes));
  };
  visitor.on_journal = [&](const JournalRow& row, bool is_sound) { journal.Take(row, is_sound); };
  if (Status status = store.Inspect(visitor); !status.ok()) return tl::unexpected<Status>(std::move(status));
  journal.Finish();
  CheckRevisions(stored, report);
  CheckRows(stored, report);
  CheckState(store, stored, report);
  return report;
}

}  // namespace stagecraft::runtime
