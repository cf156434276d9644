// Source text with positions. Everything in dsl/ speaks of places as byte offsets; lines and columns
// are computed here, once, when somebody wants to read them.
#ifndef STAGECRAFT_DSL_SUPPORT_SOURCE_H_
#define STAGECRAFT_DSL_SUPPORT_SOURCE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace stagecraft {

// A half-open range of bytes, [begin, end), in the source with index `source` of a SourceSet.
struct Span {
  std::uint32_t source = 0;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;

  friend bool operator==(const Span&, const Span&) = default;
};

// 1-based line; 1-based column in code points (not bytes, not UTF-16 units).
struct Position {
  std::uint32_t line = 1;
  std::uint32_t column = 1;

  friend bool operator==(const Position&, const Position&) = default;
};

// One file of script. Immutable. The text is kept as the user wrote it.
class Source {
 public:
  // `name` is what diagnostics show: a path as the user gave it, or "-" for standard input.
  Source(std::string name, std::string text);

  const std::string& name() const { return name_; }
  std::string_view text() const { return text_; }

  // The text at a span of this source.
  std::string_view At(const Span& span) const { return text().substr(span.begin, span.end - span.begin); }
  // The position of a byte offset; an offset past the end gives the end.
  Position PositionAt(std::uint32_t offset) const;
  // Its line alone, which costs less.
  std::uint32_t LineAt(std::uint32_t offset) const;
  // The text of a 1-based line, without its line break; empty when there is no such line.
  std::string_view Line(std::uint32_t line) const;
  std::uint32_t line_count() const { return static_cast<std::uint32_t>(line_starts_.size()); }

 private:
  // How many letters begin before this offset.
  std::uint32_t LettersBefore(std::uint32_t offset) const;

  std::string name_;
  std::string text_;
  std::vector<std::uint32_t> line_starts_;
  // LettersBefore at each multiple of a block's size: thousands of positions in one line of megabytes must not take minutes.
  std::vector<std::uint32_t> block_letters_;
};

// The files of one compilation. Spans index into it.
using SourceSet = std::vector<Source>;

}  // namespace stagecraft

#endif  // STAGECRAFT_DSL_SUPPORT_SOURCE_H_
