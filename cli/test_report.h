// What `stagecraft test` has to tell, in each of its formats. docs/formats/ says what they hold.
#ifndef STAGECRAFT_CLI_TEST_REPORT_H_
#define STAGECRAFT_CLI_TEST_REPORT_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "dsl/compile.h"
#include "runtime/scenario/coverage.h"
#include "runtime/scenario/mutation.h"
#include "runtime/scenario/scenario.h"

namespace stagecraft::cli {

// One run of the tests of scripts.
struct TestRunReport {
  const CompileResult& scripts;
  const runtime::TestReport& tests;
  std::optional<std::vector<runtime::FileCoverage>> coverage = {};
  const runtime::MutationReport* mutation = nullptr;  // null: no mutants were tried
  double seconds = 0;
};

struct TextStyle {
  bool colour = false;
  bool isolate = false;  // RenderOptions::isolate
};

// ---- for people; names and values are shown by OneLine ----
// The tests with their outcome, the story of each that failed, and the sum.
std::string TestsAsText(const TestRunReport& report, const TextStyle& style);
// A table by file, and the places that no test has seen.
std::string CoverageAsText(const std::vector<runtime::FileCoverage>& files, const TextStyle& style);
// The mutants that no test notices, and the sum.
std::string MutationAsText(const TestRunReport& report, const TextStyle& style);

// What happened in a test that failed, oldest first, and what of it is left out; empty when nothing happened.
std::string StoryAsText(const runtime::TestOutcome& outcome, bool colour);

// ---- for programs ----
std::string TestsAsJson(const TestRunReport& report);
// The same of scripts that could not be run: no tests, but findings.
std::string ErrorsAsJson(const CompileResult& scripts);
std::string TestsAsJunit(const TestRunReport& report);
std::string CoverageAsJson(const std::vector<runtime::FileCoverage>& files);
// A tracefile as lcov's tools read it.
std::string CoverageAsLcov(const std::vector<runtime::FileCoverage>& files);

}  // namespace stagecraft::cli

#endif  // STAGECRAFT_CLI_TEST_REPORT_H_
