// What the language has to say about a script. One structure behind the terminal, JSON, the wire and the editor.
#ifndef STAGECRAFT_DSL_SUPPORT_DIAGNOSTIC_H_
#define STAGECRAFT_DSL_SUPPORT_DIAGNOSTIC_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/support/source.h"

namespace stagecraft {

enum class Severity : std::uint8_t { kError, kWarning, kHint };

// Stable numbers: a code is never renumbered or reused. SC01xx syntax, SC02xx names, SC03xx types and units,
// SC04xx rules and scores that cannot work, SC05xx design.
enum class Code : std::uint16_t {
// The members are listed in diagnostic_codes.inc (one table: code, severity, title).
#define STAGECRAFT_CODE(name, number, severity, title) name = number,
#include "dsl/support/diagnostic_codes.inc"
#undef STAGECRAFT_CODE
};

// Replaces the text at `span` by `replacement`; applying it mends the finding.
struct Fix {
  Span span;
  std::string replacement;

  friend bool operator==(const Fix&, const Fix&) = default;
};

// Wording (style.md): lower case, one line, no final stop, the user's text in backticks; advice only in `help`.
struct Diagnostic {
  Code code;
  Severity severity = Severity::kError;
  Span span;
  std::string message;            // what was found, readable alone
  std::string label;              // stands under the caret; may be empty
  std::vector<std::string> help;  // each a line of advice
  std::optional<Fix> fix;
};

// "SC0203".
std::string CodeName(Code code);
// The one-line title of a code, for lists and editors.
std::string_view CodeTitle(Code code);
// The code with this name ("SC0203", any case); nothing when there is none.
std::optional<Code> FindCode(std::string_view name);
// The severity that findings of this code have.
Severity CodeSeverity(Code code);
// "error", "warning", "hint".
std::string_view SeverityName(Severity severity);

// True iff a diagnostic of severity error is among them.
bool HasErrors(const std::vector<Diagnostic>& diagnostics);

}  // namespace stagecraft

#endif  // STAGECRAFT_DSL_SUPPORT_DIAGNOSTIC_H_
