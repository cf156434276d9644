// The codes by chapter, for whoever lists them: the hundreds of their numbers say what a finding is about.
#ifndef STAGECRAFT_DSL_SUPPORT_CODE_CHAPTERS_H_
#define STAGECRAFT_DSL_SUPPORT_CODE_CHAPTERS_H_

#include <string>
#include <string_view>
#include <vector>

#include "dsl/support/diagnostic.h"

namespace stagecraft {

struct CodeChapter {
  std::string numbers;     // "SC02xx"
  std::string_view title;  // "names"
  std::vector<Code> codes;
};

// In the order of the numbers; every code is in one.
std::vector<CodeChapter> CodeChapters();

}  // namespace stagecraft

#endif  // STAGECRAFT_DSL_SUPPORT_CODE_CHAPTERS_H_
