#include "runtime/store/sqlite/sqlite_store.h"

#include <filesystem>
#include <map>
#include <mutex>

#include "runtime/model/reasons.h"
#include "runtime/store/sqlite/base.h"
#include "runtime/store/sqlite/connection.h"
#include "runtime/store/sqlite/database_copy.h"
#include "runtime/store/sqlite/folder_lock.h"
#include "runtime/store/sqlite/folder_reader.h"
#include "runtime/store/sqlite/log_keeper.h"
#include "runtime/store/sqlite/row_checksum.h"
#include "runtime/store/sqlite/schema.h"
#include "runtime/store/sqlite/tables.h"

namespace stagecraft::runtime {
namespace {

// The commit side of journal.db; the engine's thread only.
class Journal {
 public:
  explicit Journal(const std::string& path)
      : db_(OpenForWriting(path, Sync::kFull)),
        add_row_(*db_, "INSERT INTO journal (first, count, bytes, checksum) VALUES (?, ?, ?, ?)"),
        add_revision_(*db_, "INSERT INTO revisions (number, deployed_at, author, note, layout, checksum) VALUES (?, ?, ?, ?, ?, ?)"),
        add_file_(*db_, "INSERT INTO revision_files (revision, place, name, text, checksum) VALUES (?, ?, ?, ?, ?)") {
    db_->exec("PRAGMA wal_autocheckpoint=0");  // the LogKeeper's work
    // When the table outgrows its first page its rows move on to others, and that page would keep a copy that no erasure finds.
    db_->exec("PRAGMA secure_delete=FAST");
  }

  std::size_t Append(std::span<const JournalRow> rows, const Revision* revision) {
    SQLite::Transaction transaction(*db_, SQLite::TransactionBehavior::IMMEDIATE);
    if (revision != nullptr) Add(*revision);
    std::size_t bytes = 0;
    for (const JournalRow& row : rows) {
      const ResetOnExit reset(add_row_);
      add_row_.bind(1, row.first);
      add_row_.bind(2, row.count);
      BindBlob(add_row_, 3, row.bytes);
      add_row_.bind(4, ChecksumOf(row));
      add_row_.exec();
      bytes += row.bytes.size();
    }
    transaction.commit();
    return bytes;
  }

 private:
  void Add(const Revision& revision) {
    const ResetOnExit reset(add_revision_);
    add_revision_.bind(1, revision.number);
    add_revision_.bind(2, revision.deployed_at);
    add_revision_.bind(3, revision.author);
    add_revision_.bind(4, revision.note);
    add_revision_.bind(5, revision.layout);
    add_revision_.bind(6, ChecksumOf(revision));
    add_revision_.exec();
    int place = 0;
    for (const Revision::File& file : revision.files) {
      const ResetOnExit reset_file(add_file_);
      add_file_.bind(1, revision.number);
      add_file_.bind(2, place);
      add_file_.bind(3, file.name);
      add_file_.bind(4, file.text);
      add_file_.bind(5, ChecksumOf(file, revision.number, place));
      add_file_.exec();
      ++place;
    }
  }

  std::unique_ptr<SQLite::Database> db_;
  SQLite::Statement add_row_;
  SQLite::Statement add_revision_;
  SQLite::Statement add_file_;
};

// The writing side of state.db; the checkpointer's thread only. synchronous=NORMAL: power loss may take the last
// transactions, each of them whole, and the journal still has all that was in them, because `complete_through` stands in the
// same transaction as the rows that it speaks of.
class Checkpoint {
 public:
  explicit Checkpoint(const std::string& path)
      : db_(OpenForWriting(path, Sync::kNormal)), set_progress_(*db_, "UPDATE progress SET complete_through = ?, checksum = ?") {
    db_->exec("PRAGMA wal_autocheckpoint=16384");
    db_->exec("PRAGMA cache_size=-65536");
    for (const CheckpointTable& table : kCheckpointTables) {
      put_.try_emplace(table.kind, *db_, std::string("INSERT OR REPLACE INTO ") + table.name + " (key, bytes, checksum) VALUES (?, ?, ?)");
    }
  }

