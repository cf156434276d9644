// White space between tokens that stand on one line.
#ifndef STAGECRAFT_DSL_FMT_SPACING_H_
#define STAGECRAFT_DSL_FMT_SPACING_H_

#include <cstddef>

#include "dsl/fmt/plan.h"

namespace stagecraft::layout {

// Whether a space stands before token `i`, which is not the first of its line.
bool SpaceBefore(const Tokens& tokens, const Plan& plan, std::size_t i);

}  // namespace stagecraft::layout

#endif  // STAGECRAFT_DSL_FMT_SPACING_H_
