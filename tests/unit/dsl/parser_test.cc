#include "dsl/syntax/parser.h"

#include <catch2/catch.hpp>
#include <chrono>
#include <random>
#include <string>

#include "dsl/syntax/failure.h"

namespace stagecraft::syntax {

namespace {

ParseResult ParseText(const std::string& text, const Limits& limits = {}) { return Parse(Source("script.stage", text), 0, limits); }

std::string Repeat(std::string_view part, int times) {
  std::string text;
  for (int i = 0; i < times; ++i) text += part;
  return text;
}

std::vector<Code> Codes(const std::vector<Diagnostic>& diagnostics) {
  std::vector<Code> codes;
  for (const Diagnostic& diagnostic : diagnostics) codes.push_back(diagnostic.code);
  return codes;
}

std::chrono::milliseconds TimeOf(const std::string& text) {
  const auto begin = std::chrono::steady_clock::now();
  ParseText(text);
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
}

// Generous for a busy machine under a sanitizer; a parser that reads things twice at each level needs hours.
constexpr std::chrono::seconds kLongEnough{10};

}  // namespace

TEST_CASE("parentheses nest as deep as the limit and no deeper") {
  const Limits limits;
  const auto nested = [](std::uint32_t depth) {
    return "list \"A\" when " + Repeat("(", static_cast<int>(depth)) + "x" + Repeat(")", static_cast<int>(depth)) + "\nlist \"B\" by hand";
  };
  CHECK(ParseText(nested(limits.nesting_max)).diagnostics.empty());
  const ParseResult deeper = ParseText(nested(limits.nesting_max + 1));
  REQUIRE(Codes(deeper.diagnostics) == std::vector{Code::kNestedTooDeep});
  CHECK(deeper.diagnostics[0].span == Span{0, 14 + limits.nesting_max, 15 + limits.nesting_max});
  CHECK(deeper.script.declarations.size() == 1);  // "B"
}

TEST_CASE("blocks nest as deep as the limit and no deeper") {
  const Limits limits;
  const auto nested = [](std::string_view open, std::string_view close, std::uint32_t depth) {
    const int times = static_cast<int>(depth);
    return "on SQL " + Repeat(open, times) + "clear x" + Repeat(close, times) + "\nlist \"B\" by hand";
  };
  for (const auto& [open, close] : std::vector<std::pair<std::string, std::string>>{{"if a then ", " end"},
                                                                                    {"if a clear b else clear c ", " end"},
                                                                                    {"split 50% ", " end"},
                                                                                    {"wait until a otherwise ", ""},
                                                                                    {"wait until a otherwise do ", " end"}}) {
    INFO(open);
    CHECK(ParseText(nested(open, close, limits.nesting_max)).diagnostics.empty());
    const ParseResult deeper = ParseText(nested(open, close, limits.nesting_max + 1));
    REQUIRE(Codes(deeper.diagnostics) == std::vector{Code::kNestedTooDeep});
    REQUIRE_FALSE(deeper.script.declarations.empty());
    CHECK(std::holds_alternative<ListDecl>(deeper.script.declarations.back().node));
  }
  // All kinds count together.
  CHECK(Codes(ParseText("on SQL " + Repeat("if (a) then wait until b otherwise ", 40) + "clear x").diagnostics) ==
        std::vector{Code::kNestedTooDeep});
}

TEST_CASE("a chain of `else if` is as long as it likes") {
  const ParseResult result = ParseText("on SQL if a clear b" + Repeat(" else if a clear b", 20'000) + " end");
  CHECK(result.diagnostics.empty());
  const auto& rule = std::get<RuleDecl>(result.script.declarations.at(0).node);
  CHECK(std::get<IfAction>(rule.actions.at(0).node).branches.size() == 20'001);
}

TEST_CASE("bombs are refused without ado") {
  CHECK(Codes(ParseText("list \"A\" when " + Repeat("(", 1'000'000)).diagnostics) == std::vector{Code::kNestedTooDeep});
  CHECK(Codes(ParseText("list \"A\" when " + Repeat("not ", 500'000) + "x").diagnostics) == std::vector{Code::kNestedTooDeep});
  CHECK(Codes(ParseText("on x with " + Repeat("(not ", 200'000) + "x").diagnostics) == std::vector{Code::kNestedTooDeep});
  for (const std::string_view bomb :
       {"if a ", "if ", "if not (", "split 50% ", "wait until a otherwise ", "otherwise ", "else if a clear b ",
        "wait until a otherwise do ", "if a clear b else ", "expect not ", "given a contact with "}) {
    INFO(bomb);
    CHECK_FALSE(ParseText("on SQL " + Repeat(bomb, 100'000)).diagnostics.empty());
    CHECK_FALSE(ParseText("test \"x\" expect (" + Repeat(bomb, 100'000)).diagnostics.empty());
  }
  CHECK(Codes(ParseText(std::string((4U << 20) + 1, ' ')).diagnostics) == std::vector{Code::kSourceTooLong});
}

TEST_CASE("flat text may be as long as it likes") {
  const ParseResult result = ParseText("list \"A\" when x" + Repeat(" and x", 200'000));
  CHECK(result.diagnostics.empty());
  REQUIRE(result.script.declarations.size() == 1);
}

TEST_CASE("time grows with the length of the text, whatever it says") {
  const std::vector<std::string> texts = {
      "list \"A\" when " + Repeat("(x is y or ", 60) + "z" + Repeat(")", 60),
      "list \"A\" when " + Repeat("(x is y or ", 60) + "z",
      Repeat("score\n", 20'000),
      Repeat("on\n", 30'000),
      Repeat("counter x\n", 20'000),
      "on " + Repeat("a ", 20'000),
      "on SQL set " + Repeat("a\n", 20'000),
      Repeat("\"", 20'000),
      Repeat("lst \"A\" when x\n", 20'000),
      "on SQL when " + Repeat("x and ", 20'000),
      Repeat("list \"A\" when (\n", 20'000),
      Repeat("(\n", 20'000),
      "on SQL " + Repeat("if a clear b else if c ", 20'000),
      "on SQL split " + Repeat("50% set a b 50% ", 20'000),
      "on SQL copy " + Repeat("copy ", 20'000),
      "on SQL set x " + Repeat("+ copy ", 20'000),
      "on SQL add " + Repeat("append a ", 20'000) + "to b",
      "moves of status " + Repeat("a, ", 20'000),
      "moves of status\n" + Repeat("a -> b\n", 20'000) + "a, ",
      "test \"x\" " + Repeat("given a contact with a b, ", 20'000),
      "test \"x\" " + Repeat("when call 3 days 4 hours ", 20'000),
      "test \"x\" " + Repeat("expect not not a and ", 20'000),
      "on SQL wait until " + Repeat("Monday and ", 20'000) + "x",
      Repeat("# allow SC0402\n", 20'000),
      Repeat("# allow ", 20'000),
      Repeat("list \"# allow \" by hand", 20'000),
  };
  for (const std::string& text : texts) {
    INFO(text.substr(0, 40));
    CHECK(TimeOf(text) < kLongEnough);
  }
}

TEST_CASE("findings are bounded, so that junk does not fill the memory") {
  const Limits limits;
  CHECK(ParseText(Repeat("on\n", 10'000)).diagnostics.size() <= limits.diagnostics_max + 1);
}

TEST_CASE("text that is not UTF-8 is refused at its first bad byte") {
  const ParseResult result = ParseText("on SQL set status \"\xFF\"\n");
  REQUIRE(Codes(result.diagnostics) == std::vector{Code::kInvalidUtf8});
  CHECK(result.diagnostics[0].span == Span{0, 19, 20});
  CHECK(result.script.declarations.empty());
}

TEST_CASE("lines may end as on Windows, and the last need not end") {
  CHECK(ParseText("on SQL\r\n  set status New\r\nlist \"A\" by hand").diagnostics.empty());
  CHECK(ParseText("property x text\r\nproperty y number").diagnostics.empty());
}

TEST_CASE("spans cover the words and no white space") {
  const ParseResult result = Parse(Source("a", "  on SQL  # why\n  set  status New \n\n"), 7);
  REQUIRE(result.script.declarations.size() == 1);
  const Declaration& declaration = result.script.declarations[0];
  CHECK(declaration.span == Span{7, 2, 33});
  const auto& rule = std::get<RuleDecl>(declaration.node);
  CHECK(rule.trigger.span == Span{7, 2, 8});
  CHECK(rule.actions.at(0).span == Span{7, 18, 33});
  const auto& set = std::get<SetAction>(rule.actions[0].node);
  CHECK(set.phrase.span == Span{7, 23, 33});
  CHECK(set.phrase.terms.at(1).span == Span{7, 30, 33});
}

TEST_CASE("words are kept in NFC, as they are written") {
  const ParseResult result = ParseText("on Caf\x65\xCC\x81 set x y");
  const auto& rule = std::get<RuleDecl>(result.script.declarations.at(0).node);
  CHECK(std::get<OnTrigger>(rule.trigger.node).phrase.terms.at(0).text == "Café");
}

TEST_CASE("what a broken declaration would have declared is known") {
  const ParseResult result = ParseText("define big deal whn x\nlist \"A\" whn x\nproperty size mony\nscore\n  +5 whn x\nevent \"x\n");
  std::vector<std::string> names;
  for (const Phrase& phrase : result.script.lost_names) {
    std::string name;
    for (const Term& term : phrase.terms) name += term.text + " ";
    names.push_back(name);
  }
  CHECK(names == std::vector<std::string>{"big deal whn x ", "A ", "size mony ", "score ", "x "});
}

TEST_CASE("a misspelt keyword inside a phrase over several lines is found on request") {
  const Source source("a", "on SQL\n  set status New\n  notfy owner \"x\"\n");
  const ParseResult result = Parse(source, 0);
  const auto& rule = std::get<RuleDecl>(result.script.declarations.at(0).node);
  const auto finding = MisspeltKeywordIn(std::get<SetAction>(rule.actions.at(0).node).phrase.span, source);
  REQUIRE(finding);
  CHECK(finding->span == Span{0, 26, 31});
  CHECK(finding->fixes == std::vector{Replace({0, 26, 31}, "notify")});
  const Source sound("a", "on SQL\n  set company\n  name \"x\"\n");
  const ParseResult other = Parse(sound, 0);
  const auto& sound_rule = std::get<RuleDecl>(other.script.declarations.at(0).node);
  CHECK_FALSE(MisspeltKeywordIn(std::get<SetAction>(sound_rule.actions.at(0).node).phrase.span, sound));
}

TEST_CASE("a large script is read in halves, and nobody can tell") {
  const std::string rule = "rule \"a rule\"\n  on SQL\n  set status New\n";
  const int rules = 20'000;
  const std::string text = Repeat(rule, rules);
  const auto check_spans = [&](const ParseResult& result, std::size_t count) {
    REQUIRE(result.script.declarations.size() == count);
    for (std::size_t i = 0; i < count; ++i) REQUIRE(result.script.declarations[i].span.begin == i * rule.size());
  };
  const ParseResult whole = ParseText(text);
  CHECK(whole.diagnostics.empty());
  check_spans(whole, rules);

  // A mistake in the last line, and one in the first.
  const ParseResult late = ParseText(text + "on SQL sett status New\n");
  CHECK(Codes(late.diagnostics) == std::vector{Code::kUnexpected});
  check_spans(late, rules);
  const ParseResult early = ParseText("on SQL sett status New\n" + text);
  CHECK(Codes(early.diagnostics) == std::vector{Code::kUnexpected});
  CHECK(early.script.declarations.size() == rules);

  // What looks like the beginning of a rule, all through the script, stands in one sentence.
  const std::string joined = "test \"t\"\n" + Repeat("when\nrule \"a rule\" is started\n", rules) + "expect status New\n";
  const ParseResult one = ParseText(joined);
  CHECK(one.diagnostics.empty());
  CHECK(one.script.declarations.size() == 1);
}

TEST_CASE("no sequence of words, signs or bytes makes the parser fail") {
  const std::vector<std::string> parts = {"on",
                                          "SQL",
                                          "set",
                                          "status",
                                          "New",
                                          "when",
                                          "(",
                                          ")",
                                          "and",
                                          "or",
                                          "not",
                                          "list",
                                          "\"A\"",
                                          "\"",
                                          "is",
                                          "in",
                                          "5",
                                          "..",
                                          "%",
                                          "+5",
                                          "-",
                                          "->",
                                          "rule",
                                          "with",
                                          "\n",
                                          "property",
                                          "text",
                                          "one of",
                                          "as",
                                          ",",
                                          "#",
                                          "score",
                                          "each",
                                          "of",
                                          "counter",
                                          "within",
                                          "3 days",
                                          "since",
                                          "after",
                                          "start",
                                          "event",
                                          "also",
                                          "\\q",
                                          "新",
                                          "\xFF",
                                          "🔥",
                                          "team",
                                          "=",
                                          "2026-02-30",
                                          "due in",
                                          "create task",
                                          "back to",
                                          "because",
                                          "use",
                                          "workspace",
                                          "holidays",
                                          "if",
                                          "then",
                                          "else",
                                          "end",
                                          "split",
                                          "50%",
                                          "wait until",
                                          "otherwise",
                                          "do",
                                          "for at most",
                                          "Monday at 09:00",
                                          "09:00",
                                          "test \"x\"",
                                          "given a contact with",
                                          "when",
                                          "expect",
                                          "no",
                                          "in sequence",
                                          "{x}",
                                          "for each row of",
                                          "row",
                                          "every",
                                          "by hand",
                                          "within",
                                          "1 day of",
                                          "sequence \"S\"",
                                          "stop when",
                                          "finally",
                                          "view \"V\"",
                                          "columns",
                                          "sort by",
                                          "always",
                                          "never",
                                          "moves of",
                                          "later",
                                          "labels ja",
                                          ":",
                                          "probability",
                                          "form",
                                          "level",
                                          "pipeline",
                                          "template",
                                          "subject",
                                          "body",
                                          "import",
                                          "copy",
                                          "to",
                                          "add",
                                          "append",
                                          "subtract",
                                          "from",
                                          "send email",
                                          "call webhook",
                                          "start sequence",
                                          "enrol",
                                          "leave",
                                          "once per contact",
                                          "at most once per",
                                          "every time",
                                          "migrate",
                                          "until",
                                          "disabled",
                                          "+ ",
                                          " * ",
                                          "# allow SC0402: x\n",
                                          "becomes",
                                          "is cleared",
                                          "times",
                                          "apart",
                                          "ago",
                                          "SLA",
                                          "fired",
                                          "halving",
                                          "announces",
                                          "withdraws",
                                          "matches",
                                          "the last",
                                          "next"};
  std::mt19937 random(20261122);
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    for (unsigned length = random() % 24; length > 0; --length) {
      text += parts[random() % parts.size()];
      if (random() % 4 != 0) text += ' ';
    }
    const ParseResult result = ParseText(text);
    for (const Diagnostic& diagnostic : result.diagnostics) {
      const bool inside =
          diagnostic.span.begin <= diagnostic.span.end && diagnostic.span.end <= text.size() + 1 && !diagnostic.message.empty();
      if (!inside) {
        INFO(text);
        CHECK(inside);
      }
    }
    const ParseConditionResult condition = ParseCondition(Source("filter", text), 0);
    CHECK((condition.condition == nullptr) != condition.diagnostics.empty());
  }
}

}  // namespace stagecraft::syntax
