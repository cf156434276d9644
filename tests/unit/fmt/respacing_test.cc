// Properties: white space that says nothing makes no difference, and whatever it is, nothing else gets lost.
#include <rapidcheck.h>

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dsl/fmt/format.h"
#include "dsl/fmt/tokens.h"

namespace stagecraft {
namespace {

using layout::Tokens;

std::string FormatText(const std::string& text) { return Format(Source("script.stage", text)).text; }

// One of each sentence.
constexpr std::string_view kSentences = R"(workspace "Acme"
  time zone "Asia/Tokyo"
  business hours Mon-Fri 09:00-18:00
  holidays 2026-12-29..2027-01-03, 2027-01-11

status
  start "New Lead" as NEW
  process forward only Open, Connected
  outcome Nurturing ("Bad Timing", Pricing), Recycle
  labels ja "New Lead": "新規"
  probability Connected 30%, Open 50%

property plan one of
  Free as free,
  "Paid plan" as paid
property score_note text
property company size number

pipeline Sales "Qualified" 20%, Won 100%
form "Pricing" level BOFU
template "intro" subject "Hello {first name}" body "A call?"
counter attempts of email sent, call no answer since SQL
event "webinar attended" also "webinar joined"
  topic text
  minutes number

define excluded
  "Agreed, 2026-10-01"
  when opted_out or lifecycle in (Opportunity, Customer) or (score > 3 and not budget is set)

score fit halving every 30 days
  +5 when form level TOFU submitted
  # worse
  -100 when visits in -2..5
  +1 each email opened

list "Hot" when score >= 65 and not excluded
list "Warm ones" when score < 65

rule "One" disabled
  on "webinar attended" with minutes > 20 and topic is "x"
  when lifecycle is SQL and status is "New Lead"
  if meeting ended since SQL then set status Connected else clear status end
  if a is 1 then
    set status Open because "No answer"
  else if b is 2 then
    set renewal contract_end + 1 year
    # the last
  else
    create task "Call" for owner due in 4 business hours priority high
  end  # of if
  split
    50% notify owner
    50%
      add 5 to points
      set discount -5
  end
  wait until email opened or email replied for at most 3 days
    otherwise do
      send email "bump"
      leave "Chase"
    end

on MQL -> SQL set status New  # short
within 1 business day of SQL expect call or email sent
  otherwise notify manager of owner "x"

sequence "Chase"
  stop when email replied
  send email "intro"
  wait 2 days
  finally set status Nurturing

view "Mine" when owner is me
  columns name, company name, score
  sort by score descending

always owner is set when lifecycle is SQL
moves of status
  "New Lead" -> process, outcome
  process -> later process

test "t"
  for each row of size, points
  row 100, 15
  row 1000, 7
  given a contact with company size {size}, lifecycle SQL
  when call no answer, 4 times, 1 day apart
  expect score is {points} and status Open
)";

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// These and the examples.
const std::vector<std::string>& Scripts() {
  static const std::vector<std::string> kScripts = [] {
    std::vector<std::string> scripts;
    const auto add = [&](const std::string& text) {
      FormatResult result = Format(Source("script.stage", text));
      REQUIRE(result.diagnostics.empty());
      scripts.push_back(std::move(result.text));
    };
    add(std::string(kSentences));
    for (const auto& entry : std::filesystem::recursive_directory_iterator(std::string(STAGECRAFT_SOURCE_FOLDER) + "/examples")) {
      INFO(entry.path().string());
      if (entry.path().extension() == ".stage") add(ReadFile(entry.path()));
    }
    REQUIRE(scripts.size() > 1);
    return scripts;
  }();
  return kScripts;
}

const std::string& AnyScript() { return Scripts()[*rc::gen::inRange<std::size_t>(0, Scripts().size())]; }

// Changes of the white space before tokens: which token, and the number of the change; both are taken modulo what there is.
using Changes = std::map<std::uint16_t, std::uint8_t>;

// A script with the white space before some tokens made anew by `blank`: of the token's number, the blank that is there, and the change.
template <typename Blank>
std::string Respaced(const std::string& script, const Changes& changes, Blank&& blank) {
  const Tokens tokens(script);
  std::map<std::size_t, std::uint8_t> by_token;
  for (const auto& [token, change] : changes) by_token[token % tokens.size()] = change;
  std::string text;
  std::size_t at = 0;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const std::string there = script.substr(at, tokens.Begin(i) - at);
    const auto change = by_token.find(i);
    const bool stays = i == 0 || change == by_token.end() || there.find('#') != std::string::npos;
    text += stays ? there : blank(tokens, i, there, change->second);
    text += tokens.Text(i);
    at = tokens.End(i);
  }
  return text + script.substr(at);
}

