#include "dsl/support/text.h"

#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

#include "dsl/support/signs.h"

namespace stagecraft {

namespace {

constexpr char32_t kReplacement = 0xFFFD;
constexpr char32_t kZeroWidthNonJoiner = 0x200C;
constexpr char32_t kZeroWidthJoiner = 0x200D;
constexpr char32_t kEmojiPresentation = 0xFE0F;

// Two of them are a flag.
bool IsRegional(char32_t letter) { return letter >= 0x1F1E6 && letter <= 0x1F1FF; }

const utf8proc_uint8_t* Bytes(std::string_view text) { return reinterpret_cast<const utf8proc_uint8_t*>(text.data()); }

struct FreeBuffer {
  void operator()(utf8proc_uint8_t* buffer) const { std::free(buffer); }  // utf8proc allocates with malloc
};

std::string Map(std::string_view text, int options) {
  utf8proc_uint8_t* raw = nullptr;
  const utf8proc_ssize_t size =
      utf8proc_map(Bytes(text), static_cast<utf8proc_ssize_t>(text.size()), &raw, static_cast<utf8proc_option_t>(options));
  const std::unique_ptr<utf8proc_uint8_t, FreeBuffer> buffer(raw);
  if (size < 0) return std::string(text);
  return std::string(reinterpret_cast<const char*>(buffer.get()), static_cast<std::size_t>(size));
}

}  // namespace

bool IsAscii(std::string_view text) {
  // Without a way out on the first other letter, so that the compiler takes many bytes at a time.
  unsigned char bits = 0;
  for (const char letter : text) bits |= static_cast<unsigned char>(letter);
  return bits < 0x80U;
}

std::string Nfc(std::string_view text) {
  if (IsAscii(text)) return std::string(text);
  return Map(text, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
}

std::string FoldCase(std::string_view text) {
  std::string folded(text);
  unsigned char seen = 0;
  for (char& letter : folded) {
    const auto byte = static_cast<unsigned char>(letter);
    seen |= byte;
    letter = static_cast<char>(byte | (byte >= 'A' && byte <= 'Z' ? 'a' - 'A' : 0));
  }
  if (seen >= 0x80U) return Map(text, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD);
  return folded;
}

std::optional<std::size_t> InvalidUtf8(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    if (static_cast<unsigned char>(text[at]) < 0x80U) {
      ++at;
      continue;
    }
    utf8proc_int32_t letter = 0;
    const utf8proc_ssize_t bytes = utf8proc_iterate(Bytes(text) + at, static_cast<utf8proc_ssize_t>(text.size() - at), &letter);
    if (bytes <= 0) return at;
    at += static_cast<std::size_t>(bytes);
  }
  return std::nullopt;
}

CodePoint DecodeFirstWide(std::string_view text) {
  utf8proc_int32_t letter = 0;
  const utf8proc_ssize_t bytes = utf8proc_iterate(Bytes(text), static_cast<utf8proc_ssize_t>(text.size()), &letter);
  if (bytes <= 0) return {kReplacement, 1};
  return {static_cast<char32_t>(letter), static_cast<std::size_t>(bytes)};
}

// A cluster (a letter with its marks, an emoji with its modifiers) is as wide as its widest part; two letters of a flag are one sign.
std::size_t DisplayWidth(std::string_view text) {
  if (IsAscii(text)) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char letter) { return letter >= ' ' && letter != '\x7f'; }));
  }
  std::size_t width = 0;
  std::size_t cluster = 0;
  utf8proc_int32_t state = 0;
  char32_t previous = 0;
  while (!text.empty()) {
    const CodePoint point = DecodeFirst(text);
    text.remove_prefix(point.bytes);
    const auto letter = static_cast<utf8proc_int32_t>(point.value);
    if (previous != 0 && utf8proc_grapheme_break_stateful(static_cast<utf8proc_int32_t>(previous), letter, &state)) {
      width += cluster;
      cluster = 0;
    }
    const bool flag = cluster > 0 && IsRegional(previous) && IsRegional(point.value);
    const std::size_t own =
        point.value == kEmojiPresentation || flag ? 2 : static_cast<std::size_t>(std::max(0, utf8proc_charwidth(letter)));
    cluster = std::max(cluster, own);
    previous = point.value;
  }
  return width + cluster;
}

bool IsWideBlank(char32_t letter) {
  return letter >= 0x80 && utf8proc_category(static_cast<utf8proc_int32_t>(letter)) == UTF8PROC_CATEGORY_ZS;
}

bool IsInvisible(char32_t letter) {
  const auto category = utf8proc_category(static_cast<utf8proc_int32_t>(letter));
  return category == UTF8PROC_CATEGORY_CC || category == UTF8PROC_CATEGORY_CF || category == UTF8PROC_CATEGORY_ZL ||
         category == UTF8PROC_CATEGORY_ZP;
}

bool IsWideWordStart(char32_t letter) {
  switch (utf8proc_category(static_cast<utf8proc_int32_t>(letter))) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_NL:
      return true;
    default:
      return false;
  }
}

bool IsWideWordPart(char32_t letter) {
  if (letter == kZeroWidthJoiner || letter == kZeroWidthNonJoiner) return true;  // parts of words in Persian and Indic scripts
  switch (utf8proc_category(static_cast<utf8proc_int32_t>(letter))) {
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ND:
      return true;
    default:
      return IsWideWordStart(letter);
  }
}

}  // namespace stagecraft
