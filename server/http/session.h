// The connections of the HTTP door.
#ifndef STAGECRAFT_SERVER_HTTP_SESSION_H_
#define STAGECRAFT_SERVER_HTTP_SESSION_H_

#include <atomic>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <unordered_set>

#include "server/http/exchange.h"

namespace stagecraft::server {

// One that is open.
class Connection {
 public:
  virtual ~Connection() = default;
  // Ends it once what it does is answered.
  virtual void StopTaking() = 0;
  // Ends it now.
  virtual void Abort() = 0;
};

// Thread-safe.
class Connections {
 public:
  explicit Connections(HttpHandler& handler) : handler_(handler) {}

  // Serves what comes by `socket`, whose executor is a strand, until it ends. Closes it when there are too many.
  void Serve(boost::asio::ip::tcp::socket socket, const std::shared_ptr<boost::asio::ssl::context>& tls);

  void StopTaking();
  // StopTaking; waits until there are none; aborts those that are there after `patience`.
  void Close(std::chrono::milliseconds patience);

  // What a connection needs.
  HttpHandler& handler() { return handler_; }
  bool is_taking() const { return is_taking_.load(std::memory_order_relaxed); }
  // Whether there is room for a body of so many bytes, which is then taken.
  bool TakeRoom(std::size_t bytes);
  void GiveRoom(std::size_t bytes) { body_bytes_.fetch_sub(bytes, std::memory_order_relaxed); }
  void Remove(Connection& connection);

 private:
  bool Add(Connection& connection);

  HttpHandler& handler_;
  std::atomic<bool> is_taking_{true};
  std::atomic<std::size_t> body_bytes_{0};
  std::mutex mutex_;  // guards open_
  std::condition_variable closed_;
  std::unordered_set<Connection*> open_;
};

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_HTTP_SESSION_H_