template <std::size_t N>
std::string OneOf(const std::array<std::string_view, N>& blanks, std::uint8_t change) {
  return std::string(blanks[change % N]);
}

// Where white space means nothing.
bool IsLoose(const Tokens& tokens, std::size_t i) {
  constexpr std::array<std::string_view, 5> kSigns = {"(", ")", ",", "->", ">="};
  return std::any_of(kSigns.begin(), kSigns.end(),
                     [&](std::string_view sign) { return tokens.Text(i - 1) == sign || tokens.Text(i) == sign; });
}

std::string Sloppy(const Tokens& tokens, std::size_t i, const std::string& there, std::uint8_t change) {
  constexpr auto kLines = std::to_array<std::string_view>({"\n", "\r\n", " \t\n  ", "\n\t", "\n         "});
  constexpr auto kGroups = std::to_array<std::string_view>({"\n\n", "\n\n\n", "\r\n\r\n \n", "\n  \n \t"});
  constexpr auto kBlanks = std::to_array<std::string_view>({" ", "  ", "\t", " \xC2\xA0 ", " \t "});
  constexpr auto kNone = std::to_array<std::string_view>({"", " ", " \t"});
  if (there.find("\n\n") != std::string::npos) return OneOf(kGroups, change);
  if (there.find('\n') != std::string::npos) return OneOf(kLines, change);
  if (IsLoose(tokens, i)) return OneOf(kNone, change);
  return there.empty() ? there : OneOf(kBlanks, change);
}

// Inside one part of a sentence, a line may end after a comma or before these.
std::string BrokenInside(const Tokens& tokens, std::size_t i, const std::string& there, std::uint8_t change) {
  constexpr auto kWords = std::to_array<std::string_view>({"and", "or", "is", "because", ">="});
  constexpr auto kLines = std::to_array<std::string_view>({"\n", "\n      ", "\n\n", "\n \n    "});
  const bool may_break = tokens.Text(i - 1) == "," || std::find(kWords.begin(), kWords.end(), tokens.Text(i)) != kWords.end();
  return may_break && there.find('\n') == std::string::npos ? OneOf(kLines, change) : there;
}

std::string Torn(const Tokens&, std::size_t, const std::string& there, std::uint8_t change) {
  constexpr auto kBlanks = std::to_array<std::string_view>(
      {" ", "\n", "\n\n", "\n  # own line\n ", "\n# own line\n", " # behind\n", "  # one\n    # two\n\n\n", " # one\n # two\n"});
  return there.empty() ? there : OneOf(kBlanks, change);
}

}  // namespace

TEST_CASE("blanks between tokens, at both ends of lines and between groups of lines make no difference") {
  CHECK(rc::check([](const Changes& changes) {
    const std::string& script = AnyScript();
    const std::string sloppy = Respaced(script, changes, Sloppy);
    RC_LOG() << sloppy;
    const bool same = FormatText(sloppy) == script;
    RC_ASSERT(same);
  }));
}

TEST_CASE("line breaks inside one part of a sentence make no difference") {
  CHECK(rc::check([](const Changes& changes) {
    const std::string& script = AnyScript();
    const std::string broken = Respaced(script, changes, BrokenInside);
    RC_LOG() << broken;
    const bool same = FormatText(broken) == script;
    RC_ASSERT(same);
  }));
}

TEST_CASE("whatever the line breaks and comments, nothing is lost and a second time changes nothing") {
  CHECK(rc::check([](const Changes& changes) {
    const std::string& script = AnyScript();
    const std::string torn = Respaced(script, changes, Torn);
    RC_LOG() << torn;
    const FormatResult result = Format(Source("script.stage", torn));
    RC_ASSERT_FALSE(result.gave_up);
    RC_LOG() << "---- formatted\n" << result.text;
    const bool settled = FormatText(result.text) == result.text;
    RC_ASSERT(settled);
    const Tokens before(torn);
    const Tokens after(result.text);
    RC_ASSERT(before.size() == after.size());
    for (std::size_t i = 0; i < before.size(); ++i) {
      RC_ASSERT(before.Text(i) == after.Text(i));
      RC_ASSERT(before.CommentsBefore(i).size() == after.CommentsBefore(i).size());
    }
  }));
}

}  // namespace stagecraft
