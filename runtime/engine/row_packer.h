// Packs records into journal rows: rows large enough to be cheap to append, small enough to be read for the sake of one record.
#ifndef STAGECRAFT_RUNTIME_ENGINE_ROW_PACKER_H_
#define STAGECRAFT_RUNTIME_ENGINE_ROW_PACKER_H_

#include <cstddef>
#include <span>
#include <vector>

#include "runtime/model/record.h"
#include "runtime/store/store.h"

namespace stagecraft::runtime {

class RowPacker {
 public:
  static constexpr std::uint32_t kRecordsMax = 256;
  static constexpr std::size_t kBytesMax = 64U << 10;  // a row is closed by the record that passes this

  // Records come with consecutive sequences.
  void Add(const Record& record) {
    if (used_ == 0 || rows_[used_ - 1].count == kRecordsMax || rows_[used_ - 1].bytes.size() >= kBytesMax) Begin(record.sequence);
    JournalRow& row = rows_[used_ - 1];
    EncodeRecord(record, row.bytes);
    ++row.count;
  }
  std::span<const JournalRow> rows() const { return {rows_.data(), used_}; }
  bool empty() const { return used_ == 0; }
  // Keeps the memory for the next rows.
  void Clear() { used_ = 0; }

 private:
  void Begin(Sequence first) {
    if (used_ == rows_.size()) rows_.emplace_back();
    JournalRow& row = rows_[used_++];
    row.first = first;
    row.count = 0;
    row.bytes.clear();
  }

  std::vector<JournalRow> rows_;
  std::size_t used_ = 0;
};

// Decodes the records of a row, with their sequences, and calls `visit(record)` for each until it returns false.
// DATA_LOSS when the row is damaged.
template <typename Visit>
Status VisitRecords(const JournalRow& row, Record& scratch, const Visit& visit) {
  const auto damaged_at = [&](std::uint32_t i) {
    return Status{StatusCode::kDataLoss, reasons::kDataDamaged, "the journal is damaged at record " + std::to_string(row.first + i), {}};
  };
  std::size_t offset = 0;
  for (std::uint32_t i = 0; i < row.count; ++i) {
    if (!DecodeRecord(row.bytes, offset, scratch)) return damaged_at(i);
    scratch.sequence = row.first + i;
    if (!visit(scratch)) return {};
  }
  return offset == row.bytes.size() ? Status{} : damaged_at(row.count);
}

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_ENGINE_ROW_PACKER_H_
