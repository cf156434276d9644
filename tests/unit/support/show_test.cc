#include "dsl/support/show.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <string>

#include "dsl/support/text.h"

namespace stagecraft {

TEST_CASE("a quotation takes at most eighty columns, and is shortened once") {
  const std::string name(200, 'x');
  const std::string shortened = ShortenQuotes("there is no `" + name + "`; did you mean \"" + name + "\"?");
  CHECK(shortened == "there is no `" + std::string(79, 'x') + "…`; did you mean \"" + std::string(79, 'x') + "…\"?");
  CHECK(ShortenQuotes(shortened) == shortened);
  CHECK(ShortenQuotes("`" + std::string(80, 'x') + "` fits") == "`" + std::string(80, 'x') + "` fits");
  CHECK(DisplayWidth(ShortenQuotes("`" + std::string(100, 'x') + "新規新規")) == 81);  // never closed
}

TEST_CASE("what is not quoted stays") {
  const std::string words(300, 'w');
  CHECK(ShortenQuotes(words) == words);
  CHECK(ShortenQuotes("`rule \"A\"` and `rule \"B\"`") == "`rule \"A\"` and `rule \"B\"`");
}

TEST_CASE("what a terminal would act on is shown in one line") {
  CHECK(OneLine("\x1b[31m \x07\b\x7F \u009B1m \u202E\u2066\u2069 \xFF") == "�[31m ��� �1m ��� �");
  CHECK(OneLine(std::string_view("a\0b", 3)) == "a�b");
  CHECK(OneLine("a\n::error::b\r\nc\rd\u2028e") == "a⏎::error::b⏎c�d⏎e");
  CHECK(OneLine("a\tb") == "a   b");
  CHECK(OneLine("a\tb", 2) == "a b");
  CHECK(DisplayWidth(OneLine("\n\x1b")) == 2);
}

TEST_CASE("letters of any writing stay as they are") {
  for (const char* text : {"שלום עולם", "الحالة \u200Fג", "क्षि नि", "e\u0301", "高橋 🔥", "👩‍🚀"}) {
    CHECK(OneLine(text) == text);
    CHECK(CleanText(text) == text);
    CHECK(CleanJson(text) == text);
  }
}

TEST_CASE("clean text has lines and tabs, and nothing else that acts on a terminal or that XML refuses") {
  CHECK(CleanText("a\tb\nc\x1b[0m \xFF \xEF\xBF\xBF") == "a\tb\nc�[0m � �");
  CHECK(CleanText("\u202Ea\u2069\r\n") == "�a��\n");
}

TEST_CASE("clean JSON says the same, in signs that can be shown") {
  const std::string text = "a \x7F \u009B \u202E \u2066 \u2028 é שלום 🔥";
  const std::string json = CleanJson(nlohmann::json(text).dump());
  CHECK(json == "\"a \\u007f \\u009b \\u202e \\u2066 \\u2028 é שלום 🔥\"");
  CHECK(nlohmann::json::parse(json) == text);
  CHECK(CleanJson("{\n\t\"a\": 1\n}\n") == "{\n\t\"a\": 1\n}\n");
}

TEST_CASE("cut text says that something is missing") {
  CHECK(Cut("short", 5) == "short");
  CHECK(Cut("longer text", 6) == "longe…");
  CHECK(Cut("高橋美咲", 8) == "高橋美咲");
  CHECK(Cut("高橋美咲", 5) == "高橋…");
  CHECK(Cut("高橋美咲", 6) == "高橋…");
  CHECK(Cut("e\u0301e\u0301", 2) == "e\u0301e\u0301");  // marks take no column
  CHECK(Cut("text", 1) == "…");
  CHECK(Cut("text", 0).empty());
  CHECK(Cut("", 0).empty());
}

TEST_CASE("a letter with marks without end is cut, too") {
  std::string text = "e";
  for (int i = 0; i < 1000; ++i) text += "\u0301";
  CHECK(Cut(text, 10).size() < 100);
}

TEST_CASE("what is cut by its size ends between two letters") {
  CHECK(CutBytes("abc", 3) == "abc");
  CHECK(CutBytes("abcd", 3) == "abc…");
  CHECK(CutBytes("aéb", 2) == "a…");
  CHECK(CutBytes("é", 1) == "…");
}

TEST_CASE("letters from right to left are known by their script") {
  CHECK(HasRightToLeft("on סטטוס"));
  CHECK(HasRightToLeft("الحالة"));
  CHECK_FALSE(HasRightToLeft("on 新規 größe 🔥"));
  CHECK_FALSE(HasRightToLeft(""));
}

}  // namespace stagecraft
