// Diagnostics for people (a terminal) and for programs. What each format holds is in docs/formats/.
#ifndef STAGECRAFT_DSL_SUPPORT_RENDER_H_
#define STAGECRAFT_DSL_SUPPORT_RENDER_H_

#include <string>
#include <string_view>
#include <vector>

#include "dsl/support/diagnostic.h"
#include "dsl/support/source.h"

namespace stagecraft {

struct RenderOptions {
  bool colour = false;  // ANSI escapes; for a terminal only
  // For a terminal: the parts of a line with right-to-left letters (before, under and after the carets) stand between the signs of
  // Unicode that lay each out on its own. So the carets are under the right word in terminals that turn such text around as well as in
  // those that do not. Elsewhere the text stays as it is: it is compared and searched.
  bool isolate = false;
};

// The form of language.md "Diagnostics": header, place, source line with carets under the span, help; then each note with its own
// place. Ends with a line break. Fixes that help does not speak of are listed with it. Of a span over several lines the part on the
// first is marked; of a very long line the part around the span is shown, and of a long quotation its beginning.
std::string Render(const Diagnostic& diagnostic, const SourceSet& sources, const RenderOptions& options = {});
// One after the other, an empty line between them.
std::string Render(const std::vector<Diagnostic>& diagnostics, const SourceSet& sources, const RenderOptions& options = {});

// The lines of advice: help, and the fixes that it does not speak of.
std::vector<std::string> Advice(const Diagnostic& diagnostic, const SourceSet& sources);

// All that one check has to tell.
struct CheckReport {
  const SourceSet& sources;
  std::size_t files = 0;  // that many sources, from the first on, are the user's; then comes the standard vocabulary
  const std::vector<Diagnostic>& diagnostics;
  const std::vector<AllowedFinding>& allowed;
  Severity failing = Severity::kError;  // findings of this severity and graver ones make the check fail
};

// An array of findings: docs/formats/check.schema.json.
std::string RenderJson(const std::vector<Diagnostic>& diagnostics, const SourceSet& sources);
// SARIF 2.1.0: one run. The rules are the codes found, with their pages; allowed findings are suppressed results.
std::string RenderSarif(const CheckReport& report, std::string_view version);
// JUnit XML: each file a test case, each finding that makes the check fail a failure of it, the others in its output.
std::string RenderJunit(const CheckReport& report);
// Workflow commands of GitHub Actions, one line a finding: they become annotations. Ends with a line break; empty without findings.
std::string RenderGithub(const std::vector<Diagnostic>& diagnostics, const SourceSet& sources);

}  // namespace stagecraft

#endif  // STAGECRAFT_DSL_SUPPORT_RENDER_H_
