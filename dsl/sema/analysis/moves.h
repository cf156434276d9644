// Moves that will be refused: backward ones (language.md E9) and those outside `moves of`.
#ifndef STAGECRAFT_DSL_SEMA_ANALYSIS_MOVES_H_
#define STAGECRAFT_DSL_SEMA_ANALYSIS_MOVES_H_

#include <vector>

#include "dsl/sema/analysis/facts.h"
#include "dsl/sema/analysis/findings.h"
#include "dsl/sema/analysis/reach.h"

namespace stagecraft::sema {

// What is known when the write is applied: trigger, guard and branches, or, after a wait, that nothing has ended the run. Nothing is known
// of a branch that is never taken: whatever is said of it is neither true nor false, and it has a finding of its own.
Known KnownAt(const Facts& facts, const Write& write);
// The options that the property can have just before the write; nothing where an earlier action of the rule may have changed it to what
// nobody knows. An unset value is not among them.
std::optional<std::vector<std::uint32_t>> OptionsBefore(const Facts& facts, const Write& write,
                                                        const std::vector<std::uint32_t>& candidates);
// True where E9 refuses the move.
bool IsRefusedBackward(const PropertySymbol& property, std::uint32_t from, std::uint32_t to);
// Adds to `query` that E9 does not refuse the write: what the property can be just before it, in the state with that version.
void AddNotRefused(const Facts& facts, const Write& write, std::uint32_t version, Query& query);

// SC0402 where the move is surely refused, SC0430 where it can be.
void CheckMoves(const Facts& facts, Findings& findings);

}  // namespace stagecraft::sema

#endif  // STAGECRAFT_DSL_SEMA_ANALYSIS_MOVES_H_
