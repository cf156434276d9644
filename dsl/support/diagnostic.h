// What the language has to say about a script. One structure behind the terminal, JSON, the wire and the editor.
#ifndef STAGECRAFT_DSL_SUPPORT_DIAGNOSTIC_H_
#define STAGECRAFT_DSL_SUPPORT_DIAGNOSTIC_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
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

// Replaces the text at `span` by `replacement`.
struct Edit {
  Span span;
  std::string replacement;

  friend bool operator==(const Edit&, const Edit&) = default;
};

// A way to mend the finding: all its edits together.
struct Fix {
  std::vector<Edit> edits;  // in any order, not overlapping; all in one source
  std::string title;        // what it does, in the imperative: "write `New`"; empty: the diagnostic's help says it
  // `check --fix` applies it unasked: it is the only sensible reading of what is there, or it changes nothing that the script does.
  bool safe = true;

  friend bool operator==(const Fix&, const Fix&) = default;
};

// The fix that consists of one edit.
inline Fix Replace(const Span& span, std::string replacement) { return {{{span, std::move(replacement)}}, {}, true}; }

// Another place that the finding speaks of: `rule "A" sets it here`.
struct Note {
  Span span;
  std::string message;

  friend bool operator==(const Note&, const Note&) = default;
};

// Wording (style.md): lower case, one line, no final stop, the user's text in backticks; advice only in `help`.
struct Diagnostic {
  Code code;
  Severity severity = Severity::kError;
  Span span;
  std::string message;            // what was found, readable alone
  std::string label;              // stands under the caret; may be empty
  std::vector<std::string> help;  // each a line of advice
  std::vector<Note> notes;
  std::vector<Fix> fixes;  // alternatives, the best first
};

// A finding that a comment in the script allows: `# allow SC0402: sales decides this`.
struct AllowedFinding {
  Diagnostic diagnostic;
  std::string reason;
};

// "SC0203".
std::string CodeName(Code code);
// The one-line title of a code, for lists and editors.
std::string_view CodeTitle(Code code);
// Its name in words, for settings and comments: "unknown-option".
std::string CodeWords(Code code);
// The code with this name ("SC0203" or "unknown-option", any case); nothing when there is none.
std::optional<Code> FindCode(std::string_view name);
// All codes, in the order of their numbers.
std::vector<Code> AllCodes();
// Their names in words, in the same order: to find the nearest of them.
std::vector<std::string> CodesInWords();
// The severity that findings of this code have.
Severity CodeSeverity(Code code);
// "error", "warning", "hint".
std::string_view SeverityName(Severity severity);

// True iff a diagnostic of severity error is among them.
bool HasErrors(const std::vector<Diagnostic>& diagnostics);

}  // namespace stagecraft

#endif  // STAGECRAFT_DSL_SUPPORT_DIAGNOSTIC_H_
