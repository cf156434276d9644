// Fixes: what they are called, and the text that comes of them.
#ifndef STAGECRAFT_DSL_SUPPORT_APPLY_FIXES_H_
#define STAGECRAFT_DSL_SUPPORT_APPLY_FIXES_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "dsl/support/diagnostic.h"
#include "dsl/support/source.h"

namespace stagecraft {

// What the fix does, in the imperative: its title, or, where it has none, what its first edit does ("write `New`").
std::string FixTitle(const Fix& fix, const SourceSet& sources);

// `text` with the edits made. They lie within it and do not overlap; of two at one place the first given stands first.
std::string ApplyEdits(std::string_view text, std::vector<Edit> edits);

// A source that fixes have changed.
struct FixedSource {
  std::uint32_t source = 0;  // its index
  std::string text;          // as it is now
  std::size_t fixes = 0;     // how many were applied
};

// Applies the best fix of each diagnostic, where that is safe, in the order of the diagnostics; a fix that touches what an earlier one
// changes waits for the next check. Only the first `files` sources are changed: the others are not the user's. Pure.
std::vector<FixedSource> ApplySafeFixes(const SourceSet& sources, std::size_t files, const std::vector<Diagnostic>& diagnostics);

}  // namespace stagecraft

#endif  // STAGECRAFT_DSL_SUPPORT_APPLY_FIXES_H_
