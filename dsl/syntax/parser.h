// Text to syntax tree. Nothing here knows what a name means.
#ifndef STAGECRAFT_DSL_SYNTAX_PARSER_H_
#define STAGECRAFT_DSL_SYNTAX_PARSER_H_

#include <cstdint>
#include <vector>

#include "dsl/support/diagnostic.h"
#include "dsl/support/limits.h"
#include "dsl/support/source.h"
#include "dsl/syntax/tree.h"

namespace stagecraft::syntax {

struct ParseResult {
  Script script;
  std::vector<Diagnostic> diagnostics;  // in the order of the text; all of severity error
};

// Reads a whole file; its spans carry `source_index`. Never throws and never stops at the first error: what cannot be read is
// reported, left out of the script, and reading goes on at the next declaration.
ParseResult Parse(const Source& source, std::uint32_t source_index, const Limits& limits = {});

struct ParseConditionResult {
  ConditionPtr condition;  // null iff there are diagnostics
  std::vector<Diagnostic> diagnostics;
};

// Reads a text that is one condition and nothing else (a filter of the API). Line breaks and declaration keywords mean nothing in it.
ParseConditionResult ParseCondition(const Source& source, std::uint32_t source_index, const Limits& limits = {});

}  // namespace stagecraft::syntax

#endif  // STAGECRAFT_DSL_SYNTAX_PARSER_H_
