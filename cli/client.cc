#include "cli/client.h"

#include <absl/strings/ascii.h>
#include <absl/time/time.h>
#include <fmt/format.h>
#include <google/protobuf/util/json_util.h>
#include <google/rpc/error_details.pb.h>
#include <google/rpc/status.pb.h>
#include <grpc/support/log.h>
#include <grpcpp/support/client_interceptor.h>
#include <stagecraft/v1/diagnostic.pb.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/scripts_sent.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "dsl/support/show.h"
#include "server/address.h"

namespace stagecraft::cli {

namespace wire = ::stagecraft::v1;

namespace {

// Long enough for a listing of a million contacts page by page, short enough that a hung server is noticed.
constexpr std::chrono::seconds kCallTimeout{60};

// What an error says besides its message.
struct Details {
  std::vector<wire::Diagnostic> diagnostics;  // of a filter
  google::rpc::BadRequest fields;             // that are to blame
};

Details DetailsOf(const grpc::Status& status) {
  Details details;
  google::rpc::Status all;
  if (!all.ParseFromString(status.error_details())) return details;
  for (const auto& detail : all.details()) {
    wire::Diagnostic diagnostic;
    if (detail.UnpackTo(&diagnostic)) {
      details.diagnostics.push_back(std::move(diagnostic));
    } else {
      detail.UnpackTo(&details.fields);
    }
  }
  return details;
}

// gRPC has one code for all ways in which a server is not there; its words tell them apart.
Trouble WhyUnreachable(const std::string& why, const std::string& server) {
  const auto says = [&why](const char* words) { return why.find(words) != std::string::npos; };
  if (says("onnection refused") || says("resolution")) {
    return {fmt::format("no server answers at `{}`; start one with `stagecraft serve`, or say where it is with --server", server), ""};
  }
  if (says("WRONG_VERSION_NUMBER") || says("wrong version number")) {
    return {fmt::format("the server at `{}` speaks no TLS", server), "leave --tls-ca and --tls-cert away, or start it with --tls-cert"};
  }
  if (says("andshake failed") || says("peer certificate")) {
    return {fmt::format("the server at `{}` is not one that we trust", server),
            "say whom to trust with --tls-ca, and the server's name as it stands in its certificate with --server"};
  }
  if (says("connect to all addresses")) {
    return {fmt::format("the server at `{}` hangs up, or is none of ours", server),
            "if it wants TLS, say whom to trust with --tls-ca, and give a certificate of ours with --tls-cert where it wants one"};
  }
  return {fmt::format("the server at `{}` broke off: {}", server, why), "if it was to change something, look whether it did"};
}

// Shows the token with each call.
class ShowToken final : public grpc::experimental::Interceptor {
 public:
  explicit ShowToken(const std::string& authorization) : authorization_(authorization) {}
  void Intercept(grpc::experimental::InterceptorBatchMethods* methods) override {
    if (methods->QueryInterceptionHookPoint(grpc::experimental::InterceptionHookPoints::PRE_SEND_INITIAL_METADATA))
      methods->GetSendInitialMetadata()->emplace("authorization", authorization_);
    methods->Proceed();
  }

 private:
  const std::string& authorization_;
};

class ShowTokens final : public grpc::experimental::ClientInterceptorFactoryInterface {
 public:
  explicit ShowTokens(const std::string& token) : authorization_("Bearer " + token) {}
  grpc::experimental::Interceptor* CreateClientInterceptor(grpc::experimental::ClientRpcInfo*) override {
    return new ShowToken(authorization_);
  }

