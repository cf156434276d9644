#include "cli/client.h"

#include <absl/time/time.h>
#include <fmt/format.h>
#include <google/protobuf/util/json_util.h>
#include <google/rpc/error_details.pb.h>
#include <google/rpc/status.pb.h>
#include <stagecraft/v1/diagnostic.pb.h>

#include <chrono>
#include <vector>

#include "cli/scripts_sent.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "dsl/support/show.h"

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
    // gRPC says the same code for both, and "failed to connect to all addresses" or why a name means no address for the first.
    const bool could_connect = status.error_message().find("connect to all addresses") == std::string::npos &&
                               status.error_message().find("resolution") == std::string::npos;
    if (could_connect) {
      PrintError(fmt::format("the server at `{}` broke off: {}", remote.server, status.error_message()),
                 "if it was to change something, look whether it did");
    } else {
      PrintError(
          fmt::format("no server answers at `{}`; start one with `stagecraft serve`, or say where it is with --server", remote.server));
    }
    return kFailed;
  }
  if (status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED) {
    PrintError(fmt::format("the server at `{}` did not answer within {} seconds", remote.server, kCallTimeout.count()));
    return kFailed;
  }
  const auto details = DetailsOf(status);
  // Diagnostics say all that the message says, and where.
  for (const auto& diagnostic : details.diagnostics) fmt::print(stderr, "{}", RenderReceived(diagnostic, FindingsOn(stderr)));
  if (!details.diagnostics.empty()) return kFailed;
  PrintError(status.error_message().empty() ? "the call failed without a reason" : status.error_message());
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

std::string TimeText(const google::protobuf::Timestamp& time) {
  if (time.seconds() == 0 && time.nanos() == 0) return "";
  return absl::FormatTime("%Y-%m-%d %H:%M", absl::FromUnixSeconds(time.seconds()), absl::LocalTimeZone());
}

std::string BareId(const std::string& name) {
  const auto slash = name.find('/');
  return slash == std::string::npos ? name : name.substr(slash + 1);
}

}  // namespace stagecraft::cli
