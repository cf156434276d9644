// What the options of a property are to each other.
#ifndef STAGECRAFT_DSL_SEMA_OPTION_H_
#define STAGECRAFT_DSL_SEMA_OPTION_H_

#include <cstdint>

namespace stagecraft::sema {

enum class OptionGroup : std::uint8_t { kNone, kStart, kProcess, kOutcome };

// E9: the move from one option to the other leads back, and is refused without `back to`. `Option` is OptionSymbol or ir::Option; what may
// only go forward has a rank, a sub-value that of its option.
template <typename Option>
bool LeadsBack(const Option& from, const Option& to) {
  return from.forward_only && to.forward_only && to.rank < from.rank;
}

}  // namespace stagecraft::sema

#endif  // STAGECRAFT_DSL_SEMA_OPTION_H_
