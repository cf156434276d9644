#include "dsl/support/allowances.h"

#include <catch2/catch.hpp>

#include "dsl/support/apply_fixes.h"
#include "tests/unit/support/findings.h"

namespace stagecraft {

namespace {

// The code as it stands in the text, at its first place.
Allowance Comment(const SourceSet& sources, std::string_view code, std::uint32_t line, std::string reason = "so it is") {
  return {std::string(code), std::move(reason), line, Find(sources, code)};
}

}  // namespace

TEST_CASE("a comment with a reason takes the findings of its code out of its line") {
  const SourceSet sources = {Source("-", "on A set B  # allow SC0402: so it is\non A set B\n")};
  std::vector<Diagnostic> found = {Finding(Code::kBackwardMove, {0, 5, 8}), Finding(Code::kUnusedName, {0, 5, 8}),
                                   Finding(Code::kBackwardMove, {0, 42, 45})};
  const auto allowed = ApplyAllowances({Comment(sources, "SC0402", 1)}, sources, found);
  REQUIRE(allowed.size() == 1);
  CHECK(allowed[0].reason == "so it is");
  CHECK(allowed[0].diagnostic.span.begin == 5);
  REQUIRE(found.size() == 2);
  CHECK(found[0].code == Code::kUnusedName);
  CHECK(found[1].code == Code::kBackwardMove);
}

TEST_CASE("a comment without a reason allows nothing") {
  const SourceSet sources = {Source("-", "x # allow SC0402\n")};
  std::vector<Diagnostic> found = {Finding(Code::kBackwardMove, {0, 0, 1})};
  CHECK(ApplyAllowances({Comment(sources, "SC0402", 1, "")}, sources, found).empty());
  REQUIRE(found.size() == 2);
  CHECK(found[0].code == Code::kAllowNoReason);
  CHECK(found[0].severity == Severity::kError);
}

TEST_CASE("a comment for a code that is none is told so, and which one was meant where a letter looks like a digit") {
  const SourceSet sources = {Source("-", "x # allow SC04O2: so it is\ny # allow SC9999: so it is\n")};
  std::vector<Diagnostic> found;
  ApplyAllowances({Comment(sources, "SC04O2", 1), Comment(sources, "SC9999", 2)}, sources, found);
  REQUIRE(found.size() == 2);
  CHECK(found[0].code == Code::kAllowUnknownCode);
  CHECK(found[0].message == "there is no finding `SC04O2`");
  CHECK(ApplyFixes(sources, SafelyFixable(1, found))[0].text == "x # allow SC0402: so it is\ny # allow SC9999: so it is\n");
  CHECK(found[1].fixes.empty());
}

TEST_CASE("an error cannot be allowed") {
  const SourceSet sources = {Source("-", "x # allow SC0203: so it is\n")};
  std::vector<Diagnostic> found = {Finding(Code::kUnknownOption, {0, 0, 1})};
  CHECK(ApplyAllowances({Comment(sources, "SC0203", 1)}, sources, found).empty());
  REQUIRE(found.size() == 2);
  CHECK(found[0].code == Code::kAllowError);
  CHECK(found[1].code == Code::kUnknownOption);
}

TEST_CASE("a comment that allows nothing can be taken out, with its line when it stands alone") {
  const SourceSet sources = {Source("-", "on A set B  # allow SC0402: so it is\n  # allow SC0212: so it is\non A\n")};
  std::vector<Diagnostic> found;
  ApplyAllowances({Comment(sources, "SC0402", 1), Comment(sources, "SC0212", 3)}, sources, found);
  REQUIRE(found.size() == 2);
  CHECK(found[0].code == Code::kAllowUnused);
  CHECK(found[0].severity == Severity::kHint);
  CHECK(ApplyFixes(sources, SafelyFixable(1, found))[0].text == "on A set B\non A\n");
}

TEST_CASE("of several codes only the one that allows nothing is taken out, with its comma") {
  const SourceSet sources = {Source("-", "x # allow SC0402 , SC0212, SC0501: so it is\n")};
  const auto without = [&sources](Code code) {
    std::vector<Diagnostic> found;
    for (const Code other : {Code::kBackwardMove, Code::kUnusedName, Code::kNoStartStatus}) {
      if (other != code) found.push_back(Finding(other, {0, 0, 1}));
    }
    ApplyAllowances({Comment(sources, "SC0402", 1), Comment(sources, "SC0212", 1), Comment(sources, "SC0501", 1)}, sources, found);
    return ApplyFixes(sources, SafelyFixable(1, found)).at(0).text;
  };
  CHECK(without(Code::kBackwardMove) == "x # allow SC0212, SC0501: so it is\n");
  CHECK(without(Code::kUnusedName) == "x # allow SC0402 , SC0501: so it is\n");
  CHECK(without(Code::kNoStartStatus) == "x # allow SC0402 , SC0212: so it is\n");
}

TEST_CASE("as long as there are errors, nobody knows that a comment allows nothing") {
  const SourceSet sources = {Source("-", "x # allow SC0402: so it is\n")};
  std::vector<Diagnostic> found = {Finding(Code::kUnexpected, {0, 0, 1})};
  ApplyAllowances({Comment(sources, "SC0402", 1)}, sources, found);
  CHECK(found.size() == 1);
}

}  // namespace stagecraft
