#include "runtime/store/sqlite/schema.h"

#include "runtime/model/reasons.h"
#include "runtime/store/sqlite/connection.h"

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
};

}  // namespace

Migrations JournalMigrations() { return kJournalMigrations; }
Migrations StateMigrations() { return kStateMigrations; }

Status UpgradeDatabase(const std::string& path, Migrations migrations) {
  return Guarded(path, [&]() -> Status {
    const auto db = OpenForWriting(path, Sync::kFull);
    const int version = db->execAndGet("PRAGMA user_version").getInt();
    const int newest = static_cast<int>(migrations.size());
    if (version > newest) {
      return {StatusCode::kFailedPrecondition,
              reasons::kStoreTooNew,
              "`" + path + "` was made by a newer stagecraft (format " + std::to_string(version) + ", this one knows " +
                  std::to_string(newest) + "); use that version or a later one",
              {}};
    }
    for (int next = version; next < newest; ++next) {
      SQLite::Transaction transaction(*db, SQLite::TransactionBehavior::IMMEDIATE);
      db->exec(migrations[static_cast<std::size_t>(next)]);
      db->exec("PRAGMA user_version=" + std::to_string(next + 1));
      transaction.commit();
    }
    return {};
  });
}

}  // namespace stagecraft::runtime
