// A data folder on SQLite. journal.db is the commit (WAL, synchronous=FULL); state.db the checkpoint behind it, a database of
// its own so that writing it never holds up a commit; `lock` keeps a second server out.
#ifndef STAGECRAFT_RUNTIME_STORE_SQLITE_SQLITE_STORE_H_
#define STAGECRAFT_RUNTIME_STORE_SQLITE_SQLITE_STORE_H_

#include <memory>
#include <string>

#include "runtime/store/store.h"

namespace stagecraft::runtime {

// Opens the folder, sets a missing or empty one up, and upgrades one that an older version made. FAILED_PRECONDITION: another
// server has it (DATA_FOLDER_IN_USE), it cannot be written, a newer version made it. DATA_LOSS: a file in it is damaged.
Result<std::unique_ptr<Store>> OpenSqliteStore(const std::string& folder);

// Opens a folder that is there, for reading only: but for `lock`, which it holds like a server, no file in it changes. NOT_FOUND: it is no
// data folder. Which files of it are damaged, or made by an older version, its Inspect tells.
Result<std::unique_ptr<Store>> OpenSqliteStoreToLook(const std::string& folder);

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_STORE_SQLITE_SQLITE_STORE_H_
