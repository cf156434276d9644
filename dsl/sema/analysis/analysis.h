// What a green check promises beyond names and types (product.md B1, B10, B15, S9): rules that can fire, that do not fight, whose
// cascades end, that keep the promises of the script, and statuses that are well designed.
//
// Nothing here guesses: an error is a proof, a warning has a witness, and where the analyses cannot tell they say so or stay silent, as
// the page of each code tells.
#ifndef STAGECRAFT_DSL_SEMA_ANALYSIS_ANALYSIS_H_
#define STAGECRAFT_DSL_SEMA_ANALYSIS_ANALYSIS_H_

#include <vector>

#include "dsl/sema/checked.h"
#include "dsl/support/diagnostic.h"
#include "dsl/support/source.h"

namespace stagecraft::sema {

// Adds what it finds to `diagnostics`. To be called when there are no errors among them.
void Analyse(const CheckedScript& script, const SourceSet& sources, std::vector<Diagnostic>& diagnostics);

}  // namespace stagecraft::sema

#endif  // STAGECRAFT_DSL_SEMA_ANALYSIS_ANALYSIS_H_
