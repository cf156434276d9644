#include "dsl/compile.h"

#include <algorithm>
#include <future>
#include <iterator>
#include <utility>

#include "dsl/imports.h"
#include "dsl/ir/lower.h"
#include "dsl/sema/analysis/analysis.h"
#include "dsl/sema/checker.h"
#include "dsl/std/standard.h"
#include "dsl/support/allowances.h"
#include "dsl/support/beside.h"
#include "dsl/support/severity.h"
#include "dsl/support/show.h"
#include "dsl/support/text.h"
#include "dsl/syntax/parser.h"

namespace stagecraft {
namespace {

constexpr std::string_view kStandardName = "hubspot";
constexpr std::string_view kStandardFile = "<hubspot>";

std::vector<Allowance> AllowancesOf(const std::vector<syntax::Script>& scripts) {
  std::vector<Allowance> allowances;
  for (const syntax::Script& script : scripts) {
    allowances.insert(allowances.end(), script.allowances.begin(), script.allowances.end());
  }
  return allowances;
}

// More than is read at once: nothing else is said of it.
std::optional<Diagnostic> TooLarge(const SourceSet& sources, const Limits& limits) {
  std::size_t bytes = 0;
  for (std::uint32_t i = 0; i < sources.size(); ++i) {
    bytes += sources[i].text().size();
    const bool files = i >= limits.files_max;
    if (!files && bytes <= limits.sources_bytes_max) continue;
    const std::string most = files ? std::to_string(limits.files_max) + " files" : std::to_string(limits.sources_bytes_max) + " bytes";
    return Diagnostic{Code::kTooLarge,
                      Severity::kError,
                      Span{i, 0, 0},
                      "scripts have " + most + " at most, all together",
                      "one too many",
                      {"put the parts that have nothing to do with each other into workspaces of their own"},
                      {},
                      {}};
  }
  return std::nullopt;
}

// What was understood of the scripts: all that the later passes need. The trees take much memory, and are gone by then.
struct Understood {
  sema::CheckedScript checked;
  std::vector<Allowance> allowances;
  std::vector<ir::RetiredRule> retired;  // as checked.retired
};

// The rules of earlier scripts, read again; the trees must outlive `decls`.
struct RetiredRules {
  std::vector<syntax::Script> scripts;
  std::vector<sema::RuleToCheck> decls;
  std::vector<ir::RetiredRule> rules;  // what each of `decls` is
};

// Adds the files to the sources.
RetiredRules ReadRetired(const std::vector<RetiredFile>& files, const Limits& limits, CompileResult& result) {
  RetiredRules read;
  read.scripts.reserve(files.size());
  for (const RetiredFile& file : files) {
    const auto number = static_cast<std::uint32_t>(result.sources.size());
    result.sources.emplace_back(file.name + " (revision " + std::to_string(file.revision) + ")", file.text);
    const syntax::Script& script = read.scripts.emplace_back(syntax::Parse(result.sources.back(), number, limits).script);
    std::vector<sema::RuleToCheck> decls;
    for (const syntax::Declaration& declaration : script.declarations) {
      const auto* rule = std::get_if<syntax::RuleDecl>(&declaration.node);
      const auto* sequence = std::get_if<syntax::SequenceDecl>(&declaration.node);
      if (rule != nullptr || sequence != nullptr) decls.push_back({rule, sequence, declaration.span});
    }
    for (const ir::RetiredRule& rule : file.rules) {
      if (rule.place < decls.size()) {
        read.decls.push_back(decls[rule.place]);
        read.rules.push_back(rule);
      } else {
        result.lost.push_back({rule.family, rule.revision, "its script can no longer be read"});
      }
    }
  }
  return read;
}

// Adds the standard vocabulary to the sources.
Understood ParseAndCheck(const Limits& limits, const std::vector<RetiredFile>& retired_files, CompileResult& result) {
  const std::size_t standard = result.sources.size();
  result.sources.emplace_back(std::string(kStandardFile), std::string(standard::Hubspot()));
  std::vector<syntax::Script> scripts;
  for (std::size_t i = 0; i <= standard; ++i) {
    syntax::ParseResult parsed = syntax::Parse(result.sources[i], static_cast<std::uint32_t>(i), limits);
    scripts.push_back(std::move(parsed.script));
    std::move(parsed.diagnostics.begin(), parsed.diagnostics.end(), std::back_inserter(result.diagnostics));
  }
  CheckImports(scripts, result.sources, standard, result.diagnostics);
  RetiredRules retired = ReadRetired(retired_files, limits, result);
  Understood understood{sema::Check(scripts, standard, result.sources, result.diagnostics, retired.decls), AllowancesOf(scripts),
                        std::move(retired.rules)};
  for (std::size_t i = 0; i < understood.retired.size(); ++i) {
    const std::string& problem = understood.checked.retired[i].problem;
    if (!problem.empty()) result.lost.push_back({understood.retired[i].family, understood.retired[i].revision, problem});
  }
  return understood;
}

void AnalyseAndLower(const Understood& understood, const ir::Layout& before, CompileResult& result) {
  const sema::CheckedScript& checked = understood.checked;
  const auto analyse = [&] { sema::Analyse(checked, result.sources, result.diagnostics); };
  ir::LowerResult lowered;
  // Both only read what was checked: of a large script they are done at the same time.
  if (checked.rules.size() >= kManyRules) {
    std::future<void> analysis = Beside(true, analyse);
    lowered = ir::Lower(checked, result.sources, before, understood.retired);
    analysis.get();
  } else {
    analyse();
    if (!HasErrors(result.diagnostics)) lowered = ir::Lower(checked, result.sources, before, understood.retired);
  }
  if (HasErrors(result.diagnostics)) return;
  result.program = std::move(lowered.program);
  std::move(lowered.settled.begin(), lowered.settled.end(), std::back_inserter(result.lost));
  if (lowered.too_many.empty()) return;
  result.diagnostics.push_back({Code::kProgramTooLarge,
                                Severity::kError,
                                Span{},
                                "there are too many " + lowered.too_many + " for one program",
                                {},
                                {"65536 at most; remove what is not used, or start a workspace of its own"},
                                {},
                                {}});
}

// What the findings look like in the end, whoever made them.
void Finish(std::vector<Diagnostic>& diagnostics, const Limits& limits) {
  SortAndCap(diagnostics, limits.diagnostics_max);
  ShortenQuotes(diagnostics);
}

}  // namespace

CompileResult Compile(std::vector<Source> sources, const ir::Layout& before, const Limits& limits,
                      const std::vector<RetiredFile>& retired) {
  CompileResult result;
  std::stable_sort(sources.begin(), sources.end(), [](const Source& a, const Source& b) { return a.name() < b.name(); });
  result.sources = std::move(sources);
  if (std::optional<Diagnostic> too_large = TooLarge(result.sources, limits); too_large.has_value()) {
    result.diagnostics.push_back(std::move(*too_large));
    return result;
  }
  const Understood understood = ParseAndCheck(limits, retired, result);
  if (!HasErrors(result.diagnostics)) AnalyseAndLower(understood, before, result);
  if (result.program != nullptr) {
    result.tests = std::make_shared<const ir::TestSuite>(ir::LowerTests(understood.checked, *result.program, result.diagnostics));
  }
  result.allowed = ApplyAllowances(understood.allowances, result.sources, result.diagnostics);
  // What came after the lowering may have errors: a test, a comment without a reason.
  if (HasErrors(result.diagnostics)) {
    result.program.reset();
    result.tests.reset();
  }
  Finish(result.diagnostics, limits);
  return result;
}

ConditionResult CompileCondition(std::string_view text, const ir::Program& program, const Limits& limits) {
  ConditionResult result;
  result.sources.emplace_back("filter", std::string(text));
  syntax::ParseConditionResult parsed = syntax::ParseCondition(result.sources.front(), 0, limits);
  result.diagnostics = std::move(parsed.diagnostics);
  if (parsed.condition != nullptr) {
    const ir::ProgramVocabulary vocabulary = ir::VocabularyOf(program);
    const std::optional<sema::Condition> checked = sema::CheckCondition(*parsed.condition, vocabulary.vocabulary, result.diagnostics);
    if (checked.has_value()) {
      ir::MissingTimes missing;
      result.condition = ir::LowerCondition(*checked, vocabulary, program, missing);
      if (!result.condition.has_value()) {
        result.diagnostics.push_back({Code::kNotKept,
                                      Severity::kError,
                                      missing.span == Span{} ? parsed.condition->span : missing.span,
                                      "the times of " + missing.events + " are not kept for as long as this asks",
                                      "not kept",
                                      {"a filter can ask for events only as the scripts do: in a counter, a score, a list or a rule"},
                                      {},
                                      {}});
      }
    }
  }
  Finish(result.diagnostics, limits);
  return result;
}

std::string_view StandardVocabulary(std::string_view name) {
  return FoldCase(name) == kStandardName ? standard::Hubspot() : std::string_view();
}

}  // namespace stagecraft
