// What is declared beside rules: templates, views, promises, moves.
#ifndef STAGECRAFT_DSL_SEMA_DESIGNS_H_
#define STAGECRAFT_DSL_SEMA_DESIGNS_H_

#include <optional>
#include <vector>

#include "dsl/sema/context.h"
#include "dsl/sema/declarations.h"

namespace stagecraft::sema {

// Parts with errors are left out of the results; the errors are reported. `reads` gets the derived symbols that are read.
Email CheckTemplate(const ToCheck<syntax::TemplateDecl>& decl, const Context& context, std::vector<Symbol>& reads);
View CheckView(const ToCheck<syntax::ViewDecl>& decl, const Context& context, std::vector<Symbol>& reads);
Promise CheckPromise(const ToCheck<syntax::PromiseDecl>& decl, const Context& context, std::vector<Symbol>& reads);
// Nothing when it speaks of no property with options.
std::optional<Moves> CheckMoves(const ToCheck<syntax::MovesDecl>& decl, const Context& context);

}  // namespace stagecraft::sema

#endif  // STAGECRAFT_DSL_SEMA_DESIGNS_H_
