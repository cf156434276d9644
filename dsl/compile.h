// The façade of the language: text in, program and diagnostics out. Everything else in dsl/ is behind it.
#ifndef STAGECRAFT_DSL_COMPILE_H_
#define STAGECRAFT_DSL_COMPILE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/ir/condition.h"
#include "dsl/ir/program.h"
#include "dsl/ir/test_suite.h"
#include "dsl/support/diagnostic.h"
#include "dsl/support/limits.h"
#include "dsl/support/source.h"

namespace stagecraft {

// A file of an earlier revision, for the rules in it that still have runs.
struct RetiredFile {
  std::uint32_t revision = 0;
  std::string name;
  std::string text;
  std::vector<ir::RetiredRule> rules;  // without their own numbers
};

struct CompileResult {
  std::shared_ptr<const ir::Program> program;  // null iff an error is among the diagnostics
  std::shared_ptr<const ir::TestSuite> tests;  // of the scripts, for `program`; null iff there is none
  SourceSet sources;                    // the sources, then the standard vocabulary that they used, then the files with retired rules
  std::vector<Diagnostic> diagnostics;  // ordered by source and place; spans index into `sources`
  std::vector<AllowedFinding> allowed;  // those that comments in the scripts allow; they are not among the diagnostics
  std::vector<ir::LostRule> lost;       // of the retired rules: those that the program does not have
};

// Parses, checks and lowers scripts together. Never throws, never fails otherwise. Sources are taken in the order of
// their names (E2). `before` is the layout of the revision that this one follows; its numbers stay. `retired`: rules of earlier
// revisions that the program is to keep for their runs, with the names of today.
CompileResult Compile(std::vector<Source> sources, const ir::Layout& before = {}, const Limits& limits = {},
                      const std::vector<RetiredFile>& retired = {});

struct ConditionResult {
  std::optional<CompiledCondition> condition;  // absent iff an error is among the diagnostics
  SourceSet sources;
  std::vector<Diagnostic> diagnostics;
};
// Event windows in a filter may use only what the program already tracks; anything else is a diagnostic.
ConditionResult CompileCondition(std::string_view text, const ir::Program& program, const Limits& limits = {});

// The text of the standard vocabulary with this name ("hubspot"); empty when there is none.
std::string_view StandardVocabulary(std::string_view name);

}  // namespace stagecraft

#endif  // STAGECRAFT_DSL_COMPILE_H_
