// How a benchmark ends when something that it needs goes wrong.
#ifndef STAGECRAFT_BENCH_CHECK_H_
#define STAGECRAFT_BENCH_CHECK_H_

#include <errno.h>
#include <fmt/format.h>

#include <cstdlib>
#include <string>

#include "runtime/model/status.h"

namespace stagecraft::runtime {

// Says it on standard error, behind the name of the program, and ends with 1.
[[noreturn]] inline void Die(const std::string& message) {
  fmt::print(stderr, "{}: {}\n", program_invocation_short_name, message);
  std::exit(1);
}

inline void CheckOk(const Status& status) {
  if (!status.ok()) Die(status.message);
}

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_BENCH_CHECK_H_
