// `always` and `never` that a rule can break (product.md B15).
#ifndef STAGECRAFT_DSL_SEMA_ANALYSIS_PROMISES_H_
#define STAGECRAFT_DSL_SEMA_ANALYSIS_PROMISES_H_

#include "dsl/sema/analysis/facts.h"
#include "dsl/sema/analysis/findings.h"

namespace stagecraft::sema {

// SC0431: a rule breaks the promise on a contact that kept it. Reported with that contact, and only where no other rule of the same
// cascade writes what the promise speaks of: such a rule may mend it before the record ends. Where nothing is reported the promise is
// kept or it cannot be told; it is watched at every commit in any case.
void CheckPromises(const Facts& facts, Findings& findings);

}  // namespace stagecraft::sema

#endif  // STAGECRAFT_DSL_SEMA_ANALYSIS_PROMISES_H_
