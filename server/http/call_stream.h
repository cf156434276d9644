// A call of ours, awaited.
#ifndef STAGECRAFT_SERVER_HTTP_CALL_STREAM_H_
#define STAGECRAFT_SERVER_HTTP_CALL_STREAM_H_

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <optional>
#include <string>

#include "server/http/calls.h"
#include "server/http/exchange.h"

namespace stagecraft::server {

// For one strand, but for what the call tells it.
class CallStream final : public CallListener, public std::enable_shared_from_this<CallStream> {
 public:
  // `responder` must outlive the last Next: when its peer goes, the call is cancelled.
  static std::shared_ptr<CallStream> Start(const boost::asio::any_io_executor& strand, Calls& calls, CallRequest request,
                                           Responder& responder);

  // The next message, serialized; nothing: the call has ended, and `end` says how.
  Awaitable<std::optional<std::string>> Next();
  const CallEnd& end() const { return *end_; }
  // Nobody waits for it any more.
  void Cancel() { call_->Cancel(); }

  CallStream(const boost::asio::any_io_executor& strand, Responder& responder) : wake_(strand), responder_(&responder) {}
  void OnMessage(std::string message) override;
  void OnEnd(CallEnd end) override;

 private:
  boost::asio::steady_timer wake_;
  Responder* responder_;
  std::shared_ptr<OngoingCall> call_;
  std::optional<std::string> message_;
  std::optional<CallEnd> end_;
};

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_HTTP_CALL_STREAM_H_
