// Two texts as `diff -u` shows them.
#ifndef STAGECRAFT_CLI_UNIFIED_DIFF_H_
#define STAGECRAFT_CLI_UNIFIED_DIFF_H_

#include <string>
#include <string_view>

namespace stagecraft::cli {

// What to do to `before` to have `after`, with three lines around each change, such that `patch` understands it. Empty when they are the
// same. `name`: of the file, for both heads.
std::string UnifiedDiff(std::string_view name, std::string_view before, std::string_view after, bool colour);

}  // namespace stagecraft::cli

#endif  // STAGECRAFT_CLI_UNIFIED_DIFF_H_
