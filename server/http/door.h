// The second port: HTTP for browsers, metrics and webhooks.
#ifndef STAGECRAFT_SERVER_HTTP_DOOR_H_
#define STAGECRAFT_SERVER_HTTP_DOOR_H_

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runtime/model/event.h"
#include "runtime/model/status.h"
#include "server/tls_files.h"
#include "server/webhook_secrets.h"

namespace stagecraft::server {

class Calls;

struct HttpDoorOptions {
  std::string listen;                    // HOST:PORT, [IPV6]:PORT; port 0: any free one
  std::vector<std::string> origins;      // whose pages may make calls, besides its own
  std::optional<TlsFiles> tls;           // absent: without encryption
  std::function<std::string()> metrics;  // the text of /metrics
  WebhookSecrets webhooks;
  std::function<runtime::Micros()> now;  // the time that signatures of webhooks are held against
};

class HttpDoor {
 public:
  // Takes connections. `calls` must outlive it. UNAVAILABLE (PORT_IN_USE); FAILED_PRECONDITION (INVALID_TLS_FILE).
  static runtime::Result<std::unique_ptr<HttpDoor>> Open(HttpDoorOptions options, Calls& calls);
  // Close with no patience when nobody has closed it before. No call that it made may be under way any more.
  virtual ~HttpDoor() = default;

  virtual int port() const = 0;
  // Takes no new connection and no new request; those under way go on.
  virtual void StopTaking() = 0;
  // StopTaking, then waits until all is answered, at most for `patience`. Safe to call twice.
  virtual void Close(std::chrono::milliseconds patience) = 0;
};

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_HTTP_DOOR_H_
