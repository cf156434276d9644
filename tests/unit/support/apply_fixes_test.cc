#include "dsl/support/apply_fixes.h"

#include <catch2/catch.hpp>

#include "tests/unit/support/findings.h"

namespace stagecraft {

namespace {

Diagnostic WithFix(Fix fix) {
  Diagnostic diagnostic = Finding(Code::kUnknownName, fix.edits.front().span);
  diagnostic.fixes = {std::move(fix)};
  return diagnostic;
}

}  // namespace

TEST_CASE("safe fixes of several findings are applied together, file by file") {
  const SourceSet sources = {Source("a.stage", "on SLQ set status Nwe\n"), Source("b.stage", "on MLQ\n"), Source("<hubspot>", "x")};
  const std::vector<Diagnostic> found = {WithFix(Replace(Find(sources, "SLQ"), "SQL")), WithFix(Replace(Find(sources, "Nwe"), "New")),
                                         WithFix(Replace(Find(sources, "MLQ", 1), "MQL")), WithFix(Replace({2, 0, 1}, "y"))};
  const auto fixed = ApplyFixes(sources, SafelyFixable(2, found));
  REQUIRE(fixed.size() == 2);
  CHECK(fixed[0].source == 0);
  CHECK(fixed[0].text == "on SQL set status New\n");
  CHECK(fixed[0].fixes == 2);
  CHECK(fixed[1].text == "on MQL\n");
}

TEST_CASE("all edits of a fix are made or none") {
  const SourceSet sources = {Source("-", "a and b or c")};
  const Fix parentheses{{{{0, 0, 0}, "("}, {{0, 7, 7}, ")"}}, "put `a and b` in parentheses", true};
  CHECK(ApplyFixes(sources, SafelyFixable(1, {WithFix(parentheses)}))[0].text == "(a and b) or c");
  const auto fixed = ApplyFixes(sources, SafelyFixable(1, {WithFix(Replace({0, 7, 10}, " and")), WithFix(parentheses)}));
  REQUIRE(fixed.size() == 1);
  CHECK(fixed[0].text == "a and b and c");
  CHECK(fixed[0].fixes == 1);
}

TEST_CASE("a fix that touches an earlier one waits") {
  const SourceSet sources = {Source("-", "abcdef")};
  CHECK(ApplyFixes(sources, SafelyFixable(1, {WithFix(Replace({0, 1, 3}, "X")), WithFix(Replace({0, 2, 4}, "Y"))}))[0].text == "aXdef");
  CHECK(ApplyFixes(sources, SafelyFixable(1, {WithFix(Replace({0, 1, 3}, "X")), WithFix(Replace({0, 3, 4}, "Y"))}))[0].text == "aXYef");
  CHECK(ApplyFixes(sources, SafelyFixable(1, {WithFix(Replace({0, 2, 2}, "X")), WithFix(Replace({0, 2, 2}, "X"))}))[0].text == "abXcdef");
}

TEST_CASE("only the best fix counts, and only when it is safe") {
  const SourceSet sources = {Source("-", "abc")};
  Diagnostic doubtful = WithFix({{{{0, 0, 1}, "X"}}, "write X", false});
  doubtful.fixes.push_back(Replace({0, 0, 1}, "Y"));
  CHECK(ApplyFixes(sources, SafelyFixable(1, {doubtful})).empty());
  CHECK(ApplyFixes(sources, SafelyFixable(1, {})).empty());
}

TEST_CASE("a fix without a title is called by what it does") {
  const SourceSet sources = {Source("-", "on SQL set")};
  CHECK(FixTitle(Replace({0, 3, 6}, "MQL"), sources) == "write `MQL`");
  CHECK(FixTitle(Replace({0, 3, 6}, ""), sources) == "take `SQL` out");
  CHECK(FixTitle(Replace({0, 3, 3}, "status "), sources) == "put `status ` in");
  CHECK(FixTitle({{}, "do this", true}, sources) == "do this");
}

}  // namespace stagecraft
