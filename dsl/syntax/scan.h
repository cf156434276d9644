// A scanner over source text that cannot fail, for what is said of text that the grammar could not read.
#ifndef STAGECRAFT_DSL_SYNTAX_SCAN_H_
#define STAGECRAFT_DSL_SYNTAX_SCAN_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace stagecraft::syntax {

struct Token {
  enum class Kind : std::uint8_t { kEnd, kWord, kText, kNumber, kSign };
  Kind kind = Kind::kEnd;
  std::size_t begin = 0;
  std::size_t end = 0;
  bool starts_line = false;

  std::string_view In(std::string_view text) const { return text.substr(begin, end - begin); }
};

// The first token at or after `offset`, which is not inside a text or a comment. An unclosed text ends with its line.
Token NextToken(std::string_view text, std::size_t offset);

}  // namespace stagecraft::syntax

#endif  // STAGECRAFT_DSL_SYNTAX_SCAN_H_
