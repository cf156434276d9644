#include "tests/histories/machine.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <ctime>
#include <string>

namespace {

std::atomic<std::int64_t> seconds_ahead = 0;

// `1.234.567,5`
class OtherNumbers final : public std::numpunct<char> {
 protected:
  char do_decimal_point() const override { return ','; }
  char do_thousands_sep() const override { return '.'; }
  std::string do_grouping() const override { return "\3"; }
};

}  // namespace

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
// In the place of the C library's, for whoever asks for the time of day in this process.
extern "C" int clock_gettime(clockid_t clock, timespec* now) noexcept {
  const long failed = syscall(SYS_clock_gettime, clock, now);
  if (failed == 0 && clock == CLOCK_REALTIME) now->tv_sec += seconds_ahead.load();
  return static_cast<int>(failed);
}
#endif

namespace stagecraft::runtime {

OtherMachine::OtherMachine(const char* zone, std::int64_t clock_ahead)
    : before_(std::locale::global(std::locale(std::locale::classic(), new OtherNumbers))) {
  setenv("TZ", zone, 1);
  tzset();
  seconds_ahead = clock_ahead;
}

OtherMachine::~OtherMachine() {
  seconds_ahead = 0;
  unsetenv("TZ");
  tzset();
  std::locale::global(before_);
}

}  // namespace stagecraft::runtime
