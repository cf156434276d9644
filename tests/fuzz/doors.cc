#include "tests/fuzz/doors.h"

#include <absl/strings/escaping.h>
#include <absl/strings/str_cat.h>
#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <cctype>
#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

#include "google/rpc/error_details.pb.h"
#include "runtime/outbox/curl/signature.h"
#include "tests/api/any_call.h"
#include "tests/api/error_fault.h"

namespace stagecraft::tests {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using Json = nlohmann::json;
using std::chrono::milliseconds;

// More than the longest call takes (scripts are tested for ten seconds), under sanitizers.
constexpr milliseconds kPatience{50'000};
// A stream without end says at once where it begins.
constexpr milliseconds kWatched{2'000};

std::string PathOf(const google::protobuf::MethodDescriptor& method) { return method.service()->full_name() + "/" + method.name(); }

std::int64_t MillisNow() { return std::chrono::duration_cast<milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count(); }

std::string Post(const std::string& path, const std::string& headers, const std::string& body) {
  return absl::StrCat("POST ", path, " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n", headers, "Content-Length: ", body.size(),
                      "\r\n\r\n", body);
}

// A Connect error as the google.rpc.Status that it was made of.
google::rpc::Status StatusIn(const Json& error) {
  google::rpc::Status status;
  std::string code = error.value("code", "");
  code = code == "canceled" ? "cancelled" : code;
  for (int i = 1; i <= 16; ++i) {
    std::string name(NameOfCode(i));
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (name == code) status.set_code(i);
  }
  status.set_message(error.value("message", ""));
  for (const Json& detail : error.value("details", Json::array())) {
    google::protobuf::Any& any = *status.add_details();
    any.set_type_url("type.googleapis.com/" + detail.value("type", ""));
    absl::Base64Unescape(detail.value("value", ""), any.mutable_value());
  }
  return status;
}

// Of a stream, the JSON that ends it; null: it did not come that far.
Json EndOfStream(std::string_view body) {
  while (body.size() >= 5) {
    std::size_t size = 0;
    for (int i = 1; i < 5; ++i) size = size << 8U | static_cast<unsigned char>(body[i]);
    if (size > body.size() - 5) return {};
    if ((static_cast<unsigned char>(body[0]) & 2U) != 0) return Json::parse(body.substr(5, size), nullptr, false);
    body.remove_prefix(5 + size);
  }
  return {};
}

}  // namespace

void Doors::Send(FuzzedServer& server, const RequestInput& input, Words& words) {
  ++sent_[static_cast<std::size_t>(input.door)];
  if (input.MovesClock()) server.clock().Jump();
  switch (input.door) {
    case Door::kGrpc:
      return SendGrpc(server, input, words);
    case Door::kConnect:
      return SendConnect(server, input);
    case Door::kWebhook:
      return SendWebhook(server, input);
    case Door::kHttp:
      return SendHttp(server, input);
  }
}

void Doors::SendGrpc(FuzzedServer& server, const RequestInput& input, Words& words) {
  const auto& method = input.Method();
  AnyCall call;
  call.before = SplitFrames(input.payload);
  call.request = std::move(call.before.back());
  call.before.pop_back();
  if (!method.client_streaming()) call.before.clear();
  call.deadline = HasNoEnd(method) ? kWatched : kPatience;
  const CallOutcome outcome = call.Make(server.channel(), PathOf(method));
  const bool was_left = HasNoEnd(method) && (outcome.status.error_code() == grpc::StatusCode::CANCELLED ||
                                             outcome.status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED);
  if (!outcome.status.ok() && !was_left) {
    const std::string fault = FaultOf(outcome.status);
    if (!fault.empty()) Found(PathOf(method) + ": " + fault);
    google::rpc::Status status;
    status.ParseFromString(outcome.status.error_details());
    JudgeError(status, PathOf(method));
    return;
  }
  ++answered_[method.name()];
  const std::unique_ptr<Message> answer(google::protobuf::MessageFactory::generated_factory()->GetPrototype(method.output_type())->New());
  if (!answer->ParseFromString(outcome.response)) Found(PathOf(method) + " answers what is no " + method.output_type()->name());
  JudgeErrorsIn(*answer, PathOf(method));
  words.Learn(*answer);
}

void Doors::SendConnect(FuzzedServer& server, const RequestInput& input) {
  const auto& method = input.Method();
  const bool is_stream = method.client_streaming() || method.server_streaming();
  const std::string type =
      std::string(is_stream != input.IsMislabelled() ? "application/connect+" : "application/") + (input.IsProto() ? "proto" : "json");
  HttpTalk talk{server.http_port(), HasNoEnd(method) ? kWatched : kPatience, false, HasNoEnd(method)};
  const HttpAnswer answer = talk.Send(Post("/" + PathOf(method), "Content-Type: " + type + "\r\n", input.payload));
  if (answer.status == 0) Found("no answer by HTTP to " + PathOf(method));
  if (!answer.has_ended && !HasNoEnd(method)) Found("no end of the answer by HTTP to " + PathOf(method));
  JudgeHttp(answer, PathOf(method));
}

void Doors::SendWebhook(FuzzedServer& server, const RequestInput& input) {
  const std::int64_t now = MillisNow();
  const std::string path = input.IsGeneric() ? "/webhooks/generic" : "/webhooks/hubspot";
  std::string headers;
  if (input.IsGeneric()) {
    const std::string id = absl::StrCat("msg-", sent_[static_cast<std::size_t>(Door::kWebhook)]);
    const std::string secret = input.IsForged() ? "another" : kWebhookSecret;
    headers = absl::StrCat("webhook-id: ", id, "\r\nwebhook-timestamp: ", now / 1000,
                           "\r\nwebhook-signature: ", runtime::SignWebhook(secret, id, now / 1000, input.payload), "\r\n");
  } else {
    const std::string text = absl::StrCat("POSThttps://crm.acme.example", path, input.payload, now);
    const std::string secret = input.IsForged() ? "another" : kHubspotSecret;
    headers = absl::StrCat("X-HubSpot-Request-Timestamp: ", now, "\r\nX-HubSpot-Signature-v3: ", runtime::SignText(secret, text), "\r\n");
  }
  const HttpAnswer answer = HttpTalk{server.http_port(), kPatience, false, false}.Send(Post(path, headers, input.payload));
  if (answer.status == 0 || !answer.has_ended) Found("no answer to " + path);
  if (input.IsForged() != (answer.status == 401)) Found(path + " takes a wrong signature, or not a right one: " + answer.head);
  JudgeHttp(answer, path);
}

void Doors::SendHttp(FuzzedServer& server, const RequestInput& input) {
  // It may be a stream without end.
  const HttpAnswer answer = HttpTalk{server.http_port(), milliseconds(1'000), true, true}.Send(input.payload);
  if (answer.status != 0) JudgeHttp(answer, "HTTP");
}

void Doors::JudgeHttp(const HttpAnswer& answer, const std::string& what) {
  const bool is_json = answer.head.find("Content-Type: application/json") != std::string::npos;
  const bool is_stream = answer.head.find("Content-Type: application/connect+") != std::string::npos;
  if (answer.status < 300) ++answered_["HTTP"];
  if (is_stream) {
    const Json end = EndOfStream(answer.body);
    if (end.is_discarded()) Found(what + " ends its stream with what is no JSON: " + answer.body);
    if (end.is_object() && end.contains("error")) JudgeError(StatusIn(end["error"]), what);
  } else if (is_json) {
    const Json body = Json::parse(answer.body, nullptr, false);
    if (body.is_discarded() && answer.has_ended && what != "HTTP") Found(what + " answers what is no JSON: " + answer.body);
    if (answer.status >= 300 && body.is_object() && body.contains("code")) JudgeError(StatusIn(body), what);
  }
  if (answer.status == 500) Found(what + " answers 500: " + answer.body);
}

void Doors::JudgeError(const google::rpc::Status& status, const std::string& what) {
  const std::string fault = FaultOf(status);
  if (!fault.empty()) Found(what + ": " + fault);
  const std::string reason = ReasonIn(status);
  ++reasons_[reason];
  // They are in the table, for what should not be.
  const std::string_view code = NameOfCode(status.code());
  if (code == "INTERNAL" || code == "UNKNOWN" || code == "DATA_LOSS") Found(what + ": " + reason + ": " + status.message());
}

void Doors::JudgeErrorsIn(const Message& answer, const std::string& what) {
  if (answer.GetDescriptor() == google::rpc::Status::descriptor()) {
    const auto& status = static_cast<const google::rpc::Status&>(answer);
    if (status.code() != 0) JudgeError(status, what);
    return;
  }
  std::vector<const FieldDescriptor*> fields;
  const auto& reflection = *answer.GetReflection();
  reflection.ListFields(answer, &fields);
  for (const FieldDescriptor* field : fields) {
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
    if (!field->is_repeated()) JudgeErrorsIn(reflection.GetMessage(answer, field), what);
    for (int i = 0; field->is_repeated() && i < reflection.FieldSize(answer, field); ++i) {
      JudgeErrorsIn(reflection.GetRepeatedMessage(answer, field, i), what);
    }
  }
}

std::string Doors::Report() const {
  std::string text =
      absl::StrCat("sent: grpc ", sent_[0], ", connect ", sent_[1], ", webhooks ", sent_[2], ", http ", sent_[3], "\nanswered:");
  for (const auto& [method, count] : answered_) absl::StrAppend(&text, " ", method, " ", count);
  absl::StrAppend(&text, "\nrefused:");
  for (const auto& [reason, count] : reasons_) absl::StrAppend(&text, " ", reason, " ", count);
  return text + "\n";
}

}  // namespace stagecraft::tests
