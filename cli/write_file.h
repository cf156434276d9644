// Writing files that somebody relies on.
#ifndef STAGECRAFT_CLI_WRITE_FILE_H_
#define STAGECRAFT_CLI_WRITE_FILE_H_

#include <string>
#include <string_view>

#include "runtime/model/status.h"

namespace stagecraft::cli {

// Replaces what is in the file at once: whoever reads it, and a crash, finds the old text or the new one. Its permissions stay, and a link
// stays a link. On failure (UNAVAILABLE, with the system's reason) the file is as it was.
runtime::Status ReplaceFile(const std::string& path, std::string_view text);

}  // namespace stagecraft::cli

#endif  // STAGECRAFT_CLI_WRITE_FILE_H_
