// Histories of what fails and is tried again, and of what leaves the house.
#ifndef STAGECRAFT_TESTS_REFERENCE_OUTBOX_HISTORY_H_
#define STAGECRAFT_TESTS_REFERENCE_OUTBOX_HISTORY_H_

#include <cstdint>

#include "tests/reference/history.h"

namespace stagecraft::reference {

History OutboxHistory(std::uint64_t seed);

}  // namespace stagecraft::reference

#endif  // STAGECRAFT_TESTS_REFERENCE_OUTBOX_HISTORY_H_
