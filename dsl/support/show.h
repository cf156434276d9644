// Text from outside (scripts, messages that quote them) made fit to be shown.
#ifndef STAGECRAFT_DSL_SUPPORT_SHOW_H_
#define STAGECRAFT_DSL_SUPPORT_SHOW_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/support/diagnostic.h"

namespace stagecraft {

// Text from outside goes out through one of these three, which show what a terminal would act on instead of letting it act: control
// characters, and those that turn the direction of writing around (U+202A to U+202E, U+2066 to U+2069; letters of Hebrew or Arabic are
// none of them). What is not UTF-8 is shown in the same way.

// For a line of a terminal or a log, which takes exactly DisplayWidth columns from `column` of its line on: tabs become spaces, line
// breaks `⏎`, all that may not be shown `�`.
std::string OneLine(std::string_view text, std::size_t column = 0);

// "1 event", "2 events".
std::string Counted(std::uint64_t count, std::string_view thing);

// For a file of text and a text of the API: as OneLine, but tabs and line feeds stay. Valid in XML.
std::string CleanText(std::string_view text);

// For JSON, which has to be exact: the same JSON, with escapes (`\u202e`) for what may not be shown. Bytes that are not UTF-8 stay.
std::string CleanJson(std::string_view json);

// The longest part of `text` at its front (or at its end) that takes at most `columns`, on a border of letters.
std::string_view ClipColumns(std::string_view text, std::size_t columns, bool front);

// `text` when it takes at most `columns` of a terminal, else its front with `…` in the last of them. For what is one line already.
std::string Cut(std::string_view text, std::size_t columns);
// `text`, which is UTF-8, when it has at most `bytes`, else as many of them and `…`: for what is limited by its size.
std::string CutBytes(std::string_view text, std::size_t bytes);

// A message in which what it quotes, in backticks or in "…", takes at most 80 columns: the rest is an ellipsis. A message that is
// short already comes back as it is.
std::string ShortenQuotes(std::string_view message);
// The same for all that a diagnostic says. Replacements stay whole: they are applied, not read.
void ShortenQuotes(std::vector<Diagnostic>& diagnostics);

// True iff the text has letters that are written from right to left.
bool HasRightToLeft(std::string_view text);
// `text` laid out on its own, from left to right, by a terminal that knows right-to-left scripts: between the signs U+2066 and U+2069,
// which take no column. Unchanged when it has no such letters.
std::string Isolated(std::string text);

}  // namespace stagecraft

#endif  // STAGECRAFT_DSL_SUPPORT_SHOW_H_
