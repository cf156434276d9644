#include <fmt/format.h>

#include <algorithm>

#include "cli/table.h"
#include "cli/terminal.h"
#include "cli/test_report.h"
#include "dsl/support/render.h"
#include "dsl/support/show.h"

namespace stagecraft::cli {
namespace {

using runtime::Happening;
using runtime::TestOutcome;

// More are not listed one by one: only those that failed.
constexpr std::size_t kTestsListedMax = 60;

class TextReport {
 public:
  TextReport(const TestRunReport& report, const TextStyle& style) : report_(report), style_(style) {}

  std::string Write() {
    const auto& outcomes = report_.tests.outcomes;
    if (outcomes.size() <= kTestsListedMax) List();
    for (const TestOutcome& outcome : outcomes) {
      if (outcome.ran && !outcome.passed()) Story(outcome);
    }
    Sum();
    return std::move(text_);
  }

 private:
  const sema::Test& TestOf(const TestOutcome& outcome) const { return report_.scripts.tests->tests->tests[outcome.test]; }
  std::string Bold(std::string_view text) const { return Styled(text, Style::kBold, style_.colour); }
  std::string Dim(std::string_view text) const { return Styled(text, Style::kDim, style_.colour); }
  std::string Red(std::string_view text) const { return Styled(text, Style::kRed, style_.colour); }
  std::string Green(std::string_view text) const { return Styled(text, Style::kGreen, style_.colour); }

  void List() {
    std::uint32_t source = 0xFFFF'FFFF;
    for (const TestOutcome& outcome : report_.tests.outcomes) {
      const sema::Test& test = TestOf(outcome);
      if (test.span.source != source) {
        source = test.span.source;
        text_ += Bold(OneLine(report_.scripts.sources[source].name())) + "\n";
      }
      const std::string mark = !outcome.ran ? Dim("-") : outcome.passed() ? Green("✓") : Red("✗");
      text_ += "  " + mark + " " + OneLine(test.name) + "\n";
    }
  }

  void Story(const TestOutcome& outcome) {
    const sema::Test& test = TestOf(outcome);
    text_ += "\n" + Red("✗ " + OneLine(test.name)) + "\n";
    for (const runtime::TestFailure& failure : outcome.failures) Failure(failure);
    if (const std::string story = StoryAsText(outcome, style_.colour); !story.empty()) text_ += "\n" + story;
  }

  void Failure(const runtime::TestFailure& failure) {
    const bool step = failure.code == Code::kStepFailed;
    text_ += "\n  " + Red("-") + " " + Dim(step ? "tried     " : "expected  ") + OneLine(failure.expected) + "\n";
    text_ += "  " + Green("+") + " " + Dim("but       ") + OneLine(failure.found) + "\n";
    Diagnostic diagnostic;
    diagnostic.code = failure.code;
    diagnostic.span = failure.span;
    diagnostic.label = step ? "this step" : "does not hold";
    const std::string whole = Render(diagnostic, report_.scripts.sources, {style_.colour, style_.isolate});
    // The first line is the head of a finding; what is to be said has been said.
    Indent(std::string_view(whole).substr(std::min(whole.find('\n') + 1, whole.size())));
  }

  void Indent(std::string_view lines) {
    while (!lines.empty()) {
      const std::size_t length = std::min(lines.find('\n'), lines.size());
      text_ += fmt::format("  {}\n", lines.substr(0, length));
      lines.remove_prefix(std::min(length + 1, lines.size()));
    }
  }

  void Sum() {
    const std::size_t all = report_.tests.outcomes.size();
    const std::size_t passed = all - report_.tests.failed - report_.tests.not_run;
    if (!text_.empty()) text_ += "\n";
    if (report_.tests.failed > 0) text_ += Red(fmt::format("{} of {} failed", report_.tests.failed, Counted(all, "test")));
    if (report_.tests.failed == 0) text_ += Green(fmt::format("{} passed", Counted(passed, "test")));
    if (report_.tests.not_run > 0) text_ += fmt::format(", {} not run", report_.tests.not_run);
    if (report_.seconds > 0) text_ += Dim(fmt::format("  {:.2f} s", report_.seconds));
    text_ += "\n";
  }

