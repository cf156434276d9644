#include "server/http/door.h"

#include <spdlog/spdlog.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <charconv>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "server/address.h"
#include "server/http/limits.h"
#include "server/http/origin.h"
#include "server/http/router.h"
#include "server/http/session.h"
#include "server/http/tls_context.h"

namespace stagecraft::server {
namespace {

namespace net = boost::asio;
using boost::system::error_code;
using net::ip::tcp;

// Errors of taking one connection, such as too many open files, pass.
constexpr std::chrono::milliseconds kAcceptAgain{100};

runtime::Status CannotListen(const std::string& address, const std::string& why) {
  return {runtime::StatusCode::kUnavailable,
          "PORT_IN_USE",
          "cannot listen on `" + address + "` for HTTP: " + why + "; choose another with --http-listen, or `off`",
          {}};
}

// Where webhooks find us is a name of ours.
OriginPolicy PolicyOf(const HttpDoorOptions& options) {
  std::vector<std::string> origins = options.origins;
  if (!options.webhooks.public_url.empty()) origins.push_back(options.webhooks.public_url);
  return {options.listen, std::move(origins)};
}

class Door final : public HttpDoor {
 public:
  Door(const HttpDoorOptions& options, Calls& calls)
      : router_(calls, PolicyOf(options), options.metrics, Webhooks(calls, options.webhooks, options.now)),
        connections_(router_),
        acceptor_(net::make_strand(io_)) {}
  ~Door() override {
    if (!threads_.empty()) Close(std::chrono::milliseconds(0));
    work_.reset();
    io_.stop();
    for (std::thread& each : threads_) each.join();
  }

  runtime::Status Open(const std::string& listen, const std::optional<TlsFiles>& tls) {
    if (tls) {
      auto contexts = TlsContexts::Open(*tls);
      if (!contexts) return contexts.error();
      tls_ = std::move(*contexts);
    }
    error_code error;
    const std::string host(HostOf(listen));
    const std::string port = listen.substr(listen.rfind(':') + 1);
    const auto found = tcp::resolver(io_).resolve(host, port, tcp::resolver::passive, error);
    if (error) return CannotListen(listen, error.message());
    const tcp::endpoint endpoint = found.begin()->endpoint();
    acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(net::socket_base::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(net::socket_base::max_listen_connections, error);
    if (error) return CannotListen(listen, error.message());
    port_ = acceptor_.local_endpoint().port();
    net::co_spawn(
        acceptor_.get_executor(), [this] { return Take(); }, net::detached);
    for (int i = 0; i < http_limits::kThreads; ++i) {
      threads_.emplace_back([this] { io_.run(); });
    }
    return {};
  }

  int port() const override { return port_; }

  void StopTaking() override {
    net::post(acceptor_.get_executor(), [this] {
      error_code ignored;
      acceptor_.close(ignored);
    });
    connections_.StopTaking();
  }

  void Close(std::chrono::milliseconds patience) override {
    StopTaking();
    connections_.Close(patience);
  }

 private:
  net::awaitable<void> Take() {
    while (acceptor_.is_open()) {
      error_code error;
      tcp::socket socket(net::make_strand(io_));
      co_await acceptor_.async_accept(socket, net::redirect_error(net::use_awaitable, error));
      if (error == net::error::operation_aborted) co_return;
      if (!error) {
        connections_.Serve(std::move(socket), tls_ == nullptr ? nullptr : tls_->Present());
        continue;
      }
      spdlog::warn("http: a connection could not be taken: {}", error.message());
      net::steady_timer pause(co_await net::this_coro::executor, kAcceptAgain);
      co_await pause.async_wait(net::redirect_error(net::use_awaitable, error));
    }
  }

  Router router_;
  Connections connections_;  // outlives what runs on io_
  net::io_context io_;
  net::executor_work_guard<net::io_context::executor_type> work_ = net::make_work_guard(io_);
  tcp::acceptor acceptor_;
  std::unique_ptr<TlsContexts> tls_;
  std::vector<std::thread> threads_;
  int port_ = 0;
};

}  // namespace

runtime::Result<std::unique_ptr<HttpDoor>> HttpDoor::Open(HttpDoorOptions options, Calls& calls) {
  auto door = std::make_unique<Door>(options, calls);
  if (runtime::Status status = door->Open(options.listen, options.tls); !status.ok()) return tl::unexpected(std::move(status));
  return door;
}

}  // namespace stagecraft::server
