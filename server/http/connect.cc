#include "server/http/connect.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/string.hpp>
#include <charconv>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/http/call_stream.h"
#include "server/http/codec.h"
#include "server/http/connect_error.h"

namespace stagecraft::server {
namespace {

namespace net = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using google::protobuf::DescriptorPool;
using google::protobuf::MethodDescriptor;
using runtime::StatusCode;

// Whose services are called here, but not health and reflection, which are gRPC's own.
constexpr std::string_view kPackages[] = {"stagecraft.v1.", "google.longrunning."};
// What a caller may say of its call, and what is handed on as it is.
constexpr std::string_view kHandedOn[] = {"authorization", "x-request-id", "traceparent", "tracestate"};

// All of them together stay well below what a connection of gRPC takes (8 KB).
constexpr std::size_t kHandedOnBytesMax = 1024;

constexpr unsigned char kCompressed = 1;
constexpr unsigned char kEndOfStream = 2;
constexpr std::size_t kEnvelopeBytes = 5;

struct ContentType {
  Encoding encoding = Encoding::kJson;
  bool is_stream = false;
};

std::optional<ContentType> ReadContentType(beast::string_view text) {
  beast::string_view type = text.substr(0, text.find(';'));
  while (!type.empty() && type.back() == ' ') type.remove_suffix(1);
  if (beast::iequals(type, "application/json")) return ContentType{Encoding::kJson, false};
  if (beast::iequals(type, "application/proto")) return ContentType{Encoding::kProto, false};
  if (beast::iequals(type, "application/connect+json")) return ContentType{Encoding::kJson, true};
  if (beast::iequals(type, "application/connect+proto")) return ContentType{Encoding::kProto, true};
  return std::nullopt;
}

const char* NameOf(ContentType type) {
  if (type.is_stream) return type.encoding == Encoding::kJson ? "application/connect+json" : "application/connect+proto";
  return type.encoding == Encoding::kJson ? "application/json" : "application/proto";
}

const MethodDescriptor* FindMethod(std::string_view path) {
  std::string name(path.substr(1));
  std::replace(name.begin(), name.end(), '/', '.');
  return DescriptorPool::generated_pool()->FindMethodByName(name);
}

std::string Envelope(unsigned char flags, std::string_view message) {
  std::string out;
  out.reserve(kEnvelopeBytes + message.size());
  out.push_back(static_cast<char>(flags));
  for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<char>((message.size() >> static_cast<unsigned>(shift)) & 0xFFU));
  out.append(message);
  return out;
}

runtime::Status Unreadable(const std::string& why) { return {StatusCode::kInvalidArgument, "UNREADABLE_REQUEST", why, {}}; }

// The messages of a stream's body.
runtime::Result<std::vector<std::string_view>> ReadEnvelopes(std::string_view body) {
  std::vector<std::string_view> messages;
  while (!body.empty()) {
    if (body.size() < kEnvelopeBytes) return tl::unexpected(Unreadable("the request ends within the head of a message"));
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(body[i]); };
    if ((byte(0) & kCompressed) != 0) {
      return runtime::Fail(StatusCode::kUnimplemented, "UNKNOWN_COMPRESSION", "messages are not taken compressed; send them as they are");
    }
    const std::size_t size = (std::size_t{byte(1)} << 24) | (std::size_t{byte(2)} << 16) | (std::size_t{byte(3)} << 8) | byte(4);
    const bool is_end = (byte(0) & kEndOfStream) != 0;
    body.remove_prefix(kEnvelopeBytes);
    if (size > body.size()) return tl::unexpected(Unreadable("the request ends within a message"));
    if (is_end) break;
    messages.push_back(body.substr(0, size));
    body.remove_prefix(size);
  }
  return messages;
}

runtime::Result<std::vector<std::string>> ReadMessages(const MethodDescriptor& method, ContentType type, std::string_view body) {
  std::vector<std::string_view> parts{body};
  if (type.is_stream) {
    auto envelopes = ReadEnvelopes(body);
    if (!envelopes) return tl::unexpected(std::move(envelopes.error()));
    parts = std::move(*envelopes);
    if (!method.client_streaming() && parts.size() != 1) {
      return tl::unexpected(Unreadable("`" + method.name() + "` takes one message; the request has " + std::to_string(parts.size())));
    }
  }
  std::vector<std::string> messages;
  for (const std::string_view part : parts) {
    auto message = ToBinary(*method.input_type(), type.encoding, part);
    if (!message) return tl::unexpected(std::move(message.error()));
    messages.push_back(std::move(*message));
  }
  return messages;
}

