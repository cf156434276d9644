// Parts of the grammar that are compiled apart, each in one file: what is a template to PEGTL is a function to the rest of the grammar.
#ifndef STAGECRAFT_DSL_SYNTAX_APART_H_
#define STAGECRAFT_DSL_SYNTAX_APART_H_

#include <tao/pegtl.hpp>
#include <tao/pegtl/contrib/analyze_traits.hpp>

#include "dsl/syntax/builder.h"

namespace stagecraft::grammar {

using Input = tao::pegtl::memory_input<tao::pegtl::tracking_mode::lazy, tao::pegtl::eol::lf, const char*>;

// Reads the rule, with its actions. Defined in apart_read.h, instantiated in the read_….cc of the rule.
template <typename Rule>
bool ReadApart(Input& in, syntax::Builder& builder);

// The same for what is looked ahead at: nothing is built.
template <typename Rule>
bool LookApart(Input& in, syntax::Builder& builder);

template <typename Rule>
struct apart {
  using rule_t = apart;
  using subs_t = tao::pegtl::type_list<Rule>;
  template <tao::pegtl::apply_mode A, tao::pegtl::rewind_mode, template <typename...> class Action, template <typename...> class Control>
  static bool match(Input& in, syntax::Builder& builder) {
    static_assert(A == tao::pegtl::apply_mode::action, "what is looked ahead at is a look_apart");
    return ReadApart<Rule>(in, builder);
  }
};

template <typename Rule>
struct look_apart {
  using rule_t = look_apart;
  using subs_t = tao::pegtl::type_list<Rule>;
  template <tao::pegtl::apply_mode, tao::pegtl::rewind_mode, template <typename...> class Action, template <typename...> class Control>
  static bool match(Input& in, syntax::Builder& builder) {
    return LookApart<Rule>(in, builder);
  }
};

}  // namespace stagecraft::grammar

namespace tao::pegtl {

template <typename Name, typename Rule>
struct analyze_traits<Name, stagecraft::grammar::apart<Rule>> : analyze_traits<Name, typename seq<Rule>::rule_t> {};

template <typename Name, typename Rule>
struct analyze_traits<Name, stagecraft::grammar::look_apart<Rule>> : analyze_traits<Name, typename seq<Rule>::rule_t> {};

}  // namespace tao::pegtl

#endif  // STAGECRAFT_DSL_SYNTAX_APART_H_
