#include "runtime/store/sqlite/reader_pool.h"

#include "runtime/store/sqlite/row_checksum.h"

namespace stagecraft::runtime {

std::string NameOf(const JournalRow& row) {
  return "the journal's row of " + std::to_string(row.count) + " records from " + std::to_string(row.first) + " on";
}

JournalReader::JournalReader(const std::string& path)
    : path_(path),
      db_(OpenForReading(path)),
      holding_(*db_, "SELECT first FROM journal WHERE first <= ? ORDER BY first DESC LIMIT 1"),
      scan_(*db_, "SELECT first, count, bytes, checksum FROM journal WHERE first >= ? ORDER BY first LIMIT ?") {}

Status JournalReader::Read(Sequence from, int limit, std::vector<JournalRow>& rows) {
  const ResetOnExit reset_holding(holding_);
  const ResetOnExit reset_scan(scan_);
  holding_.bind(1, from);
  const Sequence first = holding_.executeStep() ? holding_.getColumn(0).getInt64() : from;
  scan_.bind(1, first);
  scan_.bind(2, limit);
  while (scan_.executeStep()) {
    JournalRow row{scan_.getColumn(0).getInt64(), scan_.getColumn(1).getUInt(), BlobOf(scan_.getColumn(2))};
    if (row.first + row.count <= from) continue;
    if (scan_.getColumn(3).getInt64() != ChecksumOf(row)) return DamagedRow(path_, NameOf(row));
    rows.push_back(std::move(row));
  }
  return {};
}

void ReaderPool::Close() {
  const std::lock_guard lock(mutex_);
  idle_.clear();
}

std::unique_ptr<JournalReader> ReaderPool::Take() {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      std::unique_ptr<JournalReader> reader = std::move(idle_.back());
      idle_.pop_back();
      return reader;
    }
  }
  return std::make_unique<JournalReader>(path_);
}

void ReaderPool::Return(std::unique_ptr<JournalReader> reader) {
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(reader));
}

}  // namespace stagecraft::runtime
