#include "tests/fuzz/request_mutator.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/util/json_util.h>

#include <array>
#include <memory>
#include <nlohmann/json.hpp>
#include <vector>

#include "stagecraft/v1/event_service.pb.h"

namespace stagecraft::tests {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::Message;
using Json = nlohmann::ordered_json;

std::unique_ptr<Message> NewMessage(const Descriptor& type) {
  return std::unique_ptr<Message>(google::protobuf::MessageFactory::generated_factory()->GetPrototype(&type)->New());
}

std::string JsonOf(const Message& message) {
  std::string json;
  // Times and texts may be what JSON cannot say; then nothing is sent.
  return google::protobuf::util::MessageToJsonString(message, &json).ok() ? json : "{}";
}

bool TakesStream(const RequestInput& input) { return input.Method().client_streaming(); }
bool IsStream(const RequestInput& input) { return input.Method().client_streaming() || input.Method().server_streaming(); }

constexpr const char* kSubscriptions[] = {
    "contact.propertyChange", "contact.creation",        "contact.deletion", "contact.restore",
    "contact.merge",          "contact.privacyDeletion", "company.creation", "contact.associationChange"};

}  // namespace

RequestInput RequestMutator::Make() {
  constexpr std::array<Door, 8> kOften = {Door::kGrpc,    Door::kGrpc,    Door::kGrpc,    Door::kGrpc,
                                          Door::kConnect, Door::kConnect, Door::kWebhook, Door::kHttp};
  return Make(kOften[Below(chance_, kOften.size())], static_cast<std::uint8_t>(chance_()));
}

RequestInput RequestMutator::Make(Door door, std::uint8_t method) {
  RequestInput input;
  input.door = door;
  input.method = method;
  input.flags = static_cast<std::uint8_t>(chance_() & 0x7fU);
  input.payload = MakePayload(input);
  return input;
}

std::string RequestMutator::MakePayload(const RequestInput& input) {
  switch (input.door) {
    case Door::kGrpc: {
      std::vector<std::string> frames{MakeMessage(*input.Method().input_type())};
      while (TakesStream(input) && OneIn(chance_, 2)) frames.push_back(MakeMessage(*input.Method().input_type()));
      return JoinFrames(frames);
    }
    case Door::kConnect:
      return ConnectBody(input, MakeMessage(*input.Method().input_type()));
    case Door::kWebhook:
      if (!input.IsGeneric()) return MakeHubspot();
      {
        stagecraft::v1::PublishEventsRequest request;
        Fill(request, 0);
        return JsonOf(request);
      }
    case Door::kHttp:
      break;
  }
  return MakeHttp();
}

std::string RequestMutator::MakeMessage(const Descriptor& type) {
  const auto message = NewMessage(type);
  Fill(*message, 0);
  return message->SerializePartialAsString();
}

std::string RequestMutator::ConnectBody(const RequestInput& input, const std::string& message) {
  std::string body = message;
  if (!input.IsProto()) {
    const auto parsed = NewMessage(*input.Method().input_type());
    if (!parsed->ParsePartialFromString(message)) return message;
    body = JsonOf(*parsed);
  }
  return IsStream(input) ? Envelope(0, body) + (OneIn(chance_, 2) ? Envelope(2, "{}") : "") : body;
}

