#include "dsl/support/source.h"

#include <algorithm>
#include <utility>

namespace stagecraft {

namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

constexpr std::size_t kBlockBytes = 4096;

bool IsContinuationByte(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

std::uint32_t CountLetters(std::string_view bytes) {
  return static_cast<std::uint32_t>(std::count_if(bytes.begin(), bytes.end(), [](char byte) { return !IsContinuationByte(byte); }));
}

}  // namespace

Source::Source(std::string name, std::string text) : name_(std::move(name)), text_(std::move(text)) {
  const bool has_mark = text_.compare(0, kByteOrderMark.size(), kByteOrderMark) == 0;
  line_starts_.push_back(has_mark ? kByteOrderMark.size() : 0);
  for (std::size_t end = text_.find('\n'); end != std::string::npos; end = text_.find('\n', end + 1)) {
    line_starts_.push_back(static_cast<std::uint32_t>(end + 1));
  }
  std::uint32_t letters = 0;
  for (std::size_t i = 0; i < text_.size(); i += kBlockBytes) {
    block_letters_.push_back(letters);
    letters += CountLetters(this->text().substr(i, kBlockBytes));
  }
  block_letters_.push_back(letters);
}

std::uint32_t Source::LettersBefore(std::uint32_t offset) const {
  const std::size_t block = offset / kBlockBytes;
  return block_letters_[block] + CountLetters(text().substr(block * kBlockBytes, offset % kBlockBytes));
}

std::uint32_t Source::LineAt(std::uint32_t offset) const {
  const auto after = std::upper_bound(line_starts_.begin(), line_starts_.end(), std::max(offset, line_starts_.front()));
  return static_cast<std::uint32_t>(after - line_starts_.begin());
}

Position Source::PositionAt(std::uint32_t offset) const {
  offset = std::clamp(offset, line_starts_.front(), static_cast<std::uint32_t>(text_.size()));
  const std::uint32_t line = LineAt(offset);
  return {line, LettersBefore(offset) - LettersBefore(line_starts_[line - 1]) + 1};
}

std::string_view Source::Line(std::uint32_t line) const {
  if (line == 0 || line > line_count()) return {};
  const std::size_t begin = line_starts_[line - 1];
  std::size_t end = line == line_count() ? text_.size() : line_starts_[line] - 1;
  if (end > begin && text_[end - 1] == '\r') --end;
  return text().substr(begin, end - begin);
}

}  // namespace stagecraft
