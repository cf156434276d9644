#include "dsl/mend.h"

#include <catch2/catch.hpp>
#include <utility>

namespace stagecraft {

namespace {

Diagnostic ErrorAt(std::uint32_t begin, std::uint32_t end) {
  Diagnostic diagnostic{Code::kUnknownName, Severity::kError, {0, begin, end}, "wrong", {}, {}, {}, {}};
  return diagnostic;
}

// A language of single letters: an `x` is an error whose fix is `y`, a `b` one whose fix is `zz`, and a `z` has no fix.
CompileResult CheckLetters(std::vector<Source> sources) {
  CompileResult result;
  result.sources = std::move(sources);
  const std::string_view text = result.sources.front().text();
  for (std::uint32_t i = 0; i < text.size(); ++i) {
    if (text[i] != 'x' && text[i] != 'b' && text[i] != 'z') continue;
    Diagnostic diagnostic = ErrorAt(i, i + 1);
    if (text[i] == 'x') diagnostic.fixes = {Replace({0, i, i + 1}, "y")};
    if (text[i] == 'b') diagnostic.fixes = {Replace({0, i, i + 1}, "zz")};
    result.diagnostics.push_back(std::move(diagnostic));
  }
  return result;
}

Mended MendLetters(std::string text) { return MendScripts({Source("a.stage", std::move(text))}, CheckLetters); }

}  // namespace

TEST_CASE("every fix that was made is told with its place") {
  const Mended mended = MendLetters("a x\nx a");
  CHECK(mended.result.sources.front().text() == "a y\ny a");
  CHECK(mended.result.diagnostics.empty());
  REQUIRE(mended.mends.size() == 2);
  CHECK(mended.mends[0].file == "a.stage");
  CHECK(mended.mends[0].at == Position{1, 3});
  CHECK(mended.mends[0].what == "`x` -> `y`");
  CHECK(mended.mends[1].at == Position{2, 1});
}

TEST_CASE("a file that is not to be touched keeps its findings") {
  const Mended mended = MendScripts({Source("a.stage", "x")}, CheckLetters, {"a.stage"});
  CHECK(mended.result.sources.front().text() == "x");
  CHECK(mended.result.diagnostics.size() == 1);
  CHECK(mended.mends.empty());
}

TEST_CASE("a fix that brings more errors than it mends is not made, and the others are") {
  const Mended mended = MendLetters("xbxxbx");
  CHECK(mended.result.sources.front().text() == "ybyyby");
  CHECK(mended.result.diagnostics.size() == 2);
  CHECK(mended.mends.size() == 4);
}

TEST_CASE("fixes that bring each other back come to an end") {
  const auto flip = [](std::vector<Source> sources) {
    CompileResult result;
    result.sources = std::move(sources);
    result.diagnostics.push_back(ErrorAt(0, 1));
    result.diagnostics.back().fixes = {Replace({0, 0, 1}, result.sources.front().text() == "0" ? "1" : "0")};
    return result;
  };
  CHECK(MendScripts({Source("a.stage", "0")}, flip).mends.size() == 10);
}

TEST_CASE("words that only come or go are told in words") {
  const auto check = [](std::vector<Source> sources) {
    CompileResult result;
    result.sources = std::move(sources);
    if (result.sources.front().text() == "set to New") {
      result.diagnostics.push_back(ErrorAt(4, 6));
      result.diagnostics.back().fixes = {Replace({0, 4, 7}, "")};
    }
    return result;
  };
  const Mended mended = MendScripts({Source("a.stage", "set to New")}, check);
  REQUIRE(mended.mends.size() == 1);
  CHECK(mended.mends[0].what == "take `to ` out");
}

}  // namespace stagecraft
