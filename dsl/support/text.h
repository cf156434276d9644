// Unicode text as the language sees it (language.md, principle 5): names are compared in NFC and without regard to letter case.
#ifndef STAGECRAFT_DSL_SUPPORT_TEXT_H_
#define STAGECRAFT_DSL_SUPPORT_TEXT_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace stagecraft {

// `text` in NFC. Text that is not valid UTF-8 comes back unchanged: see InvalidUtf8.
std::string Nfc(std::string_view text);
// `text` in NFC and case-folded, for comparing and looking up.
std::string FoldCase(std::string_view text);
// The offset of the first byte that is not valid UTF-8; nothing when all is well.
std::optional<std::size_t> InvalidUtf8(std::string_view text);
// Terminal columns that `text` takes (wide letters take two, combining marks none).
std::size_t DisplayWidth(std::string_view text);

}  // namespace stagecraft

#endif  // STAGECRAFT_DSL_SUPPORT_TEXT_H_
