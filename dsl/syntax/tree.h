// The syntax tree: what the user wrote, and where. Nothing here is resolved: names are phrases (runs of words),
// and the checker finds what they mean (language.md, "Fine print"). The tree is never edited after parsing.
#ifndef STAGECRAFT_DSL_SYNTAX_TREE_H_
#define STAGECRAFT_DSL_SYNTAX_TREE_H_

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "dsl/support/allowances.h"
#include "dsl/syntax/tree_action.h"       // IWYU pragma: export
#include "dsl/syntax/tree_condition.h"    // IWYU pragma: export
#include "dsl/syntax/tree_declaration.h"  // IWYU pragma: export
#include "dsl/syntax/tree_promise.h"      // IWYU pragma: export
#include "dsl/syntax/tree_rule.h"         // IWYU pragma: export
#include "dsl/syntax/tree_term.h"         // IWYU pragma: export
#include "dsl/syntax/tree_test.h"         // IWYU pragma: export

namespace stagecraft::syntax {

struct Declaration {
  std::variant<Use, WorkspaceDecl, StatusDecl, PropertyDecl, EventDecl, TeamDecl, FormDecl, PipelineDecl, TemplateDecl, ImportDecl,
               DefineDecl, ScoreDecl, CounterDecl, ListDecl, RuleDecl, SequenceDecl, ViewDecl, PromiseDecl, MovesDecl, TestDecl>
      node;
  Span span;
};

// One file. Declarations that had a syntax error are absent; their diagnostics say why.
struct Script {
  std::uint32_t source = 0;
  std::vector<Declaration> declarations;
  // The names that the absent declarations would have declared, as far as they can be read (`status` and `score` for those
  // without a name). The checker says nothing of a name it misses here: the mistake has been reported once.
  std::vector<Phrase> lost_names;
  std::vector<Allowance> allowances;
};

}  // namespace stagecraft::syntax

#endif  // STAGECRAFT_DSL_SYNTAX_TREE_H_
