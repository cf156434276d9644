// Which web pages may make calls: those of this server, and of the origins that it was told of.
#ifndef STAGECRAFT_SERVER_HTTP_ORIGIN_H_
#define STAGECRAFT_SERVER_HTTP_ORIGIN_H_

#include <string>
#include <string_view>
#include <vector>

#include "runtime/model/status.h"

namespace stagecraft::server {

// INVALID_ARGUMENT (INVALID_ORIGIN) unless it is as browsers send it: `https://crm.acme.example`, with a port where it is not the usual
// one.
runtime::Status CheckOrigin(std::string_view origin);

// What a request says of where it comes from and where it wants to go.
struct Whereabouts {
  std::string_view host;    // Host
  std::string_view origin;  // Origin; empty: no web page, or one of this server
  bool is_encrypted = false;
};

class OriginPolicy {
 public:
  // `listen`: where the server takes HTTP; `origins`: besides its own.
  OriginPolicy(std::string_view listen, std::vector<std::string> origins);

  // Whether a page that was loaded under another name for this machine asks: on loopback, only pages that know it as loopback are its own
  // (else any web site could have its name lead here).
  bool IsForeignHost(std::string_view host) const;
  // Whether the page is of another origin that nobody has named.
  bool IsForeignOrigin(const Whereabouts& whereabouts) const;
  // Whether the browser is to be told that the page may see the answer.
  bool IsNamedOrigin(std::string_view origin) const;

 private:
  bool is_loopback_;
  std::vector<std::string> origins_;
};

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_HTTP_ORIGIN_H_
