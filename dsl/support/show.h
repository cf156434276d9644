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

// Text that a terminal shows in exactly DisplayWidth columns, from `column` of its line on: tabs become spaces; control characters,
// line breaks, bytes that are not UTF-8 and the controls that turn the direction of writing around become a sign.
std::string OneLine(std::string_view text, std::size_t column = 0);

// "1 event", "2 events".
std::string Counted(std::uint64_t count, std::string_view thing);

// Text that may stand in any file of text: valid UTF-8 without control characters but tabs and line breaks.
std::string CleanText(std::string_view text);

// The longest part of `text` at its front (or at its end) that takes at most `columns`, on a border of letters.
std::string_view ClipColumns(std::string_view text, std::size_t columns, bool front);

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
