// What the formatter leaves alone, and what it says of it. How it lays things out: tests/language/layout.
#include "dsl/fmt/format.h"

#include <catch2/catch.hpp>
#include <string>

namespace stagecraft {
namespace {

FormatResult FormatText(const std::string& text, const Limits& limits = {}) { return Format(Source("script.stage", text), limits); }

}  // namespace

TEST_CASE("a script in the canonical layout is not changed, and the result says so") {
  const FormatResult result = FormatText("on SQL set status New\n");
  CHECK(result.text == "on SQL set status New\n");
  CHECK_FALSE(result.changed);
  CHECK(result.diagnostics.empty());
}

TEST_CASE("a file of nothing becomes an empty file") {
  CHECK(FormatText("").text.empty());
  CHECK_FALSE(FormatText("").changed);
  CHECK(FormatText(" \n\t\r\n\n").text.empty());
  CHECK(FormatText(" \n\t\r\n\n").changed);
  CHECK(FormatText("\xEF\xBB\xBF").text.empty());
}

TEST_CASE("a file of comments keeps them") { CHECK(FormatText("\n\n  # one  \r\n\n\n\n#two\t").text == "# one\n\n#two\n"); }

TEST_CASE("line breaks become those of Unix, and the last line ends with one") {
  CHECK(FormatText("on SQL set status New\r\non MQL set status Open").text == "on SQL set status New\non MQL set status Open\n");
}

TEST_CASE("other blanks than spaces become spaces outside texts, and stay inside") {
  CHECK(FormatText("on\tSQL\xE3\x80\x80set\xC2\xA0status \"a\xC2\xA0\tb\"\n").text == "on SQL set status \"a\xC2\xA0\tb\"\n");
}

TEST_CASE("a declaration with a syntax error stays byte for byte, and the others are laid out") {
  const FormatResult result = FormatText(
      "on  SQL  set  status  New\n"
      "\n\n"
      "  on MQL\t \r\n"
      "    notfy   owner  # why?  \r\n"
      "\n\n\n"
      "      \"text\"  \n"
      "on  MQL  set  status  Open\n");
  CHECK(result.text ==
        "on SQL set status New\n"
        "\n"
        "  on MQL\t \r\n"
        "    notfy   owner  # why?  \r\n"
        "\n\n\n"
        "      \"text\"  \n"
        "on MQL set status Open\n");
  REQUIRE(result.diagnostics.size() == 1);
  CHECK(result.diagnostics[0].code == Code::kUnexpected);
  CHECK_FALSE(result.gave_up);
}

TEST_CASE("a declaration that shares a line with a syntax error stays as it is, too") {
  const std::string text = "on  SQL  set  status  New  !  !\non  MQL\n  set  status  New  )\n";
  const FormatResult result = FormatText(text);
  CHECK(result.text == text);
  CHECK_FALSE(result.diagnostics.empty());
  CHECK_FALSE(result.gave_up);
}

TEST_CASE("a text that is not closed swallows its line only") {
  CHECK(FormatText("on  SQL set status \"New  \n\non  MQL set  status Open\n").text ==
        "on  SQL set status \"New  \n\non MQL set status Open\n");
}

TEST_CASE("a file that is not UTF-8 stays as it is") {
  const FormatResult result = FormatText("on  SQL set status \xFF\n");
  CHECK(result.text == "on  SQL set status \xFF\n");
  CHECK_FALSE(result.changed);
  REQUIRE(result.diagnostics.size() == 1);
  CHECK(result.diagnostics[0].code == Code::kInvalidUtf8);
}

TEST_CASE("a file that is too long stays as it is") {
  Limits limits;
  limits.source_bytes_max = 10;
  const FormatResult result = FormatText("on  SQL set status New\n", limits);
  CHECK_FALSE(result.changed);
  REQUIRE(result.diagnostics.size() == 1);
  CHECK(result.diagnostics[0].code == Code::kSourceTooLong);
}

TEST_CASE("a line of several rules is split, unless an allowance speaks of all of it") {
  CHECK(FormatText("on SQL set status New on MQL set status Open\n").text == "on SQL set status New\non MQL set status Open\n");
  const std::string allowed = "on SQL set status New on MQL set status Open  # allow SC0402: both are meant\n";
  const FormatResult result = FormatText(allowed);
  CHECK(result.text == allowed);
  CHECK_FALSE(result.gave_up);
}

TEST_CASE("an allowance goes on speaking of its line") {
  const std::string text =
      "# allow SC0402: it is meant\n"
      "on SQL set status New\n"
      "on MQL set status Open  # allow SC0402: this, too\n";
  CHECK(FormatText(text).text == text);
}

TEST_CASE("ten thousand rules are no trouble") {
  std::string text;
  std::string expected;
  for (int i = 0; i < 10'000; ++i) {
    const std::string number = std::to_string(i);
    text += "rule   \"" + number + "\" on SQL when score>" + number + " set  status New notify owner \"x\"\n\n\n";
    expected += (i > 0 ? "\n" : "") + ("rule \"" + number) + "\"\n  on SQL\n  when score > " + number +
                "\n  set status New\n  notify owner \"x\"\n";
  }
  CHECK(FormatText(text).text == expected);
}

}  // namespace stagecraft
