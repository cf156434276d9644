#include "runtime/scenario/mutation.h"

#include <atomic>
#include <utility>

#include "dsl/ir/dump.h"
#include "dsl/support/apply_fixes.h"
#include "dsl/syntax/parser.h"
#include "runtime/scenario/scenario.h"
#include "runtime/scenario/workers.h"

namespace stagecraft::runtime {
namespace {

class Trial {
 public:
  Trial(const SourceSet& sources, std::size_t files, std::string original)
      : sources_(sources), files_(files), original_(std::move(original)) {}

  void Try(TriedMutant& tried) const {
    const CompileResult result = Compile(MutatedSources(tried.mutant));
    if (result.program == nullptr) {
      tried.fate = MutantFate::kRefused;
      return;
    }
    if (ir::Dump(*result.program) == original_) {
      tried.fate = MutantFate::kSame;
      return;
    }
    TestRunOptions options;
    options.jobs = 1;
    options.stop_at_first = true;
    const TestReport report = RunTests(Prepared(result.program, *result.tests), options, nullptr);
    tried.fate = MutantFate::kSurvived;
    for (const TestOutcome& outcome : report.outcomes) {
      if (!outcome.ran || outcome.failures.empty()) continue;
      tried.fate = MutantFate::kKilled;
      tried.killed_by = result.tests->tests->tests[outcome.test].name;
    }
  }

 private:
  std::vector<Source> MutatedSources(const Mutant& mutant) const {
    std::vector<Source> sources(sources_.begin(), sources_.begin() + static_cast<std::ptrdiff_t>(files_));
    Source& changed = sources[mutant.edit.span.source];
    changed = Source(changed.name(), ApplyEdits(changed.text(), {mutant.edit}));
    return sources;
  }

  const SourceSet& sources_;
  const std::size_t files_;
  const std::string original_;
};

std::vector<syntax::Script> ParseAll(const SourceSet& sources, std::size_t files) {
  std::vector<syntax::Script> scripts;
  for (std::uint32_t i = 0; i < files; ++i) scripts.push_back(std::move(syntax::Parse(sources[i], i).script));
  return scripts;
}

}  // namespace

MutationReport TryMutants(const CompileResult& result, std::size_t files, const MutationOptions& options) {
  MutationReport report;
  for (Mutant& mutant : FindMutants(ParseAll(result.sources, files), result.sources, *result.program)) {
    report.mutants.push_back({std::move(mutant), MutantFate::kNotTried, {}});
  }
  const Trial trial(result.sources, files, ir::Dump(*result.program));
  std::atomic<std::size_t> next{0};
  std::atomic<std::size_t> done{0};
  RunWorkers(options.jobs, report.mutants.size(), [&] {
    for (std::size_t i = next++; i < report.mutants.size(); i = next++) {
      if (options.cancelled && options.cancelled()) return;
      trial.Try(report.mutants[i]);
      if (options.done) options.done(++done);
    }
  });
  for (const TriedMutant& tried : report.mutants) {
    if (tried.fate == MutantFate::kKilled) ++report.killed;
    if (tried.fate == MutantFate::kSurvived) ++report.survived;
    if (tried.fate == MutantFate::kNotTried) ++report.not_tried;
  }
  return report;
}

}  // namespace stagecraft::runtime
