#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "cli/test_report.h"
#include "dsl/support/junit.h"
#include "dsl/support/render.h"
#include "dsl/support/show.h"

namespace stagecraft::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string Dump(const Json& json) { return CleanJson(json.dump(2, ' ', false, Json::error_handler_t::replace)); }

Json PlaceOf(const Span& span, const SourceSet& sources) {
  const Source& source = sources[span.source];
  const Position begin = source.PositionAt(span.begin);
  const Position end = source.PositionAt(span.end);
  return {{"file", source.name()}, {"line", begin.line}, {"column", begin.column}, {"end_line", end.line}, {"end_column", end.column}};
}

Json TimelineOf(const std::vector<runtime::Happening>& timeline) {
  Json entries = Json::array();
  for (const runtime::Happening& happening : timeline) {
    Json rules = Json::array();
    for (const runtime::Happening::RuleRun& run : happening.rules) {
      rules.push_back({{"rule", run.rule}, {"file", run.file}, {"line", run.line}, {"changes", run.changes}});
    }
    entries.push_back({{"at", happening.at},
                       {"title", happening.title},
                       {"given", happening.given},
                       {"changes", happening.changes},
                       {"rules", std::move(rules)}});
  }
  return entries;
}

Json OutcomeOf(const runtime::TestOutcome& outcome, const CompileResult& scripts) {
  const sema::Test& test = scripts.tests->tests->tests[outcome.test];
  Json failures = Json::array();
  for (const runtime::TestFailure& failure : outcome.failures) {
    Json entry = {{"code", CodeName(failure.code)}, {"expected", failure.expected}, {"found", failure.found}};
    entry.update(PlaceOf(failure.span, scripts.sources));
    failures.push_back(std::move(entry));
  }
  Json json = {{"name", test.name}};
  json.update(PlaceOf(test.name_span, scripts.sources));
  json["outcome"] = !outcome.ran ? "not run" : outcome.passed() ? "passed" : "failed";
  json["seconds"] = outcome.seconds;
  json["failures"] = std::move(failures);
  json["timeline"] = TimelineOf(outcome.timeline);
  json["untold"] = outcome.untold;
  return json;
}

Json CoverageJson(const std::vector<runtime::FileCoverage>& files) {
  Json json = Json::array();
  for (const runtime::FileCoverage& file : files) {
    Json items = Json::array();
    for (const runtime::CoverageItem& item : file.items) {
      items.push_back({{"kind", CoverageKindName(item.kind)}, {"name", item.name}, {"line", item.line}, {"count", item.count}});
    }
    const runtime::CoverageTotals totals = TotalsOf(file.items);
    json.push_back({{"file", file.file}, {"seen", totals.seen}, {"all", totals.all}, {"items", std::move(items)}});
  }
  return json;
}

std::string_view FateName(runtime::MutantFate fate) {
  switch (fate) {
    case runtime::MutantFate::kNotTried:
      return "not tried";
    case runtime::MutantFate::kKilled:
      return "killed";
    case runtime::MutantFate::kSurvived:
      return "survived";
    case runtime::MutantFate::kRefused:
      return "refused";
    case runtime::MutantFate::kSame:
      return "same";
  }
  return "";
}

Json MutationJson(const runtime::MutationReport& mutation, const SourceSet& sources) {
  Json mutants = Json::array();
  for (const runtime::TriedMutant& tried : mutation.mutants) {
    Json entry = PlaceOf(tried.mutant.place, sources);
    entry["what"] = tried.mutant.what;
    entry["replacement"] = tried.mutant.edit.replacement;
    entry["fate"] = FateName(tried.fate);
    if (tried.fate == runtime::MutantFate::kKilled) entry["killed_by"] = tried.killed_by;
    mutants.push_back(std::move(entry));
  }
  return {{"killed", mutation.killed},
          {"survived", mutation.survived},
          {"not_tried", mutation.not_tried},
          {"percent", mutation.Percent()},
          {"mutants", std::move(mutants)}};
}

