#include "server/http/session.h"

#include <netinet/tcp.h>
#include <spdlog/spdlog.h>
#include <sys/socket.h>

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/chunk_encode.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/serializer.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <exception>
#include <optional>
#include <string>
#include <utility>

#include "server/http/limits.h"

namespace stagecraft::server {
namespace {

namespace net = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
namespace limits = http_limits;

using PlainStream = beast::tcp_stream;
using TlsStream = beast::ssl_stream<beast::tcp_stream>;
using Parser = http::request_parser<http::string_body>;

// Why a request could not be read, as an answer; nothing where there is nobody to tell.
std::optional<HttpResponse> Refusal(const beast::error_code& error) {
  if (error == http::error::body_limit) {
    return TextResponse(http::status::payload_too_large,
                        "the request is too long: " + std::to_string(limits::kBodyBytesMax) + " bytes at most\n");
  }
  if (error == http::error::header_limit) {
    return TextResponse(http::status::request_header_fields_too_large,
                        "the head of the request is too long: " + std::to_string(limits::kHeaderBytesMax) + " bytes at most\n");
  }
  if (error == http::error::buffer_overflow) {
    return TextResponse(http::status::request_header_fields_too_large, "a line of the request is too long\n");
  }
  const bool is_not_http = error.category() == make_error_code(http::error::bad_method).category() && error != http::error::end_of_stream &&
                           error != http::error::partial_message;
  if (is_not_http) return TextResponse(http::status::bad_request, "this is not HTTP: " + error.message() + "\n");
  return std::nullopt;
}

// RFC 9112, 3.2, 6.1 and 6.3: what another server in front might read otherwise than we do.
std::optional<HttpResponse> WrongHead(const http::request_header<>& head) {
  const std::size_t codings = head.count(http::field::transfer_encoding);
  const bool is_chunked = codings == 1 && beast::iequals(head[http::field::transfer_encoding], "chunked");
  if (codings > 0 && (!is_chunked || head.version() < 11 || head.count(http::field::content_length) > 0)) {
    return TextResponse(http::status::not_implemented,
                        "the only Transfer-Encoding that is taken is `chunked`, alone and without a length\n");
  }
  const std::size_t hosts = head.count(http::field::host);
  if (hosts > 1 || (hosts == 0 && head.version() >= 11)) return TextResponse(http::status::bad_request, "a request has one Host\n");
  return std::nullopt;
}

HttpResponse TooBusy() {
  HttpResponse response = TextResponse(http::status::service_unavailable, "too much is being read; try again in a moment\n");
  response.set(http::field::retry_after, "1");
  return response;
}

// The room of one body, for what has come of it.
class BodyRoom {
 public:
  explicit BodyRoom(Connections& connections) : connections_(connections) {}
  ~BodyRoom() { connections_.GiveRoom(bytes_); }
  BodyRoom(const BodyRoom&) = delete;
  BodyRoom& operator=(const BodyRoom&) = delete;

  // False: there is no more.
  bool Grow(std::size_t bytes) {
    if (!connections_.TakeRoom(bytes - bytes_)) return false;
    bytes_ = bytes;
    return true;
  }

 private:
  Connections& connections_;
  std::size_t bytes_ = 0;
};

template <typename Stream>
class Session final : public Responder, public Connection, public std::enable_shared_from_this<Session<Stream>> {
 public:
  static constexpr bool kIsEncrypted = !std::is_same_v<Stream, PlainStream>;

  Session(Stream stream, std::shared_ptr<net::ssl::context> tls, Connections& connections)
      : tls_(std::move(tls)), stream_(std::move(stream)), connections_(connections) {
    beast::error_code error;
    const auto peer = socket().remote_endpoint(error);
    if (!error) address_ = peer.address().to_string();
  }
  ~Session() override { connections_.Remove(*this); }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  void Start() {
    net::co_spawn(
        stream_.get_executor(), [self = this->shared_from_this()] { return self->Run(); }, net::detached);
  }

  void StopTaking() override {
    net::post(stream_.get_executor(), [weak = this->weak_from_this()] {
      if (auto self = weak.lock(); self != nullptr && self->is_idle_) self->lowest().close();
    });
  }
  void Abort() override {
    net::post(stream_.get_executor(), [weak = this->weak_from_this()] {
      if (auto self = weak.lock()) self->lowest().close();
    });
  }

  const std::string& address() const override { return address_; }
  bool is_encrypted() const override { return kIsEncrypted; }

