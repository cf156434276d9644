// One server to a data folder: a lock on its file `lock`, which the system gives up when the process ends, however it ends.
#ifndef STAGECRAFT_RUNTIME_STORE_SQLITE_FOLDER_LOCK_H_
#define STAGECRAFT_RUNTIME_STORE_SQLITE_FOLDER_LOCK_H_

#include <memory>
#include <string>

#include "runtime/model/status.h"

namespace stagecraft::runtime {

class FolderLock {
 public:
  // FAILED_PRECONDITION when another process (or another store of this one) has it: DATA_FOLDER_IN_USE, naming its process.
  static Result<std::unique_ptr<FolderLock>> Take(const std::string& folder);
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  explicit FolderLock(int descriptor) : descriptor_(descriptor) {}

  int descriptor_;
};

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_STORE_SQLITE_FOLDER_LOCK_H_
