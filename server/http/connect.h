// The Connect protocol (connectrpc.com/docs/protocol): the server's calls over HTTP, for browsers and curl. It goes by the descriptors, so
// that a new call needs nothing here.
#ifndef STAGECRAFT_SERVER_HTTP_CONNECT_H_
#define STAGECRAFT_SERVER_HTTP_CONNECT_H_

#include "server/http/calls.h"
#include "server/http/exchange.h"

namespace stagecraft::server {

// Whether the path could be one of a call: `/stagecraft.v1.EventService/PublishEvent`.
bool IsConnectPath(std::string_view path);

// Answers a request to such a path.
Awaitable<void> HandleConnect(Calls& calls, const HttpRequest& request, Responder& responder);

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_HTTP_CONNECT_H_
