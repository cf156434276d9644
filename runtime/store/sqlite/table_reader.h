// Reads the tables of the checkpoint, and looks at each row's checksum. Included by sqlite/*.cc only.
#ifndef STAGECRAFT_RUNTIME_STORE_SQLITE_TABLE_READER_H_
#define STAGECRAFT_RUNTIME_STORE_SQLITE_TABLE_READER_H_

#include <functional>
#include <string>
#include <utility>

#include "runtime/store/sqlite/connection.h"
#include "runtime/store/sqlite/row_checksum.h"
#include "runtime/store/sqlite/tables.h"

namespace stagecraft::runtime {

// Told of a row that is not what was written; what is not ok ends the reading.
using OnDamage = std::function<Status(const std::string& row)>;

inline OnDamage DamageIn(const std::string& path) {
  return [path](const std::string& row) { return DamagedRow(path, row); };
}

inline Status ReadProgress(SQLite::Database& db, const OnDamage& on_damage, Sequence& complete_through) {
  SQLite::Statement progress(db, "SELECT complete_through, checksum FROM progress");
  if (!progress.executeStep()) return on_damage("the row of `progress`, which is missing,");
  complete_through = progress.getColumn(0).getInt64();
  if (progress.getColumn(1).getInt64() == ChecksumOfProgress(complete_through)) return {};
  return on_damage("the row of `progress`");
}

// Reads a table to its end, and calls `visit(row, is_sound)`, which ends the reading when it is not ok.
template <typename Visit>
Status ReadCheckpoint(SQLite::Database& db, const CheckpointTable& table, const OnDamage& on_damage, const Visit& visit) {
  SQLite::Statement rows(db, std::string("SELECT key, bytes, checksum FROM ") + table.name + " ORDER BY key");
  while (rows.executeStep()) {
    CheckpointRow row{table.kind, rows.getColumn(0).getInt64(), BlobOf(rows.getColumn(1))};
    const bool is_sound = rows.getColumn(2).getInt64() == ChecksumOf(table.name, row);
    if (!is_sound) {
      Status status = on_damage("row " + std::to_string(row.key) + " of `" + table.name + "`");
      if (!status.ok()) return status;
    }
    if (Status status = visit(std::move(row), is_sound); !status.ok()) return status;
  }
  return {};
}

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_STORE_SQLITE_TABLE_READER_H_
