// access.db of a data folder: tokens and the audit log, in a database of its own that several processes may use.
#ifndef STAGECRAFT_RUNTIME_STORE_SQLITE_ACCESS_FILE_H_
#define STAGECRAFT_RUNTIME_STORE_SQLITE_ACCESS_FILE_H_

#include <memory>
#include <string>

#include "runtime/store/access_store.h"

namespace stagecraft::runtime {

inline constexpr char kAccessFileName[] = "access.db";

// Opens the file in `folder`, which must be there; makes it, readable for its owner only, where it is not there yet. FAILED_PRECONDITION:
// it cannot be written, or a newer version made it. DATA_LOSS: it is damaged.
Result<std::unique_ptr<AccessStore>> OpenAccessFile(const std::string& folder);

// For reading only, nothing in it changes; whoever writes fails. NOT_FOUND: there is none, as in a folder that an older version made.
Result<std::unique_ptr<AccessStore>> OpenAccessFileToLook(const std::string& folder);

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_STORE_SQLITE_ACCESS_FILE_H_
