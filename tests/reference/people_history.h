// Histories about people: who gets what, who is out, what they do with their tasks.
#ifndef STAGECRAFT_TESTS_REFERENCE_PEOPLE_HISTORY_H_
#define STAGECRAFT_TESTS_REFERENCE_PEOPLE_HISTORY_H_

#include <cstdint>

#include "tests/reference/history.h"

namespace stagecraft::reference {

// `deploys`: the script changes meanwhile.
History PeopleHistory(std::uint64_t seed, bool deploys);

}  // namespace stagecraft::reference

#endif  // STAGECRAFT_TESTS_REFERENCE_PEOPLE_HISTORY_H_
