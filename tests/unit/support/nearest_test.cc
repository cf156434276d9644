#include "dsl/support/nearest.h"

#include <catch2/catch.hpp>

namespace stagecraft {

namespace {

const std::vector<std::string> kOptions = {"New", "Open", "Attempted to Contact", "Connected", "In Progress"};

}  // namespace

TEST_CASE("a slip of one letter is found: left out, put in, changed, swapped") {
  CHECK(EditDistance(U"status", U"statu") == 1);
  CHECK(EditDistance(U"status", U"stattus") == 1);
  CHECK(EditDistance(U"status", U"stetus") == 1);
  CHECK(EditDistance(U"status", U"sattus") == 1);
  CHECK(EditDistance(U"", U"abc") == 3);
  CHECK(EditDistance(U"abc", U"abc") == 0);
}

TEST_CASE("the nearest candidate is suggested when it is close") {
  CHECK(Nearest("Nwe", kOptions) == "New");
  CHECK(Nearest("Atempted to Contact", kOptions) == "Attempted to Contact");
  CHECK(Nearest("atempted to contct", kOptions) == "Attempted to Contact");
  CHECK(Nearest("conected", kOptions) == "Connected");
}

TEST_CASE("letter case alone is no distance") { CHECK(Nearest("IN PROGRESS", kOptions) == "In Progress"); }

TEST_CASE("nothing is suggested when nothing is close") {
  CHECK_FALSE(Nearest("Closed", kOptions));
  CHECK_FALSE(Nearest("ab", std::vector<std::string>{"cd", "xy"}));
  CHECK_FALSE(Nearest("abc", std::vector<std::string>{"xyc"}));
  CHECK_FALSE(Nearest("New", std::vector<std::string>{}));
  CHECK_FALSE(Nearest(std::string(1000, 'x'), std::vector<std::string>{std::string(999, 'x')}));
}

TEST_CASE("among equals the first is suggested") { CHECK(Nearest("cat", std::vector<std::string>{"bat", "rat"}) == "bat"); }

TEST_CASE("letters count, not bytes") {
  CHECK(Nearest("Подключон", std::vector<std::string>{"Подключён"}) == "Подключён");
  CHECK_FALSE(Nearest("新規", std::vector<std::string>{"既存"}));
}

TEST_CASE("a slip of the pen is sure, everything else is a question") {
  const auto sure = [](std::string_view written, const std::vector<std::string>& known) {
    const auto suggestion = Suggest(written, known);
    return suggestion.has_value() && suggestion->sure;
  };
  CHECK(sure("Nwe", kOptions));
  CHECK(sure("conected", kOptions));
  CHECK(sure("Atempted to Contcat", kOptions));
  CHECK(sure("oportunty", {"Opportunity"}));
  CHECK_FALSE(sure("SAL", {"SQL"}));
  CHECK_FALSE(sure("Bold", {"Gold"}));
  CHECK_FALSE(sure("stat", {"state"}));
  CHECK_FALSE(sure("Boston 2", {"Boston 3"}));
  CHECK_FALSE(sure("Boston 12", {"Boston 21"}));
  CHECK_FALSE(sure("Inside Sales", {"Outside Sales"}));
  CHECK_FALSE(sure("form demo submitted", {"form submitted"}));
  CHECK_FALSE(sure("jobtitle", {"job title"}));
  CHECK_FALSE(sure("planes", {"planet", "planed"}));
  CHECK(sure("planet", {"planets", "planets"}));
}

TEST_CASE("a phrase is near word by word") {
  CHECK_FALSE(Nearest("email delivered", std::vector<std::string>{"email clicked"}));
  CHECK_FALSE(Nearest("meeting happened", std::vector<std::string>{"meeting canceled"}));
  CHECK_FALSE(Nearest("call connected twice", std::vector<std::string>{"call connected"}));
  CHECK(Nearest("jobtitle", std::vector<std::string>{"job title"}) == "job title");
  CHECK(Nearest("on progress", std::vector<std::string>{"In Progress"}) == "In Progress");
}

}  // namespace stagecraft
