#include "dsl/support/show.h"

#include <utf8proc.h>

#include <algorithm>

#include "dsl/support/text.h"

namespace stagecraft {

namespace {

constexpr std::size_t kTabColumns = 4;
constexpr std::size_t kQuoteColumnsMax = 80;
constexpr std::string_view kEllipsis = "…";
constexpr std::string_view kSign = "\xEF\xBF\xBD";     // U+FFFD
constexpr std::string_view kIsolate = "\xE2\x81\xA6";  // U+2066, closed by kPop. NOLINT(misc-misleading-bidirectional)
constexpr std::string_view kPop = "\xE2\x81\xA9";      // U+2069

constexpr std::string_view kLineBreak = "⏎";
// A letter with all its marks, or a picture made of several, stays below this; what does not is no writing.
constexpr std::size_t kBytesPerColumnMax = 16;

bool IsControl(char32_t letter) { return letter < 0x20 || (letter >= 0x7F && letter < 0xA0); }

// U+202A … U+202E and U+2066 … U+2069: with them a script could show something else than it says.
bool TurnsDirection(char32_t letter) { return (letter >= 0x202A && letter <= 0x202E) || (letter >= 0x2066 && letter <= 0x2069); }

// The line and the paragraph separator of Unicode.
bool SeparatesLines(char32_t letter) { return letter == 0x2028 || letter == 0x2029; }

// U+FFFE and U+FFFF are no characters, and XML refuses them; U+FFFD also stands for a byte that is not UTF-8.
bool MayBeShown(char32_t letter) { return !(IsControl(letter) || TurnsDirection(letter) || (letter >= 0xFFFD && letter <= 0xFFFF)); }

// A message quotes in backticks, or in quotation marks; the mark that comes first ends the quotation, too.
std::size_t QuoteEnd(std::string_view message, std::size_t begin) { return message.find(message[begin], begin + 1); }

}  // namespace

std::string OneLine(std::string_view text, std::size_t column) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const CodePoint point = DecodeFirst(text);
    const std::string_view bytes = text.substr(0, point.bytes);
    text.remove_prefix(point.bytes);
    if (point.value == '\t') {
      out.append(kTabColumns - (column + DisplayWidth(out)) % kTabColumns, ' ');
    } else if (point.value == '\n' || SeparatesLines(point.value)) {
      out += kLineBreak;
    } else if (point.value == '\r' && text.starts_with('\n')) {
      continue;
    } else {
      out += MayBeShown(point.value) ? bytes : kSign;
    }
  }
  return out;
}

std::string Counted(std::uint64_t count, std::string_view thing) {
  return std::to_string(count) + " " + std::string(thing) + (count == 1 ? "" : "s");
}

std::string CleanText(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const CodePoint point = DecodeFirst(text);
    const bool is_layout = point.value == '\n' || point.value == '\t';
    out += is_layout || MayBeShown(point.value) ? text.substr(0, point.bytes) : kSign;
    text.remove_prefix(point.bytes);
  }
  return out;
}

std::string CleanJson(std::string_view json) {
  std::string out;
  out.reserve(json.size());
  while (!json.empty()) {
    const CodePoint point = DecodeFirst(json);
    // Below U+0020 there is only the layout between the values.
    const bool is_escaped = point.value >= 0x7F && (IsControl(point.value) || TurnsDirection(point.value) || SeparatesLines(point.value));
    if (is_escaped) {
      constexpr std::string_view kDigits = "0123456789abcdef";
      out += "\\u";
      for (const int shift : {12, 8, 4, 0}) out += kDigits[(point.value >> shift) & 0xFU];
    } else {
      out += json.substr(0, point.bytes);
    }
    json.remove_prefix(point.bytes);
  }
  return out;
}

std::string_view ClipColumns(std::string_view text, std::size_t columns, bool front) {
  std::size_t kept = 0;
  std::size_t width = 0;
  if (front) {
    while (kept < text.size()) {
      const CodePoint point = DecodeFirst(text.substr(kept));
      width += std::max<std::size_t>(DisplayWidth(text.substr(kept, point.bytes)), 1);
      if (width > columns) break;
      kept += point.bytes;
    }
    return text.substr(0, kept);
  }
  std::size_t begin = text.size();
  while (begin > 0) {
    std::size_t previous = begin - 1;
    while (previous > 0 && (static_cast<unsigned char>(text[previous]) & 0xC0U) == 0x80U) --previous;
    width += std::max<std::size_t>(DisplayWidth(text.substr(previous, begin - previous)), 1);
    if (width > columns) break;
    begin = previous;
  }
  return text.substr(begin);
}

std::string Cut(std::string_view text, std::size_t columns) {
  const bool fits = text.size() <= kBytesPerColumnMax * columns && DisplayWidth(text) <= columns;
  if (fits || columns == 0) return std::string(fits ? text : std::string_view());
  return std::string(ClipColumns(text, columns - 1, true)) + std::string(kEllipsis);
}

std::string CutBytes(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return std::string(text);
  std::size_t end = bytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return std::string(text.substr(0, end)) + std::string(kEllipsis);
}

std::string ShortenQuotes(std::string_view message) {
  if (message.size() <= kQuoteColumnsMax) return std::string(message);
  std::string out;
  std::size_t at = 0;
  while (at < message.size()) {
    const std::size_t begin = std::min(message.find_first_of("`\"", at), message.size());
    out += message.substr(at, begin - at);
    if (begin == message.size()) break;
    std::size_t end = QuoteEnd(message, begin);
    const bool is_closed = end != std::string_view::npos;
    if (!is_closed) end = message.size();
    out += message[begin];
    out += Cut(message.substr(begin + 1, end - begin - 1), kQuoteColumnsMax);
    if (is_closed) out += message[begin];
    at = is_closed ? end + 1 : end;
  }
  return out;
}

void ShortenQuotes(std::vector<Diagnostic>& diagnostics) {
  const auto shorten = [](std::string& text) { text = ShortenQuotes(std::string_view(text)); };
  for (Diagnostic& diagnostic : diagnostics) {
    shorten(diagnostic.message);
    shorten(diagnostic.label);
    for (std::string& line : diagnostic.help) shorten(line);
    for (Note& note : diagnostic.notes) shorten(note.message);
    for (Fix& fix : diagnostic.fixes) shorten(fix.title);
  }
}

bool HasRightToLeft(std::string_view text) {
  while (!text.empty()) {
    const CodePoint point = DecodeFirst(text);
    text.remove_prefix(point.bytes);
    if (point.value < 0x590) continue;  // Hebrew is the first such script
    const auto bidi_class = utf8proc_get_property(static_cast<utf8proc_int32_t>(point.value))->bidi_class;
    if (bidi_class == UTF8PROC_BIDI_CLASS_R || bidi_class == UTF8PROC_BIDI_CLASS_AL) return true;
  }
  return false;
}

std::string Isolated(std::string text) {
  if (!HasRightToLeft(text)) return text;
  return std::string(kIsolate) + std::move(text) + std::string(kPop);
}

}  // namespace stagecraft
