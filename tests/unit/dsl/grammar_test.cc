#include <catch2/catch.hpp>
#include <tao/pegtl.hpp>
#include <tao/pegtl/contrib/analyze.hpp>

#include "dsl/syntax/grammar_declaration.h"

namespace stagecraft::grammar {

TEST_CASE("the grammar has no left recursion and no loop that consumes nothing") {
  CHECK(pegtl::analyze<declaration>(-1) == 0);
  CHECK(pegtl::analyze<only_condition>(-1) == 0);
}

}  // namespace stagecraft::grammar
