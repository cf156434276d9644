// Takes out of the journal what is older than people want it kept and what nothing present goes back to (docs/semantics.md, "What is
// kept").
#ifndef STAGECRAFT_RUNTIME_COMPACT_COMPACTION_H_
#define STAGECRAFT_RUNTIME_COMPACT_COMPACTION_H_

#include <cstdint>
#include <functional>

#include "runtime/engine/core.h"

namespace stagecraft::runtime {

struct CompactionReport {
  Sequence records = 0;         // of the journal
  std::uint64_t forgotten = 0;  // by this compaction
  std::uint64_t forgotten_before = 0;
  std::uint64_t needed = 0;  // that are old enough, but that something present goes back to
};

// Told how far it is: `done` of `total` of what `what` says ("contacts looked at"). May be empty.
using CompactionProgress = std::function<void(const char* what, std::uint64_t done, std::uint64_t total)>;

// What a compaction that keeps what came in at `keep_from` (microseconds since 1970) or later would do; changes nothing.
// DATA_LOSS: the journal is damaged.
Result<CompactionReport> PlanCompaction(Core& core, Store& store, Micros keep_from, const CompactionProgress& progress = {});

// Does it. The core, which must not be used meanwhile, has all its state in the checkpoint afterwards, and the journal has a base. Events
// are answered as before, and the state is what it was. When it is broken off it can be done again.
Result<CompactionReport> CompactJournal(Core& core, Store& store, Micros keep_from, const CompactionProgress& progress = {});

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_COMPACT_COMPACTION_H_
