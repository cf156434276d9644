// Findings for tests, by the words they are about.
#ifndef STAGECRAFT_TESTS_UNIT_SUPPORT_FINDINGS_H_
#define STAGECRAFT_TESTS_UNIT_SUPPORT_FINDINGS_H_

#include <string>
#include <string_view>
#include <utility>

#include "dsl/support/check.h"
#include "dsl/support/diagnostic.h"

namespace stagecraft {

// The place of the first `words` in a source.
inline Span Find(const SourceSet& sources, std::string_view words, std::uint32_t source = 0) {
  const std::size_t begin = sources[source].text().find(words);
  STAGECRAFT_CHECK(begin != std::string_view::npos);
  return {source, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(begin + words.size())};
}

inline Diagnostic Finding(Code code, const Span& span, std::string message = "found") {
  return {code, CodeSeverity(code), span, std::move(message), {}, {}, {}, {}};
}

// The finding of language.md "Diagnostics".
inline Diagnostic Misspelt(const SourceSet& sources) {
  const Span span = Find(sources, "\"Atempted to Contact\"");
  return {Code::kUnknownOption,
          Severity::kError,
          span,
          "`status` has no option \"Atempted to Contact\"",
          "not an option of status",
          {"did you mean \"Attempted to Contact\"?", "the options are New, Open, Attempted to Contact, Connected, In Progress, …"},
          {},
          {Replace(span, "\"Attempted to Contact\"")}};
}

}  // namespace stagecraft

#endif  // STAGECRAFT_TESTS_UNIT_SUPPORT_FINDINGS_H_
