#include "client/id.h"

#include <array>
#include <cstdint>
#include <random>

namespace stagecraft::client {
namespace {

// The operating system is asked once a thread; asking it for each id would be most of the work of publishing an event.
std::mt19937_64 Seeded() {
  std::random_device device;
  std::array<std::uint32_t, 16> words{};
  for (std::uint32_t& word : words) word = device();
  std::seed_seq seed(words.begin(), words.end());
  return std::mt19937_64(seed);
}

}  // namespace

std::string NewId() {
  thread_local std::mt19937_64 random = Seeded();
  constexpr char kDigits[] = "0123456789abcdef";
  std::string id = "xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx";
  std::uint64_t bits = 0;
  int digits = 0;  // that `bits` still has
  for (char& place : id) {
    if (place != 'x' && place != 'y') continue;
    if (digits == 0) {
      bits = random();
      digits = 16;
    }
    const auto digit = place == 'y' ? (bits & 3U) | 8U : bits & 15U;
    place = kDigits[digit];
    bits >>= 4U;
    --digits;
  }
  return id;
}

}  // namespace stagecraft::client
