// Writing files that somebody relies on.
#ifndef STAGECRAFT_CLI_WRITE_FILE_H_
#define STAGECRAFT_CLI_WRITE_FILE_H_

#include <string>
#include <string_view>

#include "runtime/model/status.h"

namespace stagecraft::cli {

// Writes what was asked for to `path`. The text of a file is replaced at once: whoever reads it, and a crash, finds the old text or the new
// one. Permissions stay, the owner too where the system allows it, and a link stays a link; other hard links keep the old text. A device,
// a pipe and what standard output or standard error goes to are written to, not replaced. UNAVAILABLE, with the system's reason: then a
// file is as it was.
runtime::Status WriteFile(const std::string& path, std::string_view text);

// The same for a file that was read before and held `before`. ABORTED when it holds something else by now, INVALID_ARGUMENT when it is no
// regular file: then it is as it was.
runtime::Status ChangeFile(const std::string& path, std::string_view before, std::string_view after);

}  // namespace stagecraft::cli

#endif  // STAGECRAFT_CLI_WRITE_FILE_H_
