#include "dsl/std/standard.h"

#include "dsl/std/embedded.h"

namespace stagecraft::standard {

std::string_view Hubspot() { return embedded::kHubspot; }

const std::vector<std::string>& TimeZones() {
  static const std::vector<std::string> kZones = [] {
    std::vector<std::string> zones;
    std::string_view rest = embedded::kTimeZones;
    while (!rest.empty()) {
      const std::size_t end = rest.find('\n');
      if (end != 0) zones.emplace_back(rest.substr(0, end));
      rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    }
    return zones;
  }();
  return kZones;
}

}  // namespace stagecraft::standard
