#include "runtime/store/sqlite/base.h"

#include <vector>

namespace stagecraft::runtime {
namespace {

// Of one transaction: a commit of events waits for it.
constexpr std::size_t kStepRows = 1'024;
constexpr std::size_t kStepBytes = 1 << 20;

// Adds rows to a table, a step at a time.
class RowCopier {
 public:
  RowCopier(SQLite::Database& db, int place, const BaseStep& step)
      : step_(step), add_(db, "INSERT INTO " + BaseTable(place) + " (kind, key, bytes, checksum) VALUES (?, ?, ?, ?)") {}

  void Add(CheckpointRow&& row) {
    bytes_ += row.bytes.size();
    rows_.push_back(std::move(row));
    if (rows_.size() == kStepRows || bytes_ >= kStepBytes) Write();
  }

  void Write() {
    step_([this] {
      for (const CheckpointRow& row : rows_) {
        const ResetOnExit reset(add_);
        add_.bind(1, static_cast<int>(row.kind));
        add_.bind(2, row.key);
        BindBlob(add_, 3, row.bytes);
        add_.bind(4, ChecksumOfBaseRow(row));
        add_.exec();
      }
    });
    rows_.clear();
    bytes_ = 0;
  }

 private:
  const BaseStep& step_;
  SQLite::Statement add_;
  std::vector<CheckpointRow> rows_;
  std::size_t bytes_ = 0;
};

void Empty(SQLite::Database& journal, int place, const BaseStep& step) {
  const std::string table = BaseTable(place);
  SQLite::Statement remove(journal, "DELETE FROM " + table + " WHERE (kind, key) IN (SELECT kind, key FROM " + table +
                                        " ORDER BY kind, key LIMIT " + std::to_string(kStepRows) + ")");
  for (int removed = 1; removed != 0;) {
    step([&] {
      const ResetOnExit reset(remove);
      removed = remove.exec();
    });
  }
}

std::int64_t ChecksumOf(const Base& base) { return ChecksumOfBase(base.place, base.complete_through, base.is_shrunk); }

void Put(SQLite::Database& journal, const Base& base) {
  SQLite::Statement put(journal, "INSERT OR REPLACE INTO base (only, place, complete_through, is_shrunk, checksum) VALUES (1, ?, ?, ?, ?)");
  put.bind(1, base.place);
  put.bind(2, base.complete_through);
  put.bind(3, static_cast<int>(base.is_shrunk));
  put.bind(4, ChecksumOf(base));
  put.exec();
}

bool HasRows(SQLite::Database& journal, int place) {
  return journal.execAndGet("SELECT EXISTS (SELECT 1 FROM " + BaseTable(place) + ")").getInt() != 0;
}

Status FillCheckpoint(SQLite::Database& journal, const std::string& journal_path, const Base& base, const std::string& state_path) {
  const auto state = OpenForWriting(state_path, Sync::kFull);
  Sequence complete_through = 0;
  // What is wrong with it is found, and told, by who reads it.
  bool is_sound = true;
  const auto note = [&](const std::string&) {
    is_sound = false;
    return Status{};
  };
  if (Status status = ReadProgress(*state, note, complete_through); !status.ok()) return status;
  if (!is_sound || complete_through >= base.complete_through) return {};
  SQLite::Transaction transaction(*state, SQLite::TransactionBehavior::IMMEDIATE);
  for (const CheckpointTable& table : kCheckpointTables) state->exec(std::string("DELETE FROM ") + table.name);
  // Rows come by kind.
  std::optional<SQLite::Statement> put;
  std::size_t table = kCheckpointTables.size();
  Status status = ReadBaseRows(journal, base.place, DamageIn(journal_path), [&](CheckpointRow&& row, bool) {
    if (const std::size_t next = TableOf(row.kind); next != table) {
      table = next;
      put.emplace(*state, std::string("INSERT INTO ") + kCheckpointTables[table].name + " (key, bytes, checksum) VALUES (?, ?, ?)");
    }
    const ResetOnExit reset(*put);
    put->bind(1, row.key);
    BindBlob(*put, 2, row.bytes);
    put->bind(3, ChecksumOf(kCheckpointTables[table].name, row));
    put->exec();
    return Status{};
  });
  put.reset();
  if (!status.ok()) return status;
  SQLite::Statement progress(*state, "UPDATE progress SET complete_through = ?, checksum = ?");
  progress.bind(1, base.complete_through);
  progress.bind(2, ChecksumOfProgress(base.complete_through));
  progress.exec();
  transaction.commit();
  return {};
}

}  // namespace

Status ReadBase(SQLite::Database& journal, const OnDamage& on_damage, std::optional<Base>& base) {
  SQLite::Statement row(journal, "SELECT place, complete_through, is_shrunk, checksum FROM base");
  if (!row.executeStep()) return {};
  const Base read{row.getColumn(0).getInt(), row.getColumn(1).getInt64(), row.getColumn(2).getInt() != 0};
  if (row.getColumn(3).getInt64() != ChecksumOf(read)) return on_damage("the row of `base`");
  base = read;
  return {};
}

Status CopyBase(SQLite::Database& journal, const std::string& journal_path, const std::string& state_path, bool is_shrunk,
                const BaseStep& step) {
  std::optional<Base> before;
  if (Status status = ReadBase(journal, DamageIn(journal_path), before); !status.ok()) return status;
  const int place = before ? 1 - before->place : 0;
  Empty(journal, place, step);
  const auto state = OpenForReading(state_path);
  SQLite::Transaction moment(*state);
  Sequence complete_through = 0;
  if (Status status = ReadProgress(*state, DamageIn(state_path), complete_through); !status.ok()) return status;
  RowCopier copier(journal, place, step);
  for (const CheckpointTable& table : kCheckpointTables) {
    Status status = ReadCheckpoint(*state, table, DamageIn(state_path), [&](CheckpointRow&& row, bool) {
      copier.Add(std::move(row));
      return Status{};
    });
    if (!status.ok()) return status;
  }
  copier.Write();
  step([&] { Put(journal, {place, complete_through, is_shrunk}); });
  Empty(journal, 1 - place, step);
  return {};
}

void NoteShrunk(SQLite::Database& journal, const Base& base) { Put(journal, {base.place, base.complete_through, true}); }

Status FinishBase(const std::string& journal_path, const std::string& state_path) {
  const auto journal = OpenForWriting(journal_path, Sync::kFull);
  journal->exec("PRAGMA secure_delete=ON");
  std::optional<Base> base;
  if (Status status = ReadBase(*journal, DamageIn(journal_path), base); !status.ok()) return status;
  const BaseStep step = [&](const std::function<void()>& work) {
    SQLite::Transaction transaction(*journal, SQLite::TransactionBehavior::IMMEDIATE);
    work();
    transaction.commit();
  };
  for (const int place : {0, 1}) {
    if ((!base || base->place != place) && HasRows(*journal, place)) Empty(*journal, place, step);
  }
  return base ? FillCheckpoint(*journal, journal_path, *base, state_path) : Status{};
}

}  // namespace stagecraft::runtime
