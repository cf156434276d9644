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

}  // namespace stagecraft
