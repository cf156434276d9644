// From "the grammar stopped here" to words that help.
#ifndef STAGECRAFT_DSL_SYNTAX_FAILURE_H_
#define STAGECRAFT_DSL_SYNTAX_FAILURE_H_

#include <cstdint>
#include <functional>
#include <optional>

#include "dsl/support/diagnostic.h"
#include "dsl/syntax/builder.h"
#include "dsl/syntax/tree.h"

namespace stagecraft::syntax {

// What could not be read: from `begin` to where reading goes on.
struct FailedSentence {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  // Whether it can be read to its end, with no other mistake, once the fix is made.
  std::function<bool(const Fix&)> reads_with;
};

// What to say of a sentence that could not be read, by the furthest place that the grammar reached. Its fixes are safe only if the
// sentence reads with them.
Diagnostic DescribeFailure(const Builder& builder, const FailedSentence& sentence);

// The name that the declaration at `declaration_begin` would have declared, as far as it can be read.
std::optional<Phrase> LostName(const Builder& builder, std::uint32_t declaration_begin);

// The keyword that begins a declaration and that `word` is a slip of; nothing when it is none, or is one.
std::optional<std::string> MisspeltDeclaration(std::string_view word);

// For the checker, when the phrase at `span` means nothing: the word in it that is probably a misspelt keyword at the start of a line
// (`set status New⏎notfy owner "…"` is one phrase to the grammar), or one with capitals, as a finding with its mending.
std::optional<Diagnostic> MisspeltKeywordIn(Span span, const Source& source);

}  // namespace stagecraft::syntax

#endif  // STAGECRAFT_DSL_SYNTAX_FAILURE_H_
