// Whether two scripts of the same tokens say the same.
#ifndef STAGECRAFT_DSL_FMT_SAME_TREE_H_
#define STAGECRAFT_DSL_FMT_SAME_TREE_H_

#include "dsl/fmt/tokens.h"
#include "dsl/syntax/tree.h"

namespace stagecraft::layout {

// Whether both trees have the same shape over the same tokens: every part begins and ends at tokens of the same number.
bool SameTree(const syntax::Declaration& left, const Tokens& left_tokens, const syntax::Declaration& right, const Tokens& right_tokens);

}  // namespace stagecraft::layout

#endif  // STAGECRAFT_DSL_FMT_SAME_TREE_H_
