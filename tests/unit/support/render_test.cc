#include "dsl/support/render.h"

#include <catch2/catch.hpp>

#include "dsl/support/text.h"
#include "tests/unit/support/findings.h"

namespace stagecraft {

TEST_CASE("a diagnostic looks as the language's description shows it") {
  const std::string lines(40, '\n');
  const SourceSet sources = {Source("inside-sales.stage", lines + "on email sent when status is New set status \"Atempted to Contact\"\n")};
  CHECK(Render(Misspelt(sources), sources) ==
        "error[SC0203]: `status` has no option \"Atempted to Contact\"\n"
        "  ┌ inside-sales.stage:41:45\n"
        "41 │ on email sent when status is New set status \"Atempted to Contact\"\n"
        "   │                                             ^^^^^^^^^^^^^^^^^^^^^ not an option of status\n"
        "   = help: did you mean \"Attempted to Contact\"?\n"
        "   = the options are New, Open, Attempted to Contact, Connected, In Progress, …\n");
}

TEST_CASE("colour is for a terminal that asks for it") {
  const SourceSet sources = {Source("-", "on SQL set x\n")};
  const Diagnostic warning = Finding(Code::kBackwardMove, {0, 3, 6}, "a move back");
  CHECK(Render(warning, sources).find('\x1b') == std::string::npos);
  CHECK(Render(warning, sources, {true}) ==
        "\x1b[1;33mwarning[SC0402]\x1b[0m: \x1b[1ma move back\x1b[0m\n"
        " \x1b[1;34m┌\x1b[0m -:1:4\n"
        "\x1b[1;34m1 │\x1b[0m on SQL set x\n"
        "\x1b[1;34m  │\x1b[0m    \x1b[1;33m^^^\x1b[0m\n");
}

TEST_CASE("diagnostics stand apart by an empty line") {
  const SourceSet sources = {Source("-", "x\n")};
  const Diagnostic one = Finding(Code::kUnexpected, {0, 0, 1}, "one");
  CHECK(Render(std::vector<Diagnostic>{one, one}, sources) == Render(one, sources) + "\n" + Render(one, sources));
  CHECK(Render(std::vector<Diagnostic>{}, sources).empty());
}

TEST_CASE("a note shows its own place, also in another file, with the numbers in one column") {
  const SourceSet sources = {Source("a.stage", "on SQL set status New\n"),
                             Source("b.stage", std::string(9, '\n') + "on SQL set status Open\n")};
  Diagnostic conflict = Finding(Code::kBackwardMove, Find(sources, "set status New"), "two rules set `status`");
  conflict.help = {"say which comes first"};
  conflict.notes = {{Find(sources, "set status Open", 1), "the other rule sets it here"}};
  CHECK(Render(conflict, sources) ==
        "warning[SC0402]: two rules set `status`\n"
        "  ┌ a.stage:1:8\n"
        " 1 │ on SQL set status New\n"
        "   │        ^^^^^^^^^^^^^^\n"
        "   = help: say which comes first\n"
        "note: the other rule sets it here\n"
        "  ┌ b.stage:10:8\n"
        "10 │ on SQL set status Open\n"
        "   │        ^^^^^^^^^^^^^^^\n");
}

TEST_CASE("fixes are listed as help, unless help speaks of them") {
  const SourceSet sources = {Source("-", "a and b or c\n")};
  Diagnostic mixed = Finding(Code::kMixedAndOr, {0, 0, 12}, "`and` and `or` are mixed");
  mixed.fixes = {{{{{0, 0, 7}, "(a and b)"}}, "read it as `(a and b) or c`", false},
                 {{{{0, 6, 12}, "(b or c)"}}, "read it as `a and (b or c)`", false}};
  const std::string listed =
      "error[SC0107]: `and` and `or` are mixed\n ┌ -:1:1\n1 │ a and b or c\n  │ ^^^^^^^^^^^^\n"
      "  = help: read it as `(a and b) or c`\n  = read it as `a and (b or c)`\n";
  CHECK(Render(mixed, sources) == listed);
  mixed.help = {"read it as `(a and b) or c`", "read it as `a and (b or c)`"};
  CHECK(Render(mixed, sources) == listed);

  mixed.help.clear();
  mixed.fixes = {Replace({0, 8, 10}, "and")};
  CHECK(Render(mixed, sources).find("  = help: write `and`\n") != std::string::npos);
}

TEST_CASE("control characters, broken bytes and signs that turn the text around never reach the terminal") {
  const SourceSet sources = {Source("-", "a\x1b]0;x\x07 \xFF b \u202Ec\n")};
  const Diagnostic broken = Finding(Code::kInvalidUtf8, {0, 8, 9}, "a\nbad \x1b[31m byte \u2066");
  const std::string text = Render(broken, sources);
  CHECK(text.find('\x1b') == std::string::npos);
  CHECK(text.find('\x07') == std::string::npos);
  CHECK(text.find("\u202E") == std::string::npos);
  CHECK(text.find("\u2066") == std::string::npos);
  CHECK(text.find("a�]0;x� � b �c") != std::string::npos);
}

TEST_CASE("a place at the end of the text, or of no length, has one caret") {
  const SourceSet sources = {Source("-", "on")};
  Diagnostic end = Finding(Code::kUnexpected, {0, 2, 2}, "more");
  end.label = "here";
  CHECK(Render(end, sources) == "error[SC0101]: more\n ┌ -:1:3\n1 │ on\n  │   ^ here\n");
}

TEST_CASE("a line of a million letters is shown in part") {
  const SourceSet sources = {Source("-", std::string(1'000'000, 'x') + "y" + std::string(1'000'000, 'z'))};
  CHECK(Render(Finding(Code::kUnexpected, {0, 1'000'000, 1'000'001}), sources).size() < 1000);
}

TEST_CASE("a name of four megabytes is quoted in part, wherever it is quoted") {
  const std::string name(4'000'000, 'x');
  const SourceSet sources = {Source("-", "on " + name + "\n")};
  Diagnostic long_name = Finding(Code::kUnknownName, {0, 3, 3 + 4'000'000}, "there is no option `" + name + "`");
  long_name.label = "not `" + name + "`";
  long_name.help = {"did you mean \"" + name + "\"?"};
  long_name.notes = {{{0, 0, 2}, "as in `" + name + "`"}};
  long_name.fixes = {{{{{0, 0, 1}, name}}, "write `" + name + "`", true}};
  CHECK(Render(long_name, sources).size() < 2000);
}

TEST_CASE("wide letters have carets as wide as they are") {
  const SourceSet sources = {Source("-", "on status 新規 set status 接続済み\n")};
  CHECK(Render(Finding(Code::kUnknownOption, Find(sources, "接続済み")), sources) ==
        "error[SC0203]: found\n"
        " ┌ -:1:25\n"
        "1 │ on status 新規 set status 接続済み\n"
        "  │                           ^^^^^^^^\n");
}

TEST_CASE("in a terminal, each part of a line with right-to-left letters is laid out on its own") {
  const SourceSet sources = {Source("לידים.stage", "on status סטטוס חדש set status New\n")};
  Diagnostic hebrew = Finding(Code::kUnknownOption, Find(sources, "חדש"), "`status` has no option \"חדש\"");
  hebrew.help = {"the options are סטטוס"};
  constexpr const char* kPlain =
      "error[SC0203]: `status` has no option \"חדש\"\n"
      " ┌ לידים.stage:1:17\n"
      "1 │ on status סטטוס חדש set status New\n"
      "  │                 ^^^\n"
      "  = help: the options are סטטוס\n";
  CHECK(Render(hebrew, sources) == kPlain);
  const std::string isolated = Render(hebrew, sources, {false, true});
  CHECK(isolated ==
        "error[SC0203]: \u2066`status` has no option \"חדש\"\u2069\n"
        " ┌ \u2066לידים.stage\u2069:1:17\n"
        "1 │ \u2066on status סטטוס \u2069\u2066חדש\u2069 set status New\n"
        "  │                 ^^^\n"
        "  = help: \u2066the options are סטטוס\u2069\n");
  CHECK(DisplayWidth(isolated) == DisplayWidth(kPlain));
}

}  // namespace stagecraft
