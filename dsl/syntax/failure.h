// From "the grammar stopped here" to words that help.
#ifndef STAGECRAFT_DSL_SYNTAX_FAILURE_H_
#define STAGECRAFT_DSL_SYNTAX_FAILURE_H_

#include <cstdint>
#include <optional>

#include "dsl/support/diagnostic.h"
#include "dsl/syntax/builder.h"
#include "dsl/syntax/tree.h"

namespace stagecraft::syntax {

// What to say of the declaration that begins at `declaration_begin` and could not be read, by the furthest place that the grammar reached.
Diagnostic DescribeFailure(const Builder& builder, std::uint32_t declaration_begin);

// The name that the declaration at `declaration_begin` would have declared, as far as it can be read.
std::optional<Phrase> LostName(const Builder& builder, std::uint32_t declaration_begin);

// For the checker, when the phrase at `span` means nothing and goes over several lines: the word at the start of a line in it that is
// probably a misspelt keyword (`set status New⏎notfy owner "…"` is one phrase to the grammar), as a finding with its mending.
std::optional<Diagnostic> MisspeltKeywordIn(Span span, const Source& source);

}  // namespace stagecraft::syntax

#endif  // STAGECRAFT_DSL_SYNTAX_FAILURE_H_
