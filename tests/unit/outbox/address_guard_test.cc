#include "runtime/outbox/curl/address_guard.h"

#include <arpa/inet.h>

#include <catch2/catch.hpp>
#include <cstring>

namespace stagecraft::runtime {
namespace {

sockaddr_storage Address(const char* text) {
  sockaddr_storage storage{};
  sockaddr_in four{};
  sockaddr_in6 six{};
  if (inet_pton(AF_INET, text, &four.sin_addr) == 1) {
    four.sin_family = AF_INET;
    std::memcpy(&storage, &four, sizeof four);
  } else {
    REQUIRE(inet_pton(AF_INET6, text, &six.sin6_addr) == 1);
    six.sin6_family = AF_INET6;
    std::memcpy(&storage, &six, sizeof six);
  }
  return storage;
}

bool IsPublic(const char* text) {
  const sockaddr_storage storage = Address(text);
  return IsPublicAddress(reinterpret_cast<const sockaddr&>(storage));
}

}  // namespace

TEST_CASE("addresses of the internet are public, up to the edges of what is not") {
  for (const char* text :
       {"1.1.1.1",         "9.255.255.255", "11.0.0.0",        "100.63.255.255",  "100.128.0.0", "126.255.255.255", "128.0.0.0",
        "169.253.255.255", "169.255.0.0",   "172.15.255.255",  "172.32.0.0",      "192.0.1.0",   "192.167.255.255", "192.169.0.0",
        "198.17.255.255",  "198.20.0.0",    "223.255.255.255", "2606:4700::1111", "2a00::1",     "2001:200::1"}) {
    INFO(text);
    CHECK(IsPublic(text));
  }
}

TEST_CASE("this machine, private networks, links and groups are not public, however they are written") {
  for (const char* text : {"0.0.0.0",     "0.255.255.255",   "10.0.0.0",        "10.255.255.255", "100.64.0.0",     "100.127.255.255",
                           "127.0.0.1",   "127.255.255.255", "169.254.169.254", "172.16.0.0",     "172.31.255.255", "192.0.0.8",
                           "192.0.2.1",   "192.168.0.0",     "192.168.255.255", "198.18.0.0",     "198.19.255.255", "198.51.100.1",
                           "203.0.113.1", "224.0.0.1",       "239.255.255.255", "240.0.0.0",      "255.255.255.255"}) {
    INFO(text);
    CHECK_FALSE(IsPublic(text));
  }
  for (const char* text : {"::", "::1", "::ffff:127.0.0.1", "::ffff:1.1.1.1", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1", "100::1",
                           "fc00::1", "fdff::1", "fe80::1", "fec0::1", "ff02::1", "2001::1", "2001:db8::1", "2002:7f00:1::", "3fff::1"}) {
    INFO(text);
    CHECK_FALSE(IsPublic(text));
  }
}

TEST_CASE("what is neither IPv4 nor IPv6 is not public") {
  sockaddr_storage storage{};
  storage.ss_family = AF_UNIX;
  CHECK_FALSE(IsPublicAddress(reinterpret_cast<const sockaddr&>(storage)));
}

TEST_CASE("addresses are shown as people write them") {
  const sockaddr_storage four = Address("10.0.0.7");
  CHECK(AddressText(reinterpret_cast<const sockaddr&>(four)) == "10.0.0.7");
  const sockaddr_storage six = Address("fe80::1");
  CHECK(AddressText(reinterpret_cast<const sockaddr&>(six)) == "fe80::1");
}

}  // namespace stagecraft::runtime
