#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <mutex>
#include <optional>
#include <utility>

#include "cli/config.h"
#include "cli/files.h"
#include "cli/terminal.h"
#include "cli/test_report.h"
#include "cli/verbs.h"
#include "cli/watch.h"
#include "cli/write_file.h"
#include "dsl/support/render.h"
#include "dsl/support/severity.h"

namespace stagecraft::cli {
namespace {

using Stopping = std::function<bool()>;

double Now() {
  const std::chrono::duration<double> since = std::chrono::steady_clock::now().time_since_epoch();
  return since.count();
}

int Failed(const std::string& message) {
  PrintError(message);
  return kFailed;
}

// One run: reads, compiles, runs, tells.
class TestVerb {
 public:
  TestVerb(const TestOptions& options, Stopping stopping) : options_(options), stopping_(std::move(stopping)) {}

  int Run() {
    const double began = Now();
    auto files = ReadScripts(options_.paths);
    if (!files) return Failed(files.error().message);
    const auto config = ReadConfig(options_.paths);
    if (!config) return Failed(config.error().message);
    file_count_ = files->size();
    std::vector<Source> sources;
    for (auto& file : *files) sources.emplace_back(std::move(file.name), std::move(file.text));
    scripts_ = Compile(std::move(sources));
    ApplySeverities(config->severities, scripts_.diagnostics);
    if (scripts_.program == nullptr) return ReportErrors();
    if (scripts_.tests->tests->tests.empty()) {
      PrintNote("there is no test in these scripts");
    }

    std::optional<runtime::CoverageCounts> counts;
    if (options_.coverage != CoverageFormat::kNone) counts.emplace(*scripts_.program);
    runtime::TestRunOptions run;
    run.filter = options_.filter;
    run.jobs = static_cast<std::uint32_t>(options_.jobs);
    run.cancelled = stopping_;
    run.seconds = Now;
    const runtime::TestReport tests = RunTests(runtime::Prepared(scripts_.program, *scripts_.tests), run, counts ? &*counts : nullptr);
    if (tests.outcomes.empty() && !options_.filter.empty()) {
      return Failed(fmt::format("no test has `{}` in its name", options_.filter));
    }
    TestRunReport report{scripts_, tests};
    if (counts) report.coverage = CoverageOf(*scripts_.program, *counts);
    std::optional<runtime::MutationReport> mutation;
    if (options_.mutate && tests.failed == 0 && tests.not_run == 0) mutation = TryMutants();
    if (mutation) report.mutation = &*mutation;
    // How long it took is of no use in a file, where each run would be another.
    if (IsTerminal(stdout)) report.seconds = Now() - began;
    return Tell(report);
  }

 private:
  // A program that asked for a format finds the findings in it.
  int ReportErrors() {
    std::FILE* stream = TestStream();
    const CheckReport report{scripts_.sources, file_count_, scripts_.diagnostics, scripts_.allowed, Severity::kError};
    switch (options_.format) {
      case TestFormat::kText: {
        auto shown = scripts_.diagnostics;
        SortAndCap(shown, Limits().diagnostics_max);
        fmt::print(stderr, "{}", Render(shown, scripts_.sources, FindingsOn(stderr)));
        break;
      }
      case TestFormat::kJson:
        fmt::print(stream, "{}", ErrorsAsJson(scripts_));
        break;
      case TestFormat::kJunit:
        fmt::print(stream, "{}", RenderJunit(report));
        break;
      case TestFormat::kGithub:
        fmt::print(stream, "{}", RenderGithub(report.diagnostics, report.sources));
        break;
      case TestFormat::kSarif:
        fmt::print(stream, "{}\n", RenderSarif(report, STAGECRAFT_VERSION));
        break;
    }
    PrintError("the tests were not run, since the scripts have errors");
    return kFound;
  }