  const TestRunReport& report_;
  const TextStyle& style_;
  std::string text_;
};

std::string ShareOf(const runtime::CoverageTotals& totals) {
  return totals.all == 0 ? std::string("-") : fmt::format("{}/{}", totals.seen, totals.all);
}

}  // namespace

std::string TestsAsText(const TestRunReport& report, const TextStyle& style) { return TextReport(report, style).Write(); }

std::string StoryAsText(const TestOutcome& outcome, bool colour) {
  const auto dim = [colour](std::string_view text) { return Styled(text, Style::kDim, colour); };
  const auto bold = [colour](std::string_view text) { return Styled(text, Style::kBold, colour); };
  if (outcome.timeline.empty()) {
    if (outcome.untold == 0) return {};
    return "  " +
           dim(fmt::format("what happened is told of the first {} tests that fail; --filter runs this one alone", runtime::kStoriesMax)) +
           "\n";
  }
  std::string text = "  " + bold("what happened") + "\n";
  if (outcome.untold > 0) text += "  " + dim(fmt::format("… {} left out", Counted(outcome.untold, "earlier moment"))) + "\n";
  for (const Happening& happening : outcome.timeline) {
    text += fmt::format("  {}  {}\n", dim(happening.at), (happening.given ? "given " : "") + OneLine(happening.title));
    for (const std::string& change : happening.changes) text += "                        " + dim("·") + " " + OneLine(change) + "\n";
    for (const Happening::RuleRun& run : happening.rules) {
      text += fmt::format("                        {} {}  {}\n", bold("→"), bold(OneLine(run.rule)),
                          dim(OneLine(fmt::format("{}:{}", run.file, run.line))));
      for (const std::string& change : run.changes) text += "                          " + dim("·") + " " + OneLine(change) + "\n";
    }
  }
  return text;
}

std::string CoverageAsText(const std::vector<runtime::FileCoverage>& files, const TextStyle& style) {
  using runtime::CoverageKind;
  constexpr CoverageKind kKinds[] = {CoverageKind::kRule, CoverageKind::kBranch, CoverageKind::kScoreLine, CoverageKind::kList,
                                     CoverageKind::kDefinition};
  Table table({"coverage", "rules", "branches", "score lines", "lists", "definitions", "all"});
  std::vector<runtime::CoverageItem> all;
  std::string unseen;
  for (const runtime::FileCoverage& file : files) {
    std::vector<Cell> row = {file.file};
    for (const CoverageKind kind : kKinds) row.emplace_back(ShareOf(TotalsOf(file.items, kind)));
    const runtime::CoverageTotals totals = TotalsOf(file.items);
    row.emplace_back(fmt::format("{} %", totals.seen * 100 / std::max(1U, totals.all)));
    table.Add(std::move(row));
    all.insert(all.end(), file.items.begin(), file.items.end());
    for (const runtime::CoverageItem& item : file.items) {
      if (item.count != 0) continue;
      unseen += fmt::format("  {}  {} {}\n", Styled(OneLine(fmt::format("{}:{}", file.file, item.line)), Style::kDim, style.colour),
                            CoverageKindName(item.kind), OneLine(item.name));
    }
  }
  if (files.size() > 1) {
    std::vector<Cell> row = {"all"};
    for (const CoverageKind kind : kKinds) row.emplace_back(ShareOf(TotalsOf(all, kind)));
    const runtime::CoverageTotals totals = TotalsOf(all);
    row.emplace_back(fmt::format("{} %", totals.seen * 100 / std::max(1U, totals.all)));
    table.SetTotal(std::move(row));
  }
  std::string text = table.Text({TerminalWidth(), style.colour});
  if (!unseen.empty()) text += "\nno test has seen:\n" + unseen;
  return text;
}

std::string MutationAsText(const TestRunReport& report, const TextStyle& style) {
  const runtime::MutationReport& mutation = *report.mutation;
  std::string text;
  std::size_t refused = 0;
  std::size_t same = 0;
  for (const runtime::TriedMutant& tried : mutation.mutants) {
    refused += tried.fate == runtime::MutantFate::kRefused ? 1 : 0;
    same += tried.fate == runtime::MutantFate::kSame ? 1 : 0;
    if (tried.fate != runtime::MutantFate::kSurvived) continue;
    const Span& span = tried.mutant.place;
    const Source& source = report.scripts.sources[span.source];
    text += fmt::format("{} {}\n", Styled("survived", Style::kRed, style.colour),
                        OneLine(fmt::format("{}:{}  {}", source.name(), source.PositionAt(span.begin).line, tried.mutant.what)));
    const std::string diff = DiffOf(tried.mutant, report.scripts.sources);
    for (std::size_t begin = 0; begin < diff.size();) {
      const std::size_t end = diff.find('\n', begin);
      const std::string line = OneLine(diff.substr(begin, end - begin));
      text += "    " + Styled(line, line.front() == '-' ? Style::kRed : Style::kGreen, style.colour) + "\n";
      begin = end + 1;
    }
    text += "\n";
  }
  text += fmt::format("{}: {} killed, {} survived ({} %)", Counted(mutation.killed + mutation.survived, "mutant"), mutation.killed,
                      mutation.survived, mutation.Percent());
  text += Styled(fmt::format("; besides, {} that check refuses and {} that mean the same", refused, same), Style::kDim, style.colour);
  if (mutation.not_tried > 0) text += fmt::format("; {} not tried", mutation.not_tried);
  return text + "\n";
}

}  // namespace stagecraft::cli
