#include "dsl/compile.h"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

#include "dsl/ir/lower.h"
#include "dsl/sema/checker.h"
#include "dsl/std/standard.h"
#include "dsl/support/text.h"
#include "dsl/syntax/parser.h"

namespace stagecraft {
namespace {

constexpr std::string_view kStandardName = "hubspot";
constexpr std::string_view kStandardFile = "<hubspot>";

// By file and place; what stands at the same place keeps the order in which it was found. At most `max`, errors before
// the others: what does not fit is counted in a last line.
void SortAndCap(std::vector<Diagnostic>& diagnostics, std::size_t max) {
  const auto place = [](const Diagnostic& diagnostic) { return std::tuple(diagnostic.span.source, diagnostic.span.begin); };
  const auto by_place = [&](const Diagnostic& a, const Diagnostic& b) { return place(a) < place(b); };
  std::stable_sort(diagnostics.begin(), diagnostics.end(), by_place);
  if (diagnostics.size() <= max || max == 0) return;
  std::stable_sort(diagnostics.begin(), diagnostics.end(),
                   [](const Diagnostic& a, const Diagnostic& b) { return a.severity < b.severity; });
  const std::size_t left_out = diagnostics.size() - max;
  diagnostics.resize(max);
  std::stable_sort(diagnostics.begin(), diagnostics.end(), by_place);
  diagnostics.back().help.push_back("and " + std::to_string(left_out) + " more findings that are not shown");
}

}  // namespace

CompileResult Compile(std::vector<Source> sources, const ir::Layout& before, const Limits& limits) {
  CompileResult result;
  std::stable_sort(sources.begin(), sources.end(), [](const Source& a, const Source& b) { return a.name() < b.name(); });
  result.sources = std::move(sources);
  const std::size_t standard = result.sources.size();
  result.sources.emplace_back(std::string(kStandardFile), std::string(standard::Hubspot()));

  std::vector<syntax::Script> scripts;
  for (std::size_t i = 0; i < result.sources.size(); ++i) {
    syntax::ParseResult parsed = syntax::Parse(result.sources[i], static_cast<std::uint32_t>(i), limits);
    scripts.push_back(std::move(parsed.script));
    std::move(parsed.diagnostics.begin(), parsed.diagnostics.end(), std::back_inserter(result.diagnostics));
  }
  const sema::CheckedScript checked = sema::Check(scripts, standard, result.sources, result.diagnostics);
  if (!HasErrors(result.diagnostics)) {
    ir::LowerResult lowered = ir::Lower(checked, result.sources, before);
    result.program = std::move(lowered.program);
    if (!lowered.too_many.empty()) {
      result.diagnostics.push_back({Code::kProgramTooLarge,
                                    Severity::kError,
                                    Span{},
                                    "there are too many " + lowered.too_many + " for one program",
                                    {},
                                    {"65536 at most; remove what is not used, or start a workspace of its own"},
                                    std::nullopt});
    }
  }
  SortAndCap(result.diagnostics, limits.diagnostics_max);
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
      std::string missing;
      result.condition = ir::LowerCondition(*checked, vocabulary, program, missing);
      if (!result.condition.has_value()) {
        result.diagnostics.push_back({Code::kNotKept,
                                      Severity::kError,
                                      parsed.condition->span,
                                      "the times of `" + missing + "` are not kept for as long as this asks",
                                      "not kept",
                                      {"a filter can ask for events only as the scripts do: in a counter, a score, a list or a rule"},
                                      std::nullopt});
      }
    }
  }
  SortAndCap(result.diagnostics, limits.diagnostics_max);
  return result;
}

std::string_view StandardVocabulary(std::string_view name) {
  return FoldCase(name) == kStandardName ? standard::Hubspot() : std::string_view();
}

}  // namespace stagecraft
