// Diagnostics for people (a terminal) and for programs (JSON).
#ifndef STAGECRAFT_DSL_SUPPORT_RENDER_H_
#define STAGECRAFT_DSL_SUPPORT_RENDER_H_

#include <string>
#include <vector>

#include "dsl/support/diagnostic.h"
#include "dsl/support/source.h"

namespace stagecraft {

struct RenderOptions {
  bool colour = false;  // ANSI escapes; for a terminal only
};

// The form of language.md "Diagnostics": header, place, source line with carets under the span, help. Ends with a line break.
// Of a span over several lines the part on the first is marked; of a very long line the part around the span is shown.
std::string Render(const Diagnostic& diagnostic, const SourceSet& sources, const RenderOptions& options = {});
// One after the other, an empty line between them.
std::string Render(const std::vector<Diagnostic>& diagnostics, const SourceSet& sources, const RenderOptions& options = {});

// An array of {code, severity, file, line, column, end_line, end_column, message, label, help[], fix}; `fix` is null or
// {line, column, end_line, end_column, replacement}. Columns are those of Position; the end is the first place after the span.
std::string RenderJson(const std::vector<Diagnostic>& diagnostics, const SourceSet& sources);

}  // namespace stagecraft

#endif  // STAGECRAFT_DSL_SUPPORT_RENDER_H_
