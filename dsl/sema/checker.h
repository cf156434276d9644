// The checker: syntax trees to a checked script, with everything that is wrong with them.
#ifndef STAGECRAFT_DSL_SEMA_CHECKER_H_
#define STAGECRAFT_DSL_SEMA_CHECKER_H_

#include <optional>
#include <span>
#include <vector>

#include "dsl/sema/checked.h"
#include "dsl/sema/declarations.h"
#include "dsl/support/diagnostic.h"
#include "dsl/syntax/tree.h"

namespace stagecraft::sema {

// Checks the scripts together; `standard` is the index of the standard vocabulary among them. Adds to `diagnostics`.
// Names that a sentence with a syntax error would have declared are not reported as unknown. The result is complete only
// when neither parser nor checker found an error. `retired`: rules of earlier scripts that are to be understood among these; what is
// wrong with them is no finding (RetiredRule::problem).
CheckedScript Check(const std::vector<syntax::Script>& scripts, std::size_t standard, const SourceSet& sources,
                    std::vector<Diagnostic>& diagnostics, std::span<const RuleToCheck> retired = {});

// Checks one condition against a vocabulary; nothing when there were errors.
std::optional<Condition> CheckCondition(const syntax::Condition& condition, const Vocabulary& vocabulary,
                                        std::vector<Diagnostic>& diagnostics);

}  // namespace stagecraft::sema

#endif  // STAGECRAFT_DSL_SEMA_CHECKER_H_
