// Replaces records of the journal by others, for erasing and compaction.
#ifndef STAGECRAFT_RUNTIME_ENGINE_JOURNAL_REWRITER_H_
#define STAGECRAFT_RUNTIME_ENGINE_JOURNAL_REWRITER_H_

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "runtime/engine/row_packer.h"

namespace stagecraft::runtime {

// Packs the rows anew, record by record, and writes those that changed.
class JournalRewriter {
 public:
  explicit JournalRewriter(Store& store) : store_(store) {}

  // `encode(record, out)`: packs the record, and tells whether it changed it.
  template <typename Encode>
  Status Take(const JournalRow& row, const Encode& encode) {
    JournalRow anew{row.first, row.count, {}};
    bool changed = false;
    Status damage = VisitRecords(row, scratch_, [&](Record& record) {
      changed = encode(record, anew.bytes) || changed;
      return true;
    });
    if (!damage.ok() || !changed) return damage;
    rows_.push_back(std::move(anew));
    return rows_.size() < kRowsPerStep ? Status{} : Write();
  }

  Status Write() {
    if (rows_.empty()) return {};
    Status status = store_.RewriteJournal(rows_);
    rows_.clear();
    return status;
  }

 private:
  // Of one transaction: a commit of events waits for it.
  static constexpr std::size_t kRowsPerStep = 16;

  Store& store_;
  std::vector<JournalRow> rows_;
  Record scratch_;
};

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_ENGINE_JOURNAL_REWRITER_H_