  bool IsPeerGone() override {
    tcp_info info{};
    socklen_t size = sizeof(info);
    return getsockopt(socket().native_handle(), IPPROTO_TCP, TCP_INFO, &info, &size) != 0 || info.tcpi_state != TCP_ESTABLISHED;
  }

  Awaitable<void> Send(HttpResponse response) override {
    is_answered_ = true;
    Complete(response);
    response.prepare_payload();
    if (is_head_) {
      // The length of what there would be, and nothing of it.
      http::response<http::empty_body> head(std::move(response.base()));
      co_await Put([&](auto token) { return http::async_write(stream_, head, token); });
      co_return;
    }
    co_await Put([&](auto token) { return http::async_write(stream_, response, token); });
  }

  Awaitable<void> Begin(HttpResponse response) override {
    is_answered_ = true;
    Complete(response);
    is_chunked_ = version_ >= 11;
    if (!is_chunked_) response.keep_alive(keep_alive_ = false);
    http::response<http::empty_body> head(std::move(response.base()));
    head.chunked(is_chunked_);
    http::response_serializer<http::empty_body> serializer(head);
    co_await Put([&](auto token) { return http::async_write_header(stream_, serializer, token); });
  }

  Awaitable<void> Write(std::string piece) override {
    if (piece.empty() || is_head_) co_return;
    if (is_chunked_) {
      co_await Put([&](auto token) { return net::async_write(stream_, http::make_chunk(net::buffer(piece)), token); });
    } else {
      co_await Put([&](auto token) { return net::async_write(stream_, net::buffer(piece), token); });
    }
  }

  Awaitable<void> End() override {
    if (is_chunked_ && !is_head_) {
      co_await Put([&](auto token) { return net::async_write(stream_, http::make_chunk_last(), token); });
    }
  }

 private:
  net::ip::tcp::socket& socket() { return beast::get_lowest_layer(stream_).socket(); }
  beast::tcp_stream& lowest() { return beast::get_lowest_layer(stream_); }

  template <typename Operation>
  Awaitable<void> Put(const Operation& operation) {
    lowest().expires_after(limits::kWriteTime);
    co_await operation(net::use_awaitable);
    lowest().expires_never();
  }

  void Complete(HttpResponse& response) {
    response.version(version_);
    keep_alive_ = keep_alive_ && connections_.is_taking();
    response.keep_alive(keep_alive_);
  }

  Awaitable<void> Run() {
    try {
      if constexpr (kIsEncrypted) {
        lowest().expires_after(limits::kHandshakeTime);
        co_await stream_.async_handshake(net::ssl::stream_base::server, net::use_awaitable);
      }
      auto patience = limits::kFirstRequestTime;
      while (keep_alive_ && connections_.is_taking()) {
        if (!co_await ServeOne(patience)) break;
        patience = limits::kIdleTime;
      }
      co_await SayGoodbye();
    } catch (const beast::system_error&) {
      // The other side is gone, too slow, or speaks something else: there is nobody to tell.
    }
  }

  Awaitable<void> SayGoodbye() {
    lowest().expires_after(limits::kCloseTime);
    if constexpr (kIsEncrypted) {
      co_await stream_.async_shutdown(net::use_awaitable);
    }
    beast::error_code ignored;
    socket().shutdown(net::ip::tcp::socket::shutdown_send, ignored);
    // What was sent after what was refused must be taken, or the refusal is lost on its way.
    std::array<char, 4096> rest;  // NOLINT(cppcoreguidelines-pro-type-member-init): only written
    for (std::size_t taken = 0; taken < limits::kBodyBytesMax && keep_reading_;) {
      taken += co_await lowest().async_read_some(net::buffer(rest), net::use_awaitable);
    }
  }

  // False: the connection is at its end.
  Awaitable<bool> ServeOne(std::chrono::seconds patience) {
    Parser parser;
    parser.header_limit(limits::kHeaderBytesMax);
    parser.body_limit(limits::kBodyBytesMax);
    is_idle_ = true;
    lowest().expires_after(patience);
    beast::error_code error;
    co_await http::async_read_header(stream_, buffer_, parser, net::redirect_error(net::use_awaitable, error));
    is_idle_ = false;
    version_ = 11;
    is_head_ = false;
    if (error) co_return co_await Refuse(Refusal(error));
    version_ = parser.get().version();
    is_head_ = parser.get().method() == http::verb::head;
    keep_alive_ = parser.keep_alive();
    if (auto wrong = WrongHead(parser.get().base())) co_return co_await Refuse(std::move(wrong));
    lowest().expires_after(limits::kBodyTime);
    if (beast::iequals(parser.get()[http::field::expect], "100-continue")) co_await Continue();
    BodyRoom room(connections_);
    while (!error && !parser.is_done()) {
      co_await http::async_read_some(stream_, buffer_, parser, net::redirect_error(net::use_awaitable, error));
      if (!room.Grow(parser.get().body().size())) co_return co_await Refuse(TooBusy());
    }
    lowest().expires_never();
    if (error) co_return co_await Refuse(Refusal(error));
    co_await Answer(parser.get());
    co_return true;
  }

