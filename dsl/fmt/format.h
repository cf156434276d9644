// The canonical layout of a script.
#ifndef STAGECRAFT_DSL_FMT_FORMAT_H_
#define STAGECRAFT_DSL_FMT_FORMAT_H_

#include <string>
#include <vector>

#include "dsl/support/diagnostic.h"
#include "dsl/support/limits.h"
#include "dsl/support/source.h"

namespace stagecraft {

struct FormatResult {
  std::string text;
  std::vector<Diagnostic> diagnostics;  // the syntax errors of the source, if any; spans index into it as source 0
  bool changed = false;                 // whether `text` is another one than the source's
  // Some declaration was left as it is because its layout would have changed what it says: a fault of the formatter, not of the script.
  bool gave_up = false;
};

// Sets white space and line breaks, and nothing else: the text has the same tokens and comments in the same order, and reads as the
// same tree with the same syntax errors. Formatting the result changes nothing. What cannot be read (a declaration with a syntax error or
// with a misspelt keyword at the start of a line, a file that is not UTF-8 or that is, or would become, too long) is left byte for byte as
// it is. Never throws.
FormatResult Format(const Source& source, const Limits& limits = {});

}  // namespace stagecraft

#endif  // STAGECRAFT_DSL_FMT_FORMAT_H_