  runtime::MutationReport TryMutants() {
    Progress progress("trying mutants", 0);
    std::mutex mutex;
    runtime::MutationOptions options;
    options.jobs = static_cast<std::uint32_t>(options_.jobs);
    options.cancelled = stopping_;
    options.done = [&](std::size_t done) {
      const std::lock_guard lock(mutex);
      progress.Show(done);
    };
    return runtime::TryMutants(scripts_, file_count_, options);
  }

  // What a program is to read from standard output must stand there alone.
  std::FILE* TestStream() const {
    const bool coverage_alone = options_.coverage_output.empty() && options_.format != TestFormat::kJson &&
                                (options_.coverage == CoverageFormat::kJson || options_.coverage == CoverageFormat::kLcov);
    return coverage_alone ? stderr : stdout;
  }

  static TextStyle StyleOf(std::FILE* stream) { return {HasColour(stream), IsTerminal(stream)}; }

  int Tell(const TestRunReport& report) {
    std::FILE* stream = TestStream();
    switch (options_.format) {
      case TestFormat::kText:
        fmt::print(stream, "{}", TestsAsText(report, StyleOf(stream)));
        if (report.mutation != nullptr) fmt::print(stream, "\n{}", MutationAsText(report, StyleOf(stream)));
        break;
      case TestFormat::kJson:
        fmt::print(stream, "{}", TestsAsJson(report));
        break;
      case TestFormat::kJunit:
        fmt::print(stream, "{}", TestsAsJunit(report));
        break;
      case TestFormat::kGithub:
        fmt::print(stream, "{}", RenderGithub(DiagnosticsOf(report.tests), scripts_.sources));
        break;
      case TestFormat::kSarif:
        fmt::print(stream, "{}\n",
                   RenderSarif({scripts_.sources, file_count_, DiagnosticsOf(report.tests), scripts_.allowed, Severity::kError},
                               STAGECRAFT_VERSION));
        break;
    }
    if (const int code = TellCoverage(report); code != kDone) return code;
    if (report.tests.failed > 0) {
      if (options_.mutate) PrintNote("mutants are tried once all tests pass");
      return kFound;
    }
    if (report.tests.not_run > 0) return kFailed;
    const bool too_few = report.mutation != nullptr && report.mutation->Percent() < static_cast<std::uint32_t>(options_.mutation_at_least);
    if (too_few) PrintNote(fmt::format("expected at least {} % of the mutants to be killed", options_.mutation_at_least));
    return too_few ? kFound : kDone;
  }

  int TellCoverage(const TestRunReport& report) const {
    if (!report.coverage) return kDone;
    std::string text;
    switch (options_.coverage) {
      case CoverageFormat::kNone:
        return kDone;
      case CoverageFormat::kText:
        text = CoverageAsText(*report.coverage, options_.coverage_output.empty() ? StyleOf(stdout) : TextStyle());
        break;
      case CoverageFormat::kJson:
        text = CoverageAsJson(*report.coverage);
        break;
      case CoverageFormat::kLcov:
        text = CoverageAsLcov(*report.coverage);
        break;
    }
    if (!options_.coverage_output.empty()) {
      const auto status = ReplaceFile(options_.coverage_output, text);
      return status.ok() ? kDone : Failed(status.message);
    }
    // JSON has it in itself; the other formats of a program have no place for it.
    if (options_.format == TestFormat::kText || TestStream() == stderr) fmt::print("{}{}", TestStream() == stderr ? "" : "\n", text);
    return kDone;
  }

  const TestOptions& options_;
  const Stopping stopping_;
  std::size_t file_count_ = 0;
  CompileResult scripts_;
};

}  // namespace

int Test(const TestOptions& options) {
  const auto run = [&](const Stopping& stopping) { return TestVerb(options, stopping).Run(); };
  if (!options.watch) return run({});
  return WatchFiles(options.paths, [&](const Stopping& stopping) {
    // A fresh page for each run, where there is a screen.
    if (IsTerminal(stdout)) fmt::print("\x1b[2J\x1b[H");
    const int code = run(stopping);
    PrintNote("waiting for a change; Ctrl-C ends");
    return code;
  });
}

}  // namespace stagecraft::cli
