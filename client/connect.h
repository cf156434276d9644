// A channel to a server: where it is, whom to trust, and who calls.
#ifndef STAGECRAFT_CLIENT_CONNECT_H_
#define STAGECRAFT_CLIENT_CONNECT_H_

#include <grpcpp/channel.h>

#include <memory>
#include <optional>
#include <string>

#include "client/status.h"

namespace stagecraft::client {

// The text of PEM files, not their names.
struct Tls {
  std::string ca;           // whom to trust; empty: whom the system trusts
  std::string certificate;  // of the client, where the server wants one; with its key
  std::string key;
};

struct ConnectOptions {
  std::string address;             // HOST:PORT, [IPV6]:PORT or unix:PATH
  std::string token;               // `sc_…`, sent with each call; empty: none. White space around it does not count
  std::optional<Tls> tls;          // absent: none to this machine (loopback, unix:), the system's authorities to any other
  bool unencrypted = false;        // no TLS to another machine either; not together with `tls`
  bool unencrypted_token = false;  // the token may go over an unencrypted connection to another machine: anybody on the way can take it
};

// A channel with these options; the connection itself is made with the first call, kept alive by pings, and made again when it breaks.
// The token goes with every call on it. Any stub of stagecraft.v1 can be made on it.
//
// Errors, before anything is sent: INVALID_ARGUMENT (INVALID_ADDRESS; INVALID_TOKEN: what cannot stand in a header; INVALID_TLS: `tls`
// together with `unencrypted`, a certificate without its key); FAILED_PRECONDITION (TOKEN_NOT_ENCRYPTED: the token would go to another
// machine unencrypted, and `unencrypted_token` is not set).
Result<std::shared_ptr<grpc::Channel>> Connect(const ConnectOptions& options);

}  // namespace stagecraft::client

#endif  // STAGECRAFT_CLIENT_CONNECT_H_
