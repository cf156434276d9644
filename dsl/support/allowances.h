// Findings that a script allows, with the reason: `# allow SC0402: sales decides this`.
#ifndef STAGECRAFT_DSL_SUPPORT_ALLOWANCES_H_
#define STAGECRAFT_DSL_SUPPORT_ALLOWANCES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "dsl/support/diagnostic.h"
#include "dsl/support/source.h"

namespace stagecraft {

// One code of such a comment. It speaks of the line that the comment stands in or, alone on its line, of the next line with code.
struct Allowance {
  std::string code;        // as written: "SC0402"
  std::string reason;      // may be empty: an error
  std::uint32_t line = 0;  // 1-based: the line whose findings it allows
  Span span;               // the code, in the comment
};

// Takes out the findings that begin in the line of a comment and have its code, and returns them. An error stays: nothing can run past
// it. Adds findings about the comments themselves: without a reason, for a code that is none, for an error, for nothing at all (this one
// only where no error is left, since a check that stopped early has not looked for everything).
std::vector<AllowedFinding> ApplyAllowances(const std::vector<Allowance>& comments, const SourceSet& sources,
                                            std::vector<Diagnostic>& diagnostics);

}  // namespace stagecraft

#endif  // STAGECRAFT_DSL_SUPPORT_ALLOWANCES_H_
