// The gRPC server of stagecraft.v1. The one header of server/ that the rest of the house includes; it shows nothing of gRPC.
#ifndef STAGECRAFT_SERVER_SERVER_H_
#define STAGECRAFT_SERVER_SERVER_H_

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runtime/engine/engine.h"
#include "runtime/engine/world.h"
#include "runtime/store/access_store.h"
#include "server/tls_files.h"
#include "server/webhook_secrets.h"

namespace stagecraft::server {

// Who may call, and what they did. Both must outlive the server.
struct Access {
  runtime::AccessStore& store;
  const runtime::Clock& clock;
};

// The second port: calls by the Connect protocol, for browsers and curl, /healthz and /metrics. With the same certificates.
struct HttpOptions {
  std::string listen = "127.0.0.1:7401";  // HOST:PORT or [IPV6]:PORT; port 0: any free one
  WebhookSecrets webhooks;
  std::vector<std::string> origins;  // whose pages may make calls, besides its own: `https://crm.acme.example`
};

struct ServerOptions {
  std::string listen = "127.0.0.1:7400";  // HOST:PORT, [IPV6]:PORT or unix:PATH; port 0: any free one
  std::optional<HttpOptions> http;        // absent: no second port
  std::optional<TlsFiles> tls;            // absent: without encryption
  std::optional<Access> access;           // absent: whoever reaches the server may do everything, and no audit log is kept
  bool insecure = false;                  // listen elsewhere than on loopback, though anybody there can do everything, or read along
  std::chrono::milliseconds reader_patience{30'000};  // with who takes nothing of a stream: then it is cut off
  std::chrono::milliseconds order_time{10'000};       // for finding one page of what is ordered by values: each looks at all there is
  std::uint32_t read_threads = 4;                     // for calls that wait or compute: lists, imports; half as many more for scripts
};

class Server {
 public:
  // Whether there may be a server with these options now, as far as that is known without `access`: INVALID_ARGUMENT
  // (INVALID_LISTEN_ADDRESS), FAILED_PRECONDITION (INSECURE_LISTEN_ADDRESS: not loopback, neither with TLS nor `insecure`;
  // INVALID_TLS_FILE; INVALID_ORIGIN), UNAVAILABLE (PORT_IN_USE, also when the address is not ours). Each message is one line for people.
  static runtime::Status Check(const ServerOptions& options);
  // Serves `engine`, which must outlive the server. Fails as Check does, and where there must be a token but none is in force
  // (FAILED_PRECONDITION, INSECURE_LISTEN_ADDRESS), or the tokens cannot be read.
  static runtime::Result<std::unique_ptr<Server>> Start(runtime::Engine& engine, ServerOptions options);

  // Drains with no grace when nobody has drained before.
  virtual ~Server() = default;

  // The port that is listened on; 0 for unix:PATH.
  virtual int port() const = 0;
  // Of HTTP; 0: there is none.
  virtual int http_port() const = 0;

  // Stops: health says NOT_SERVING, streams are ended after what they have sent is answered, new work is refused with UNAVAILABLE, calls
  // under way are waited for at most `grace` and then cancelled. Returns when no call is left. Safe to call twice.
  virtual void Drain(std::chrono::milliseconds grace) = 0;
};

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_SERVER_H_
