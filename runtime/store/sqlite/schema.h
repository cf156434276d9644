// The two databases of a data folder, and how older ones become them.
#ifndef STAGECRAFT_RUNTIME_STORE_SQLITE_SCHEMA_H_
#define STAGECRAFT_RUNTIME_STORE_SQLITE_SCHEMA_H_

#include <SQLiteCpp/SQLiteCpp.h>

#include <span>
#include <string>

#include "runtime/model/status.h"

namespace stagecraft::runtime {

// Migration i takes a database from version i to i + 1 (PRAGMA user_version). A migration that was released is never edited.
using Migrations = std::span<const char* const>;

Migrations JournalMigrations();  // journal.db: what was committed
Migrations StateMigrations();    // state.db: the checkpoint

std::string JournalPath(const std::string& folder);
std::string StatePath(const std::string& folder);

// FAILED_PRECONDITION when the database at `path` is not of the newest version: STORE_TOO_NEW, STORE_TOO_OLD. DATA_LOSS when it has no
// tables.
Status CheckVersion(SQLite::Database& db, const std::string& path, Migrations migrations);

// Brings the database at `path`, created when missing, to the newest version, each migration in a transaction of its own.
// FAILED_PRECONDITION (reason STORE_TOO_NEW) when a newer Stagecraft made it.
Status UpgradeDatabase(const std::string& path, Migrations migrations);

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_STORE_SQLITE_SCHEMA_H_
