// What the tests of the pages read of Markdown.
#ifndef STAGECRAFT_TESTS_UNIT_PAGES_MARKDOWN_H_
#define STAGECRAFT_TESTS_UNIT_PAGES_MARKDOWN_H_

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace stagecraft::pages {

// A page by its path from the root of the source: `docs/language.md`. Both throw std::runtime_error when the file cannot be had.
std::string ReadPage(const std::filesystem::path& page);
void WritePage(const std::filesystem::path& page, std::string_view text);

std::vector<std::string> LinesOf(std::string_view text);

// A block of code: ```LANGUAGE … ```.
struct Block {
  std::string language;
  std::size_t line = 0;  // of its first line of code, from 1
  std::string code;      // with the last line break
};
std::vector<Block> BlocksOf(std::string_view markdown);

// A row of a table that says which finding a script gives: | `on SQL set status Nwe` | [SC0203](codes/SC0203.md) … |
struct Mistake {
  std::size_t line = 0;
  std::string script;  // a code span a line
  std::string code;    // "SC0203"
};
std::vector<Mistake> MistakesOf(std::string_view markdown);

// What a link calls a section: `letters-and-words`.
std::string AnchorOf(std::string_view heading);
// Of every section, in their order.
std::vector<std::string> AnchorsOf(std::string_view markdown);
// What the links of a page point to: `semantics.md#e2-rounds`, `#tests`. Links to the net are left out.
std::vector<std::string> LinksOf(std::string_view markdown);

}  // namespace stagecraft::pages

#endif  // STAGECRAFT_TESTS_UNIT_PAGES_MARKDOWN_H_
