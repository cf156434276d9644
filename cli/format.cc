#include "dsl/fmt/format.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/files.h"
#include "cli/terminal.h"
#include "cli/unified_diff.h"
#include "cli/verbs.h"
#include "cli/write_file.h"
#include "dsl/support/render.h"

namespace stagecraft::cli {
namespace {

constexpr std::string_view kStandardInput = "-";

struct Formatted {
  std::size_t changed = 0;
  bool has_errors = false;
};

// What could not be read, on standard error.
void ReportUnread(const Source& source, const FormatResult& result) {
  fmt::print(stderr, "{}", Render(result.diagnostics, {source}, FindingsOn(stderr)));
  if (result.gave_up) {
    PrintNote(
        fmt::format("`{}`: some declarations stay as they are, since another layout would change what they say; "
                    "this is a fault of `fmt`, please report it with the file",
                    source.name()));
  }
}

// Does with a file what the options say, and counts it.
runtime::Status FormatFile(const TextFile& file, const FormatOptions& options, Formatted& counts) {
  const Source source(file.name, file.text);
  const FormatResult result = Format(source);
  ReportUnread(source, result);
  counts.has_errors = counts.has_errors || HasErrors(result.diagnostics);
  counts.changed += result.changed ? 1 : 0;
  if (options.diff) {
    fmt::print("{}", UnifiedDiff(file.name, file.text, result.text, DiffOn(stdout)));
  } else if (options.check) {
    if (result.changed) PrintLine(stdout, file.name);
  } else if (file.name == kStandardInput) {
    fmt::print("{}", result.text);
  } else if (result.changed) {
    return ChangeFile(file.name, file.text, result.text);
  }
  return {};
}

}  // namespace

int FormatScripts(const FormatOptions& options) {
  auto files = ReadScripts(options.paths);
  if (!files) {
    PrintError(files.error().message);
    return kFailed;
  }
  Formatted counts;
  for (const TextFile& file : *files) {
    if (auto status = FormatFile(file, options, counts); !status.ok()) {
      PrintError(status.message);
      return kFailed;
    }
  }
  const bool only_looked = options.check || options.diff;
  return counts.has_errors || (only_looked && counts.changed > 0) ? kFound : kDone;
}

}  // namespace stagecraft::cli
