// Histories in which people switch rules off and on, end runs, and start rules.
#ifndef STAGECRAFT_TESTS_REFERENCE_CONTROL_HISTORY_H_
#define STAGECRAFT_TESTS_REFERENCE_CONTROL_HISTORY_H_

#include <cstdint>

#include "tests/reference/history.h"

namespace stagecraft::reference {

History ControlHistory(std::uint64_t seed);

}  // namespace stagecraft::reference

#endif  // STAGECRAFT_TESTS_REFERENCE_CONTROL_HISTORY_H_
