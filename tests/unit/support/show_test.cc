#include "dsl/support/show.h"

#include <catch2/catch.hpp>

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

TEST_CASE("clean text is UTF-8 without control characters") { CHECK(CleanText("a\tb\nc\x1b[0m \xFF \xEF\xBF\xBF") == "a\tb\nc�[0m � �"); }

TEST_CASE("letters from right to left are known by their script") {
  CHECK(HasRightToLeft("on סטטוס"));
  CHECK(HasRightToLeft("الحالة"));
  CHECK_FALSE(HasRightToLeft("on 新規 größe 🔥"));
  CHECK_FALSE(HasRightToLeft(""));
}

}  // namespace stagecraft
