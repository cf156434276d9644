// Texts with `*` in them: `like "/pricing*"`.
#ifndef STAGECRAFT_DSL_SUPPORT_GLOB_H_
#define STAGECRAFT_DSL_SUPPORT_GLOB_H_

#include <string_view>

namespace stagecraft {

// True when `text` is `pattern`, in which `*` stands for any run of characters. Letter case counts: fold both before.
bool MatchesGlob(std::string_view text, std::string_view pattern);

}  // namespace stagecraft

#endif  // STAGECRAFT_DSL_SUPPORT_GLOB_H_
