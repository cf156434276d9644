#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "cli/config.h"
#include "cli/files.h"
#include "cli/terminal.h"
#include "cli/unified_diff.h"
#include "cli/verbs.h"
#include "cli/write_file.h"
#include "dsl/mend.h"
#include "dsl/support/render.h"
#include "dsl/support/severity.h"
#include "dsl/support/show.h"

namespace stagecraft::cli {
namespace {

// What a machine reads may be longer than what a person does.
constexpr std::uint32_t kFindingsMax = 10'000;

std::vector<Source> SourcesOf(const std::vector<TextFile>& files) {
  std::vector<Source> sources;
  sources.reserve(files.size());
  for (const TextFile& file : files) sources.emplace_back(file.name, file.text);
  return sources;
}

// The files that were not given: they are read, and never written.
std::set<std::string> ImportedOf(const std::vector<TextFile>& files) {
  std::set<std::string> names;
  for (const TextFile& file : files) {
    if (file.imported) names.insert(file.name);
  }
  return names;
}

CompileResult CompileSources(std::vector<Source> sources, const Config& config) {
  Limits limits;
  limits.diagnostics_max = kFindingsMax;
  CompileResult result = Compile(std::move(sources), {}, limits);
  ApplySeverities(config.severities, result.diagnostics);
  return result;
}

// The mends in `files`, on standard error.
void ReportMends(const std::vector<Mend>& mends, const std::set<std::string>& files, bool only_shown) {
  std::size_t count = 0;
  for (const Mend& mend : mends) {
    if (files.count(mend.file) == 0) continue;
    ++count;
    PrintLine(stderr, fmt::format("{}:{}:{}: {}", mend.file, mend.at.line, mend.at.column, mend.what));
  }
  if (count == 0) return;
  PrintNote(fmt::format("{} {} in {}", only_shown ? "would mend" : "mended", Counted(count, "finding"), Counted(files.size(), "file")));
}

// Writes the files that are otherwise in `mended`, or shows them as a patch, until one fails; then says what was mended.
runtime::Status WriteMended(const std::vector<TextFile>& files, const Mended& mended, bool only_shown) {
  std::map<std::string_view, std::string_view> texts;
  for (std::size_t i = 0; i < files.size(); ++i) texts[mended.result.sources[i].name()] = mended.result.sources[i].text();
  runtime::Status status;
  std::set<std::string> done;
  for (const TextFile& file : files) {
    const std::string_view text = texts.at(file.name);
    if (text == file.text) continue;
    if (only_shown) {
      fmt::print("{}", UnifiedDiff(file.name, file.text, text, DiffOn(stdout)));
    } else {
      status = ChangeFile(file.name, file.text, text);
    }
    if (!status.ok()) break;
    done.insert(file.name);
  }
  ReportMends(mended.mends, done, only_shown);
  return status;
}

void Print(const CheckReport& report, CheckFormat format) {
  switch (format) {
    case CheckFormat::kText: {
      auto shown = report.diagnostics;
      SortAndCap(shown, Limits().diagnostics_max);
      fmt::print("{}", Render(shown, report.sources, FindingsOn(stdout)));
      break;
    }
    case CheckFormat::kJson:
      fmt::print("{}\n", RenderJson(report.diagnostics, report.sources));
      break;
    case CheckFormat::kSarif:
      fmt::print("{}\n", RenderSarif(report, STAGECRAFT_VERSION));
      break;
    case CheckFormat::kJunit:
      fmt::print("{}", RenderJunit(report));
      break;
    case CheckFormat::kGithub:
      fmt::print("{}", RenderGithub(report.diagnostics, report.sources));
      break;
  }
}

int Failed(const runtime::Status& status) {
  PrintError(status.message);
  return kFailed;
}

}  // namespace

int Check(const CheckOptions& options) {
  if (options.fix && !options.diff && std::count(options.paths.begin(), options.paths.end(), "-") > 0) {
    PrintError("--fix cannot change standard input; give it files or folders, or look with --diff");
    return kFailed;
  }
  auto files = ReadProgram(options.paths);
  if (!files) return Failed(files.error());
  const auto config = ReadConfig(options.paths);
  if (!config) return Failed(config.error());

  const auto compile = [&config](std::vector<Source> sources) { return CompileSources(std::move(sources), *config); };
  Mended checked;
  if (options.fix) {
    checked = MendScripts(SourcesOf(*files), compile, ImportedOf(*files));
    if (auto status = WriteMended(*files, checked, options.diff); !status.ok()) return Failed(status);
  } else {
    checked.result = compile(SourcesOf(*files));
  }
  const CompileResult& result = checked.result;
  const bool refuses_warnings = options.warnings_as_errors || config->warnings_as_errors;
  const Severity failing = refuses_warnings ? Severity::kWarning : Severity::kError;
  // A patch is read by `patch`: nothing else stands beside it.
  if (!options.diff) Print({result.sources, files->size(), result.diagnostics, result.allowed, failing}, options.format);
  const bool refused = std::any_of(result.diagnostics.begin(), result.diagnostics.end(),
                                   [failing](const Diagnostic& diagnostic) { return diagnostic.severity <= failing; });
  return refused || (options.diff && !checked.mends.empty()) ? kFound : kDone;
}

}  // namespace stagecraft::cli
