#include "runtime/store/memory_store.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <utility>

namespace stagecraft::runtime {
namespace {

class MemoryStore final : public Store {
 public:
  Status Append(std::span<const JournalRow> rows, const Revision* revision) override {
    const std::unique_lock lock(mutex_);
    if (revision != nullptr) revisions_.insert_or_assign(revision->number, *revision);
    journal_.insert(journal_.end(), rows.begin(), rows.end());
    return {};
  }

  Status WriteCheckpoint(const CheckpointBatch& batch) override {
    const std::unique_lock lock(mutex_);
    for (const CheckpointRow& row : batch.rows) checkpoint_.insert_or_assign({row.kind, row.key}, row.bytes);
    if (batch.complete_through) complete_through_ = *batch.complete_through;
    return {};
  }

  Status RewriteJournal(std::span<const JournalRow> rows) override {
    const std::unique_lock lock(mutex_);
    for (const JournalRow& row : rows) {
      const std::size_t place = RowOf(row.first);
      if (place == journal_.size() || journal_[place].first != row.first) return NoSuchRecord(row.first).value();
      journal_[place] = row;
    }
    return {};
  }

  Status ForgetReplaced() override { return base_ ? KeepBase() : Status{}; }

  Status KeepBase() override {
    const std::unique_lock lock(mutex_);
    base_ = checkpoint_;
    base_through_ = complete_through_;
    return {};
  }

  Status Shrink() override { return {}; }

  // Without the lock: nobody else is there yet, and the visitor may read the journal.
  Status Recover(const Recovery& visitor) override {
    for (const auto& [number, revision] : revisions_) {
      if (Status status = visitor.on_revision(revision); !status.ok()) return status;
    }
    for (const auto& [key, bytes] : checkpoint_) {
      if (Status status = visitor.on_checkpoint(CheckpointRow{key.first, key.second, bytes}); !status.ok()) return status;
    }
    if (visitor.on_complete_through) visitor.on_complete_through(complete_through_);
    for (std::size_t i = RowOf(complete_through_ + 1); i < journal_.size(); ++i) {
      if (Status status = visitor.on_journal(journal_[i]); !status.ok()) return status;
    }
    return {};
  }

  Status Inspect(const Inspection& visitor) override {
    const std::shared_lock lock(mutex_);
    for (const auto& [number, revision] : revisions_) visitor.on_revision(Revision(revision));
    if (base_) visitor.on_base_through(base_through_);
    for (const auto& [key, bytes] : base_.value_or(Rows())) visitor.on_base(CheckpointRow{key.first, key.second, bytes}, true);
    visitor.on_complete_through(complete_through_);
    for (const auto& [key, bytes] : checkpoint_) visitor.on_checkpoint(CheckpointRow{key.first, key.second, bytes}, true);
    for (const JournalRow& row : journal_) visitor.on_journal(row, true);
    return {};
  }

  Result<JournalRow> ReadJournal(Sequence sequence) override {
    const std::shared_lock lock(mutex_);
    const std::size_t row = RowOf(sequence);
    if (row == journal_.size() || journal_[row].first > sequence) return NoSuchRecord(sequence);
    return journal_[row];
  }

  Status ScanJournal(Sequence from, const std::function<bool(const JournalRow&)>& visit) override {
    const std::shared_lock lock(mutex_);
    for (std::size_t i = RowOf(from); i < journal_.size(); ++i) {
      if (!visit(journal_[i])) break;
    }
    return {};
  }

  Status Backup(const TakePart&) override {
    return {StatusCode::kFailedPrecondition, reasons::kNothingKept, "this server keeps nothing that could be copied", {}};
  }

 private:
  using Rows = std::map<std::pair<CheckpointKind, std::int64_t>, std::string>;

  // The first row that holds `sequence` or a later record; call with mutex_ held.
  std::size_t RowOf(Sequence sequence) const {
    const auto ends_before = [](const JournalRow& row, Sequence wanted) { return row.first + row.count <= wanted; };
    return static_cast<std::size_t>(std::lower_bound(journal_.begin(), journal_.end(), sequence, ends_before) - journal_.begin());
  }

  mutable std::shared_mutex mutex_;
  std::vector<JournalRow> journal_;
  std::map<std::uint32_t, Revision> revisions_;
  Rows checkpoint_;
  Sequence complete_through_ = 0;
  std::optional<Rows> base_;
  Sequence base_through_ = 0;
};

}  // namespace

std::unique_ptr<Store> NewMemoryStore() { return std::make_unique<MemoryStore>(); }

}  // namespace stagecraft::runtime
