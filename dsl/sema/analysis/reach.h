// Rules that can never fire, branches that nothing reaches, lists that nobody can be in, and parts of conditions that say nothing.
#ifndef STAGECRAFT_DSL_SEMA_ANALYSIS_REACH_H_
#define STAGECRAFT_DSL_SEMA_ANALYSIS_REACH_H_

#include "dsl/sema/analysis/facts.h"
#include "dsl/sema/analysis/findings.h"

namespace stagecraft::sema {

// What is known where a condition stands: one query for each way of getting there.
using Known = std::vector<Query>;

// True iff in no known way the goals hold. A proof.
bool NeverHolds(const Facts& facts, const Known& known, const std::vector<Goal>& goals);

// The ways in which the trigger holds; `with_guard`: those in which the rule begins.
Known FiringOf(const Facts& facts, const Rule& rule, bool with_guard);

// SC0410, SC0411, SC0412, SC0413.
void CheckRulesReach(const Facts& facts, Findings& findings);
// SC0411, SC0412, SC0414, SC0415: definitions, lists, score lines, views.
void CheckDerivedReach(const Facts& facts, Findings& findings);

}  // namespace stagecraft::sema

#endif  // STAGECRAFT_DSL_SEMA_ANALYSIS_REACH_H_