std::string RequestMutator::MakeHubspot() {
  Json events = Json::array();
  do {
    Json event = {{"eventId", Number()},
                  {"subscriptionId", 7},
                  {"portalId", 42},
                  {"occurredAt", OneIn(chance_, 2) ? Number() : 1'760'000'000'000},
                  {"subscriptionType", kSubscriptions[Below(chance_, std::size(kSubscriptions))]},
                  {"objectId", OneIn(chance_, 4) ? Number() : 7 + Below(chance_, 4)}};
    if (OneIn(chance_, 2)) event["propertyName"] = words_.For("property", chance_);
    if (OneIn(chance_, 2)) event["propertyValue"] = words_.For("text", chance_);
    if (OneIn(chance_, 4)) event["primaryObjectId"] = 7 + Below(chance_, 4);
    if (OneIn(chance_, 4)) event["mergedObjectIds"] = Json::array({8, Below(chance_, 12), Number()});
    if (OneIn(chance_, 8)) event["newObjectId"] = Below(chance_, 12);
    events.push_back(std::move(event));
  } while (!OneIn(chance_, 3));
  return events.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string RequestMutator::MakeHttp() {
  const RequestInput call = Make(Door::kConnect, static_cast<std::uint8_t>(chance_()));
  constexpr const char* kPaths[] = {"/", "/healthz", "/metrics", "/errors/INTERNAL", "/webhooks/hubspot", "/webhooks/generic"};
  const std::string path = OneIn(chance_, 3) ? kPaths[Below(chance_, std::size(kPaths))]
                                             : "/" + call.Method().service()->full_name() + "/" + call.Method().name();
  constexpr const char* kTypes[] = {"application/json", "application/proto", "application/connect+json", "application/connect+proto"};
  constexpr const char* kMore[] = {"",
                                   "Connect-Protocol-Version: 1\r\n",
                                   "Connect-Timeout-Ms: 5000\r\n",
                                   "Origin: http://evil.example\r\n",
                                   "Expect: 100-continue\r\n",
                                   "Authorization: Bearer sc_x\r\n",
                                   "Content-Encoding: gzip\r\n",
                                   "Traceparent: 00-1-2-3\r\n"};
  const std::string length =
      OneIn(chance_, 4) ? "Transfer-Encoding: chunked\r\n" : "Content-Length: " + std::to_string(call.payload.size()) + "\r\n";
  return std::string(OneIn(chance_, 3) ? "GET " : "POST ") + path +
         " HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + kTypes[Below(chance_, 4)] + "\r\n" + kMore[Below(chance_, std::size(kMore))] +
         length + "\r\n" + call.payload;
}

void RequestMutator::Change(RequestInput& input, std::size_t size_max) {
  if (input.payload.empty() || OneIn(chance_, 16)) {
    input = Make();
    return;
  }
  if (OneIn(chance_, 16)) input.flags = static_cast<std::uint8_t>(chance_());
  if (input.door == Door::kHttp || OneIn(chance_, 6)) {
    input.payload = change_bytes_(std::move(input.payload), size_max);
    return;
  }
  for (int times = 1 + static_cast<int>(Below(chance_, 3)); times > 0; --times) {
    if (input.door == Door::kGrpc) {
      ChangeCall(input);
    } else if (input.door == Door::kConnect) {
      ChangeConnect(input);
    } else if (!input.IsGeneric()) {
      ChangeHubspot(input.payload);
    } else if (!ChangeJsonOf(*stagecraft::v1::PublishEventsRequest::descriptor(), input.payload)) {
      input.payload = change_bytes_(std::move(input.payload), size_max);
    }
  }
}

void RequestMutator::ChangeCall(RequestInput& input) {
  std::vector<std::string> frames = SplitFrames(input.payload);
  std::string& frame = frames[Below(chance_, frames.size())];
  const auto message = NewMessage(*input.Method().input_type());
  message->ParsePartialFromString(frame);  // what can be read of it
  ChangeMessage(*message, 0);
  frame = message->SerializePartialAsString();
  if (TakesStream(input) && OneIn(chance_, 8)) frames.push_back(OneIn(chance_, 2) ? frame : MakeMessage(*input.Method().input_type()));
  input.payload = JoinFrames(frames);
}

void RequestMutator::ChangeConnect(RequestInput& input) {
  const Descriptor& type = *input.Method().input_type();
  const std::size_t head = IsStream(input) ? 5 : 0;
  std::string body = input.payload.size() < head ? "" : input.payload.substr(head);
  if (head != 0 && body.size() >= 7 && OneIn(chance_, 2)) body.resize(body.size() - 7);  // an end's envelope, more often than not
  if (input.IsProto()) {
    const auto message = NewMessage(type);
    message->ParsePartialFromString(body);
    ChangeMessage(*message, 0);
    body = message->SerializePartialAsString();
  } else if (!ChangeJsonOf(type, body)) {
    body = change_bytes_(std::move(body), body.size() + 64);
  }
  input.payload = head == 0 ? body : Envelope(OneIn(chance_, 16) ? static_cast<unsigned char>(chance_()) : 0, body);
}

bool RequestMutator::ChangeJsonOf(const Descriptor& type, std::string& body) {
  const auto message = NewMessage(type);
  if (!google::protobuf::util::JsonStringToMessage(body, message.get()).ok()) return false;
  ChangeMessage(*message, 0);
  body = JsonOf(*message);
  return true;
}

void RequestMutator::ChangeHubspot(std::string& body) {
  Json events = Json::parse(body, nullptr, false);
  if (!events.is_array() || events.empty() || OneIn(chance_, 8)) {
    body = MakeHubspot();
    return;
  }
  const Json other = Json::parse(MakeHubspot());
  Json& event = events[Below(chance_, events.size())];
  if (OneIn(chance_, 4) || !event.is_object() || event.empty()) {
    events.insert(events.end(), other.begin(), other.end());
  } else {
    auto& value = std::next(event.begin(), Below(chance_, event.size())).value();
    constexpr const char* kValues[] = {"null",  "-1", "18446744073709551615", "1e300", "\"\"", "[]", "{}", "true",
                                       "\"7\"", "0",  "253402300800000"};
    value = Json::parse(kValues[Below(chance_, std::size(kValues))]);
    if (OneIn(chance_, 2)) value = words_.For("name", chance_);
  }
  body = events.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace stagecraft::tests
