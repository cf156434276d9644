// The properties that follow a contact's deals.
#ifndef STAGECRAFT_TESTS_REFERENCE_DEALS_H_
#define STAGECRAFT_TESTS_REFERENCE_DEALS_H_

#include <string>
#include <vector>

#include "tests/reference/contact.h"

namespace stagecraft::reference {

// The contact's deals are others since `at`. Gives what changes of its properties, a line each.
std::vector<std::string> FollowDeals(const Script& script, Micros at, Contact& contact);

}  // namespace stagecraft::reference

#endif  // STAGECRAFT_TESTS_REFERENCE_DEALS_H_
