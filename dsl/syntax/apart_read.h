// For the read_….cc alone: each instantiates the parts of the grammar that it reads.
#ifndef STAGECRAFT_DSL_SYNTAX_APART_READ_H_
#define STAGECRAFT_DSL_SYNTAX_APART_READ_H_

#include "dsl/syntax/actions.h"

namespace stagecraft::grammar {

template <typename Rule>
bool ReadApart(Input& in, Builder& builder) {
  return pegtl::normal<Rule>::template match<apply_mode::action, rewind_mode::required, action, pegtl::normal>(in, builder);
}

template <typename Rule>
bool LookApart(Input& in, Builder& builder) {
  return pegtl::normal<Rule>::template match<apply_mode::nothing, rewind_mode::required, action, pegtl::normal>(in, builder);
}

}  // namespace stagecraft::grammar

#endif  // STAGECRAFT_DSL_SYNTAX_APART_READ_H_
