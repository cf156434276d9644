// What a store gave when all of it was looked at, but for the journal's rows, and the stores that recover from it.
#ifndef STAGECRAFT_RUNTIME_VERIFY_STORED_ROWS_H_
#define STAGECRAFT_RUNTIME_VERIFY_STORED_ROWS_H_

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "runtime/store/store.h"

namespace stagecraft::runtime {

using RowKey = std::pair<CheckpointKind, std::int64_t>;
using Rows = std::map<RowKey, std::string>;

// The row, for messages: `contact number 3`, `task 65537`.
std::string NameOf(const RowKey& key);

struct StoredRows {
  std::vector<Revision> revisions;
  Rows rows;                 // of the checkpoint, that can be read
  std::set<RowKey> damaged;  // rows of the checkpoint that cannot be read, or are missing
  Sequence complete_through = 0;
  Rows base;                             // of the journal's base, that can be read
  std::optional<Sequence> base_through;  // how far it goes; nothing: the journal has no base
  Sequence last_sequence = 0;
  std::set<Sequence> scrubbed;      // records of which it is not known any more what they did
  Micros last_time = 0;             // when the journal's last record came in
  bool revisions_are_whole = true;  // there are no gaps, and all compile
  bool journal_is_whole = true;     // every record can be read
};

// A store that recovery sees in place of another one: its journal with other rows of a checkpoint. Nothing can be written.
class RecoveredFrom final : public Store {
 public:
  // All references must outlive the store.
  RecoveredFrom(Store& journal, const std::vector<Revision>& revisions, const Rows& rows, Sequence complete_through)
      : journal_(journal), revisions_(revisions), rows_(rows), complete_through_(complete_through) {}

  Status Append(std::span<const JournalRow> rows, const Revision* revision) override;
  Status WriteCheckpoint(const CheckpointBatch& batch) override;
  Status RewriteJournal(std::span<const JournalRow> rows) override;
  Status ForgetReplaced() override;
  Status KeepBase() override;
  Status Shrink() override;
  Status Recover(const Recovery& visitor) override;
  Status Inspect(const Inspection& visitor) override { return journal_.Inspect(visitor); }
  Status Backup(const TakePart& take) override { return journal_.Backup(take); }
  Result<JournalRow> ReadJournal(Sequence sequence) override { return journal_.ReadJournal(sequence); }
  Status ScanJournal(Sequence from, const std::function<bool(const JournalRow&)>& visit) override {
    return journal_.ScanJournal(from, visit);
  }

 private:
  Store& journal_;
  const std::vector<Revision>& revisions_;
  const Rows& rows_;
  const Sequence complete_through_;
};

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_VERIFY_STORED_ROWS_H_
