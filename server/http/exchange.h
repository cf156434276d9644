// One request and the answer to it, whatever carries them.
#ifndef STAGECRAFT_SERVER_HTTP_EXCHANGE_H_
#define STAGECRAFT_SERVER_HTTP_EXCHANGE_H_

#include <boost/asio/awaitable.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <string>
#include <string_view>
namespace stagecraft::server {

using HttpRequest = boost::beast::http::request<boost::beast::http::string_body>;
using HttpResponse = boost::beast::http::response<boost::beast::http::string_body>;
template <typename Of>
using Awaitable = boost::asio::awaitable<Of>;

// Takes the answer. What it throws is boost::system::system_error: the peer has gone, or takes nothing any more.
class Responder {
 public:
  virtual ~Responder() = default;

  // Where the request comes from, without a port.
  virtual const std::string& address() const = 0;
  virtual bool is_encrypted() const = 0;
  // Whether nobody waits for the answer any more.
  virtual bool IsPeerGone() = 0;

  // The whole answer.
  virtual Awaitable<void> Send(HttpResponse response) = 0;
  // An answer in pieces: its head, then each piece once the one before is taken, then the end.
  virtual Awaitable<void> Begin(HttpResponse head) = 0;
  virtual Awaitable<void> Write(std::string piece) = 0;
  virtual Awaitable<void> End() = 0;
};

// Answers requests. Thread-safe; runs on the connection's strand.
class HttpHandler {
 public:
  virtual ~HttpHandler() = default;
  // Calls Send, or Begin and what follows it, once.
  virtual Awaitable<void> Handle(const HttpRequest& request, Responder& responder) = 0;
};

// `text` as an answer; its type is text/plain.
HttpResponse TextResponse(boost::beast::http::status status, std::string text);

inline std::string_view ToView(boost::beast::string_view text) { return {text.data(), text.size()}; }

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_HTTP_EXCHANGE_H_
