// Read-only connections to the journal, one to a thread at a time. Included by sqlite/*.cc only.
#ifndef STAGECRAFT_RUNTIME_STORE_SQLITE_READER_POOL_H_
#define STAGECRAFT_RUNTIME_STORE_SQLITE_READER_POOL_H_

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "runtime/store/sqlite/connection.h"
#include "runtime/store/store.h"

namespace stagecraft::runtime {

// The row, for messages.
std::string NameOf(const JournalRow& row);

class JournalReader {
 public:
  explicit JournalReader(const std::string& path);

  // Appends to `rows` at most `limit` rows, ascending, from the one that holds `from` (or the first behind it) on. DATA_LOSS: one of them
  // is not what was written.
  Status Read(Sequence from, int limit, std::vector<JournalRow>& rows);

 private:
  const std::string path_;
  std::unique_ptr<SQLite::Database> db_;
  SQLite::Statement holding_;
  SQLite::Statement scan_;
};

// Connections are opened when all others are busy, and kept.
class ReaderPool {
 public:
  explicit ReaderPool(std::string path) : path_(std::move(path)) {}

  // Runs `work(JournalReader&)`, which may throw SQLite::Exception; so does this, then. Thread-safe.
  template <typename Work>
  void With(Work&& work) {
    std::unique_ptr<JournalReader> reader = Take();
    work(*reader);
    Return(std::move(reader));
  }

  // Those that are idle; others are opened when they are needed.
  void Close();

 private:
  std::unique_ptr<JournalReader> Take();
  void Return(std::unique_ptr<JournalReader> reader);

  const std::string path_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<JournalReader>> idle_;
};

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_STORE_SQLITE_READER_POOL_H_
