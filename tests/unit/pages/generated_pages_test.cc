// The generated parts of the pages are what the code has now. UPDATE_GOLDEN=1 writes them.
#include <catch2/catch.hpp>
#include <cstdlib>

#include "tests/unit/pages/generated_parts.h"
#include "tests/unit/pages/markdown.h"

namespace stagecraft::pages {

TEST_CASE("the tables of keywords, events, properties, codes and reasons are those of the code") {
  const Parts parts = GeneratedParts();
  std::string all;
  for (const std::string page : {"docs/vocabulary.md", "docs/codes/README.md", "docs/errors.md"}) {
    const std::string text = ReadPage(page);
    const std::string generated = WithParts(text, parts);
    all += generated;
    if (std::getenv("UPDATE_GOLDEN") != nullptr) {
      if (generated != text) WritePage(page, generated);
      continue;
    }
    INFO(page << ": UPDATE_GOLDEN=1 writes the tables anew");
    CHECK(generated == text);
  }
  for (const auto& [name, text] : parts) {
    INFO(name << " stands on no page");
    CHECK(all.find("<!-- generated: " + name + " -->") != std::string::npos);
  }
}

TEST_CASE("a generated part that is unknown or has no end is a mistake of the page") {
  const Parts parts = {{"words", "| a |\n"}};
  CHECK(WithParts("Before.\n<!-- generated: words -->\nold\n<!-- end -->\nAfter.\n", parts) ==
        "Before.\n<!-- generated: words -->\n\n| a |\n\n<!-- end -->\nAfter.\n");
  CHECK_THROWS_WITH(WithParts("<!-- generated: words -->\n", parts), "a generated part has no end");
  CHECK_THROWS_WITH(WithParts("<!-- generated: signs -->\n<!-- end -->\n", parts), "nothing generates `signs`");
}

}  // namespace stagecraft::pages
