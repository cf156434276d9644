#include "runtime/store/sqlite/sqlite_store.h"

#include <array>
#include <filesystem>
#include <mutex>

#include "runtime/model/reasons.h"
#include "runtime/store/sqlite/connection.h"
#include "runtime/store/sqlite/folder_lock.h"
#include "runtime/store/sqlite/log_keeper.h"
#include "runtime/store/sqlite/reader_pool.h"
#include "runtime/store/sqlite/schema.h"

namespace stagecraft::runtime {
namespace {

// Rows read at a time by ScanJournal: about 4 MB, and no cursor is open while the visitor works.
constexpr int kScanRows = 64;

struct Table {
  CheckpointKind kind;
  const char* name;
};
constexpr std::array<Table, 7> kTables = {{{CheckpointKind::kContact, "contacts"},
                                           {CheckpointKind::kTask, "tasks"},
                                           {CheckpointKind::kNotification, "notifications"},
                                           {CheckpointKind::kEventIds, "event_ids"},
                                           {CheckpointKind::kEngine, "engine"},
                                           {CheckpointKind::kDeal, "deals"},
                                           {CheckpointKind::kDelivery, "deliveries"}}};

// The commit side of journal.db; the engine's thread only.
class Journal {
 public:
  explicit Journal(const std::string& path)
      : db_(OpenForWriting(path, Sync::kFull)),
        add_row_(*db_, "INSERT INTO journal (first, count, bytes) VALUES (?, ?, ?)"),
        add_revision_(*db_, "INSERT INTO revisions (number, deployed_at, author, note, layout) VALUES (?, ?, ?, ?, ?)"),
        add_file_(*db_, "INSERT INTO revision_files (revision, place, name, text) VALUES (?, ?, ?, ?)") {
    db_->exec("PRAGMA wal_autocheckpoint=0");  // the LogKeeper's work
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
    add_revision_.exec();
    int place = 0;
    for (const Revision::File& file : revision.files) {
      const ResetOnExit reset_file(add_file_);
      add_file_.bind(1, revision.number);
      add_file_.bind(2, place++);
      add_file_.bind(3, file.name);
      add_file_.bind(4, file.text);
      add_file_.exec();
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
      : db_(OpenForWriting(path, Sync::kNormal)), set_progress_(*db_, "UPDATE progress SET complete_through = ?") {
    db_->exec("PRAGMA wal_autocheckpoint=16384");
    db_->exec("PRAGMA cache_size=-65536");
    for (const Table& table : kTables) {
      put_.emplace_back(*db_, std::string("INSERT OR REPLACE INTO ") + table.name + " (key, bytes) VALUES (?, ?)");
    }
  }

  void Write(const CheckpointBatch& batch) {
    SQLite::Transaction transaction(*db_, SQLite::TransactionBehavior::IMMEDIATE);
    for (const CheckpointRow& row : batch.rows) {
      SQLite::Statement& put = put_[static_cast<std::size_t>(row.kind) - 1];
      const ResetOnExit reset(put);
      put.bind(1, row.key);
      BindBlob(put, 2, row.bytes);
      put.exec();
    }
    if (batch.complete_through) {
      const ResetOnExit reset(set_progress_);
      set_progress_.bind(1, *batch.complete_through);
      set_progress_.exec();
    }
    transaction.commit();
  }

 private:
  std::unique_ptr<SQLite::Database> db_;
  SQLite::Statement set_progress_;
  std::vector<SQLite::Statement> put_;  // in the order of kTables
};

class SqliteStore final : public Store {
 public:
  // Throws SQLite::Exception.
  SqliteStore(std::unique_ptr<FolderLock> lock, std::string journal_path, std::string state_path)
      : lock_(std::move(lock)),
        journal_path_(std::move(journal_path)),
        state_path_(std::move(state_path)),
        journal_(journal_path_),
        checkpoint_(state_path_),
        readers_(journal_path_),
        log_keeper_(journal_path_, commits_) {}

  Status Append(std::span<const JournalRow> rows, const Revision* revision) override {
    // Before the commit, not after it: what was committed must not be reported as failed.
    if (Status status = log_keeper_.status(); !status.ok()) return status;
    return Guarded(journal_path_, [&]() -> Status {
      std::unique_lock lock(commits_);
      const std::size_t bytes = journal_.Append(rows, revision);
      lock.unlock();
      log_keeper_.Committed(bytes);
      return {};
    });
  }

  Status WriteCheckpoint(const CheckpointBatch& batch) override {
    return Guarded(state_path_, [&]() -> Status {
      checkpoint_.Write(batch);
      return {};
    });
  }

  Status Recover(const Recovery& visitor) override {
    if (Status status = Guarded(journal_path_, [&] { return RecoverRevisions(visitor); }); !status.ok()) return status;
    Sequence complete_through = 0;
    if (Status status = Guarded(state_path_, [&] { return RecoverCheckpoint(visitor, complete_through); }); !status.ok()) return status;
    Status failure;
    Status scan = ScanJournal(complete_through + 1, [&](const JournalRow& row) {
      failure = visitor.on_journal(row);
      return failure.ok();
    });
    return scan.ok() ? failure : scan;
  }

  Result<JournalRow> ReadJournal(Sequence sequence) override {
    std::vector<JournalRow> rows;
    Status status = ReadRows(sequence, 1, rows);
    if (!status.ok()) return tl::unexpected<Status>(std::move(status));
    if (rows.empty() || rows.front().first > sequence) return NoSuchRecord(sequence);
    return std::move(rows.front());
  }

  Status ScanJournal(Sequence from, const std::function<bool(const JournalRow&)>& visit) override {
    std::vector<JournalRow> rows;
    for (;;) {
      rows.clear();
      if (Status status = ReadRows(from, kScanRows, rows); !status.ok()) return status;
      for (const JournalRow& row : rows) {
        if (!visit(row)) return {};
        from = row.first + row.count;
      }
      if (rows.empty()) return {};
    }
  }

 private:
  Status ReadRows(Sequence from, int limit, std::vector<JournalRow>& rows) {
    return Guarded(journal_path_, [&]() -> Status {
      readers_.With([&](JournalReader& reader) { reader.Read(from, limit, rows); });
      return {};
    });
  }

  Status RecoverRevisions(const Recovery& visitor) const {
    const auto db = OpenForReading(journal_path_);
    SQLite::Statement revisions(*db, "SELECT number, deployed_at, author, note, layout FROM revisions ORDER BY number");
    SQLite::Statement files(*db, "SELECT name, text FROM revision_files WHERE revision = ? ORDER BY place");
    while (revisions.executeStep()) {
      Revision revision;
      revision.number = revisions.getColumn(0).getUInt();
      revision.deployed_at = revisions.getColumn(1).getInt64();
      revision.author = revisions.getColumn(2).getString();
      revision.note = revisions.getColumn(3).getString();
      revision.layout = revisions.getColumn(4).getString();
      const ResetOnExit reset(files);
      files.bind(1, revision.number);
      while (files.executeStep()) revision.files.push_back({files.getColumn(0).getString(), files.getColumn(1).getString()});
      if (Status status = visitor.on_revision(revision); !status.ok()) return status;
    }
    return {};
  }

  Status RecoverCheckpoint(const Recovery& visitor, Sequence& complete_through) const {
    const auto db = OpenForReading(state_path_);
    complete_through = db->execAndGet("SELECT complete_through FROM progress").getInt64();
    for (const Table& table : kTables) {
      SQLite::Statement rows(*db, std::string("SELECT key, bytes FROM ") + table.name + " ORDER BY key");
      while (rows.executeStep()) {
        CheckpointRow row{table.kind, rows.getColumn(0).getInt64(), BlobOf(rows.getColumn(1))};
        if (Status status = visitor.on_checkpoint(std::move(row)); !status.ok()) return status;
      }
    }
    return {};
  }

  std::unique_ptr<FolderLock> lock_;  // first, so that it is given up last
  const std::string journal_path_;
  const std::string state_path_;
  std::mutex commits_;
  Journal journal_;
  Checkpoint checkpoint_;
  ReaderPool readers_;
  LogKeeper log_keeper_;
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
  const std::string journal = folder + "/journal.db";
  const std::string state = folder + "/state.db";
  if (Status status = UpgradeDatabase(journal, JournalMigrations()); !status.ok()) return tl::unexpected<Status>(std::move(status));
  if (Status status = UpgradeDatabase(state, StateMigrations()); !status.ok()) return tl::unexpected<Status>(std::move(status));
  std::unique_ptr<Store> store;
  Status status = Guarded(folder, [&]() -> Status {
    store = std::make_unique<SqliteStore>(std::move(*lock), journal, state);
    return {};
  });
  if (!status.ok()) return tl::unexpected<Status>(std::move(status));
  return store;
}

}  // namespace stagecraft::runtime
