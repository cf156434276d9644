// Sentences that run on into the next line by mistake.
#ifndef STAGECRAFT_DSL_FMT_RUN_ON_H_
#define STAGECRAFT_DSL_FMT_RUN_ON_H_

#include "dsl/support/source.h"
#include "dsl/syntax/tree.h"

namespace stagecraft::layout {

// Whether some phrase goes over several lines and has, at the start of one, what is probably a misspelt keyword (`set status New⏎notfy
// owner "…"` is one phrase to the grammar). On one line nobody could tell the mistake any more, the checker neither.
bool RunsOn(const syntax::Declaration& declaration, const Source& source);

}  // namespace stagecraft::layout

#endif  // STAGECRAFT_DSL_FMT_RUN_ON_H_
