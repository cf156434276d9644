// An event as it comes in, in the symbols of the script.
#ifndef STAGECRAFT_TESTS_REFERENCE_RESOLVE_H_
#define STAGECRAFT_TESTS_REFERENCE_RESOLVE_H_

#include <utility>
#include <vector>

#include "runtime/model/event.h"
#include "tests/reference/contact.h"

namespace stagecraft::reference {

struct Incoming {
  Happening event;
  std::vector<std::pair<Symbol, Value>> properties;
};

// Throws Unsupported for what is no event of the script.
Incoming Resolve(const Script& script, const runtime::EventInput& input, int record);

// Of a company's change.
std::vector<std::pair<Symbol, Value>> ResolveProperties(const Script& script, const runtime::EventInput& input);

}  // namespace stagecraft::reference

#endif  // STAGECRAFT_TESTS_REFERENCE_RESOLVE_H_