  void Write(const CheckpointBatch& batch) {
    SQLite::Transaction transaction(*db_, SQLite::TransactionBehavior::IMMEDIATE);
    for (const CheckpointRow& row : batch.rows) {
      const std::size_t table = TableOf(row.kind);
      SQLite::Statement& put = put_.at(row.kind);
      const ResetOnExit reset(put);
      put.bind(1, row.key);
      BindBlob(put, 2, row.bytes);
      put.bind(3, ChecksumOf(kCheckpointTables[table].name, row));
      put.exec();
    }
    if (batch.complete_through) {
      const ResetOnExit reset(set_progress_);
      set_progress_.bind(1, *batch.complete_through);
      set_progress_.bind(2, ChecksumOfProgress(*batch.complete_through));
      set_progress_.exec();
    }
    transaction.commit();
  }

  // Rows that grew or shrank have left parts of themselves in pages that are in use: only a new file has none.
  void ForgetReplaced() { Compact(*db_); }

 private:
  std::unique_ptr<SQLite::Database> db_;
  SQLite::Statement set_progress_;
  std::map<CheckpointKind, SQLite::Statement> put_;
};

class SqliteStore final : public FolderReader {
 public:
  // Throws SQLite::Exception.
  SqliteStore(std::unique_ptr<FolderLock> lock, const std::string& folder)
      : FolderReader(std::move(lock), folder), journal_(journal_path()), checkpoint_(state_path()), log_keeper_(journal_path(), commits_) {}
  ~SqliteStore() override { CloseReaders(); }

  Status Append(std::span<const JournalRow> rows, const Revision* revision) override {
    // Before the commit, not after it: what was committed must not be reported as failed.
    if (Status status = log_keeper_.status(); !status.ok()) return status;
    return Guarded(journal_path(), [&]() -> Status {
      std::unique_lock lock(commits_);
      const std::size_t bytes = journal_.Append(rows, revision);
      lock.unlock();
      log_keeper_.Committed(bytes);
      return {};
    });
  }

  Status WriteCheckpoint(const CheckpointBatch& batch) override {
    return Guarded(state_path(), [&]() -> Status {
      checkpoint_.Write(batch);
      return {};
    });
  }

  Status RewriteJournal(std::span<const JournalRow> rows) override {
    return Guarded(journal_path(), [&]() -> Status {
      const std::lock_guard lock(commits_);
      OpenEraser();
      SQLite::Statement replace(*eraser_, "UPDATE journal SET bytes = ?, checksum = ? WHERE first = ?");
      SQLite::Transaction transaction(*eraser_, SQLite::TransactionBehavior::IMMEDIATE);
      for (const JournalRow& row : rows) {
        const ResetOnExit reset(replace);
        BindBlob(replace, 1, row.bytes);
        replace.bind(2, ChecksumOf(row));
        replace.bind(3, row.first);
        if (replace.exec() != 1) return NoSuchRecord(row.first).value();
      }
      transaction.commit();
      return {};
    });
  }

  Status ForgetReplaced() override {
    Status status = Guarded(state_path(), [&]() -> Status {
      checkpoint_.ForgetReplaced();
      return {};
    });
    if (!status.ok()) return status;
    return Guarded(journal_path(), [&]() -> Status {
      std::optional<Base> base;
      if (Status read = ReadBase(*OpenForReading(journal_path()), DamageIn(journal_path()), base); !read.ok()) return read;
      if (base) {
        if (Status kept = MakeBase(base->is_shrunk); !kept.ok()) return kept;
      }
      const std::lock_guard lock(commits_);
      OpenEraser();
      if (base && !base->is_shrunk) return ShrinkNow();
      EmptyLogAtOnce(*eraser_);
      return {};
    });
  }

  Status KeepBase() override {
    return Guarded(journal_path(), [&] { return MakeBase(false); });
  }

  Status Shrink() override {
    return Guarded(journal_path(), [&]() -> Status {
      const std::lock_guard lock(commits_);
      OpenEraser();
      return ShrinkNow();
    });
  }

