#include "runtime/outbox/curl/address_guard.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace stagecraft::runtime {
namespace {

struct Range {
  std::uint32_t first;
  int bits;
};

constexpr std::uint32_t V4(std::uint32_t a, std::uint32_t b, std::uint32_t c) { return (a << 24U) | (b << 16U) | (c << 8U); }

constexpr std::array kNotPublic = {
    Range{V4(0, 0, 0), 8},      Range{V4(10, 0, 0), 8},     Range{V4(100, 64, 0), 10}, Range{V4(127, 0, 0), 8},
    Range{V4(169, 254, 0), 16}, Range{V4(172, 16, 0), 12},  Range{V4(192, 0, 0), 24},  Range{V4(192, 0, 2), 24},
    Range{V4(192, 88, 99), 24}, Range{V4(192, 168, 0), 16}, Range{V4(198, 18, 0), 15}, Range{V4(198, 51, 100), 24},
    Range{V4(203, 0, 113), 24}, Range{V4(224, 0, 0), 4},    Range{V4(240, 0, 0), 4},
};

bool IsPublic(std::uint32_t address) {
  return std::none_of(kNotPublic.begin(), kNotPublic.end(),
                      [address](const Range& range) { return ((address ^ range.first) >> static_cast<unsigned>(32 - range.bits)) == 0; });
}

// Of IPv6 only what is given out to everybody (2000::/3) can be public; in it these carry an IPv4 address, or lead nowhere.
bool IsPublic(const in6_addr& address) {
  const auto& bytes = address.s6_addr;
  const auto begins = [&bytes](std::initializer_list<std::uint8_t> prefix) { return std::equal(prefix.begin(), prefix.end(), bytes); };
  constexpr std::uint8_t kGivenOut = 0x20;
  constexpr std::uint8_t kGivenOutMask = 0xE0;
  if ((bytes[0] & kGivenOutMask) != kGivenOut) return false;
  const bool is_teredo = begins({0x20, 0x01, 0x00, 0x00});
  const bool is_documentation = begins({0x20, 0x01, 0x0D, 0xB8}) || begins({0x3F, 0xFF});
  const bool is_six_to_four = begins({0x20, 0x02});
  return !is_teredo && !is_documentation && !is_six_to_four;
}

}  // namespace

bool IsPublicAddress(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    sockaddr_in four{};
    std::memcpy(&four, &address, sizeof four);
    return IsPublic(ntohl(four.sin_addr.s_addr));
  }
  if (address.sa_family != AF_INET6) return false;
  sockaddr_in6 six{};
  std::memcpy(&six, &address, sizeof six);
  return IsPublic(six.sin6_addr);
}

std::string AddressText(const sockaddr& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (address.sa_family == AF_INET) {
    sockaddr_in four{};
    std::memcpy(&four, &address, sizeof four);
    inet_ntop(AF_INET, &four.sin_addr, text.data(), text.size());
  } else if (address.sa_family == AF_INET6) {
    sockaddr_in6 six{};
    std::memcpy(&six, &address, sizeof six);
    inet_ntop(AF_INET6, &six.sin6_addr, text.data(), text.size());
  }
  return text.data();
}

}  // namespace stagecraft::runtime
