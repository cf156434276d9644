// How this folder opens SQLite, and how what SQLite throws becomes a Status. Included by sqlite/*.cc only.
#ifndef STAGECRAFT_RUNTIME_STORE_SQLITE_CONNECTION_H_
#define STAGECRAFT_RUNTIME_STORE_SQLITE_CONNECTION_H_

#include <SQLiteCpp/SQLiteCpp.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "runtime/model/status.h"

namespace stagecraft::runtime {

enum class Sync { kFull, kNormal };

// Opens for reading and writing, creates the file when it is missing. Throws SQLite::Exception.
std::unique_ptr<SQLite::Database> OpenForWriting(const std::string& path, Sync sync);
// Throws SQLite::Exception.
std::unique_ptr<SQLite::Database> OpenForReading(const std::string& path);

// Empties the write-ahead log into the database. Throws SQLite::Exception, also (SQLITE_BUSY) when somebody goes on reading the log.
void EmptyLog(SQLite::Database& db);
// The same, but waits for nobody: whoever waits for a reader holds up all who write.
void EmptyLogAtOnce(SQLite::Database& db);
// Writes the database anew, with nothing in it but its rows, and empties the log. Throws SQLite::Exception.
void Compact(SQLite::Database& db);

// RESOURCE_EXHAUSTED (disk full), UNAVAILABLE (busy), DATA_LOSS (damaged), otherwise INTERNAL. `path`: for the message.
Status StatusOf(const SQLite::Exception& exception, std::string_view path);

// DATA_LOSS, DATA_DAMAGED. `what`: what is wrong with the file at `path`; `row`: which of its rows is not what was written.
Status DamagedFile(std::string_view path, const std::string& what);
Status DamagedRow(std::string_view path, const std::string& row);

// Runs `work`, which returns a Status and may throw SQLite::Exception.
template <typename Work>
Status Guarded(std::string_view path, Work&& work) {
  try {
    return std::forward<Work>(work)();
  } catch (const SQLite::Exception& exception) {
    return StatusOf(exception, path);
  }
}

// The bytes of a BLOB column, copied.
std::string BlobOf(const SQLite::Column& column);
// `bytes` must live until the statement is reset.
void BindBlob(SQLite::Statement& statement, int index, const std::string& bytes);

// Resets a statement when the scope ends, however it ends: an open cursor would keep the write-ahead log from being reused.
class ResetOnExit {
 public:
  explicit ResetOnExit(SQLite::Statement& statement) : statement_(statement) {}
  ~ResetOnExit() { statement_.tryReset(); }
  ResetOnExit(const ResetOnExit&) = delete;
  ResetOnExit& operator=(const ResetOnExit&) = delete;

 private:
  SQLite::Statement& statement_;
};

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_STORE_SQLITE_CONNECTION_H_
