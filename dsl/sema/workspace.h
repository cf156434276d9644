// `workspace "Acme" …`: time zone, business hours and holidays.
#ifndef STAGECRAFT_DSL_SEMA_WORKSPACE_H_
#define STAGECRAFT_DSL_SEMA_WORKSPACE_H_

#include "dsl/sema/checked.h"
#include "dsl/sema/reporter.h"
#include "dsl/syntax/tree.h"

namespace stagecraft::sema {

// Parts with errors keep their defaults; the errors are reported.
Calendar ReadCalendar(const syntax::WorkspaceDecl& decl, Reporter& reporter);

}  // namespace stagecraft::sema

#endif  // STAGECRAFT_DSL_SEMA_WORKSPACE_H_
