#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "cli/config.h"
#include "cli/files.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "cli/write_file.h"
#include "dsl/compile.h"
#include "dsl/support/apply_fixes.h"
#include "dsl/support/render.h"
#include "dsl/support/severity.h"

namespace stagecraft::cli {
namespace {

// What a machine reads may be longer than what a person does.
constexpr std::uint32_t kFindingsMax = 10'000;
// A fix can make room for another one; those that undo each other must not go on forever.
constexpr int kFixRoundsMax = 10;

CompileResult CompileFiles(const std::vector<TextFile>& files, const Config& config) {
  std::vector<Source> sources;
  sources.reserve(files.size());
  for (const TextFile& file : files) sources.emplace_back(file.name, file.text);
  Limits limits;
  limits.diagnostics_max = kFindingsMax;
  CompileResult result = Compile(std::move(sources), {}, limits);
  ApplySeverities(config.severities, result.diagnostics);
  return result;
}

struct Fixed {
  std::size_t fixes = 0;
  std::set<std::string> files;
};

// Mends `files` until there is nothing left that can be mended; `result` is the check of what came of it.
Fixed FixTexts(std::vector<TextFile>& files, const Config& config, CompileResult& result) {
  std::map<std::string, TextFile*> by_name;
  for (TextFile& file : files) by_name[file.name] = &file;
  Fixed fixed;
  for (int round = 0; round < kFixRoundsMax; ++round) {
    const auto changed = ApplySafeFixes(result.sources, files.size(), result.diagnostics);
    if (changed.empty()) break;
    for (const FixedSource& source : changed) {
      const std::string& name = result.sources[source.source].name();
      by_name.at(name)->text = source.text;
      fixed.files.insert(name);
      fixed.fixes += source.fixes;
    }
    result = CompileFiles(files, config);
  }
  return fixed;
}

runtime::Status FixFiles(std::vector<TextFile>& files, const Config& config, CompileResult& result) {
  const Fixed fixed = FixTexts(files, config, result);
  for (const TextFile& file : files) {
    if (fixed.files.count(file.name) == 0) continue;
    if (auto status = ReplaceFile(file.name, file.text); !status.ok()) return status;
  }
  if (fixed.fixes > 0) PrintNote(fmt::format("fixed {} in {}", Counted(fixed.fixes, "finding"), Counted(fixed.files.size(), "file")));
  return {};
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
  if (options.fix && std::count(options.paths.begin(), options.paths.end(), "-") > 0) {
    PrintError("--fix cannot change standard input; give it files or folders");
    return kFailed;
  }
  auto files = ReadScripts(options.paths);
  if (!files) return Failed(files.error());
  const auto config = ReadConfig(options.paths);
  if (!config) return Failed(config.error());

  CompileResult result = CompileFiles(*files, *config);
  if (options.fix) {
    if (auto status = FixFiles(*files, *config, result); !status.ok()) return Failed(status);
  }
  const bool refuses_warnings = options.warnings_as_errors || config->warnings_as_errors;
  const Severity failing = refuses_warnings ? Severity::kWarning : Severity::kError;
  Print({result.sources, files->size(), result.diagnostics, result.allowed, failing}, options.format);
  const bool refused = std::any_of(result.diagnostics.begin(), result.diagnostics.end(),
                                   [failing](const Diagnostic& diagnostic) { return diagnostic.severity <= failing; });
  return refused ? kFound : kDone;
}

}  // namespace stagecraft::cli
