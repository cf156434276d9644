// HOST:PORT as servers and clients have it.
#ifndef STAGECRAFT_SERVER_ADDRESS_H_
#define STAGECRAFT_SERVER_ADDRESS_H_

#include <charconv>
#include <cstdint>
#include <string_view>
#include <system_error>

namespace stagecraft::server {

// "127.0.0.1" of "127.0.0.1:7400", "::1" of "[::1]:7400"; empty when there is no port, or none below 65536.
inline std::string_view HostOf(std::string_view address) {
  const std::size_t colon = address.rfind(':');
  if (colon == std::string_view::npos || colon + 1 == address.size()) return {};
  const std::string_view port = address.substr(colon + 1);
  std::uint16_t number = 0;  // gRPC would take 65537 for 1
  const auto read = std::from_chars(port.data(), port.data() + port.size(), number);
  if (read.ec != std::errc() || read.ptr != port.data() + port.size()) return {};
  std::string_view host = address.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') return host.substr(1, host.size() - 2);
  return host.find(':') == std::string_view::npos ? host : std::string_view();
}

inline bool IsUnix(std::string_view address) { return address.rfind("unix:", 0) == 0 && address.size() > 5; }

// Whether nobody can be there but this machine.
inline bool IsLoopbackAddress(std::string_view address) {
  const std::string_view host = HostOf(address);
  // `127.example.com` is a name that may be anywhere.
  const bool numeric = host.find_first_not_of("0123456789.") == std::string_view::npos;
  return IsUnix(address) || host == "localhost" || host == "::1" || (numeric && host.rfind("127.", 0) == 0);
}

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_ADDRESS_H_
