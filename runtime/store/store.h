// Where the engine keeps what must outlive the process. The store knows rows of bytes, not their meaning, and speaks in
// batches, so that a database across a network can stand behind it (architecture.md rules 5 and 7). The journal is the
// commit; the checkpoint is written behind it and may lag.
#ifndef STAGECRAFT_RUNTIME_STORE_STORE_H_
#define STAGECRAFT_RUNTIME_STORE_STORE_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/model/event.h"
#include "runtime/model/reasons.h"
#include "runtime/model/status.h"

namespace stagecraft::runtime {

// Consecutive records, packed one after the other.
struct JournalRow {
  Sequence first = 0;
  std::uint32_t count = 0;
  std::string bytes;
};

// What was deployed. `number` counts from 1 without gaps; 0 has no files and keeps the layout that the folder began with.
struct Revision {
  std::uint32_t number = 0;
  Micros deployed_at = 0;
  std::string author;
  std::string note;
  struct File {
    std::string name;
    std::string text;
  };
  std::vector<File> files;
  std::string layout;  // ir::EncodeLayout
};

enum class CheckpointKind : std::uint8_t {
  kContact = 1,
  kTask = 2,
  kNotification = 3,
  kEventIds = 4,
  kEngine = 5,
  kDeal = 6,
  kDelivery = 7,
  kUser = 8,
  kCompany = 9,
  kFailure = 10,
  kDispatch = 11,
};
inline constexpr CheckpointKind kCheckpointKindLast = CheckpointKind::kDispatch;

struct CheckpointRow {
  CheckpointKind kind = CheckpointKind::kContact;
  std::int64_t key = 0;
  std::string bytes;
};

struct CheckpointBatch {
  std::vector<CheckpointRow> rows;  // replace the rows of the same kind and key
  // When present: every effect of the records up to and including this one is in the rows written so far, so that recovery
  // may begin behind it.
  std::optional<Sequence> complete_through;
};

// In bytes, by now; 0 where nothing is kept in files.
struct StoreSize {
  std::uint64_t journal = 0;
  std::uint64_t checkpoint = 0;
  std::uint64_t logs = 0;  // of both: what was written and has not been moved into them yet
};

// What every implementation answers when it has no record `sequence`.
inline tl::unexpected<Status> NoSuchRecord(Sequence sequence) {
  return Fail(StatusCode::kNotFound, reasons::kRecordNotFound, "the journal has no record " + std::to_string(sequence));
}

// Implementations: sqlite (a data folder), memory (tests, offline runs). One contract test runs on all.
class Store {
 public:
  virtual ~Store() = default;

  // ---- the journal; called by the engine's thread only ----
  // Appends the rows, and the revision when there is one, in one transaction. When it returns ok, they survive power loss.
  // Otherwise (RESOURCE_EXHAUSTED for a full disk, UNAVAILABLE, DATA_LOSS) they were all written or none was; which of the two, only the
  // next Recover tells, since a sync may fail after the bytes have reached the disk. Ids make it safe to send events again (E5).
  virtual Status Append(std::span<const JournalRow> rows, const Revision* revision) = 0;

  // ---- the checkpoint; called by the checkpointer's thread only ----
  virtual Status WriteCheckpoint(const CheckpointBatch& batch) = 0;

  // ---- erasing; called by the checkpointer's thread only ----
  // Replaces rows by others of the same `first` and `count`, in one transaction.
  virtual Status RewriteJournal(std::span<const JournalRow> rows) = 0;
  // Afterwards no byte of a row that was replaced, of the journal or of the checkpoint, is in any of the store's files. Takes as long as
  // writing the checkpoint anew. UNAVAILABLE, STORE_BUSY, while somebody reads the store at length (Backup): to be called again.
  virtual Status ForgetReplaced() = 0;

  // ---- compaction; called by the checkpointer's thread only ----
  // Keeps what the checkpoint has with the journal as well, as its base: from then on the records that the checkpoint is complete through
  // need no longer say what they did, since recovery without a checkpoint begins with the base. The base that there was is replaced, whole
  // or not at all. Events go on meanwhile. ForgetReplaced brings a base that there is to the checkpoint of then.
  virtual Status KeepBase() = 0;
  // Gives the disk back what was replaced since KeepBase, and leaves no byte of it; nothing when that is done. When it is broken off the
  // next Shrink or ForgetReplaced does it. Nothing else may be done meanwhile.
  virtual Status Shrink() = 0;

  // ---- recovery; called once, before anything else; the visitor may read the journal. DATA_LOSS: a row is not what was written ----
  struct Recovery {
    std::function<Status(const Revision&)> on_revision;    // ascending
    std::function<Status(CheckpointRow&&)> on_checkpoint;  // by kind, then key
    // May be empty. How far the checkpoint goes, before any row of the journal; 0: there is none.
    std::function<void(Sequence)> on_complete_through;
    std::function<Status(const JournalRow&)> on_journal;  // every row that may hold a record behind complete_through, ascending
  };
  virtual Status Recover(const Recovery& visitor) = 0;

  // ---- looking for damage; while nobody writes ----
  struct Damage {
    enum class Part : std::uint8_t { kRevisions, kCheckpoint, kJournal } part = Part::kJournal;
    std::string what;  // one line that names the file, and the row where it is one
  };
  // `is_sound`: the row is what was written; otherwise on_damage has told so before.
  struct Inspection {
    std::function<void(Damage&&)> on_damage;
    std::function<void(Revision&&)> on_revision;                         // ascending
    std::function<void(CheckpointRow&&, bool is_sound)> on_checkpoint;   // by kind, then key
    std::function<void(const JournalRow&, bool is_sound)> on_journal;    // ascending
    std::function<void(Sequence complete_through)> on_complete_through;  // of the checkpoint; 0: not said yet
    // Not called when the journal has no base (KeepBase). Behind the revisions.
    std::function<void(Sequence complete_through)> on_base_through;
    std::function<void(CheckpointRow&&, bool is_sound)> on_base;  // by kind, then key
  };
  // Visits all there is, also where it is damaged. Not ok: nothing could be looked at (an older version made it, the disk fails).
  virtual Status Inspect(const Inspection& visitor) = 0;

  // ---- reading; any thread. DATA_LOSS: a row is not what was written ----
  // The row that holds the record `sequence`: NOT_FOUND when there is none. Sees every append that has returned.
  virtual Result<JournalRow> ReadJournal(Sequence sequence) = 0;
  // Calls `visit` for each row that holds a record from `from` on, ascending, until it returns false.
  virtual Status ScanJournal(Sequence from, const std::function<bool(const JournalRow&)>& visit) = 0;

  // ---- a copy; any thread, also while others write ----
  // Takes the next bytes of a file of the copy; the files come one after the other. What is not ok ends the copying.
  using TakePart = std::function<Status(const std::string& file, std::string_view bytes)>;
  // Hands out the files of a folder that holds all that was appended before the call, and of what is written meanwhile no more of the
  // checkpoint than of the journal. FAILED_PRECONDITION: nothing is kept that could be copied.
  virtual Status Backup(const TakePart& take) = 0;

  // Any thread.
  virtual StoreSize Size() const { return {}; }
};

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_STORE_STORE_H_
