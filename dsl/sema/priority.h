// How urgent a task is.
#ifndef STAGECRAFT_DSL_SEMA_PRIORITY_H_
#define STAGECRAFT_DSL_SEMA_PRIORITY_H_

#include <cstdint>

namespace stagecraft::sema {

// Tasks are stored with these numbers.
enum class Priority : std::uint8_t { kNormal, kLow, kHigh };

}  // namespace stagecraft::sema

#endif  // STAGECRAFT_DSL_SEMA_PRIORITY_H_
