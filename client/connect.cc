#include "client/connect.h"

#include <arpa/inet.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>
#include <grpcpp/support/client_interceptor.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace stagecraft::client {
namespace {

namespace experimental = grpc::experimental;

// The server takes a ping every 10 s at most; routers forget connections after some minutes of silence.
constexpr int kKeepaliveMs = 30'000;
constexpr int kKeepaliveTimeoutMs = 10'000;
constexpr int kReconnectFirstMs = 100;
constexpr int kReconnectMaxMs = 3'000;
// A page of 1000 contacts with all their properties.
constexpr int kAnswerBytesMax = 64 << 20;

// "127.0.0.1" of "127.0.0.1:7400", "::1" of "[::1]:7400"; empty when there is no port, or none below 65536.
std::string HostOf(std::string_view address) {
  const std::size_t colon = address.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return {};
  const std::string_view port = address.substr(colon + 1);
  std::uint16_t number = 0;  // gRPC would take 65537 for 1
  const auto read = std::from_chars(port.data(), port.data() + port.size(), number);
  if (read.ec != std::errc() || read.ptr != port.data() + port.size() || number == 0) return {};
  std::string_view host = address.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') return std::string(host.substr(1, host.size() - 2));
  // With a colon or slash it would be another scheme of gRPC's: who knows where that leads.
  return host.find_first_of(":/[]") == std::string_view::npos ? std::string(host) : std::string();
}

bool IsUnix(std::string_view address) { return address.size() > 5 && address.substr(0, 5) == "unix:"; }

// Whether nobody can be there but this machine. Only true addresses and `localhost`: `127.example.com` is a name that may be anywhere.
bool IsThisMachine(const std::string& address) {
  if (IsUnix(address)) return true;
  const std::string host = HostOf(address);
  in_addr four{};
  in6_addr six{};
  if (inet_pton(AF_INET, host.c_str(), &four) == 1) return host.compare(0, 4, "127.") == 0;
  if (inet_pton(AF_INET6, host.c_str(), &six) == 1) return IN6_IS_ADDR_LOOPBACK(&six) != 0;
  return host == "localhost";
}

std::string Trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(kSpace);
  if (begin == std::string_view::npos) return {};
  return std::string(text.substr(begin, text.find_last_not_of(kSpace) + 1 - begin));
}

// Shows the token with each call: gRPC's own call credentials go over encrypted connections only.
class ShowToken final : public experimental::Interceptor {
 public:
  explicit ShowToken(const std::string& authorization) : authorization_(authorization) {}
  void Intercept(experimental::InterceptorBatchMethods* methods) override {
    if (methods->QueryInterceptionHookPoint(experimental::InterceptionHookPoints::PRE_SEND_INITIAL_METADATA))
      methods->GetSendInitialMetadata()->emplace("authorization", authorization_);
    methods->Proceed();
  }

 private:
  const std::string& authorization_;
};

class ShowTokens final : public experimental::ClientInterceptorFactoryInterface {
 public:
  explicit ShowTokens(const std::string& token) : authorization_("Bearer " + token) {}
  experimental::Interceptor* CreateClientInterceptor(experimental::ClientRpcInfo*) override { return new ShowToken(authorization_); }

 private:
  const std::string authorization_;
};

Status Refused(grpc::StatusCode code, std::string reason, std::string message) {
  Status status;
  status.code = code;
  status.reason = std::move(reason);
  status.message = std::move(message);
  return status;
}

Status Check(const ConnectOptions& options, const std::string& token, bool encrypted) {
  if (!IsUnix(options.address) && HostOf(options.address).empty()) {
    return Refused(grpc::StatusCode::INVALID_ARGUMENT, "INVALID_ADDRESS",
                   "`" + options.address + "` is not an address; expected HOST:PORT, [IPV6]:PORT or unix:PATH");
  }
  if (!std::all_of(token.begin(), token.end(), [](char c) { return c > 0x20 && c < 0x7F; }))
    return Refused(grpc::StatusCode::INVALID_ARGUMENT, "INVALID_TOKEN", "the token has characters that no token has");
  if (options.tls && options.unencrypted)
    return Refused(grpc::StatusCode::INVALID_ARGUMENT, "INVALID_TLS", "both `tls` and `unencrypted` are set; expected one of them");
  if (options.tls && options.tls->certificate.empty() != options.tls->key.empty())
    return Refused(grpc::StatusCode::INVALID_ARGUMENT, "INVALID_TLS", "a certificate of the client and its key go together");
  if (!token.empty() && !encrypted && !options.unencrypted_token && !IsThisMachine(options.address)) {
    return Refused(grpc::StatusCode::FAILED_PRECONDITION, "TOKEN_NOT_ENCRYPTED",
                   "the token would go to `" + options.address + "` unencrypted; use TLS, or allow it with `unencrypted_token`");
  }
  return {};
}

}  // namespace

Result<std::shared_ptr<grpc::Channel>> Connect(const ConnectOptions& options) {
  const std::string token = Trimmed(options.token);
  const bool encrypted = options.tls || !(options.unencrypted || IsThisMachine(options.address));
  if (Status status = Check(options, token, encrypted); !status.ok()) return {std::move(status), nullptr};
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(kAnswerBytesMax);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveMs);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveTimeoutMs);
  arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);  // a quiet stream is pinged for as long as it is there
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, kReconnectFirstMs);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, kReconnectMaxMs);
  if (!encrypted) {
    // A proxy out of the environment would be another machine, and read the token.
    arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
    std::vector<std::unique_ptr<experimental::ClientInterceptorFactoryInterface>> interceptors;
    if (!token.empty()) interceptors.push_back(std::make_unique<ShowTokens>(token));
    return {{},
            experimental::CreateCustomChannelWithInterceptors(options.address, grpc::InsecureChannelCredentials(), arguments,
                                                              std::move(interceptors))};
  }
  const Tls tls = options.tls.value_or(Tls());
  auto credentials = grpc::SslCredentials({tls.ca, tls.key, tls.certificate});
  if (!token.empty()) credentials = grpc::CompositeChannelCredentials(credentials, grpc::AccessTokenCredentials(token));
  return {{}, grpc::CreateCustomChannel(options.address, credentials, arguments)};
}

}  // namespace stagecraft::client
