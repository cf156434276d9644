// Values that actions set.
#ifndef STAGECRAFT_TESTS_REFERENCE_COMPUTE_H_
#define STAGECRAFT_TESTS_REFERENCE_COMPUTE_H_

#include "tests/reference/conditions.h"

namespace stagecraft::reference {

struct Computed {
  Value value;
  std::string refused;  // why there is no value; empty: there is, or it is unset
  std::string missing;  // what is not set, where that is why
};

// What `value` is, for a property of the type.
Computed Compute(const Scene& scene, const sema::Value& value, sema::Type type);
// What it reads, as scripts call it.
std::string NameOf(const Scene& scene, const sema::Reference& reference);

}  // namespace stagecraft::reference

#endif  // STAGECRAFT_TESTS_REFERENCE_COMPUTE_H_
