#include <fmt/format.h>

#include <algorithm>

#include "cli/files.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "dsl/compile.h"
#include "dsl/support/render.h"

namespace stagecraft::cli {

int Check(const CheckOptions& options) {
  auto files = ReadScripts(options.paths);
  if (!files) {
    PrintError(files.error().message);
    return kFailed;
  }
  std::vector<Source> sources;
  for (auto& file : *files) sources.emplace_back(std::move(file.name), std::move(file.text));
  const auto result = Compile(std::move(sources));
  if (options.format == CheckFormat::kJson) {
    fmt::print("{}\n", RenderJson(result.diagnostics, result.sources));
  } else {
    fmt::print("{}", Render(result.diagnostics, result.sources, {HasColour(stdout)}));
  }
  const bool refused = std::any_of(result.diagnostics.begin(), result.diagnostics.end(), [&](const Diagnostic& diagnostic) {
    return diagnostic.severity == Severity::kError || (options.warnings_as_errors && diagnostic.severity == Severity::kWarning);
  });
  return refused ? kFound : kDone;
}

}  // namespace stagecraft::cli
