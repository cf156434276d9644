// Kinds that run the `test` blocks of a script.
#include <string>
#include <utility>

#include "dsl/compile.h"
#include "runtime/scenario/mutation.h"
#include "runtime/scenario/scenario.h"
#include "tests/language/cases.h"

namespace stagecraft::tests {
namespace {

using runtime::CoverageCounts;
using runtime::Happening;
using runtime::MutantFate;
using runtime::TestOutcome;

CompileResult CompileText(const std::string& script) {
  std::vector<Source> sources;
  sources.emplace_back("script.stage", script);
  return Compile(std::move(sources));
}

runtime::TestReport Run(const CompileResult& compiled, CoverageCounts* counts) {
  return RunTests(runtime::Prepared(compiled.program, *compiled.tests), {}, counts);
}

std::string LineOf(const CompileResult& compiled, const Span& span) {
  return std::to_string(compiled.sources[span.source].PositionAt(span.begin).line);
}

void DescribeStory(const std::vector<Happening>& timeline, std::string& out) {
  for (const Happening& happening : timeline) {
    out += "  " + happening.at + " " + (happening.given ? "given " : "") + happening.title + "\n";
    for (const std::string& change : happening.changes) out += "    " + change + "\n";
    for (const Happening::RuleRun& run : happening.rules) {
      out += "    " + run.rule + " (line " + std::to_string(run.line) + ")\n";
      for (const std::string& change : run.changes) out += "      " + change + "\n";
    }
  }
}

std::string DescribeTests(const std::string& script, bool with_story) {
  const CompileResult compiled = CompileText(script);
  if (compiled.program == nullptr) return Describe(compiled.diagnostics, compiled.sources);
  std::string out;
  for (const TestOutcome& outcome : Run(compiled, nullptr).outcomes) {
    out += (outcome.passed() ? "passed " : "failed ") + compiled.tests->tests->tests[outcome.test].name + "\n";
    for (const runtime::TestFailure& failure : outcome.failures) {
      out += "  line " + LineOf(compiled, failure.span) + (failure.code == Code::kStepFailed ? ": tried " : ": expected ") +
             failure.expected + "\n  but " + failure.found + "\n";
    }
    if (with_story) DescribeStory(outcome.timeline, out);
  }
  return out;
}

std::string DescribeCoverage(const std::string& script) {
  const CompileResult compiled = CompileText(script);
  if (compiled.program == nullptr) return Describe(compiled.diagnostics, compiled.sources);
  CoverageCounts counts(*compiled.program);
  Run(compiled, &counts);
  std::string out;
  for (const runtime::FileCoverage& file : CoverageOf(*compiled.program, counts)) {
    for (const runtime::CoverageItem& item : file.items) {
      out += "line " + std::to_string(item.line) + " " + std::string(CoverageKindName(item.kind)) + " " + item.name + ": " +
             (item.count != 0 ? "seen" : "not seen") + "\n";
    }
  }
  return out;
}

std::string DescribeFate(const runtime::TriedMutant& tried) {
  switch (tried.fate) {
    case MutantFate::kKilled:
      return "killed by " + tried.killed_by;
    case MutantFate::kSurvived:
      return "survived";
    case MutantFate::kRefused:
      return "refused";
    case MutantFate::kSame:
      return "the same";
    case MutantFate::kNotTried:
      break;
  }
  return "not tried";
}

std::string DescribeMutants(const std::string& script) {
  const CompileResult compiled = CompileText(script);
  if (compiled.program == nullptr) return Describe(compiled.diagnostics, compiled.sources);
  const runtime::MutationReport report = runtime::TryMutants(compiled, 1, {});
  std::string out;
  for (const runtime::TriedMutant& tried : report.mutants) {
    out += "line " + LineOf(compiled, tried.mutant.place) + " " + tried.mutant.what + ": " + DescribeFate(tried) + "\n";
  }
  return out + std::to_string(report.Percent()) + " %\n";
}

}  // namespace

void AddScenarioKinds(Kinds& kinds) {
  kinds["test"] = [](const LanguageCase& one) { return DescribeTests(one.script, false); };
  kinds["story"] = [](const LanguageCase& one) { return DescribeTests(one.script, true); };
  kinds["coverage"] = [](const LanguageCase& one) { return DescribeCoverage(one.script); };
  kinds["mutants"] = [](const LanguageCase& one) { return DescribeMutants(one.script); };
}

}  // namespace stagecraft::tests
