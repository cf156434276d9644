#include "runtime/scenario/scenario.h"

#include <atomic>
#include <mutex>
#include <optional>
#include <utility>

#include "dsl/support/text.h"
#include "runtime/scenario/test_run.h"
#include "runtime/scenario/workers.h"

namespace stagecraft::runtime {
namespace {

std::vector<std::uint32_t> Select(const sema::TestSet& set, const std::string& filter) {
  const std::string wanted = FoldCase(filter);
  std::vector<std::uint32_t> selected;
  for (std::uint32_t i = 0; i < set.tests.size(); ++i) {
    if (wanted.empty() || FoldCase(set.tests[i].name).find(wanted) != std::string::npos) selected.push_back(i);
  }
  return selected;
}

// The threads' common work.
class Pool {
 public:
  Pool(const Prepared& prepared, const TestRunOptions& options, std::vector<TestOutcome>& outcomes, CoverageCounts* counts)
      : prepared_(prepared), options_(options), outcomes_(outcomes), counts_(counts) {}

  void Run() {
    RunWorkers(options_.jobs, outcomes_.size(), [this] { Work(); });
  }

 private:
  void Work() {
    std::optional<CoverageCounts> counts;
    if (counts_ != nullptr) counts.emplace(*prepared_.program);
    for (std::size_t next = next_++; next < outcomes_.size() && !stopped_; next = next_++) {
      if (options_.cancelled && options_.cancelled()) break;
      TestOutcome& outcome = outcomes_[next];
      const double began = options_.seconds ? options_.seconds() : 0;
      const Onlooker onlooker{counts ? &*counts : nullptr, options_.cancelled ? &options_.cancelled : nullptr};
      // Tests are begun in their order, so what has failed by now stands before this one.
      const bool told = failed_ < kStoriesMax;
      TestRun(prepared_, prepared_.suite.tests->tests[outcome.test], onlooker).Run(outcome, told);
      if (!outcome.failures.empty()) ++failed_;
      if (options_.seconds) outcome.seconds = options_.seconds() - began;
      if (options_.stop_at_first && !outcome.passed()) stopped_ = true;
    }
    if (!counts) return;
    const std::lock_guard lock(mutex_);
    counts_->Add(*counts);
  }

  const Prepared& prepared_;
  const TestRunOptions& options_;
  std::vector<TestOutcome>& outcomes_;
  CoverageCounts* counts_;
  std::mutex mutex_;  // guards *counts_
  std::atomic<std::size_t> next_{0};
  std::atomic<std::uint32_t> failed_{0};
  std::atomic<bool> stopped_{false};
};

}  // namespace

TestReport RunTests(const Prepared& prepared, const TestRunOptions& options, CoverageCounts* counts) {
  TestReport report;
  for (const std::uint32_t number : Select(*prepared.suite.tests, options.filter)) {
    report.outcomes.emplace_back();
    report.outcomes.back().test = number;
  }
  Pool(prepared, options, report.outcomes, counts).Run();
  std::uint32_t stories = 0;
  for (TestOutcome& outcome : report.outcomes) {
    if (!outcome.ran) ++report.not_run;
    if (outcome.ran && !outcome.failures.empty()) ++report.failed;
    // Which stories are told does not depend on which thread was quicker.
    if (!outcome.failures.empty() && ++stories > kStoriesMax) {
      outcome.untold += static_cast<std::uint32_t>(outcome.timeline.size());
      outcome.timeline.clear();
    }
  }
  return report;
}

Diagnostic DiagnosticOf(const TestFailure& failure) {
  Diagnostic diagnostic;
  diagnostic.code = failure.code;
  diagnostic.severity = Severity::kError;
  diagnostic.span = failure.span;
  diagnostic.message = failure.code == Code::kStepFailed ? "this step could not be taken: " + failure.found
                                                         : "expected " + failure.expected + ", but " + failure.found;
  diagnostic.label = failure.code == Code::kStepFailed ? "this step" : "does not hold";
  return diagnostic;
}

std::vector<Diagnostic> DiagnosticsOf(const TestReport& report) {
  std::vector<Diagnostic> diagnostics;
  for (const TestOutcome& outcome : report.outcomes) {
    for (const TestFailure& failure : outcome.failures) diagnostics.push_back(DiagnosticOf(failure));
  }
  return diagnostics;
}

}  // namespace stagecraft::runtime
