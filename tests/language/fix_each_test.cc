// Each safe fix of a syntax error alone, on every script of these cases: the script without that error, and with no other instead.
#include <catch2/catch.hpp>
#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "dsl/support/apply_fixes.h"
#include "dsl/support/diagnostic.h"
#include "dsl/syntax/parser.h"
#include "tests/language/cases.h"

namespace stagecraft::tests {

namespace {

std::vector<Diagnostic> SyntaxErrors(const std::string& script) { return syntax::Parse(Source("script.stage", script), 0).diagnostics; }

// How many fixes were tried.
std::size_t CheckFixes(const std::string& script) {
  std::size_t fixes = 0;
  const std::vector<Diagnostic> errors = SyntaxErrors(script);
  for (const Diagnostic& error : errors) {
    for (const Fix& fix : error.fixes) {
      if (!fix.safe) continue;
      ++fixes;
      const std::string mended = ApplyEdits(script, fix.edits);
      INFO(script);
      INFO("with the fix:\n" << mended);
      CHECK(SyntaxErrors(mended).size() < errors.size());
    }
  }
  return fixes;
}

}  // namespace

TEST_CASE("a safe fix of a syntax error leaves that error out and makes no other") {
  Kinds kinds;
  AddSyntaxKinds(kinds);
  AddCompilerKinds(kinds);
  AddScenarioKinds(kinds);
  AddFormatKinds(kinds);
  AddHistoryKind(kinds);
  const std::filesystem::path folder = STAGECRAFT_LANGUAGE_CASES;
  std::size_t fixes = 0;
  for (const std::filesystem::path& file : CaseFiles(folder)) {
    for (const LanguageCase& one : ReadCases(folder / file, kinds)) {
      INFO(file.string() << ":" << one.line << ": " << one.title);
      fixes += CheckFixes(one.script);
    }
  }
  CHECK(fixes > 100);
}

}  // namespace stagecraft::tests