runtime::Result<std::optional<std::chrono::milliseconds>> ReadTimeout(std::string_view text) {
  if (text.empty()) return std::optional<std::chrono::milliseconds>();
  std::int64_t millis = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), millis);
  if (text.size() > 10 || read.ec != std::errc() || read.ptr != text.data() + text.size() || millis < 0) {
    return tl::unexpected(Unreadable("Connect-Timeout-Ms is not a number of at most ten digits"));
  }
  if (millis == 0) return runtime::Fail(StatusCode::kDeadlineExceeded, "DEADLINE_EXCEEDED", "the call came without any time to answer it");
  return std::optional(std::chrono::milliseconds(millis));
}

runtime::Status CheckCompression(const HttpRequest& request, bool is_stream) {
  const std::string_view encoding = ToView(is_stream ? request["connect-content-encoding"] : request[http::field::content_encoding]);
  if (encoding.empty() || encoding == "identity") return {};
  return {StatusCode::kUnimplemented, "UNKNOWN_COMPRESSION", "the request is compressed; send it as it is (identity)", {}};
}

// gRPC ends the process when it is given anything else.
bool IsMetadata(std::string_view value) {
  return value.size() <= kHandedOnBytesMax && std::all_of(value.begin(), value.end(), [](char c) { return c >= 0x20 && c <= 0x7E; });
}

runtime::Result<CallRequest> ReadCall(Calls& calls, const MethodDescriptor& method, ContentType type, const HttpRequest& request,
                                      const Responder& responder) {
  const std::string_view version = ToView(request["connect-protocol-version"]);
  if (!version.empty() && version != "1") return tl::unexpected(Unreadable("Connect-Protocol-Version is not 1"));
  if (runtime::Status status = CheckCompression(request, type.is_stream); !status.ok()) return tl::unexpected(std::move(status));
  auto timeout = ReadTimeout(ToView(request["connect-timeout-ms"]));
  if (!timeout) return tl::unexpected(std::move(timeout.error()));
  const std::string_view authorization = ToView(request[http::field::authorization]);
  if (!IsMetadata(authorization))
    return tl::unexpected(Unreadable("Authorization is not a line of at most 1024 printable ASCII characters"));
  // JSON takes some time, and may become much: only for who would be let in.
  if (runtime::Status status = calls.CheckToken(authorization); !status.ok()) return tl::unexpected(std::move(status));
  auto messages = ReadMessages(method, type, request.body());
  if (!messages) return tl::unexpected(std::move(messages.error()));
  CallRequest call{"/" + method.service()->full_name() + "/" + method.name(), std::move(*messages), {}, responder.address(), {}, *timeout};
  for (const std::string_view name : kHandedOn) {
    const std::string_view value = ToView(request[beast::string_view(name.data(), name.size())]);
    // What is none is ignored, as W3C has it of a trace; a token that is none was refused before.
    if (!value.empty() && IsMetadata(value)) call.metadata.emplace_back(name, value);
  }
  return call;
}

void SetHeaders(const CallEnd& end, HttpResponse& response) {
  for (const auto& [name, value] : end.metadata) response.set(beast::string_view(name.data(), name.size()), value);
  if (end.code == static_cast<int>(StatusCode::kUnauthenticated)) response.set(http::field::www_authenticate, "Bearer");
}

HttpResponse ErrorResponse(const CallEnd& end) {
  HttpResponse response(HttpStatusOf(end.code), 11);
  response.set(http::field::content_type, "application/json");
  SetHeaders(end, response);
  if (const std::string after = RetryAfter(end); !after.empty()) response.set(http::field::retry_after, after);
  response.body() = ErrorJson(end);
  return response;
}

Awaitable<void> SendStreamError(const CallEnd& end, ContentType type, Responder& responder) {
  HttpResponse response(http::status::ok, 11);
  response.set(http::field::content_type, NameOf(type));
  response.body() = Envelope(kEndOfStream, EndOfStreamJson(end));
  co_await responder.Send(std::move(response));
}

