// How the Connect protocol says that a call has failed.
#ifndef STAGECRAFT_SERVER_HTTP_CONNECT_ERROR_H_
#define STAGECRAFT_SERVER_HTTP_CONNECT_ERROR_H_

#include <boost/beast/http/status.hpp>
#include <string>
#include <string_view>

#include "server/http/calls.h"

namespace stagecraft::server {

// `invalid_argument` of INVALID_ARGUMENT.
std::string_view ConnectCode(int code);
boost::beast::http::status HttpStatusOf(int code);
// {"code": …, "message": …, "details": […]}; of a call that went well {}.
std::string ErrorJson(const CallEnd& end);
// For the header Retry-After: how long RetryInfo asks to wait, in whole seconds, rounded up. Empty: it asks for nothing.
std::string RetryAfter(const CallEnd& end);
// What ends a stream: {"error": {…}} or {}.
std::string EndOfStreamJson(const CallEnd& end);

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_HTTP_CONNECT_ERROR_H_
