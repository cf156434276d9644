// Places in the scripts that a program was made from.
#ifndef STAGECRAFT_DSL_IR_PLACE_H_
#define STAGECRAFT_DSL_IR_PLACE_H_

#include <cstdint>

namespace stagecraft::ir {

// Where a thing stands in the scripts, for explanations.
struct Place {
  std::uint32_t file = 0;  // index into Program::files
  std::uint32_t line = 0;  // 1-based
};

}  // namespace stagecraft::ir

#endif  // STAGECRAFT_DSL_IR_PLACE_H_
