// Parts of a condition that decide nothing where they stand.
#ifndef STAGECRAFT_DSL_SEMA_ANALYSIS_PARTS_H_
#define STAGECRAFT_DSL_SEMA_ANALYSIS_PARTS_H_

#include "dsl/sema/analysis/reach.h"

namespace stagecraft::sema {

// The parts that `and` joins, nested ones included.
std::vector<const Condition*> ConjunctsOf(const Condition& condition);

// False when it is plain that the parts decide nothing about each other or about what is known: then the condition can hold, and each part
// of it can fail. Cheap: most conditions are like that.
bool DecidesSomething(const Facts& facts, const Trigger& trigger, const Condition& condition);

// Finds, in a condition that can hold where `known` holds, the parts that always hold (SC0411) and the alternatives that never do
// (SC0412) or that another one covers (SC0411). `modifiers`: where the condition can be left out as a whole, with the `when` before it, the
// place from which on such a `when` may stand.
void CheckParts(const Facts& facts, const Known& known, const Condition& condition, Findings& findings,
                std::optional<std::uint32_t> modifiers = std::nullopt);

}  // namespace stagecraft::sema

#endif  // STAGECRAFT_DSL_SEMA_ANALYSIS_PARTS_H_
