#include "dsl/support/pages.h"

#include <catch2/catch.hpp>

namespace stagecraft {

TEST_CASE("a page is taken apart by its sections") {
  const Page page = ReadPage(
      "# SC0203: unknown option\n\nWhat it means.\n\nMore.\n\n## Wrong\n\n```stage\non SQL\n  set status Nwe\n```\n\n```filter\nscore > "
      "3\n```\n\n"
      "## Right\n\n```stage\non SQL set status New\n```\n\n## Why\n\nBecause:\n\n```\nnot an example\n```\n");
  CHECK(page.heading == "SC0203: unknown option");
  CHECK(page.meaning == "What it means.\n\nMore.");
  CHECK(page.wrong.script == "on SQL\n  set status Nwe\n");
  CHECK(page.wrong.filter == "score > 3\n");
  CHECK(page.right.script == "on SQL set status New\n");
  CHECK(page.right.filter.empty());
  CHECK(page.why == "Because:\n\n```\nnot an example\n```");
  CHECK(page.no_example.empty());
}

TEST_CASE("a page may say why it has no example") {
  const Page page = ReadPage("# SC0103: the file is too long\n\n<!-- no example: it would be too long -->\n\nMeaning.\n\n## Why\n\nSo.\n");
  CHECK(page.no_example == "it would be too long");
  CHECK(page.meaning == "Meaning.");
  CHECK(page.wrong.script.empty());
}

TEST_CASE("the pages are built in as they stand in docs/codes") {
  const auto page = PageOf(Code::kUnknownOption);
  REQUIRE(page);
  CHECK(page->substr(0, 26) == "# SC0203: unknown option\n\n");
}

}  // namespace stagecraft
