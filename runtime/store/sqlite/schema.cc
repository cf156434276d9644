#include "runtime/store/sqlite/schema.h"

#include "runtime/model/reasons.h"
#include "runtime/store/sqlite/connection.h"
#include "runtime/store/sqlite/row_checksum.h"

namespace stagecraft::runtime {
namespace {

constexpr const char* kJournalMigrations[] = {
    R"sql(
CREATE TABLE journal (
  first INTEGER PRIMARY KEY,  -- sequence of the first record in the row
  count INTEGER NOT NULL,     -- how many records, of consecutive sequences
  bytes BLOB NOT NULL         -- packed one after the other (runtime/model/record.cc)
) STRICT;
CREATE TABLE revisions (
  number INTEGER PRIMARY KEY,
  deployed_at INTEGER NOT NULL,  -- microseconds since 1970-01-01T00:00:00Z
  author TEXT NOT NULL,
  note TEXT NOT NULL,
  layout TEXT NOT NULL
) STRICT;
CREATE TABLE revision_files (
  revision INTEGER NOT NULL REFERENCES revisions (number),
  place INTEGER NOT NULL,
  name TEXT NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (revision, place)
) STRICT, WITHOUT ROWID;
)sql",
    // Each row's checksum (row_checksum.h); rows that are there get theirs.
    R"sql(
ALTER TABLE journal ADD COLUMN checksum INTEGER NOT NULL DEFAULT 0;
UPDATE journal SET checksum = row_checksum('journal', first, count, bytes);
ALTER TABLE revisions ADD COLUMN checksum INTEGER NOT NULL DEFAULT 0;
UPDATE revisions SET checksum = row_checksum('revisions', number, deployed_at, author, note, layout,
  (SELECT count(*) FROM revision_files WHERE revision = number));
ALTER TABLE revision_files ADD COLUMN checksum INTEGER NOT NULL DEFAULT 0;
UPDATE revision_files SET checksum = row_checksum('revision_files', revision, place, name, text);
)sql",
    // The base (Store::KeepBase): rows of a checkpoint. While a new one is made the other table has the one that counts.
    R"sql(
CREATE TABLE base_0 (
  kind INTEGER NOT NULL,  -- CheckpointKind
  key INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  checksum INTEGER NOT NULL,
  PRIMARY KEY (kind, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE base_1 (
  kind INTEGER NOT NULL,
  key INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  checksum INTEGER NOT NULL,
  PRIMARY KEY (kind, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE base (
  only INTEGER PRIMARY KEY CHECK (only = 1),  -- no row: there is no base
  place INTEGER NOT NULL CHECK (place IN (0, 1)),  -- the table that has it
  complete_through INTEGER NOT NULL,
  checksum INTEGER NOT NULL
) STRICT;
)sql",
    R"sql(
ALTER TABLE base ADD COLUMN is_shrunk INTEGER NOT NULL DEFAULT 1;  -- 0: what was replaced has left parts of itself (Store::Shrink)
UPDATE base SET checksum = row_checksum('base', place, complete_through, is_shrunk);
)sql",
    // Records of kind kReading, and deliveries with a trace, which older versions would take for damage.
    "SELECT 1;",
};

constexpr const char* kStateMigrations[] = {
    R"sql(
CREATE TABLE contacts (key INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
CREATE TABLE tasks (key INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
CREATE TABLE notifications (key INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
CREATE TABLE event_ids (key INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
CREATE TABLE engine (key INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
CREATE TABLE progress (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  complete_through INTEGER NOT NULL
) STRICT;
INSERT INTO progress VALUES (1, 0);
)sql",
    R"sql(
CREATE TABLE deals (key INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
CREATE TABLE deliveries (key INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
)sql",
    // Each row's checksum. A table that comes later has a column `checksum` from the beginning.
    R"sql(
ALTER TABLE contacts ADD COLUMN checksum INTEGER NOT NULL DEFAULT 0;
UPDATE contacts SET checksum = row_checksum('contacts', key, bytes);
ALTER TABLE tasks ADD COLUMN checksum INTEGER NOT NULL DEFAULT 0;
UPDATE tasks SET checksum = row_checksum('tasks', key, bytes);
ALTER TABLE notifications ADD COLUMN checksum INTEGER NOT NULL DEFAULT 0;
UPDATE notifications SET checksum = row_checksum('notifications', key, bytes);
ALTER TABLE event_ids ADD COLUMN checksum INTEGER NOT NULL DEFAULT 0;
UPDATE event_ids SET checksum = row_checksum('event_ids', key, bytes);
ALTER TABLE engine ADD COLUMN checksum INTEGER NOT NULL DEFAULT 0;
UPDATE engine SET checksum = row_checksum('engine', key, bytes);
ALTER TABLE deals ADD COLUMN checksum INTEGER NOT NULL DEFAULT 0;
UPDATE deals SET checksum = row_checksum('deals', key, bytes);
ALTER TABLE deliveries ADD COLUMN checksum INTEGER NOT NULL DEFAULT 0;
UPDATE deliveries SET checksum = row_checksum('deliveries', key, bytes);
ALTER TABLE progress ADD COLUMN checksum INTEGER NOT NULL DEFAULT 0;
UPDATE progress SET checksum = row_checksum('progress', complete_through);
)sql",
    R"sql(
CREATE TABLE dispatches (key INTEGER PRIMARY KEY, bytes BLOB NOT NULL, checksum INTEGER NOT NULL) STRICT;
)sql",
    R"sql(
CREATE TABLE failures (key INTEGER PRIMARY KEY, bytes BLOB NOT NULL, checksum INTEGER NOT NULL) STRICT;
)sql",
    R"sql(
CREATE TABLE companies (key INTEGER PRIMARY KEY, bytes BLOB NOT NULL, checksum INTEGER NOT NULL) STRICT;
)sql",
    // Rows written before it do not say all that this version wants of them (what had failed, for one), and some are packed in another way:
    // the state is folded from the journal anew, which had no base then.
    R"sql(
CREATE TABLE users (key INTEGER PRIMARY KEY, bytes BLOB NOT NULL, checksum INTEGER NOT NULL) STRICT;
DELETE FROM contacts;
DELETE FROM tasks;
DELETE FROM notifications;
DELETE FROM event_ids;
DELETE FROM engine;
DELETE FROM deals;
DELETE FROM deliveries;
DELETE FROM dispatches;
DELETE FROM failures;
DELETE FROM companies;
UPDATE progress SET complete_through = 0, checksum = row_checksum('progress', 0);
)sql",
};

}  // namespace

Migrations JournalMigrations() { return kJournalMigrations; }
Migrations StateMigrations() { return kStateMigrations; }

std::string JournalPath(const std::string& folder) { return folder + "/journal.db"; }
std::string StatePath(const std::string& folder) { return folder + "/state.db"; }

namespace {

int VersionOf(SQLite::Database& db) { return db.execAndGet("PRAGMA user_version").getInt(); }

std::string FormatsOf(int version, int newest) {
  return " stagecraft (format " + std::to_string(version) + ", this one knows " + std::to_string(newest) + ")";
}

Status CheckNotNewer(int version, const std::string& path, Migrations migrations) {
  const int newest = static_cast<int>(migrations.size());
  if (version <= newest) return {};
  return {StatusCode::kFailedPrecondition,
          reasons::kStoreTooNew,
          "`" + path + "` was made by a newer" + FormatsOf(version, newest) + "; use that version or a later one",
          {}};
}

}  // namespace

Status CheckVersion(SQLite::Database& db, const std::string& path, Migrations migrations) {
  const int version = VersionOf(db);
  const int newest = static_cast<int>(migrations.size());
  if (version == 0) return DamagedFile(path, "there is nothing in it");
  if (version == newest) return {};
  if (Status status = CheckNotNewer(version, path, migrations); !status.ok()) return status;
  return {StatusCode::kFailedPrecondition,
          reasons::kStoreTooOld,
          "`" + path + "` was made by an older" + FormatsOf(version, newest) + "; start the server on it once, which brings it up to date",
          {}};
}

Status UpgradeDatabase(const std::string& path, Migrations migrations) {
  return Guarded(path, [&]() -> Status {
    const auto db = OpenForWriting(path, Sync::kFull);
    const int version = VersionOf(*db);
    const int newest = static_cast<int>(migrations.size());
    if (Status status = CheckNotNewer(version, path, migrations); !status.ok()) return status;
    AddChecksumFunction(*db);
    for (int next = version; next < newest; ++next) {
      SQLite::Transaction transaction(*db, SQLite::TransactionBehavior::IMMEDIATE);
      if (VersionOf(*db) > next) continue;  // another process did it meanwhile
      db->exec(migrations[static_cast<std::size_t>(next)]);
      db->exec("PRAGMA user_version=" + std::to_string(next + 1));
      transaction.commit();
    }
    // What an older version has left behind in pages that are in use would outlive an erasure.
    if (version != 0 && version != newest) Compact(*db);
    return {};
  });
}

}  // namespace stagecraft::runtime