  Awaitable<void> Continue() {
    http::response<http::empty_body> go_on(http::status::continue_, version_);
    co_await http::async_write(stream_, go_on, net::use_awaitable);
  }

  Awaitable<bool> Refuse(std::optional<HttpResponse> refusal) {
    keep_alive_ = false;
    if (!refusal) co_return false;
    keep_reading_ = true;
    co_await Send(std::move(*refusal));
    co_return false;
  }

  Awaitable<void> Answer(const HttpRequest& request) {
    is_answered_ = false;
    is_chunked_ = false;
    std::optional<std::string> failure;
    try {
      co_await connections_.handler().Handle(request, *this);
    } catch (const beast::system_error&) {
      throw;
    } catch (const std::exception& other) {
      failure = other.what();
    }
    if (!failure) co_return;
    spdlog::error("http {} threw: {}", ToView(request.method_string()), *failure);
    keep_alive_ = false;
    if (!is_answered_) co_await Send(TextResponse(http::status::internal_server_error, "the server failed; its log says why\n"));
  }

  std::shared_ptr<net::ssl::context> tls_;  // outlives stream_
  Stream stream_;
  Connections& connections_;
  std::string address_;
  beast::flat_buffer buffer_{limits::kBufferBytesMax};
  unsigned version_ = 11;
  bool keep_alive_ = true;
  bool keep_reading_ = false;
  bool is_idle_ = false;
  bool is_head_ = false;
  bool is_answered_ = false;
  bool is_chunked_ = false;
};

}  // namespace

HttpResponse TextResponse(http::status status, std::string text) {
  HttpResponse response(status, 11);
  response.set(http::field::content_type, "text/plain; charset=utf-8");
  response.body() = std::move(text);
  return response;
}

void Connections::Serve(net::ip::tcp::socket socket, const std::shared_ptr<net::ssl::context>& tls) {
  beast::error_code ignored;
  socket.set_option(net::ip::tcp::no_delay(true), ignored);
  if (tls != nullptr) {
    const auto session = std::make_shared<Session<TlsStream>>(TlsStream(PlainStream(std::move(socket)), *tls), tls, *this);
    if (Add(*session)) session->Start();
  } else {
    const auto session = std::make_shared<Session<PlainStream>>(PlainStream(std::move(socket)), nullptr, *this);
    if (Add(*session)) session->Start();
  }
}

bool Connections::Add(Connection& connection) {
  const std::lock_guard lock(mutex_);
  if (!is_taking() || open_.size() >= limits::kConnectionsMax) return false;
  open_.insert(&connection);
  return true;
}

void Connections::Remove(Connection& connection) {
  const std::lock_guard lock(mutex_);
  open_.erase(&connection);
  if (open_.empty()) closed_.notify_all();
}

bool Connections::TakeRoom(std::size_t bytes) {
  std::size_t before = body_bytes_.load(std::memory_order_relaxed);
  // Longer than any body may be: refused by the parser, and no room is needed.
  const std::size_t most = bytes > limits::kBodyBytesMax ? limits::kBodiesBytesMax : limits::kBodiesBytesMax - bytes;
  while (before <= most) {
    if (body_bytes_.compare_exchange_weak(before, before + bytes, std::memory_order_relaxed)) return true;
  }
  return false;
}

void Connections::StopTaking() {
  is_taking_.store(false, std::memory_order_relaxed);
  const std::lock_guard lock(mutex_);
  for (Connection* each : open_) each->StopTaking();
}

void Connections::Close(std::chrono::milliseconds patience) {
  StopTaking();
  std::unique_lock lock(mutex_);
  if (closed_.wait_for(lock, patience, [this] { return open_.empty(); })) return;
  for (Connection* each : open_) each->Abort();
  closed_.wait_for(lock, limits::kCloseTime, [this] { return open_.empty(); });
}

}  // namespace stagecraft::server
