#include "runtime/engine/failpoint.h"

#ifdef STAGECRAFT_FAILPOINTS
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <string>

namespace stagecraft::runtime {
namespace {

constexpr int kKilled = 137;  // what a shell reports for kill -9

struct Chosen {
  std::string name;
  std::atomic<int> left = 1;

  Chosen() {
    const char* text = std::getenv("STAGECRAFT_FAILPOINT");
    if (text == nullptr) return;
    name = text;
    const std::size_t colon = name.find(':');
    if (colon == std::string::npos) return;
    left = std::atoi(name.c_str() + colon + 1);
    name.resize(colon);
  }
};

}  // namespace

void ReachFailpoint(std::string_view name) {
  static Chosen chosen;
  if (name == chosen.name && --chosen.left == 0) _exit(kKilled);
}

}  // namespace stagecraft::runtime
#endif
