// The journal's base (Store::KeepBase): a copy of the checkpoint's rows in journal.db. Included by sqlite/*.cc only.
#ifndef STAGECRAFT_RUNTIME_STORE_SQLITE_BASE_H_
#define STAGECRAFT_RUNTIME_STORE_SQLITE_BASE_H_

#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "runtime/store/sqlite/table_reader.h"

namespace stagecraft::runtime {

struct Base {
  int place = 0;  // of the two tables that may have it
  Sequence complete_through = 0;
  bool is_shrunk = false;  // no: records were replaced since the database was written anew
};

inline std::string BaseTable(int place) { return "base_" + std::to_string(place); }

// Nothing: there is none.
Status ReadBase(SQLite::Database& journal, const OnDamage& on_damage, std::optional<Base>& base);

// As ReadCheckpoint, for all kinds.
template <typename Visit>
Status ReadBaseRows(SQLite::Database& journal, int place, const OnDamage& on_damage, const Visit& visit) {
  SQLite::Statement rows(journal, "SELECT kind, key, bytes, checksum FROM " + BaseTable(place) + " ORDER BY kind, key");
  while (rows.executeStep()) {
    CheckpointRow row{static_cast<CheckpointKind>(rows.getColumn(0).getInt()), rows.getColumn(1).getInt64(), BlobOf(rows.getColumn(2))};
    const bool is_sound =
        rows.getColumn(3).getInt64() == ChecksumOfBaseRow(row) && row.kind >= CheckpointKind::kContact && row.kind <= kCheckpointKindLast;
    if (!is_sound) {
      const std::string key = std::to_string(rows.getColumn(0).getInt()) + ", " + std::to_string(row.key);
      if (Status status = on_damage("row " + key + " of `" + BaseTable(place) + "`"); !status.ok()) return status;
    }
    if (Status status = visit(std::move(row), is_sound); !status.ok()) return status;
  }
  return {};
}

// Does a step of work that writes, in a transaction of its own.
using BaseStep = std::function<void(const std::function<void()>& work)>;

// Makes the checkpoint at `state_path` the base of `journal`, which overwrites what it deletes. Nobody may write the checkpoint meanwhile.
// `is_shrunk`: of the new base. When it is broken off the base is the one that there was. Throws SQLite::Exception.
Status CopyBase(SQLite::Database& journal, const std::string& journal_path, const std::string& state_path, bool is_shrunk,
                const BaseStep& step);
// Says of the base that there is that it is shrunk. Throws SQLite::Exception.
void NoteShrunk(SQLite::Database& journal, const Base& base);

// Takes away what a CopyBase that was broken off has left behind; and where the checkpoint is behind the base, because it was lost, makes
// it the base. Throws SQLite::Exception.
Status FinishBase(const std::string& journal_path, const std::string& state_path);

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_STORE_SQLITE_BASE_H_
