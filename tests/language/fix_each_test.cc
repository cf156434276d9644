// Each safe fix of a syntax error alone, on every script of these cases: the script without that error, and with no other instead.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstddef>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "dsl/support/apply_fixes.h"
#include "dsl/support/diagnostic.h"
#include "dsl/syntax/parser.h"
#include "tests/language/cases.h"

namespace stagecraft::tests {

namespace {

std::vector<Diagnostic> SyntaxErrors(const std::string& script) { return syntax::Parse(Source("script.stage", script), 0).diagnostics; }

// All but one, without their places: a fix moves what stands behind it.
std::multiset<std::string> Without(const std::vector<Diagnostic>& errors, const Diagnostic* left_out) {
  std::multiset<std::string> texts;
  for (const Diagnostic& error : errors) {
    if (&error != left_out) texts.insert(CodeName(error.code) + " " + error.message);
  }
  return texts;
}

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
      const std::multiset<std::string> others = Without(errors, &error);
      const std::multiset<std::string> left = Without(SyntaxErrors(mended), nullptr);
      std::vector<std::string> made;
      std::set_difference(left.begin(), left.end(), others.begin(), others.end(), std::back_inserter(made));
      CHECK(made == std::vector<std::string>{});
    }
  }
  return fixes;
}

}  // namespace

TEST_CASE("a safe fix of a syntax error leaves that error out and makes no other") {
  std::size_t fixes = 0;
  ForEachCase([&](const LanguageCase& one) { fixes += CheckFixes(one.script); });
  CHECK(fixes > 100);
}

}  // namespace stagecraft::tests
