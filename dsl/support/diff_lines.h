// What to do to one text to have another, line by line, as `diff -u` writes it.
#ifndef STAGECRAFT_DSL_SUPPORT_DIFF_LINES_H_
#define STAGECRAFT_DSL_SUPPORT_DIFF_LINES_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace stagecraft {

struct DiffLine {
  enum class Kind : std::uint8_t {
    kBefore,   // `--- NAME`
    kAfter,    // `+++ NAME`
    kPlace,    // `@@ -1,3 +1,4 @@`
    kSame,     // ` LINE`
    kRemoved,  // `-LINE`
    kAdded,    // `+LINE`
    kNoEnd,    // `\ No newline at end of file`
  };
  Kind kind = Kind::kSame;
  std::string text;  // without the mark of its kind, and without a line break
};

// What stands before the text of a line of this kind: `+`.
std::string_view MarkOf(DiffLine::Kind kind);

// With three lines around each change; none when the texts are the same. A text that is empty is that of a file that is not there. `name`:
// of the file, for both heads; one with control characters stands in quotation marks, as Git and `patch` write it.
std::vector<DiffLine> DiffLines(std::string_view name, std::string_view before, std::string_view after);

// As one text that `patch` understands.
std::string UnifiedDiff(std::string_view name, std::string_view before, std::string_view after);

}  // namespace stagecraft

#endif  // STAGECRAFT_DSL_SUPPORT_DIFF_LINES_H_
