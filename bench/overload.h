// Ten times the load that a server can take.
#ifndef STAGECRAFT_BENCH_OVERLOAD_H_
#define STAGECRAFT_BENCH_OVERLOAD_H_

#include <cstdint>
#include <string>

namespace stagecraft::bench {

// Finds out what the server takes, offers ten times as many events a second for a minute, whatever it answers, and prints what came of
// it. Dies when a call is refused otherwise than with RESOURCE_EXHAUSTED and RetryInfo, or when the server has other events than those
// that it accepted. Nobody else may use the server meanwhile.
int Overload(const std::string& server, std::uint32_t contacts);

}  // namespace stagecraft::bench

#endif  // STAGECRAFT_BENCH_OVERLOAD_H_
