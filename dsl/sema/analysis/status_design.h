// The status-design rules (product.md S9) and what leaves the house by webhook.
#ifndef STAGECRAFT_DSL_SEMA_ANALYSIS_STATUS_DESIGN_H_
#define STAGECRAFT_DSL_SEMA_ANALYSIS_STATUS_DESIGN_H_

#include "dsl/sema/analysis/facts.h"
#include "dsl/sema/analysis/findings.h"

namespace stagecraft::sema {

// SC0502 … SC0508. Properties with the groups start, process and outcome are statuses; the standard ones are not looked at, but what the
// scripts do with them is. SC0505 is asked of every declared property with options.
void CheckStatusDesign(const Facts& facts, Findings& findings);

// SC0435: a webhook that carries who the contact is.
void CheckWebhooks(const Facts& facts, Findings& findings);

}  // namespace stagecraft::sema

#endif  // STAGECRAFT_DSL_SEMA_ANALYSIS_STATUS_DESIGN_H_
