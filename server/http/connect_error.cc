#include "server/http/connect_error.h"

#include <absl/strings/escaping.h>

#include <array>
#include <cstddef>
#include <nlohmann/json.hpp>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "server/http/codec.h"

namespace stagecraft::server {
namespace {

using Json = nlohmann::ordered_json;
namespace http = boost::beast::http;

struct Code {
  std::string_view name;
  unsigned http_status;
};

// By google.rpc.Code, from 0 on: connectrpc.com/docs/protocol, "Error codes".
constexpr std::array<Code, 17> kCodes = {{
    {"", 200},
    {"canceled", 499},
    {"unknown", 500},
    {"invalid_argument", 400},
    {"deadline_exceeded", 504},
    {"not_found", 404},
    {"already_exists", 409},
    {"permission_denied", 403},
    {"resource_exhausted", 429},
    {"failed_precondition", 400},
    {"aborted", 409},
    {"out_of_range", 400},
    {"unimplemented", 501},
    {"internal", 500},
    {"unavailable", 503},
    {"data_loss", 500},
    {"unauthenticated", 401},
}};

const Code& CodeOf(int code) { return kCodes[code >= 0 && static_cast<std::size_t>(code) < kCodes.size() ? code : 2]; }

Json DetailsOf(const google::rpc::Status& status) {
  Json details = Json::array();
  for (const google::protobuf::Any& any : status.details()) {
    const std::string_view url = any.type_url();
    const std::string type(url.substr(url.rfind('/') + 1));
    Json detail = {{"type", type}};
    std::string value = absl::Base64Escape(any.value());
    value.erase(value.find_last_not_of('=') + 1);
    detail["value"] = std::move(value);
    const std::string debug = JsonOfAny(type, any.value());
    if (!debug.empty()) detail["debug"] = Json::parse(debug);
    details.push_back(std::move(detail));
  }
  return details;
}

Json ErrorOf(const CallEnd& end) {
  if (end.code == 0) return Json::object();
  Json error = {{"code", CodeOf(end.code).name}, {"message", end.message}};
  google::rpc::Status status;
  if (status.ParseFromString(end.details) && status.details_size() > 0) error["details"] = DetailsOf(status);
  return error;
}

// Messages may quote bytes of a client that are no text.
std::string Written(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

}  // namespace

std::string_view ConnectCode(int code) { return CodeOf(code).name; }

http::status HttpStatusOf(int code) { return static_cast<http::status>(CodeOf(code).http_status); }

std::string ErrorJson(const CallEnd& end) { return Written(ErrorOf(end)); }

std::string RetryAfter(const CallEnd& end) {
  google::rpc::Status status;
  if (end.code == 0 || !status.ParseFromString(end.details)) return {};
  for (const google::protobuf::Any& any : status.details()) {
    google::rpc::RetryInfo info;
    if (!any.UnpackTo(&info)) continue;
    return std::to_string(info.retry_delay().seconds() + (info.retry_delay().nanos() > 0 ? 1 : 0));
  }
  return {};
}

std::string EndOfStreamJson(const CallEnd& end) {
  Json json = Json::object();
  if (end.code != 0) json["error"] = ErrorOf(end);
  for (const auto& [name, value] : end.metadata) json["metadata"][name].push_back(value);
  return Written(json);
}

}  // namespace stagecraft::server
