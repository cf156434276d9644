// The parts of the pages that come from the code.
#ifndef STAGECRAFT_TESTS_UNIT_PAGES_GENERATED_PARTS_H_
#define STAGECRAFT_TESTS_UNIT_PAGES_GENERATED_PARTS_H_

#include <map>
#include <string>
#include <string_view>

namespace stagecraft::pages {

// By name: `<!-- generated: keywords -->` … `<!-- end -->` holds `keywords`. Each is tables in Markdown, with the last line break.
using Parts = std::map<std::string, std::string, std::less<>>;
Parts GeneratedParts();

// The page with its parts as the code has them now. Throws std::runtime_error when a part is not closed or not known.
std::string WithParts(std::string_view page, const Parts& parts);

}  // namespace stagecraft::pages

#endif  // STAGECRAFT_TESTS_UNIT_PAGES_GENERATED_PARTS_H_
