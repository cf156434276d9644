// A copy of a database that is in use. Included by sqlite/*.cc only.
#ifndef STAGECRAFT_RUNTIME_STORE_SQLITE_DATABASE_COPY_H_
#define STAGECRAFT_RUNTIME_STORE_SQLITE_DATABASE_COPY_H_

#include <string>

#include "runtime/store/store.h"

namespace stagecraft::runtime {

// Copies what is committed in the database at `path` into a file beside it, hands that out, and removes it. The copy is written anew from
// the rows that are there: of rows that were deleted it has no trace.
Status CopyDatabase(const std::string& path, const Store::TakePart& take);

// Those that a process was making when it was killed.
void RemoveUnfinishedCopies(const std::string& folder);

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_STORE_SQLITE_DATABASE_COPY_H_