 private:
  const std::string authorization_;
};

// To this machine without TLS, unless something of it is asked for; to others with it, unless nobody wants it.
std::shared_ptr<grpc::ChannelCredentials> CredentialsOf(const Remote& remote) {
  const bool wanted = !remote.tls_ca.empty() || !remote.tls_cert.empty();
  if (!wanted && (remote.insecure || server::IsLoopbackAddress(remote.server))) return grpc::InsecureChannelCredentials();
  return grpc::SslCredentials({remote.tls_ca, remote.tls_key, remote.tls_cert});
}

}  // namespace

// Without white space around it, and fit to be sent: what is no token is no reason to break off.
std::string TokenOf(const Remote& remote) {
  const char* environment = std::getenv("STAGECRAFT_TOKEN");
  const std::string_view text = !remote.token.empty() ? std::string_view(remote.token) : environment != nullptr ? environment : "";
  std::string token(absl::StripAsciiWhitespace(absl::string_view(text.data(), text.size())));
  const bool fits = std::all_of(token.begin(), token.end(), [](char c) { return c > 0x20 && c < 0x7F; });
  return fits ? token : "unreadable";
}

std::shared_ptr<grpc::Channel> Connect(const Remote& remote) {
  gpr_set_log_function([](gpr_log_func_args*) {});  // what it has to say comes back with the call, too
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(64 << 20);  // a page of 1000 contacts with all their properties
  std::vector<std::unique_ptr<grpc::experimental::ClientInterceptorFactoryInterface>> interceptors;
  if (const std::string token = TokenOf(remote); !token.empty()) interceptors.push_back(std::make_unique<ShowTokens>(token));
  return grpc::experimental::CreateCustomChannelWithInterceptors(remote.server, CredentialsOf(remote), arguments, std::move(interceptors));
}

std::unique_ptr<grpc::ClientContext> CallContext() {
  auto context = std::make_unique<grpc::ClientContext>();
  context->set_deadline(std::chrono::system_clock::now() + kCallTimeout);
  return context;
}

Trouble DescribeCall(const grpc::Status& status, const Remote& remote) {
  if (status.error_code() == grpc::StatusCode::UNAVAILABLE && status.error_details().empty()) {
    return WhyUnreachable(status.error_message(), remote.server);
  }
  if (status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED) {
    return {fmt::format("the server at `{}` did not answer within {} seconds", remote.server, kCallTimeout.count()), ""};
  }
  return {status.error_message().empty() ? "the call failed without a reason" : status.error_message(), ""};
}

int ReportCall(const grpc::Status& status, const Remote& remote) {
  const auto details = DetailsOf(status);
  // Diagnostics say all that the message says, and where.
  for (const auto& diagnostic : details.diagnostics) fmt::print(stderr, "{}", RenderReceived(diagnostic, FindingsOn(stderr)));
  if (!details.diagnostics.empty()) return kFailed;
  const Trouble trouble = DescribeCall(status, remote);
  PrintError(trouble.what, trouble.advice);
  for (const auto& field : details.fields.field_violations()) {
    if (status.error_message().find(field.description()) == std::string::npos)
      fmt::print(stderr, "  {}\n", OneLine(fmt::format("{}: {}", field.field(), field.description())));
  }
  return kFailed;
}

std::string ToJson(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = true;
  options.always_print_primitive_fields = true;  // a score of 0 is a score
  std::string json;
  if (!google::protobuf::util::MessageToJsonString(message, &json, options).ok()) return "{}\n";
  return CleanJson(json);
}

std::string ToJsonLine(const google::protobuf::Message& message) {
  std::string json;
  if (!google::protobuf::util::MessageToJsonString(message, &json).ok()) return "{}\n";
  return CleanJson(json) + "\n";
}

std::string TimeText(const google::protobuf::Timestamp& time) {
  if (time.seconds() == 0 && time.nanos() == 0) return "";
  return absl::FormatTime("%Y-%m-%d %H:%M", absl::FromUnixSeconds(time.seconds()), absl::LocalTimeZone());
}

std::string BareId(const std::string& name) {
  const auto slash = name.find('/');
  return slash == std::string::npos ? name : name.substr(slash + 1);
}

}  // namespace stagecraft::cli
