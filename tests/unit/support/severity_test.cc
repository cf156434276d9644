#include "dsl/support/severity.h"

#include <catch2/catch.hpp>

#include "tests/unit/support/findings.h"

namespace stagecraft {

TEST_CASE("a team decides how grave a finding is, or that it is not shown") {
  std::vector<Diagnostic> found = {Finding(Code::kBackwardMove, {0, 0, 1}), Finding(Code::kNoStartStatus, {0, 1, 2}),
                                   Finding(Code::kUnusedName, {0, 2, 3})};
  ApplySeverities({{{Code::kBackwardMove, Severity::kError}, {Code::kNoStartStatus, std::nullopt}}}, found);
  REQUIRE(found.size() == 2);
  CHECK(found[0].severity == Severity::kError);
  CHECK(found[1].code == Code::kUnusedName);
  CHECK(found[1].severity == Severity::kHint);
}

TEST_CASE("an error that stops compilation stays an error") {
  std::vector<Diagnostic> found = {Finding(Code::kUnknownOption, {0, 0, 1})};
  ApplySeverities({{{Code::kUnknownOption, std::nullopt}}}, found);
  REQUIRE(found.size() == 1);
  CHECK(found[0].severity == Severity::kError);
  CHECK_FALSE(CanLower(Code::kUnknownOption));
  CHECK(CanLower(Code::kBackwardMove));
}

TEST_CASE("too many findings: the gravest stay, in the order of the script, and the last counts the others") {
  std::vector<Diagnostic> found = {Finding(Code::kUnusedName, {0, 5, 6}), Finding(Code::kUnknownOption, {0, 7, 8}),
                                   Finding(Code::kBackwardMove, {0, 1, 2}), Finding(Code::kUnusedName, {0, 0, 1})};
  SortAndCap(found, 2);
  REQUIRE(found.size() == 2);
  CHECK(found[0].code == Code::kBackwardMove);
  CHECK(found[1].code == Code::kUnknownOption);
  CHECK(found[1].help.back() == "and 2 more findings that are not shown");
}

}  // namespace stagecraft
