// Scripts that nobody writes by hand: bounded by clear errors, each told once.
#include <string>

#include "tests/unit/compile/compiled.h"

namespace stagecraft::tests {
namespace {

std::string Times(std::size_t count, const std::string& line) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += line;
  return text;
}

// `line` with each `#` as the number of the line.
std::string Numbered(std::size_t count, const std::string& line) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) {
    for (const char letter : line) text += letter == '#' ? std::to_string(i) : std::string(1, letter);
  }
  return text;
}

// The one error of the script: its code and message.
std::string ErrorOf(const CompileResult& result) {
  std::string errors;
  for (const Diagnostic& diagnostic : result.diagnostics) {
    if (diagnostic.severity == Severity::kError) errors += CodeName(diagnostic.code) + " " + diagnostic.message + "\n";
  }
  return errors;
}

std::string ErrorOf(const std::string& text) { return ErrorOf(CompileText(text)); }

}  // namespace

TEST_CASE("files are bounded, and their bytes together") {
  Limits limits;
  limits.files_max = 2;
  limits.sources_bytes_max = 50;
  const auto compile = [&](std::size_t files, const std::string& text) {
    std::vector<Source> sources;
    for (std::size_t i = 0; i < files; ++i) sources.emplace_back(std::to_string(i) + ".stage", text);
    return ErrorOf(Compile(std::move(sources), {}, limits));
  };
  CHECK(compile(2, "on SQL notify owner\n").empty());
  CHECK(compile(3, "") == "SC0440 scripts have 2 files at most, all together\n");
  CHECK(compile(2, "on SQL notify owner \"a new SQL\"\n") == "SC0440 scripts have 50 bytes at most, all together\n");
}

TEST_CASE("rules are bounded") {
  CHECK(ErrorOf(Times(50'003, "on SQL notify owner\n")) == "SC0440 scripts have 50000 rules and sequences at most, all files together\n");
}

TEST_CASE("the actions of a rule are bounded, those of its branches counted") {
  const std::string set = "set n 1\n";
  CHECK(ErrorOf("property n number\non SQL\n" + Times(1'000, set)).empty());
  const std::string too_many = "SC0440 a rule or sequence has 1000 actions at most\n";
  CHECK(ErrorOf("property n number\non SQL\n" + Times(1'005, set)) == too_many);
  CHECK(ErrorOf("property n number\non SQL if opted out then\n" + Times(600, set) + "else\n" + Times(600, set) + "end\n") == too_many);
  CHECK(ErrorOf("property n number\nsequence \"S\"\n" + Times(600, set) + "finally\n" + Times(600, set)) == too_many);
}

TEST_CASE("the words that follow one another are bounded, wherever they stand") {
  const std::string too_long = "SC0440 more than 1000 words follow one another without a keyword\n";
  CHECK(ErrorOf("on " + Times(5'000, "word ") + "\n") == too_long);
  CHECK(ErrorOf("on SQL notify owner " + Times(5'000, "word ") + "\n") == too_long);
  CHECK(ErrorOf("on SQL when " + Times(5'000, "word ") + "is 1 notify owner\n") == too_long);
  CHECK(ErrorOf("property " + Times(5'000, "word ") + "number\n") == too_long);
  CHECK(ErrorOf("on " + Times(1'000, "word ") + "notify owner\n").substr(0, 6) == "SC0200");
  // What stands behind it is read.
  CHECK(ErrorOf("on " + Times(5'000, "word ") + "\non SQL set status Nwe\n") == too_long + "SC0203 `status` has no option \"Nwe\"\n");
}

TEST_CASE("the fields of an event are bounded") {
  CHECK(ErrorOf("event \"x y\"\n" + Numbered(1'000, "  f# text\n")).empty());
  CHECK(ErrorOf("event \"x y\"\n" + Numbered(1'002, "  f# text\n")) == "SC0440 `x y` has more than 1000 fields\n");
}

TEST_CASE("tests are bounded, and their steps with the rows counted") {
  const auto test = [](std::size_t rows, std::size_t steps) {
    return "test \"t\"\n  for each row of a\n" + Times(rows, "    row \"x\"\n") + Times(steps, "  when page viewed \"{a}\"\n") +
           "  expect status is not set\n";
  };
  CHECK(ErrorOf(test(20'001, 1)).substr(0, 6) == "SC0711");
  CHECK(ErrorOf(test(5'000, 5'000)) ==
        "SC0440 with this test there are more than 200000 steps, those of a table once for each row and long ones as several\n");
}

TEST_CASE("what a short word stands for is counted") {
  CHECK(ErrorOf(Numbered(1'001, "event \"x e#\"\n") + Times(1'001, "on x notify owner\n")) ==
        "SC0440 with this the scripts name more than 1000000 events, each family as all of its events\n");
  CHECK(ErrorOf(Numbered(501, "form \"f#\" level TOFU\n") + Times(501, "on form level TOFU submitted notify owner\n")) ==
        "SC0440 with this the scripts name more than 250000 forms, each level as all of its forms\n");
  CHECK(ErrorOf("property c one of A (" + Numbered(999, "S#, ") + "T)\n" + Times(2'001, "on c A notify owner\n")) ==
        "SC0440 with this the scripts name more than 2000000 options, each with its sub-values\n");
}

TEST_CASE("what is one too many is found where it stands, in whatever parts the rules are checked") {
  // Rule 1000 is the first with which 1001 events each are more than a million.
  const CompileResult result = CompileText(Numbered(1'001, "event \"x e#\"\n") + Times(1'001, "on x notify owner\n"));
  REQUIRE(result.diagnostics.size() == 1);
  CHECK(result.sources.front().LineAt(result.diagnostics.front().span.begin) == 2'001);
}

TEST_CASE("what cannot be looked into to the end is said, and refuses nothing") {
  std::string script = "define d0 when opted out\n";
  for (int i = 1; i < 3'000; ++i) {
    const std::string before = std::to_string(i - 1);
    script += "define d" + std::to_string(i) + " when d" + before + " or company employees > " + before + "\n";
  }
  const CompileResult result = CompileText(script + "on SQL when d2999 notify owner\n");
  CHECK(result.program != nullptr);
  REQUIRE(result.diagnostics.size() == 1);
  CHECK(result.diagnostics.front().code == Code::kNotAnalysed);
  CHECK(result.diagnostics.front().severity == Severity::kHint);
}

TEST_CASE("moves between large groups take no time to speak of") {
  const std::string groups = "status\n  start New\n  process " + Numbered(999, "P#, ") + "Last\n";
  CHECK(ErrorOf(groups + "moves of status\n" + Times(20'000, "  process -> process\n")).empty());
}

TEST_CASE("thousands of misspelt names among as many are told without a suggestion each") {
  const CompileResult result =
      CompileText(Numbered(5'000, "property propertyname# number\n") + Numbered(5'000, "on SQL set proprtyname# 1\n"));
  REQUIRE(result.diagnostics.size() == Limits().diagnostics_max);
  CHECK(result.diagnostics.front().help.front() == "did you mean `propertyname0`?");
}

}  // namespace stagecraft::tests
