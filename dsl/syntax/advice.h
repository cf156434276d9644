// What people write who come from other tools, from spreadsheets or from English, and how it is said here.
#ifndef STAGECRAFT_DSL_SYNTAX_ADVICE_H_
#define STAGECRAFT_DSL_SYNTAX_ADVICE_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "dsl/support/diagnostic.h"
#include "dsl/syntax/place.h"

namespace stagecraft::syntax {

// A run of words in the sentence, before the place or at it, that is said in another way: `is any of`, `unset`, `prior to`.
std::optional<Diagnostic> DescribeIdiom(const Place& place);

// Adds to what is said of the token at the place how to mend it. False: nothing is known of it.
bool AddAdvice(const Place& place, Diagnostic& diagnostic);

// `(New, Open)` of what stands from `first` on: values parted by commas, `or` and `and`, with parentheses or without. `end`: of the last
// of them. Empty when there is none.
struct ValueList {
  std::string values;
  std::size_t end = 0;
};
ValueList ValuesFrom(std::string_view text, Token first);

}  // namespace stagecraft::syntax

#endif  // STAGECRAFT_DSL_SYNTAX_ADVICE_H_
