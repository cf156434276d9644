// Texts with `{…}`: what stands in the braces is resolved with its own place inside the text. `{{` and `}}` are braces.
#ifndef STAGECRAFT_DSL_SEMA_TEXTS_H_
#define STAGECRAFT_DSL_SEMA_TEXTS_H_

#include <optional>

#include "dsl/sema/names.h"

namespace stagecraft::sema {

// Nothing when an error was reported.
std::optional<Text> CheckText(const syntax::Term& term, const Scope& scope, const SourceSet& sources, Names& names);

}  // namespace stagecraft::sema

#endif  // STAGECRAFT_DSL_SEMA_TEXTS_H_
