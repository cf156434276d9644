// The page of a code as a terminal shows it.
#ifndef STAGECRAFT_CLI_PAGE_TEXT_H_
#define STAGECRAFT_CLI_PAGE_TEXT_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace stagecraft::cli {

// Headings without their signs (bold in colour), blocks of code set in by two columns, paragraphs wrapped at `columns`, comments left out.
// Of Markdown it knows what docs/codes/README.md allows in a page.
std::string PageText(std::string_view markdown, std::size_t columns, bool colour);

}  // namespace stagecraft::cli

#endif  // STAGECRAFT_CLI_PAGE_TEXT_H_
