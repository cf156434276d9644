// Regular expressions of scripts (`matches`): RE2, anywhere in the text, without regard to letter case.
#ifndef STAGECRAFT_RUNTIME_EXEC_PATTERN_H_
#define STAGECRAFT_RUNTIME_EXEC_PATTERN_H_

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/ir/program.h"

namespace re2 {
class RE2;
}

namespace stagecraft::runtime {

// All patterns of a program, compiled once. Safe for several threads.
class Patterns {
 public:
  explicit Patterns(const ir::Program& program);
  ~Patterns();

  // `number`: of the pattern's text in Program::texts.
  bool Matches(std::size_t number, std::string_view text) const;

 private:
  std::vector<std::unique_ptr<re2::RE2>> compiled_;  // by text; null where no test takes the text for a pattern
};

// For conditions that stand alone. Each thread keeps the patterns that it has met last. One that RE2 refuses matches nothing.
bool MatchPattern(const std::string& pattern, std::string_view text);

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_EXEC_PATTERN_H_
