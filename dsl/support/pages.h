// The pages of the codes (docs/codes/), built in: what a finding means, a wrong and a right script, why.
#ifndef STAGECRAFT_DSL_SUPPORT_PAGES_H_
#define STAGECRAFT_DSL_SUPPORT_PAGES_H_

#include <optional>
#include <string>
#include <string_view>

#include "dsl/support/diagnostic.h"

namespace stagecraft {

// The page as it stands in docs/codes/, in Markdown; nothing when the code has none.
std::optional<std::string_view> PageOf(Code code);

// An example of a page. Empty where there is none.
struct PageExample {
  std::string script;
  std::string filter;  // for findings about a filter: the filter that is used on the script
};

// A page, taken apart.
struct Page {
  std::string heading;  // "SC0203: unknown option"
  std::string meaning;  // what stands before the first section
  PageExample wrong;
  PageExample right;
  std::string why;
  std::string no_example;  // why the code has no examples; empty when it has
};
Page ReadPage(std::string_view markdown);

}  // namespace stagecraft

#endif  // STAGECRAFT_DSL_SUPPORT_PAGES_H_
