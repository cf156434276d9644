// Each safe fix of a syntax error alone, on every script of these cases: the script without that error, and with no other instead.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/support/apply_fixes.h"
#include "dsl/support/diagnostic.h"
#include "dsl/syntax/parser.h"
#include "tests/language/cases.h"

namespace stagecraft::tests {

namespace {

std::vector<Diagnostic> SyntaxErrors(const Source& source) { return syntax::Parse(source, 0).diagnostics; }

std::string_view LineOf(const Diagnostic& error, const Source& source) { return source.Line(source.LineAt(error.span.begin)); }

// True where one of `errors` but `mended` is the same. Its place moves; its words may be others where the line before it is mended.
bool WasThere(const Diagnostic& error, const Source& after, const std::vector<Diagnostic>& errors, const Diagnostic& mended,
              const Source& before) {
  return std::any_of(errors.begin(), errors.end(), [&](const Diagnostic& other) {
    if (&other == &mended || other.code != error.code) return false;
    return other.message == error.message || LineOf(other, before) == LineOf(error, after);
  });
}

// How many fixes were tried.
std::size_t CheckFixes(const std::string& script) {
  std::size_t fixes = 0;
  const Source before("script.stage", script);
  const std::vector<Diagnostic> errors = SyntaxErrors(before);
  for (const Diagnostic& error : errors) {
    for (const Fix& fix : error.fixes) {
      if (!fix.safe) continue;
      ++fixes;
      const Source after("script.stage", ApplyEdits(script, fix.edits));
      INFO(script);
      INFO("with the fix:\n" << after.text());
      const std::vector<Diagnostic> left = SyntaxErrors(after);
      CHECK(left.size() < errors.size());
      for (const Diagnostic& one : left) {
        INFO(one.message);
        CHECK(WasThere(one, after, errors, error, before));
      }
    }
  }
  return fixes;
}

}  // namespace

TEST_CASE("a safe fix of a syntax error leaves that error out and makes no other") {
  std::size_t fixes = 0;
  ForEachCase([&](const LanguageCase& one) { fixes += CheckFixes(one.script); });
  CHECK(fixes > 150);
}

}  // namespace stagecraft::tests
