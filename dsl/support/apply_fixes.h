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

// The diagnostics whose best fix is safe, in their order; one whose fix touches what an earlier one changes is left for the next check.
// Only those of the first `files` sources: the others are not the user's.
std::vector<const Diagnostic*> SafelyFixable(std::size_t files, const std::vector<Diagnostic>& diagnostics);

// The sources that the best fixes of these change; no two of the fixes touch each other.
std::vector<FixedSource> ApplyFixes(const SourceSet& sources, const std::vector<const Diagnostic*>& fixable);

}  // namespace stagecraft

#endif  // STAGECRAFT_DSL_SUPPORT_APPLY_FIXES_H_
