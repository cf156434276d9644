#include "server/rpc/script_tests.h"

#include <chrono>
#include <optional>

#include "dsl/support/show.h"
#include "runtime/scenario/scenario.h"
#include "server/rpc/diagnostic_convert.h"
#include "server/rpc/limits.h"
#include "server/rpc/status_map.h"

namespace stagecraft::server {
namespace {

using runtime::Happening;
using runtime::TestOutcome;
using Steady = std::chrono::steady_clock;

double SecondsNow() { return std::chrono::duration<double>(Steady::now().time_since_epoch()).count(); }

void FillDuration(double seconds, google::protobuf::Duration& out) {
  constexpr double kNanos = 1e9;
  const auto whole = static_cast<std::int64_t>(seconds);
  out.set_seconds(whole);
  out.set_nanos(static_cast<std::int32_t>((seconds - static_cast<double>(whole)) * kNanos));
}

void FillHappening(const Happening& happening, v1::TestHappening& out) {
  out.set_at(happening.at);
  out.set_title(CleanText(happening.title));
  out.set_given(happening.given);
  for (const std::string& change : happening.changes) out.add_changes(CleanText(change));
  for (const Happening::RuleRun& run : happening.rules) {
    v1::TestRuleRun& message = *out.add_rules();
    message.set_rule(CleanText(run.rule));
    message.set_file(run.file);
    message.set_line(static_cast<std::int32_t>(run.line));
    for (const std::string& change : run.changes) message.add_changes(CleanText(change));
  }
}

// What came of a test, without failures and story.
void FillResult(const TestOutcome& outcome, const CompileResult& scripts, v1::TestResult& out) {
  const sema::Test& test = scripts.tests->tests->tests[outcome.test];
  out.set_name(CutBytes(test.name, limits::kTestNameBytesMax));
  FillRange(test.name_span, scripts.sources, *out.mutable_range());
  out.set_outcome(!outcome.ran ? v1::TEST_OUTCOME_NOT_RUN : outcome.passed() ? v1::TEST_OUTCOME_PASSED : v1::TEST_OUTCOME_FAILED);
  FillDuration(outcome.seconds, *out.mutable_duration());
}

void FillFailures(const TestOutcome& outcome, const SourceSet& sources, v1::TestResult& out) {
  for (const runtime::TestFailure& failure : outcome.failures) {
    v1::TestFailure& message = *out.add_failures();
    FillDiagnostic(DiagnosticOf(failure), sources, *message.mutable_diagnostic());
    message.set_expected(CleanText(failure.expected));
    message.set_found(CleanText(failure.found));
  }
}

void FillStory(const TestOutcome& outcome, v1::TestResult& out) {
  for (const Happening& happening : outcome.timeline) FillHappening(happening, *out.add_timeline());
}

// Adds what `fill` puts into a message when there is room for it; false, and nothing is added, when there is none.
template <typename Fill>
bool AddWithin(std::size_t& room, v1::TestResult& out, const Fill& fill) {
  constexpr std::size_t kHeadBytes = 8;  // of the message around it, whose length grows
  v1::TestResult more;
  fill(more);
  const std::size_t bytes = more.ByteSizeLong();
  if (bytes == 0) return true;
  if (bytes + kHeadBytes > room) return false;
  room -= bytes + kHeadBytes;
  out.MergeFrom(more);
  return true;
}

// Failures first, since they say more than stories.
void FillDetails(const runtime::TestReport& report, const SourceSet& sources, std::size_t room, v1::TestScriptsResponse& response) {
  for (std::size_t i = 0; i < report.outcomes.size(); ++i) {
    const TestOutcome& outcome = report.outcomes[i];
    v1::TestResult& out = *response.mutable_tests(static_cast<int>(i));
    const bool all = AddWithin(room, out, [&](v1::TestResult& more) { FillFailures(outcome, sources, more); });
    out.set_failures_left_out(!all);
  }
  for (std::size_t i = 0; i < report.outcomes.size(); ++i) {
    const TestOutcome& outcome = report.outcomes[i];
    v1::TestResult& out = *response.mutable_tests(static_cast<int>(i));
    const bool told = AddWithin(room, out, [&](v1::TestResult& more) { FillStory(outcome, more); });
    out.set_untold_count(static_cast<std::int32_t>(outcome.untold + (told ? 0 : outcome.timeline.size())));
  }
}

v1::CoverageKind KindOf(runtime::CoverageKind kind) {
  switch (kind) {
    case runtime::CoverageKind::kRule:
      return v1::COVERAGE_KIND_RULE;
    case runtime::CoverageKind::kBranch:
      return v1::COVERAGE_KIND_BRANCH;
    case runtime::CoverageKind::kScoreLine:
      return v1::COVERAGE_KIND_SCORE_LINE;
    case runtime::CoverageKind::kList:
      return v1::COVERAGE_KIND_LIST;
    case runtime::CoverageKind::kDefinition:
      return v1::COVERAGE_KIND_DEFINITION;
  }
  return v1::COVERAGE_KIND_UNSPECIFIED;
}

void FillCoverage(const std::vector<runtime::FileCoverage>& files, v1::TestScriptsResponse& response) {
  for (const runtime::FileCoverage& file : files) {
    v1::FileCoverage& message = *response.add_coverage();
    message.set_file(file.file);
    for (const runtime::CoverageItem& item : file.items) {
      v1::CoverageItem& added = *message.add_items();
      added.set_kind(KindOf(item.kind));
      added.set_name(CleanText(item.name));
      added.set_line(static_cast<std::int32_t>(item.line));
      added.set_count(static_cast<std::int64_t>(item.count));
    }
  }
}

runtime::Status TooManyTests(std::size_t count) {
  return InvalidField("files", "TOO_MANY_TESTS",
                      "what came of " + std::to_string(count) + " tests, or what they have seen, is more than one answer can hold; " +
                          "choose some of them with `filter`, leave `coverage` out, or run `stagecraft test` where the scripts are");
}

}  // namespace

runtime::Status RunScriptTests(const CompileResult& scripts, const v1::TestScriptsRequest& request, const std::function<bool()>& abandoned,
                               v1::TestScriptsResponse& response) {
  FillDiagnostics(scripts.diagnostics, scripts.sources, *response.mutable_diagnostics());
  if (scripts.program == nullptr) return {};
  std::optional<runtime::CoverageCounts> counts;
  if (request.coverage()) counts.emplace(*scripts.program);
  runtime::TestRunOptions options;
  options.filter = request.filter();
  options.jobs = 1;  // one worker is what a call may take
  const auto end = Steady::now() + limits::kTestTimeMax;
  options.cancelled = [&] { return Steady::now() >= end || abandoned(); };
  options.seconds = SecondsNow;
  const runtime::Prepared prepared(scripts.program, *scripts.tests);
  const runtime::TestReport report = RunTests(prepared, options, counts ? &*counts : nullptr);
  for (const TestOutcome& outcome : report.outcomes) FillResult(outcome, scripts, *response.add_tests());
  response.set_failed_count(static_cast<std::int32_t>(report.failed));
  response.set_not_run_count(static_cast<std::int32_t>(report.not_run));
  response.set_passed_count(response.tests_size() - response.failed_count() - response.not_run_count());
  if (counts) FillCoverage(CoverageOf(*scripts.program, *counts), response);
  // Of each result: two flags and a count, added below.
  constexpr std::size_t kFlagsBytes = 24;
  const std::size_t bytes = response.ByteSizeLong() + report.outcomes.size() * kFlagsBytes;
  if (bytes > limits::kTestAnswerBytesMax) return TooManyTests(report.outcomes.size());
  FillDetails(report, scripts.sources, limits::kTestAnswerBytesMax - bytes, response);
  return {};
}

}  // namespace stagecraft::server
