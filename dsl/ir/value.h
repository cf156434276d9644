// The types of values, as the machine sees them: the language's own (dsl/sema/type.h says how each is stored).
#ifndef STAGECRAFT_DSL_IR_VALUE_H_
#define STAGECRAFT_DSL_IR_VALUE_H_

#include <cstdint>

#include "dsl/sema/type.h"

namespace stagecraft::ir {

using Type = sema::Type;
using sema::IsText;
using sema::kOptionsMax;

inline constexpr std::int64_t kNumberScale = 1'000'000;
inline constexpr std::int64_t kMicrosPerSecond = 1'000'000;
inline constexpr std::int64_t kMicrosPerDay = 86'400 * kMicrosPerSecond;

}  // namespace stagecraft::ir

#endif  // STAGECRAFT_DSL_IR_VALUE_H_
