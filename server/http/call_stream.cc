#include "server/http/call_stream.h"

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "server/http/limits.h"

namespace stagecraft::server {

namespace net = boost::asio;

std::shared_ptr<CallStream> CallStream::Start(const net::any_io_executor& strand, Calls& calls, CallRequest request, Responder& responder) {
  auto stream = std::make_shared<CallStream>(strand, responder);
  stream->call_ = calls.Start(std::move(request), stream);
  return stream;
}

Awaitable<std::optional<std::string>> CallStream::Next() {
  call_->Next();
  // Until it is all over: a message may come after the end is known only by having been on its way.
  while (!message_ && !end_) {
    boost::system::error_code woken;
    wake_.expires_after(http_limits::kPeerInterval);
    co_await wake_.async_wait(net::redirect_error(net::use_awaitable, woken));
    if (!message_ && !end_ && responder_->IsPeerGone()) call_->Cancel();
  }
  std::optional<std::string> message = std::move(message_);
  message_.reset();
  co_return message;
}

void CallStream::OnMessage(std::string message) {
  net::post(wake_.get_executor(), [self = shared_from_this(), message = std::move(message)]() mutable {
    self->message_ = std::move(message);
    self->wake_.cancel();
  });
}

void CallStream::OnEnd(CallEnd end) {
  net::post(wake_.get_executor(), [self = shared_from_this(), end = std::move(end)]() mutable {
    self->end_ = std::move(end);
    self->wake_.cancel();
  });
}

}  // namespace stagecraft::server
