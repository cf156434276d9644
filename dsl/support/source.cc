#include "dsl/support/source.h"

#include <algorithm>
#include <utility>

namespace stagecraft {

namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool IsContinuationByte(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

}  // namespace

Source::Source(std::string name, std::string text) : name_(std::move(name)), text_(std::move(text)) {
  const bool has_mark = text_.compare(0, kByteOrderMark.size(), kByteOrderMark) == 0;
  line_starts_.push_back(has_mark ? kByteOrderMark.size() : 0);
  for (std::size_t i = 0; i < text_.size(); ++i) {
    if (text_[i] == '\n') line_starts_.push_back(static_cast<std::uint32_t>(i + 1));
  }
}

Position Source::PositionAt(std::uint32_t offset) const {
  offset = std::clamp(offset, line_starts_.front(), static_cast<std::uint32_t>(text_.size()));
  const auto after = std::upper_bound(line_starts_.begin(), line_starts_.end(), offset);
  const auto line = static_cast<std::uint32_t>(after - line_starts_.begin());
  const std::string_view before = text().substr(line_starts_[line - 1], offset - line_starts_[line - 1]);
  const auto letters = std::count_if(before.begin(), before.end(), [](char byte) { return !IsContinuationByte(byte); });
  return {line, static_cast<std::uint32_t>(letters) + 1};
}

std::string_view Source::Line(std::uint32_t line) const {
  if (line == 0 || line > line_count()) return {};
  const std::size_t begin = line_starts_[line - 1];
  std::size_t end = line == line_count() ? text_.size() : line_starts_[line] - 1;
  if (end > begin && text_[end - 1] == '\r') --end;
  return text().substr(begin, end - begin);
}

}  // namespace stagecraft
