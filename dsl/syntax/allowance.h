// Comments that silence findings: `# allow SC0402: sales decides this`.
#ifndef STAGECRAFT_DSL_SYNTAX_ALLOWANCE_H_
#define STAGECRAFT_DSL_SYNTAX_ALLOWANCE_H_

#include <cstdint>
#include <vector>

#include "dsl/support/source.h"
#include "dsl/syntax/tree.h"

namespace stagecraft::syntax {

// The allowances of a file, in its order; one for each code where a comment names several (`# allow SC0402, SC0501: …`). Behind code a
// comment speaks of its own line, alone of the next line with code. A word that is neither a finding's name nor looks like a code ends the
// list, since it begins a sentence for people; that a code exists is not asked.
std::vector<Allowance> ReadAllowances(const Source& source, std::uint32_t source_index);

}  // namespace stagecraft::syntax

#endif  // STAGECRAFT_DSL_SYNTAX_ALLOWANCE_H_
