// The keywords of the grammar, for pages and tools that list them.
#ifndef STAGECRAFT_DSL_SYNTAX_KEYWORDS_H_
#define STAGECRAFT_DSL_SYNTAX_KEYWORDS_H_

#include <string_view>
#include <vector>

namespace stagecraft::syntax {

// Ascending. Units and days are no keywords: they are words that their sentences look for. Most keywords may be names all the same
// (language.md, "Letters and words").
const std::vector<std::string_view>& Keywords();

}  // namespace stagecraft::syntax

#endif  // STAGECRAFT_DSL_SYNTAX_KEYWORDS_H_
