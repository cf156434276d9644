#include "cli/client.h"

#include <absl/time/time.h>
#include <fmt/format.h>
#include <google/protobuf/util/json_util.h>
#include <google/rpc/error_details.pb.h>
#include <google/rpc/status.pb.h>
#include <stagecraft/v1/diagnostic.pb.h>

#include <chrono>

#include "cli/scripts_sent.h"
#include "cli/terminal.h"
#include "cli/verbs.h"

namespace stagecraft::cli {
namespace {

// Long enough for a listing of a million contacts page by page, short enough that a hung server is noticed.
constexpr std::chrono::seconds kCallTimeout{60};

// The parts of an error that people can use: diagnostics of a filter with their carets, and fields that are to blame.
void PrintDetails(const std::string& details) {
  google::rpc::Status status;
  if (!status.ParseFromString(details)) return;
  for (const auto& detail : status.details()) {
    stagecraft::v1::Diagnostic diagnostic;
    google::rpc::BadRequest bad_request;
    if (detail.UnpackTo(&diagnostic)) {
      fmt::print(stderr, "{}", RenderReceived(diagnostic, HasColour(stderr)));
    } else if (detail.UnpackTo(&bad_request)) {
      for (const auto& violation : bad_request.field_violations()) fmt::print(stderr, "  {}: {}\n", violation.field(), violation.description());
    }
  }
}

}  // namespace

std::shared_ptr<grpc::Channel> Connect(const Remote& remote) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(64 << 20);  // a page of 1000 contacts with all their properties
  return grpc::CreateCustomChannel(remote.server, grpc::InsecureChannelCredentials(), arguments);
}

std::unique_ptr<grpc::ClientContext> CallContext() {
  auto context = std::make_unique<grpc::ClientContext>();
  context->set_deadline(std::chrono::system_clock::now() + kCallTimeout);
  return context;
}

int ReportCall(const grpc::Status& status, const Remote& remote) {
  if (status.error_code() == grpc::StatusCode::UNAVAILABLE && status.error_details().empty()) {
    PrintError(fmt::format("no server answers at `{}`; start one with `stagecraft serve`, or say where it is with --server", remote.server));
    return kFailed;
  }
  if (status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED) {
    PrintError(fmt::format("the server at `{}` did not answer within {} seconds", remote.server, kCallTimeout.count()));
    return kFailed;
  }
  PrintError(status.error_message());
  PrintDetails(status.error_details());
  return kFailed;
}

std::string ToJson(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = true;
  std::string json;
  if (!google::protobuf::util::MessageToJsonString(message, &json, options).ok()) return "{}\n";
  return json;
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
