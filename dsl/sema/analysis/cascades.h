// Cascades end, or `check` refuses them (language.md E4).
#ifndef STAGECRAFT_DSL_SEMA_ANALYSIS_CASCADES_H_
#define STAGECRAFT_DSL_SEMA_ANALYSIS_CASCADES_H_

#include "dsl/sema/analysis/facts.h"
#include "dsl/sema/analysis/findings.h"

namespace stagecraft::sema {

// SC0425 with a history that never ends; SC0426 where rules stand in a circle and nobody can tell; SC0427 and SC0428 for chains that are
// longer than the engine lets them be. Silent where the cascade is proven to end.
void CheckCascades(const Facts& facts, Findings& findings);

}  // namespace stagecraft::sema

#endif  // STAGECRAFT_DSL_SEMA_ANALYSIS_CASCADES_H_
