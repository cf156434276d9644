// Rules that fight over a property (language.md E3; product.md B10).
#ifndef STAGECRAFT_DSL_SEMA_ANALYSIS_CONFLICTS_H_
#define STAGECRAFT_DSL_SEMA_ANALYSIS_CONFLICTS_H_

#include "dsl/sema/analysis/facts.h"
#include "dsl/sema/analysis/findings.h"

namespace stagecraft::sema {

// SC0420: two rules set one property to different values in one round. Reported where a contact and a cause show it: one event, a change
// of one property, or what one action of a third rule changes. Several properties that one event brings along are no cause: whoever
// sends them decides them together.
void CheckConflicts(const Facts& facts, Findings& findings);

}  // namespace stagecraft::sema

#endif  // STAGECRAFT_DSL_SEMA_ANALYSIS_CONFLICTS_H_
