// Unicode text as the language sees it (language.md, principle 5): names are compared in NFC and without regard to letter case.
#ifndef STAGECRAFT_DSL_SUPPORT_TEXT_H_
#define STAGECRAFT_DSL_SUPPORT_TEXT_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace stagecraft {

// Quick: nearly all texts are.
bool IsAscii(std::string_view text);
// `text` in NFC. Text that is not valid UTF-8 comes back unchanged: see InvalidUtf8.
std::string Nfc(std::string_view text);
// `text` in NFC and case-folded, for comparing and looking up.
std::string FoldCase(std::string_view text);
// The offset of the first byte that is not valid UTF-8; nothing when all is well.
std::optional<std::size_t> InvalidUtf8(std::string_view text);
// Terminal columns that `text` takes (wide letters take two, combining marks and control characters none).
std::size_t DisplayWidth(std::string_view text);

// One character of UTF-8. `bytes` is 0 at the end of the text; a byte that is not valid UTF-8 gives U+FFFD and 1.
struct CodePoint {
  char32_t value = 0;
  std::size_t bytes = 0;
};
// As DecodeFirst, of text that does not begin with ASCII; as IsWordStart and IsWordPart, of other letters than ASCII.
CodePoint DecodeFirstWide(std::string_view text);
bool IsWideWordStart(char32_t letter);
bool IsWideWordPart(char32_t letter);

inline CodePoint DecodeFirst(std::string_view text) {
  if (text.empty()) return {};
  const auto first = static_cast<unsigned char>(text.front());
  return first < 0x80U ? CodePoint{first, 1} : DecodeFirstWide(text);
}

// What a word of a script is made of: letters, marks and digits of any alphabet, and `_`.
inline bool IsWordStart(char32_t letter) {
  if (letter >= 0x80) return IsWideWordStart(letter);
  return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || letter == '_';
}
inline bool IsWordPart(char32_t letter) {
  if (letter >= 0x80) return IsWideWordPart(letter);
  return IsWordStart(letter) || (letter >= '0' && letter <= '9');
}

}  // namespace stagecraft

#endif  // STAGECRAFT_DSL_SUPPORT_TEXT_H_
