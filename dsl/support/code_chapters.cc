#include "dsl/support/code_chapters.h"

#include <array>

#include "dsl/support/check.h"

namespace stagecraft {

namespace {

// The first is SC01xx.
constexpr std::array<std::string_view, 7> kTitles = {"the text cannot be read",
                                                     "names",
                                                     "types, units and ranges",
                                                     "rules, scores and lists that cannot work",
                                                     "the design of the stages and statuses",
                                                     "hints on scripts that work",
                                                     "tests"};

}  // namespace

std::vector<CodeChapter> CodeChapters() {
  std::vector<CodeChapter> chapters;
  for (const std::string_view title : kTitles) chapters.push_back({"SC0" + std::to_string(chapters.size() + 1) + "xx", title, {}});
  for (const Code code : AllCodes()) {
    const std::size_t hundreds = static_cast<std::size_t>(code) / 100;
    STAGECRAFT_CHECK(hundreds >= 1 && hundreds <= chapters.size());
    chapters[hundreds - 1].codes.push_back(code);
  }
  return chapters;
}

}  // namespace stagecraft
