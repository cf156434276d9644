// Cascades end, or `check` refuses them (language.md E4).
#ifndef STAGECRAFT_DSL_SEMA_ANALYSIS_CASCADES_H_
#define STAGECRAFT_DSL_SEMA_ANALYSIS_CASCADES_H_

#include <optional>

#include "dsl/sema/analysis/facts.h"
#include "dsl/sema/analysis/findings.h"

namespace stagecraft::sema {

// How many rounds with rules one event can have at most; nothing where it cannot be told.
struct CascadeBound {
  std::optional<int> rounds;
};

// SC0425 with a history that never ends; SC0426 where rules stand in a circle and nobody can tell. Silent where the cascade is proven to
// end.
CascadeBound CheckCascades(const Facts& facts, Findings& findings);

}  // namespace stagecraft::sema

#endif  // STAGECRAFT_DSL_SEMA_ANALYSIS_CASCADES_H_
