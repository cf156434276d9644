// The reading half of a data folder: recovery, the journal's rows, the search for damage. Included by sqlite/*.cc only.
#ifndef STAGECRAFT_RUNTIME_STORE_SQLITE_FOLDER_READER_H_
#define STAGECRAFT_RUNTIME_STORE_SQLITE_FOLDER_READER_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "runtime/store/sqlite/folder_lock.h"
#include "runtime/store/sqlite/reader_pool.h"
#include "runtime/store/store.h"

namespace stagecraft::runtime {

class FolderReader : public Store {
 public:
  Status Recover(const Recovery& visitor) override;
  Status Inspect(const Inspection& visitor) override;
  Status Backup(const TakePart& take) override;
  StoreSize Size() const override;
  Result<JournalRow> ReadJournal(Sequence sequence) override;
  Status ScanJournal(Sequence from, const std::function<bool(const JournalRow&)>& visit) override;

 protected:
  FolderReader(std::unique_ptr<FolderLock> lock, const std::string& folder);

  // Closes the connections that are idle. The last connection to a database moves its log into its file, which one for reading cannot.
  void CloseReaders() { readers_.Close(); }

  const std::string& journal_path() const { return journal_path_; }
  const std::string& state_path() const { return state_path_; }

 private:
  Status ReadRows(Sequence from, int limit, std::vector<JournalRow>& rows);

  std::unique_ptr<FolderLock> lock_;  // first, so that it is given up last
  const std::string journal_path_;
  const std::string state_path_;
  ReaderPool readers_;
};

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_STORE_SQLITE_FOLDER_READER_H_
