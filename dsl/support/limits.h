// Bounds on what a script may ask of the compiler; beyond them: a diagnostic, never a crash.
#ifndef STAGECRAFT_DSL_SUPPORT_LIMITS_H_
#define STAGECRAFT_DSL_SUPPORT_LIMITS_H_

#include <cstdint>

namespace stagecraft {

struct Limits {
  std::uint32_t source_bytes_max = 4U << 20;  // one file; 10 000 rules are about 1 MB
  std::uint32_t nesting_max = 64;             // parentheses; keeps the recursive parser off the end of the stack
  std::uint32_t diagnostics_max = 200;        // nobody reads more; the last says how many were left out
};

}  // namespace stagecraft

#endif  // STAGECRAFT_DSL_SUPPORT_LIMITS_H_
