#include "dsl/support/source.h"

#include <catch2/catch.hpp>

namespace stagecraft {

TEST_CASE("a position is the line and the letter in it, both from 1") {
  const Source source("a.stage", "on SQL\nset x\n");
  CHECK(source.PositionAt(0) == Position{1, 1});
  CHECK(source.PositionAt(3) == Position{1, 4});
  CHECK(source.PositionAt(6) == Position{1, 7});
  CHECK(source.PositionAt(7) == Position{2, 1});
  CHECK(source.PositionAt(13) == Position{3, 1});
  CHECK(source.PositionAt(99) == Position{3, 1});
}

TEST_CASE("columns count letters, not bytes") {
  const Source source("a.stage", "新規 x\né!");
  CHECK(source.PositionAt(7) == Position{1, 4});
  CHECK(source.PositionAt(11) == Position{2, 2});
}

TEST_CASE("a line comes without its break, also of Windows") {
  const Source source("a.stage", "one\r\ntwo\n\nfour");
  CHECK(source.line_count() == 4);
  CHECK(source.Line(1) == "one");
  CHECK(source.Line(2) == "two");
  CHECK(source.Line(3).empty());
  CHECK(source.Line(4) == "four");
  CHECK(source.Line(0).empty());
  CHECK(source.Line(5).empty());
}

TEST_CASE("a byte order mark is no letter of the first line") {
  const Source source("a.stage", "\xEF\xBB\xBFon SQL\nset");
  CHECK(source.PositionAt(0) == Position{1, 1});
  CHECK(source.PositionAt(3) == Position{1, 1});
  CHECK(source.PositionAt(6) == Position{1, 4});
  CHECK(source.PositionAt(10) == Position{2, 1});
  CHECK(source.Line(1) == "on SQL");
}

TEST_CASE("an empty source has one empty line") {
  const Source source("-", "");
  CHECK(source.line_count() == 1);
  CHECK(source.PositionAt(0) == Position{1, 1});
}

TEST_CASE("places in one line of megabytes are found at once") {
  std::string text = "x\n";
  for (int i = 0; i < 1'000'000; ++i) text += "新é";
  const Source source("a.stage", std::move(text));
  for (std::uint32_t i = 0; i < 1'000'000; i += 37) {
    if (source.PositionAt(2 + i * 5) == Position{2, 2 * i + 1} && source.PositionAt(5 + i * 5) == Position{2, 2 * i + 2}) continue;
    FAIL("letter " << i);
  }
}

}  // namespace stagecraft
