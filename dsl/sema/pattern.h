// Patterns of `matches`: those of RE2, so that none takes longer than its text is long.
#ifndef STAGECRAFT_DSL_SEMA_PATTERN_H_
#define STAGECRAFT_DSL_SEMA_PATTERN_H_

#include <string>
#include <string_view>

namespace stagecraft::sema {

// What is wrong with a pattern, in RE2's words; empty when it is fine.
std::string PatternFault(std::string_view pattern);

}  // namespace stagecraft::sema

#endif  // STAGECRAFT_DSL_SEMA_PATTERN_H_
