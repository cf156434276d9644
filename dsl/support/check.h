// What the code relies on, checked in every build: a broken promise ends the process here, not somewhere else later.
#ifndef STAGECRAFT_DSL_SUPPORT_CHECK_H_
#define STAGECRAFT_DSL_SUPPORT_CHECK_H_

#include <cstdio>
#include <cstdlib>

// The long name: CHECK belongs to Catch2 in the tests.
#define STAGECRAFT_CHECK(condition)                                                                       \
  do {                                                                                                    \
    if (!(condition)) {                                                                                   \
      std::fprintf(stderr, "stagecraft: broken promise `%s` at %s:%d\n", #condition, __FILE__, __LINE__); \
      std::abort();                                                                                       \
    }                                                                                                     \
  } while (false)

#endif  // STAGECRAFT_DSL_SUPPORT_CHECK_H_