Awaitable<void> AnswerOnce(const MethodDescriptor& method, ContentType type, CallStream& stream, Responder& responder) {
  auto message = co_await stream.Next();
  if (message) {
    // The end comes behind the one message.
    while (co_await stream.Next()) continue;
  }
  if (stream.end().code != 0 || !message) {
    co_await responder.Send(ErrorResponse(stream.end()));
    co_return;
  }
  HttpResponse response(http::status::ok, 11);
  response.set(http::field::content_type, NameOf(type));
  SetHeaders(stream.end(), response);
  response.body() = FromBinary(*method.output_type(), type.encoding, std::move(*message));
  co_await responder.Send(std::move(response));
}

Awaitable<void> AnswerStream(const MethodDescriptor& method, ContentType type, CallStream& stream, Responder& responder) {
  HttpResponse head(http::status::ok, 11);
  head.set(http::field::content_type, NameOf(type));
  co_await responder.Begin(std::move(head));
  while (auto message = co_await stream.Next()) {
    co_await responder.Write(Envelope(0, FromBinary(*method.output_type(), type.encoding, std::move(*message))));
  }
  co_await responder.Write(Envelope(kEndOfStream, EndOfStreamJson(stream.end())));
  co_await responder.End();
}

// A call that is given up must not go on; what it tells still is taken.
class Abandoning {
 public:
  explicit Abandoning(std::shared_ptr<CallStream> stream) : stream_(std::move(stream)) {}
  ~Abandoning() { stream_->Cancel(); }
  Abandoning(const Abandoning&) = delete;
  Abandoning& operator=(const Abandoning&) = delete;

 private:
  std::shared_ptr<CallStream> stream_;
};

Awaitable<void> MakeCall(Calls& calls, const MethodDescriptor& method, ContentType type, const HttpRequest& request, Responder& responder) {
  auto call = ReadCall(calls, method, type, request, responder);
  if (!call && type.is_stream) {
    co_await SendStreamError(calls.EndOf(call.error()), type, responder);
    co_return;
  }
  if (!call) {
    co_await responder.Send(ErrorResponse(calls.EndOf(call.error())));
    co_return;
  }
  const auto stream = CallStream::Start(co_await net::this_coro::executor, calls, std::move(*call), responder);
  const Abandoning abandoning(stream);
  if (type.is_stream) {
    co_await AnswerStream(method, type, *stream, responder);
  } else {
    co_await AnswerOnce(method, type, *stream, responder);
  }
}

}  // namespace

bool IsConnectPath(std::string_view path) {
  const auto is_of = [path](std::string_view package) { return path.size() > package.size() + 1 && path.substr(1).starts_with(package); };
  return std::any_of(std::begin(kPackages), std::end(kPackages), is_of) && std::count(path.begin(), path.end(), '/') == 2;
}

Awaitable<void> HandleConnect(Calls& calls, const HttpRequest& request, Responder& responder) {
  const std::string_view target = ToView(request.target());
  const std::string_view path = target.substr(0, target.find('?'));
  const MethodDescriptor* method = FindMethod(path);
  if (method == nullptr) {
    HttpResponse response = ErrorResponse(
        calls.EndOf({StatusCode::kUnimplemented, "UNKNOWN_METHOD", "there is no call `" + std::string(path.substr(1)) + "`", {}}));
    response.result(http::status::not_found);
    co_await responder.Send(std::move(response));
    co_return;
  }
  if (request.method() != http::verb::post) {
    HttpResponse response = TextResponse(http::status::method_not_allowed, "calls are made by POST\n");
    response.set(http::field::allow, "POST");
    co_await responder.Send(std::move(response));
    co_return;
  }
  const bool is_stream = method->client_streaming() || method->server_streaming();
  const auto type = ReadContentType(request[http::field::content_type]);
  if (!type || type->is_stream != is_stream) {
    const std::string wanted = is_stream ? "application/connect+json, application/connect+proto" : "application/json, application/proto";
    HttpResponse response = TextResponse(http::status::unsupported_media_type, "the Content-Type must be one of " + wanted + "\n");
    response.set("accept-post", wanted);
    co_await responder.Send(std::move(response));
    co_return;
  }
  if (method->client_streaming() && method->server_streaming()) {
    // Both sides at once is more than HTTP/1.1 has.
    co_await responder.Send(TextResponse(http::status::http_version_not_supported,
                                         "`" + method->name() + "` is a stream both ways: call it by gRPC, on the other port\n"));
    co_return;
  }
  co_await MakeCall(calls, *method, *type, request, responder);
}

}  // namespace stagecraft::server
