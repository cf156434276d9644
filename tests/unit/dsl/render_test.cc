#include "dsl/support/render.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

namespace stagecraft {

namespace {

Diagnostic Misspelt(const Source& source, std::string_view wrong) {
  const auto begin = static_cast<std::uint32_t>(source.text().find(wrong));
  const Span span{0, begin, begin + static_cast<std::uint32_t>(wrong.size())};
  return {Code::kUnknownOption,
          Severity::kError,
          span,
          "`status` has no option \"Atempted to Contact\"",
          "not an option of status",
          {"did you mean \"Attempted to Contact\"?", "the options are New, Open, Attempted to Contact, Connected, In Progress, …"},
          Fix{span, "\"Attempted to Contact\""}};
}

}  // namespace

TEST_CASE("a diagnostic looks as the language's description shows it") {
  const std::string lines(40, '\n');
  const SourceSet sources = {Source("inside-sales.stage", lines + "on email sent when status is New set status \"Atempted to Contact\"\n")};
  CHECK(Render(Misspelt(sources[0], "\"Atempted to Contact\""), sources) ==
        "error[SC0203]: `status` has no option \"Atempted to Contact\"\n"
        "  ┌ inside-sales.stage:41:45\n"
        "41 │ on email sent when status is New set status \"Atempted to Contact\"\n"
        "   │                                             ^^^^^^^^^^^^^^^^^^^^^ not an option of status\n"
        "   = help: did you mean \"Attempted to Contact\"?\n"
        "   = the options are New, Open, Attempted to Contact, Connected, In Progress, …\n");
}

TEST_CASE("colour is for a terminal that asks for it") {
  const SourceSet sources = {Source("-", "on SQL set x\n")};
  const Diagnostic warning{Code::kBackwardMove, Severity::kWarning, {0, 3, 6}, "a move back", "", {}, std::nullopt};
  CHECK(Render(warning, sources).find('\x1b') == std::string::npos);
  CHECK(Render(warning, sources, {true}) ==
        "\x1b[1;33mwarning[SC0402]\x1b[0m: \x1b[1ma move back\x1b[0m\n"
        " \x1b[1;34m┌\x1b[0m -:1:4\n"
        "\x1b[1;34m1 │\x1b[0m on SQL set x\n"
        "\x1b[1;34m  │\x1b[0m    \x1b[1;33m^^^\x1b[0m\n");
}

TEST_CASE("diagnostics stand apart by an empty line") {
  const SourceSet sources = {Source("-", "x\n")};
  const Diagnostic one{Code::kUnexpected, Severity::kError, {0, 0, 1}, "one", "", {}, std::nullopt};
  CHECK(Render(std::vector<Diagnostic>{one, one}, sources) == Render(one, sources) + "\n" + Render(one, sources));
  CHECK(Render(std::vector<Diagnostic>{}, sources).empty());
}

TEST_CASE("control characters and broken bytes never reach the terminal") {
  const SourceSet sources = {Source("-", "a\x1b]0;x\x07 \xFF b\n")};
  const Diagnostic broken{Code::kInvalidUtf8, Severity::kError, {0, 8, 9}, "a\nbad \x1b[31m byte", "", {}, std::nullopt};
  const std::string text = Render(broken, sources);
  CHECK(text.find('\x1b') == std::string::npos);
  CHECK(text.find('\x07') == std::string::npos);
  CHECK(text.find("a�]0;x� � b") != std::string::npos);
}

TEST_CASE("a place at the end of the text, or of no length, has one caret") {
  const SourceSet sources = {Source("-", "on")};
  const Diagnostic end{Code::kUnexpected, Severity::kError, {0, 2, 2}, "more", "here", {}, std::nullopt};
  CHECK(Render(end, sources) == "error[SC0101]: more\n ┌ -:1:3\n1 │ on\n  │   ^ here\n");
}

TEST_CASE("a line of a million letters is shown in part") {
  const SourceSet sources = {Source("-", std::string(1'000'000, 'x') + "y" + std::string(1'000'000, 'z'))};
  const Diagnostic far{Code::kUnexpected, Severity::kError, {0, 1'000'000, 1'000'001}, "far", "", {}, std::nullopt};
  CHECK(Render(far, sources).size() < 1000);
}

TEST_CASE("programs read JSON") {
  const SourceSet sources = {Source("a.stage", "\non é set status \"Atempted to Contact\"\n")};
  const auto json = nlohmann::json::parse(RenderJson({Misspelt(sources[0], "\"Atempted to Contact\"")}, sources));
  REQUIRE(json.size() == 1);
  CHECK(json[0] == nlohmann::json::parse(R"({
    "code": "SC0203", "severity": "error", "file": "a.stage", "line": 2, "column": 17, "end_line": 2, "end_column": 38,
    "message": "`status` has no option \"Atempted to Contact\"", "label": "not an option of status",
    "help": ["did you mean \"Attempted to Contact\"?", "the options are New, Open, Attempted to Contact, Connected, In Progress, …"],
    "fix": {"line": 2, "column": 17, "end_line": 2, "end_column": 38, "replacement": "\"Attempted to Contact\""}})"));
  CHECK(RenderJson({}, sources) == "[]");
}

TEST_CASE("a code has a name, a title and a way back") {
  CHECK(CodeName(Code::kUnknownOption) == "SC0203");
  CHECK(CodeTitle(Code::kUnknownOption) == "unknown option");
  CHECK(CodeSeverity(Code::kBackwardMove) == Severity::kWarning);
  CHECK(FindCode("sc0203") == Code::kUnknownOption);
  CHECK_FALSE(FindCode("SC9999"));
  CHECK_FALSE(FindCode(""));
}

TEST_CASE("the codes stand in the order of their numbers, each once") {
  unsigned last = 0;
  for (const unsigned number : {
#define STAGECRAFT_CODE(name, number, severity, title) number##U,
#include "dsl/support/diagnostic_codes.inc"
#undef STAGECRAFT_CODE
       }) {
    CHECK(number > last);
    last = number;
  }
}

}  // namespace stagecraft
