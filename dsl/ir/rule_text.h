// What a rule does, as text: the same for rules that do the same, whatever the spelling, the place and the numbers of a layout.
#ifndef STAGECRAFT_DSL_IR_RULE_TEXT_H_
#define STAGECRAFT_DSL_IR_RULE_TEXT_H_

#include <string>

#include "dsl/sema/checked.h"

namespace stagecraft::ir {

// Trigger, guards, bounds and actions of `rule`, which belongs to `script`. Its name, `disabled` and `migrate` are no part of it: they
// do not change what a run that has begun goes on to do. Runs are kept by a hash of it (Rule::code_hash), so that it must not change for
// a meaning that scripts can already express.
std::string CanonicalText(const sema::Rule& rule, const sema::CheckedScript& script);

}  // namespace stagecraft::ir

#endif  // STAGECRAFT_DSL_IR_RULE_TEXT_H_
