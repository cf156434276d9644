#include "runtime/store/sqlite/folder_reader.h"

#include <filesystem>
#include <utility>

#include "runtime/store/sqlite/base.h"
#include "runtime/store/sqlite/connection.h"
#include "runtime/store/sqlite/database_copy.h"
#include "runtime/store/sqlite/row_checksum.h"
#include "runtime/store/sqlite/schema.h"
#include "runtime/store/sqlite/table_reader.h"

namespace stagecraft::runtime {
namespace {

// Rows read at a time by ScanJournal: about 4 MB, and no cursor is open while the visitor works.
constexpr int kScanRows = 64;

using Part = Store::Damage::Part;

// Each of these reads a table to its end, in the order of Recovery, and calls `visit`, which ends the reading when it is not ok.

Status ReadFiles(SQLite::Statement& files, const OnDamage& on_damage, Revision& revision) {
  const ResetOnExit reset(files);
  files.bind(1, revision.number);
  while (files.executeStep()) {
    const Revision::File& file =
        revision.files.emplace_back(Revision::File{files.getColumn(1).getString(), files.getColumn(2).getString()});
    if (files.getColumn(3).getInt64() == ChecksumOf(file, revision.number, files.getColumn(0).getInt64())) continue;
    Status status = on_damage("the file `" + file.name + "` of revision " + std::to_string(revision.number));
    if (!status.ok()) return status;
  }
  return {};
}

template <typename Visit>
Status ReadRevisions(SQLite::Database& db, const OnDamage& on_damage, const Visit& visit) {
  SQLite::Statement revisions(db, "SELECT number, deployed_at, author, note, layout, checksum FROM revisions ORDER BY number");
  SQLite::Statement files(db, "SELECT place, name, text, checksum FROM revision_files WHERE revision = ? ORDER BY place");
  while (revisions.executeStep()) {
    Revision revision;
    revision.number = revisions.getColumn(0).getUInt();
    revision.deployed_at = revisions.getColumn(1).getInt64();
    revision.author = revisions.getColumn(2).getString();
    revision.note = revisions.getColumn(3).getString();
    revision.layout = revisions.getColumn(4).getString();
    if (Status status = ReadFiles(files, on_damage, revision); !status.ok()) return status;
    if (revisions.getColumn(5).getInt64() != ChecksumOf(revision)) {
      if (Status status = on_damage("revision " + std::to_string(revision.number)); !status.ok()) return status;
    }
    if (Status status = visit(std::move(revision)); !status.ok()) return status;
  }
  return {};
}

}  // namespace

FolderReader::FolderReader(std::unique_ptr<FolderLock> lock, const std::string& folder)
    : lock_(std::move(lock)), journal_path_(JournalPath(folder)), state_path_(StatePath(folder)), readers_(journal_path_) {}

Status FolderReader::Recover(const Recovery& visitor) {
  const auto damage_in = [](const std::string& path) { return [&path](const std::string& row) { return DamagedRow(path, row); }; };
  Status status = Guarded(journal_path_, [&] {
    const auto db = OpenForReading(journal_path_);
    return ReadRevisions(*db, damage_in(journal_path_), [&](Revision&& revision) { return visitor.on_revision(revision); });
  });
  if (!status.ok()) return status;
  Sequence complete_through = 0;
  status = Guarded(state_path_, [&]() -> Status {
    const auto db = OpenForReading(state_path_);
    if (Status read = ReadProgress(*db, damage_in(state_path_), complete_through); !read.ok()) return read;
    for (const CheckpointTable& table : kCheckpointTables) {
      const auto visit = [&](CheckpointRow&& row, bool) { return visitor.on_checkpoint(std::move(row)); };
      if (Status read = ReadCheckpoint(*db, table, damage_in(state_path_), visit); !read.ok()) return read;
    }
    return {};
  });
  if (!status.ok()) return status;
  if (visitor.on_complete_through) visitor.on_complete_through(complete_through);
  Status failure;
  status = ScanJournal(complete_through + 1, [&](const JournalRow& row) {
    failure = visitor.on_journal(row);
    return failure.ok();
  });
  return status.ok() ? failure : status;
}

// The checkpoint first, then the journal: what a checkpoint holds was committed before it was written, so the journal's copy, taken later,
// has all of it. Each copy is of one moment, a read transaction, which holds up nobody who writes.
Status FolderReader::Backup(const TakePart& take) {
  for (const std::string& path : {state_path_, journal_path_}) {
    if (Status status = CopyDatabase(path, take); !status.ok()) return status;
  }
  return {};
}

Result<JournalRow> FolderReader::ReadJournal(Sequence sequence) {
  std::vector<JournalRow> rows;
  Status status = ReadRows(sequence, 1, rows);
  if (!status.ok()) return tl::unexpected<Status>(std::move(status));
  if (rows.empty() || rows.front().first > sequence) return NoSuchRecord(sequence);
  return std::move(rows.front());
}

Status FolderReader::ScanJournal(Sequence from, const std::function<bool(const JournalRow&)>& visit) {
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

Status FolderReader::ReadRows(Sequence from, int limit, std::vector<JournalRow>& rows) {
  return Guarded(journal_path_, [&]() -> Status {
    Status status;
    readers_.With([&](JournalReader& reader) { status = reader.Read(from, limit, rows); });
    return status;
  });
}

namespace {

// One of the two databases, read to its end whatever there is in it.
class Inspector {
 public:
  Inspector(const std::string& path, const Store::Inspection& visitor) : path_(path), visitor_(visitor) {}

  // `part`: what damage to the file as a whole is damage to. Not ok: nothing could be looked at.
  Status Open(Part part, Migrations migrations) {
    part_ = part;
    return Told(Guarded(path_, [&]() -> Status {
      if (!std::filesystem::exists(path_)) return DamagedFile(path_, "it is missing");
      auto db = OpenForReading(path_);
      if (Status status = CheckVersion(*db, path_, migrations); !status.ok()) return status;
      CheckIntegrity(*db);
      db_ = std::move(db);
      return {};
    }));
  }

  // Calls `read(db, on_damage)`; not at all where the file as a whole cannot be read.
  template <typename Work>
  Status Read(Part part, const Work& read) {
    if (db_ == nullptr) return {};
    part_ = part;
    const OnDamage on_damage = [this](const std::string& row) { return Told(DamagedRow(path_, row)); };
    return Told(Guarded(path_, [&] { return read(*db_, on_damage); }));
  }

 private:
  void CheckIntegrity(SQLite::Database& db) {
    SQLite::Statement check(db, "PRAGMA integrity_check");
    while (check.executeStep()) {
      // A line for each thing that is wrong, or one that says that nothing is.
      const std::string line = check.getColumn(0).getString();
      if (line != "ok") static_cast<void>(Told(DamagedFile(path_, line)));
    }
  }

  // Tells of damage, with which one can go on; what else is wrong is given back.
  Status Told(Status status) {
    if (status.code != StatusCode::kDataLoss) return status;
    visitor_.on_damage({part_, std::move(status.message)});
    return {};
  }

  const std::string& path_;
  const Store::Inspection& visitor_;
  Part part_ = Part::kJournal;
  std::unique_ptr<SQLite::Database> db_;
};

Status ReadJournalRows(SQLite::Database& db, const OnDamage& on_damage, const Store::Inspection& visitor) {
  SQLite::Statement rows(db, "SELECT first, count, bytes, checksum FROM journal ORDER BY first");
  while (rows.executeStep()) {
    const JournalRow row{rows.getColumn(0).getInt64(), rows.getColumn(1).getUInt(), BlobOf(rows.getColumn(2))};
    const bool is_sound = rows.getColumn(3).getInt64() == ChecksumOf(row);
    if (!is_sound) {
      if (Status status = on_damage(NameOf(row)); !status.ok()) return status;
    }
    visitor.on_journal(row, is_sound);
  }
  return {};
}

Status InspectBase(SQLite::Database& db, const OnDamage& on_damage, const Store::Inspection& visitor) {
  std::optional<Base> base;
  if (Status status = ReadBase(db, on_damage, base); !status.ok() || !base) return status;
  visitor.on_base_through(base->complete_through);
  return ReadBaseRows(db, base->place, on_damage, [&](CheckpointRow&& row, bool is_sound) {
    visitor.on_base(std::move(row), is_sound);
    return Status{};
  });
}

}  // namespace

Status FolderReader::Inspect(const Inspection& visitor) {
  Inspector journal(journal_path_, visitor);
  Inspector state(state_path_, visitor);
  if (Status status = journal.Open(Part::kJournal, JournalMigrations()); !status.ok()) return status;
  if (Status status = state.Open(Part::kCheckpoint, StateMigrations()); !status.ok()) return status;
  Status status = journal.Read(Part::kRevisions, [&](SQLite::Database& db, const OnDamage& on_damage) {
    return ReadRevisions(db, on_damage, [&](Revision&& revision) {
      visitor.on_revision(std::move(revision));
      return Status{};
    });
  });
  if (!status.ok()) return status;
  status =
      journal.Read(Part::kJournal, [&](SQLite::Database& db, const OnDamage& on_damage) { return InspectBase(db, on_damage, visitor); });
  if (!status.ok()) return status;
  status = state.Read(Part::kCheckpoint, [&](SQLite::Database& db, const OnDamage& on_damage) {
    Sequence complete_through = 0;
    Status read = ReadProgress(db, on_damage, complete_through);
    visitor.on_complete_through(complete_through);
    return read;
  });
  for (std::size_t i = 0; i < kCheckpointTables.size() && status.ok(); ++i) {
    status = state.Read(Part::kCheckpoint, [&](SQLite::Database& db, const OnDamage& on_damage) {
      return ReadCheckpoint(db, kCheckpointTables[i], on_damage, [&](CheckpointRow&& row, bool is_sound) {
        visitor.on_checkpoint(std::move(row), is_sound);
        return Status{};
      });
    });
  }
  if (!status.ok()) return status;
  return journal.Read(Part::kJournal,
                      [&](SQLite::Database& db, const OnDamage& on_damage) { return ReadJournalRows(db, on_damage, visitor); });
}

StoreSize FolderReader::Size() const {
  const auto bytes_of = [](const std::string& path) {
    std::error_code none;  // a log comes and goes
    const auto size = std::filesystem::file_size(path, none);
    return none ? 0 : static_cast<std::uint64_t>(size);
  };
  return {bytes_of(journal_path_), bytes_of(state_path_), bytes_of(journal_path_ + "-wal") + bytes_of(state_path_ + "-wal")};
}

}  // namespace stagecraft::runtime
