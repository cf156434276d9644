// Two texts as `diff -u` shows them.
#ifndef STAGECRAFT_CLI_UNIFIED_DIFF_H_
#define STAGECRAFT_CLI_UNIFIED_DIFF_H_

#include <cstdio>
#include <string>
#include <string_view>

namespace stagecraft::cli {

// How a patch is written: for `patch`, byte by byte, or for a person at a terminal, where each line is shown by OneLine.
struct DiffStyle {
  bool colour = false;
  bool at_terminal = false;
};
DiffStyle DiffOn(std::FILE* stream);

// What to do to `before` to have `after`, with three lines around each change, such that `patch` understands it. Empty when they are the
// same. `name`: of the file, for both heads; one with control characters stands in quotation marks, as Git and `patch` write it.
std::string UnifiedDiff(std::string_view name, std::string_view before, std::string_view after, const DiffStyle& style);

}  // namespace stagecraft::cli

#endif  // STAGECRAFT_CLI_UNIFIED_DIFF_H_