// What of a file's lines was seen: of several things in a line the sum.
void PutLines(const runtime::FileCoverage& file, std::string& out) {
  std::map<std::uint32_t, std::uint64_t> lines;
  for (const runtime::CoverageItem& item : file.items) {
    if (item.kind != runtime::CoverageKind::kBranch) lines[item.line] += item.count;
  }
  std::size_t hit = 0;
  for (const auto& [line, count] : lines) {
    out += fmt::format("DA:{},{}\n", line, count);
    hit += count != 0 ? 1 : 0;
  }
  out += fmt::format("LF:{}\nLH:{}\n", lines.size(), hit);
}

void PutBranches(const runtime::FileCoverage& file, std::string& out) {
  std::map<std::pair<std::uint32_t, std::uint32_t>, bool> reached;  // by line and block
  for (const runtime::CoverageItem& item : file.items) {
    if (item.kind == runtime::CoverageKind::kBranch && item.count != 0) reached[{item.line, item.block}] = true;
  }
  std::size_t found = 0;
  std::size_t hit = 0;
  for (const runtime::CoverageItem& item : file.items) {
    if (item.kind != runtime::CoverageKind::kBranch) continue;
    // A branch that was never come to is `-`, not 0.
    const std::string count = reached[{item.line, item.block}] ? std::to_string(item.count) : "-";
    out += fmt::format("BRDA:{},{},{},{}\n", item.line, item.block, item.branch, count);
    ++found;
    hit += item.count != 0 ? 1 : 0;
  }
  if (found > 0) out += fmt::format("BRF:{}\nBRH:{}\n", found, hit);
}

}  // namespace

std::string TestsAsJson(const TestRunReport& report) {
  Json tests = Json::array();
  for (const runtime::TestOutcome& outcome : report.tests.outcomes) tests.push_back(OutcomeOf(outcome, report.scripts));
  Json json = {{"passed", report.tests.outcomes.size() - report.tests.failed - report.tests.not_run},
               {"failed", report.tests.failed},
               {"not_run", report.tests.not_run},
               {"tests", std::move(tests)}};
  if (report.coverage) json["coverage"] = CoverageJson(*report.coverage);
  if (report.mutation != nullptr) json["mutation"] = MutationJson(*report.mutation, report.scripts.sources);
  return Dump(json) + "\n";
}

std::string ErrorsAsJson(const CompileResult& scripts) {
  const Json json = {{"passed", 0},
                     {"failed", 0},
                     {"not_run", 0},
                     {"tests", Json::array()},
                     {"findings", Json::parse(RenderJson(scripts.diagnostics, scripts.sources))}};
  return Dump(json) + "\n";
}

std::string TestsAsJunit(const TestRunReport& report) {
  std::vector<JunitSuite> suites;
  const SourceSet& sources = report.scripts.sources;
  const std::vector<Diagnostic> diagnostics = DiagnosticsOf(report.tests);
  auto next = diagnostics.begin();
  for (const runtime::TestOutcome& outcome : report.tests.outcomes) {
    const sema::Test& test = report.scripts.tests->tests->tests[outcome.test];
    const std::string& file = sources[test.span.source].name();
    if (suites.empty() || suites.back().name != file) suites.push_back({file, {}});
    JunitCase entry{file, test.name, outcome.seconds, !outcome.ran, {}, {}};
    for (std::size_t i = 0; i < outcome.failures.size(); ++i, ++next) {
      entry.failures.push_back({CodeName(next->code), next->message, Render(*next, sources)});
    }
    entry.output = StoryAsText(outcome, false);
    suites.back().cases.push_back(std::move(entry));
  }
  return RenderJunit(suites);
}

std::string CoverageAsJson(const std::vector<runtime::FileCoverage>& files) { return Dump(CoverageJson(files)) + "\n"; }

std::string CoverageAsLcov(const std::vector<runtime::FileCoverage>& files) {
  std::string out;
  for (const runtime::FileCoverage& file : files) {
    // The format has no way to write a line break in a name.
    out += "TN:\nSF:" + OneLine(file.file) + "\n";
    PutBranches(file, out);
    PutLines(file, out);
    out += "end_of_record\n";
  }
  return out;
}

}  // namespace stagecraft::cli
