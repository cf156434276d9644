#include "server/http/origin.h"

#include <algorithm>
#include <utility>

#include "dsl/support/text.h"
#include "server/address.h"

namespace stagecraft::server {
namespace {

std::string_view WithoutPort(std::string_view host) {
  const std::size_t colon = host.rfind(':');
  return colon == std::string_view::npos || host.find(']', colon) != std::string_view::npos ? host : host.substr(0, colon);
}

std::string_view AfterScheme(std::string_view origin) {
  const std::size_t scheme = origin.find("://");
  return scheme == std::string_view::npos ? std::string_view() : origin.substr(scheme + 3);
}

}  // namespace

runtime::Status CheckOrigin(std::string_view origin) {
  const std::string_view host = AfterScheme(origin);
  const bool is_web = origin.rfind("http://", 0) == 0 || origin.rfind("https://", 0) == 0;
  if (is_web && !host.empty() && host.find_first_of("/?#@ *") == std::string_view::npos) return {};
  return {runtime::StatusCode::kInvalidArgument,
          "INVALID_ORIGIN",
          "`" + std::string(origin) + "` is no origin of web pages; expected one as browsers send it, such as https://crm.acme.example",
          {}};
}

OriginPolicy::OriginPolicy(std::string_view listen, std::vector<std::string> origins)
    : is_loopback_(IsLoopbackAddress(listen)), origins_(std::move(origins)) {}

bool OriginPolicy::IsForeignHost(std::string_view host) const {
  if (!is_loopback_ || host.empty()) return false;
  const std::string name = FoldCase(WithoutPort(host));
  const bool is_own = name == "localhost" || name == "[::1]" || IsLoopbackAddress(name + ":1");
  return !is_own && std::none_of(origins_.begin(), origins_.end(), [&](std::string_view each) { return AfterScheme(each) == host; });
}

bool OriginPolicy::IsForeignOrigin(const Whereabouts& whereabouts) const {
  if (whereabouts.origin.empty()) return false;
  const std::string own = (whereabouts.is_encrypted ? "https://" : "http://") + std::string(whereabouts.host);
  return whereabouts.origin != own && !IsNamedOrigin(whereabouts.origin);
}

bool OriginPolicy::IsNamedOrigin(std::string_view origin) const {
  return std::find(origins_.begin(), origins_.end(), origin) != origins_.end();
}

}  // namespace stagecraft::server
