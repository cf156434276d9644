#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

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
  // `watch`: null when there is one run only.
  TestVerb(const TestOptions& options, Watch* watch) : options_(options), watch_(watch) {}

  int Run() {
    const double began = Now();
    std::vector<std::string> looked_for = watch_ == nullptr ? std::vector<std::string>() : ConfigPlaces(options_.paths);
    auto files = ReadProgram(options_.paths, &looked_for);
    if (watch_ != nullptr) watch_->Add(looked_for);
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
    run.cancelled = Stopping();
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
    options.cancelled = Stopping();
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
      const auto status = WriteFile(options_.coverage_output, text);
      return status.ok() ? kDone : Failed(status.message);
    }
    // JSON has it in itself; the other formats of a program have no place for it.
    if (options_.format == TestFormat::kText || TestStream() == stderr) fmt::print("{}{}", TestStream() == stderr ? "" : "\n", text);
    return kDone;
  }

  std::function<bool()> Stopping() const {
    if (watch_ == nullptr) return {};
    return [this] { return watch_->IsStopping(); };
  }

  const TestOptions& options_;
  Watch* const watch_;
  std::size_t file_count_ = 0;
  CompileResult scripts_;
};

}  // namespace

int Test(const TestOptions& options) {
  if (!options.watch) return TestVerb(options, nullptr).Run();
  if (std::count(options.paths.begin(), options.paths.end(), "-") > 0) {
    return Failed("--watch cannot look at standard input; give it files or folders");
  }
  return WatchFiles(options.paths, [&](Watch& watch) {
    // A fresh page for each run, where there is a screen.
    if (IsTerminal(stdout)) fmt::print("\x1b[2J\x1b[H");
    const int code = TestVerb(options, &watch).Run();
    PrintNote("waiting for a change; Ctrl-C ends");
    return code;
  });
}

}  // namespace stagecraft::cli
