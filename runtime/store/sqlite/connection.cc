#include "runtime/store/sqlite/connection.h"

#include <sqlite3.h>

#include "runtime/model/reasons.h"

namespace stagecraft::runtime {
namespace {

constexpr int kBusyTimeoutMs = 5'000;

void Configure(SQLite::Database& db) {
  // First of all: turning the write-ahead log on needs the lock that another connection may hold for a moment.
  db.setBusyTimeout(kBusyTimeoutMs);
  db.exec("PRAGMA secure_delete=OFF");  // Debian's default overwrites freed pages with zeros
  db.exec("PRAGMA foreign_keys=ON");
  db.exec("PRAGMA temp_store=MEMORY");
}

}  // namespace

std::unique_ptr<SQLite::Database> OpenForWriting(const std::string& path, Sync sync) {
  auto db = std::make_unique<SQLite::Database>(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE | SQLite::OPEN_NOMUTEX, kBusyTimeoutMs);
  Configure(*db);
  db->exec("PRAGMA journal_mode=WAL");
  db->exec(sync == Sync::kFull ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL");
  return db;
}

std::unique_ptr<SQLite::Database> OpenForReading(const std::string& path) {
  auto db = std::make_unique<SQLite::Database>(path, SQLite::OPEN_READONLY | SQLite::OPEN_NOMUTEX, kBusyTimeoutMs);
  Configure(*db);
  return db;
}

void EmptyLog(SQLite::Database& db) {
  if (db.execAndGet("PRAGMA wal_checkpoint(TRUNCATE)").getInt() != 0) throw SQLite::Exception("its log is being read", SQLITE_BUSY);
}

void EmptyLogAtOnce(SQLite::Database& db) {
  db.setBusyTimeout(0);
  const bool is_read = db.execAndGet("PRAGMA wal_checkpoint(TRUNCATE)").getInt() != 0;
  db.setBusyTimeout(kBusyTimeoutMs);
  if (is_read) throw SQLite::Exception("its log is being read", SQLITE_BUSY);
}

void Compact(SQLite::Database& db) {
  db.exec("PRAGMA temp_store=FILE");  // it can be larger than the memory
  db.exec("VACUUM");
  db.exec("PRAGMA temp_store=MEMORY");
  EmptyLog(db);
}

Status StatusOf(const SQLite::Exception& exception, std::string_view path) {
  const std::string file = "`" + std::string(path) + "`";
  const std::string what = std::string(": ") + exception.what();
  switch (exception.getErrorCode()) {
    case SQLITE_FULL:
      return {StatusCode::kResourceExhausted,
              reasons::kDiskFull,
              "the disk is full: " + file + " cannot grow; free some space, then start again",
              {}};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {StatusCode::kUnavailable, reasons::kStoreBusy, file + " is held by another program" + what, {}};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return DamagedFile(path, exception.what());
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return {StatusCode::kFailedPrecondition, reasons::kStoreNotWritable, file + " cannot be opened for writing" + what, {}};
    case SQLITE_IOERR:
      return {StatusCode::kUnavailable, reasons::kStoreIo, "reading or writing " + file + " failed" + what, {}};
    default:
      return {StatusCode::kInternal, reasons::kStoreFailed, file + what, {}};
  }
}

Status DamagedFile(std::string_view path, const std::string& what) {
  return {StatusCode::kDataLoss, reasons::kDataDamaged, "`" + std::string(path) + "` is damaged: " + what + "; restore it from a copy", {}};
}

Status DamagedRow(std::string_view path, const std::string& row) { return DamagedFile(path, row + " is not what was written"); }

std::string BlobOf(const SQLite::Column& column) {
  const int size = column.getBytes();
  return size == 0 ? std::string() : std::string(static_cast<const char*>(column.getBlob()), static_cast<std::size_t>(size));
}

void BindBlob(SQLite::Statement& statement, int index, const std::string& bytes) {
  statement.bindNoCopy(index, bytes.data(), static_cast<int>(bytes.size()));
}

}  // namespace stagecraft::runtime
