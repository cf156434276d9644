// A scanner over source text that cannot fail: for what is said of text that the grammar could not read, and for the formatter.
#ifndef STAGECRAFT_DSL_SYNTAX_SCAN_H_
#define STAGECRAFT_DSL_SYNTAX_SCAN_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace stagecraft::syntax {

struct Token {
  // kNumber: digits with a fraction or `%`; dates and times are numbers with signs between them. kSign: the signs that the language
  // knows, each whole (`->`, `..`), and any other character by itself. kComment: from `#` to the end of its line; of ScanAll only.
  enum class Kind : std::uint8_t { kEnd, kWord, kText, kNumber, kSign, kComment };
  Kind kind = Kind::kEnd;
  std::size_t begin = 0;
  std::size_t end = 0;
  bool starts_line = false;

  std::string_view In(std::string_view text) const { return text.substr(begin, end - begin); }
};

// The first token at or after `offset`, which is not inside a text or a comment. An unclosed text ends with its line.
Token NextToken(std::string_view text, std::size_t offset);

// All tokens, comments too, in their order, without the kEnd. What lies between them is white space.
std::vector<Token> ScanAll(std::string_view text);

// Whether a space stands between two neighbouring tokens that are laid out on one line.
bool SpaceBetween(std::string_view text, const Token& left, const Token& right);

// A piece of script in one line: its tokens without comments, spaced as SpaceBetween says, so that two layouts of it are equal.
std::string OneLine(std::string_view text);

}  // namespace stagecraft::syntax

#endif  // STAGECRAFT_DSL_SYNTAX_SCAN_H_
