// Scores, counters, lists and definitions, worked out from all that ever happened, and the moments at which time alone changes something.
#ifndef STAGECRAFT_TESTS_REFERENCE_DERIVED_H_
#define STAGECRAFT_TESTS_REFERENCE_DERIVED_H_

#include <vector>

#include "tests/reference/conditions.h"

namespace stagecraft::reference {

// By derived symbol, as of the contact's now. Of nobody: all are 0.
std::vector<std::int64_t> DerivedOf(const Script& script, const Contact& contact);

// Whether the trigger `when CONDITION` is true of the contact; never of nobody.
bool IsTrue(const Script& script, const Contact& contact, const sema::Condition& condition);

// The first moment after the contact's now at which time alone changes a derived value or what a rule waits for; kNever: none.
Micros NextClosing(const Script& script, const Contact& contact);

// Whether a derived value, or a condition that is awaited, is another one at `to` than at the contact's now.
bool TimeChangesValues(const Script& script, const Contact& contact, Micros to);

}  // namespace stagecraft::reference

#endif  // STAGECRAFT_TESTS_REFERENCE_DERIVED_H_
