// Keywords that are written with capitals: phones and word processors begin a sentence so.
#ifndef STAGECRAFT_DSL_SYNTAX_CAPITALS_H_
#define STAGECRAFT_DSL_SYNTAX_CAPITALS_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/syntax/scan.h"

namespace stagecraft::syntax {

// The word in small letters.
std::string InSmallLetters(std::string_view word);

// Whether what begins at `at`, the first word of its line, is a declaration in all but its capitals: `On SQL set …`, `Rule "A"`. A line
// that is indented may go on with a name (`After sales`), so there only a text behind the word makes it certain.
bool BeginsInCapitals(std::string_view text, std::size_t at);

// The words of text[begin, end) that are keywords but for their capitals.
std::vector<Token> CapitalKeywords(std::string_view text, std::size_t begin, std::size_t end);

// Whether the word is more often a part of a name (`Status`, `Email`) than a word of a sentence.
bool NamesThings(std::string_view word);

}  // namespace stagecraft::syntax

#endif  // STAGECRAFT_DSL_SYNTAX_CAPITALS_H_
