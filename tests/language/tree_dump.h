// The syntax tree as text, for the cases of kind `tree`.
#ifndef STAGECRAFT_TESTS_LANGUAGE_TREE_DUMP_H_
#define STAGECRAFT_TESTS_LANGUAGE_TREE_DUMP_H_

#include <string>

#include "dsl/syntax/tree.h"

namespace stagecraft::tests {

// One line for each declaration; its parts, indented, for those that have several. Phrases are in brackets: `[set] [New]` are two.
std::string Dump(const syntax::Script& script);
std::string Dump(const syntax::Condition& condition);

}  // namespace stagecraft::tests

#endif  // STAGECRAFT_TESTS_LANGUAGE_TREE_DUMP_H_