 private:
  Status MakeBase(bool is_shrunk) {
    {
      const std::lock_guard lock(commits_);
      OpenEraser();
    }
    return CopyBase(*eraser_, journal_path(), state_path(), is_shrunk, [this](const std::function<void()>& work) {
      const std::lock_guard lock(commits_);
      SQLite::Transaction transaction(*eraser_, SQLite::TransactionBehavior::IMMEDIATE);
      work();
      transaction.commit();
    });
  }

  // With commits_ held.
  Status ShrinkNow() {
    std::optional<Base> base;
    Status status = ReadBase(*eraser_, DamageIn(journal_path()), base);
    if (!status.ok() || !base || base->is_shrunk) return status;
    Compact(*eraser_);
    NoteShrunk(*eraser_, *base);
    return {};
  }

  // What the connection overwrites is overwritten in the file, too.
  void OpenEraser() {
    if (eraser_ != nullptr) return;
    eraser_ = OpenForWriting(journal_path(), Sync::kFull);
    eraser_->exec("PRAGMA secure_delete=ON");
    eraser_->exec("PRAGMA wal_autocheckpoint=0");  // the LogKeeper's work
  }

  std::mutex commits_;
  Journal journal_;
  Checkpoint checkpoint_;
  std::unique_ptr<SQLite::Database> eraser_;  // of journal.db; nullptr until something is erased
  LogKeeper log_keeper_;
};

// Somebody else's folder to look at: nothing in it changes.
class LookingStore final : public FolderReader {
 public:
  LookingStore(std::unique_ptr<FolderLock> lock, const std::string& folder) : FolderReader(std::move(lock), folder) {}

  Status Append(std::span<const JournalRow>, const Revision*) override { return NotWritable(); }
  Status WriteCheckpoint(const CheckpointBatch&) override { return NotWritable(); }
  Status RewriteJournal(std::span<const JournalRow>) override { return NotWritable(); }
  Status ForgetReplaced() override { return NotWritable(); }
  Status KeepBase() override { return NotWritable(); }
  Status Shrink() override { return NotWritable(); }

 private:
  Status NotWritable() const {
    return {StatusCode::kFailedPrecondition, reasons::kStoreNotWritable, "`" + journal_path() + "` is open for reading only", {}};
  }
};

}  // namespace

Result<std::unique_ptr<Store>> OpenSqliteStore(const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) {
    return Fail(StatusCode::kFailedPrecondition, reasons::kStoreNotWritable,
                "the data folder `" + folder + "` cannot be made: " + error.message());
  }
  auto lock = FolderLock::Take(folder);
  if (!lock) return tl::unexpected<Status>(std::move(lock.error()));
  RemoveUnfinishedCopies(folder);
  if (Status status = UpgradeDatabase(JournalPath(folder), JournalMigrations()); !status.ok())
    return tl::unexpected<Status>(std::move(status));
  if (Status status = UpgradeDatabase(StatePath(folder), StateMigrations()); !status.ok()) return tl::unexpected<Status>(std::move(status));
  if (Status status = Guarded(folder, [&] { return FinishBase(JournalPath(folder), StatePath(folder)); }); !status.ok())
    return tl::unexpected<Status>(std::move(status));
  std::unique_ptr<Store> store;
  Status status = Guarded(folder, [&]() -> Status {
    store = std::make_unique<SqliteStore>(std::move(*lock), folder);
    return {};
  });
  if (!status.ok()) return tl::unexpected<Status>(std::move(status));
  return store;
}

Result<std::unique_ptr<Store>> OpenSqliteStoreToLook(const std::string& folder) {
  if (!std::filesystem::exists(JournalPath(folder)) && !std::filesystem::exists(StatePath(folder))) {
    return Fail(StatusCode::kNotFound, reasons::kDataFolderNotFound,
                "`" + folder + "` is no data folder: there is neither a journal.db nor a state.db in it");
  }
  auto lock = FolderLock::Take(folder);
  if (!lock) return tl::unexpected<Status>(std::move(lock.error()));
  return std::make_unique<LookingStore>(std::move(*lock), folder);
}

}  // namespace stagecraft::runtime
