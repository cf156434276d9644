#include "server/http/webhooks.h"

#include <openssl/crypto.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/string.hpp>
#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "dsl/support/text.h"
#include "google/rpc/error_details.pb.h"
#include "runtime/model/reasons.h"
#include "runtime/outbox/curl/signature.h"
#include "server/http/call_stream.h"
#include "server/http/codec.h"
#include "server/http/connect_error.h"
#include "server/http/hubspot_events.h"
#include "stagecraft/v1/contact_service.pb.h"
#include "stagecraft/v1/event_service.pb.h"

namespace stagecraft::server {
namespace {

namespace v1 = ::stagecraft::v1;
namespace http = boost::beast::http;
using Json = nlohmann::ordered_json;
using runtime::Status;
using runtime::StatusCode;

constexpr std::string_view kHubspotPath = "/webhooks/hubspot";
constexpr std::string_view kGenericPath = "/webhooks/generic";
// What is older may have been listened to on its way and sent again. Both vendors say five minutes.
constexpr std::int64_t kWindowMillis = 5LL * 60 * 1000;

Status Refused(const std::string& why) { return {StatusCode::kUnauthenticated, "INVALID_SIGNATURE", why, {}}; }

bool IsSame(std::string_view a, std::string_view b) { return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0; }

std::optional<std::int64_t> NumberIn(std::string_view text) {
  std::int64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
  return number;
}

// What came of it all.
struct Outcome {
  int applied = 0;
  int duplicates = 0;
  int ignored = 0;
  Json rejected = Json::array();
  std::optional<CallEnd> failure;  // of a call that is to be made again

  void Reject(const std::string& id, const std::string& reason, const std::string& message) {
    rejected.push_back({{"id", id}, {"reason", reason}, {"message", message}});
  }
};

std::string ReasonOf(const google::rpc::Status& status) {
  for (const google::protobuf::Any& detail : status.details()) {
    google::rpc::ErrorInfo info;
    if (detail.UnpackTo(&info)) return info.reason();
  }
  return {};
}

// `older`: where events go that are older than their contact; nullptr: they are rejected as any other. Ids whose sender never gives one to
// two events come again with another content only when it was us who gave them another time.
void Count(const v1::PublishEventsRequest& request, const v1::PublishEventsResponse& response, Outcome& outcome,
           std::vector<v1::Event>* older) {
  for (int i = 0; i < response.results_size(); ++i) {
    const v1::EventResult& result = response.results(i);
    const std::string reason = ReasonOf(result.error());
    const bool is_known_again = older != nullptr && reason == runtime::reasons::kEventIdReused;
    if (result.state() == v1::EVENT_STATE_APPLIED) {
      ++outcome.applied;
    } else if (result.state() == v1::EVENT_STATE_DUPLICATE || is_known_again) {
      ++outcome.duplicates;
    } else if (older != nullptr && reason == runtime::reasons::kEventBeforeContact) {
      older->push_back(request.events(i));
    } else {
      outcome.Reject(request.events(i).event_id(), reason, result.error().message());
    }
  }
}

bool HasValue(const v1::Contact& contact, const std::string& property) {
  const std::string name = FoldCase(property);
  return std::any_of(contact.properties().begin(), contact.properties().end(),
                     [&](const v1::Property& each) { return FoldCase(each.name()) == name || FoldCase(each.internal_name()) == name; });
}

bool IsWorthRepeating(int code) {
  return code == static_cast<int>(StatusCode::kUnavailable) || code == static_cast<int>(StatusCode::kResourceExhausted) ||
         code == static_cast<int>(StatusCode::kInternal) || code == static_cast<int>(StatusCode::kCancelled) ||
         code == static_cast<int>(StatusCode::kDeadlineExceeded);
}

// Makes calls in the webhook's name.
class Caller {
 public:
  Caller(Calls& calls, Responder& responder, std::string webhook) : calls_(calls), responder_(responder), webhook_(std::move(webhook)) {}

  Awaitable<void> Publish(const v1::PublishEventsRequest& request, Outcome& outcome, std::vector<v1::Event>* older = nullptr) {
    std::string answer;
    const CallEnd end = co_await Call("EventService/PublishEvents", request.SerializeAsString(), answer);
    v1::PublishEventsResponse response;
    if (end.code == 0 && response.ParseFromString(answer)) {
      Count(request, response, outcome, older);
    } else {
      outcome.failure = end;
    }
  }

  // HubSpot sends in no order, so that what comes first makes the contact, and what was before it comes later. Of that only a value that
  // the contact does not have says anything: it counts from the contact's beginning.
  Awaitable<void> PublishOlder(v1::Event event, Outcome& outcome) {
    v1::GetContactRequest request;
    request.set_name(event.contact());
    std::string answer;
    const CallEnd end = co_await Call("ContactService/GetContact", request.SerializeAsString(), answer);
    v1::GetContactResponse found;
    if (end.code != 0 || !found.ParseFromString(answer)) {
      outcome.failure = end;
      co_return;
    }
    if (event.properties().empty() || HasValue(found.contact(), event.properties(0).name())) {
      ++outcome.ignored;
      co_return;
    }
    *event.mutable_occurred_at() = found.contact().create_time();
    v1::PublishEventsRequest again;
    *again.add_events() = std::move(event);
    std::vector<v1::Event> still_older;
    co_await Publish(again, outcome, &still_older);
    for (const v1::Event& each : still_older) {
      outcome.Reject(each.event_id(), runtime::reasons::kEventBeforeContact, "the contact was created anew meanwhile");
    }
  }

  // For one contact; what is so already is done again.
  Awaitable<void> Change(const char* method, const std::string& id, std::string request, Outcome& outcome) {
    std::string answer;
    const CallEnd end = co_await Call(method, std::move(request), answer);
    const bool is_so = end.code == static_cast<int>(StatusCode::kNotFound) || end.code == static_cast<int>(StatusCode::kAlreadyExists);
    if (end.code == 0) {
      ++outcome.applied;
    } else if (is_so) {
      ++outcome.duplicates;
    } else if (IsWorthRepeating(end.code)) {
      outcome.failure = end;
    } else {
      google::rpc::Status details;
      details.ParseFromString(end.details);
      outcome.Reject(id, ReasonOf(details), end.message);
    }
  }

 private:
  Awaitable<CallEnd> Call(const char* method, std::string request, std::string& answer) {
    CallRequest call{std::string("/stagecraft.v1.") + method, {std::move(request)}, {}, responder_.address(), webhook_, {}};
    const auto stream = CallStream::Start(co_await boost::asio::this_coro::executor, calls_, std::move(call), responder_);
    while (auto message = co_await stream->Next()) answer = std::move(*message);
    co_return stream->end();
  }

  Calls& calls_;
  Responder& responder_;
  std::string webhook_;
};

template <typename Request>
std::string ForContact(const HubspotStep& step) {
  Request request;
  request.set_name(step.contact);
  if constexpr (requires { request.set_other(step.other); }) request.set_other(step.other);
  if constexpr (requires { request.set_actor(step.other); }) request.set_actor("hubspot");
  return request.SerializeAsString();
}

Awaitable<void> Publish(const v1::PublishEventsRequest& events, Caller& caller, Outcome& outcome) {
  std::vector<v1::Event> older;
  co_await caller.Publish(events, outcome, &older);
  for (v1::Event& event : older) {
    if (!outcome.failure) co_await caller.PublishOlder(std::move(event), outcome);
  }
}

Awaitable<void> Do(const HubspotStep& step, Caller& caller, Outcome& outcome) {
  switch (step.kind) {
    case HubspotStep::Kind::kPublish:
      co_await Publish(step.events, caller, outcome);
      break;
    case HubspotStep::Kind::kDelete:
      co_await caller.Change("ContactService/DeleteContact", step.contact, ForContact<v1::DeleteContactRequest>(step), outcome);
      break;
    case HubspotStep::Kind::kUndelete:
      co_await caller.Change("ContactService/UndeleteContact", step.contact, ForContact<v1::UndeleteContactRequest>(step), outcome);
      break;
    case HubspotStep::Kind::kMerge:
      co_await caller.Change("ContactService/MergeContacts", step.contact, ForContact<v1::MergeContactsRequest>(step), outcome);
      break;
    case HubspotStep::Kind::kErase:
      co_await caller.Change("ContactService/EraseContact", step.contact, ForContact<v1::EraseContactRequest>(step), outcome);
      break;
  }
}

HttpResponse JsonResponse(http::status status, const std::string& json) {
  HttpResponse response(status, 11);
  response.set(http::field::content_type, "application/json");
  response.body() = json + "\n";
  return response;
}

HttpResponse ErrorResponse(const CallEnd& end) {
  HttpResponse response = JsonResponse(HttpStatusOf(end.code), ErrorJson(end));
  if (const std::string after = RetryAfter(end); !after.empty()) response.set(http::field::retry_after, after);
  return response;
}

// `refuses`: when nothing at all was good, the sender is to know by the status.
HttpResponse ResponseOf(const char* webhook, const Outcome& outcome, bool refuses) {
  if (!outcome.rejected.empty()) spdlog::warn("webhook {}: {} of what came was rejected", webhook, outcome.rejected.size());
  if (outcome.failure) return ErrorResponse(*outcome.failure);
  const Json said = {
      {"applied", outcome.applied}, {"duplicates", outcome.duplicates}, {"ignored", outcome.ignored}, {"rejected", outcome.rejected}};
  const bool nothing_good = outcome.applied + outcome.duplicates + outcome.ignored == 0 && !outcome.rejected.empty();
  return JsonResponse(refuses && nothing_good ? http::status::unprocessable_entity : http::status::ok,
                      said.dump(-1, ' ', false, Json::error_handler_t::replace));
}

// Events as a generic webhook has them: one, or several as PublishEvents takes them.
runtime::Result<v1::PublishEventsRequest> ReadEvents(std::string_view body, const std::string& id) {
  v1::PublishEventsRequest request;
  auto binary = ToBinary(*v1::PublishEventsRequest::descriptor(), Encoding::kJson, body);
  if (binary) {
    request.ParseFromString(*binary);
  } else {
    binary = ToBinary(*v1::Event::descriptor(), Encoding::kJson, body);
    if (!binary) return tl::unexpected(std::move(binary.error()));
    request.add_events()->ParseFromString(*binary);
  }
  // The sender's id makes it safe to be sent again.
  for (int i = 0; i < request.events_size(); ++i) {
    v1::Event& event = *request.mutable_events(i);
    if (event.event_id().empty()) event.set_event_id(request.events_size() == 1 ? id : id + "-" + std::to_string(i));
  }
  return request;
}

}  // namespace

bool Webhooks::Has(std::string_view path) const {
  return (path == kHubspotPath && !secrets_.hubspot.empty()) || (path == kGenericPath && !secrets_.generic.empty());
}

Awaitable<void> Webhooks::Handle(std::string_view path, const HttpRequest& request, Responder& responder) {
  if (request.method() != http::verb::post) {
    HttpResponse refused = JsonResponse(http::status::method_not_allowed, R"({"message":"webhooks are sent with POST"})");
    refused.set(http::field::allow, "POST");
    return responder.Send(std::move(refused));
  }
  return path == kHubspotPath ? HandleHubspot(request, responder) : HandleGeneric(request, responder);
}

Status Webhooks::CheckHubspot(const HttpRequest& request, bool is_encrypted) const {
  const std::string_view timestamp = ToView(request["x-hubspot-request-timestamp"]);
  const std::string_view signature = ToView(request["x-hubspot-signature-v3"]);
  if (signature.empty()) return Refused("there is no X-HubSpot-Signature-v3");
  const auto millis = NumberIn(timestamp);
  if (!millis || *millis < 0 || std::llabs(now_() / 1000 - *millis) > kWindowMillis) {
    return Refused("X-HubSpot-Request-Timestamp is not within five minutes of now");
  }
  const std::string url = !secrets_.public_url.empty()
                              ? secrets_.public_url
                              : (is_encrypted ? "https://" : "http://") + std::string(ToView(request[http::field::host]));
  const std::string text =
      std::string(ToView(request.method_string())) + url + std::string(ToView(request.target())) + request.body() + std::string(timestamp);
  if (IsSame(runtime::SignText(secrets_.hubspot, text), signature)) return {};
  return Refused("X-HubSpot-Signature-v3 is not of this request to `" + url +
                 "`; behind a proxy say with --public-url where HubSpot finds this server");
}

Status Webhooks::CheckGeneric(const HttpRequest& request) const {
  const std::string_view id = ToView(request["webhook-id"]);
  std::string_view signatures = ToView(request["webhook-signature"]);
  if (id.empty() || signatures.empty()) return Refused("there is no webhook-id or no webhook-signature");
  const auto seconds = NumberIn(ToView(request["webhook-timestamp"]));
  if (!seconds || *seconds > INT64_MAX / 1000 || *seconds < 0 || std::llabs(now_() / 1000 - *seconds * 1000) > kWindowMillis) {
    return Refused("webhook-timestamp is not within five minutes of now");
  }
  const std::string right = runtime::SignWebhook(secrets_.generic, id, *seconds, request.body());
  while (!signatures.empty()) {
    const std::string_view signature = signatures.substr(0, signatures.find(' '));
    if (IsSame(right, signature)) return {};
    signatures.remove_prefix(std::min(signature.size() + 1, signatures.size()));
  }
  return Refused("webhook-signature is not of this request");
}

Awaitable<void> Webhooks::HandleHubspot(const HttpRequest& request, Responder& responder) {
  if (const Status status = CheckHubspot(request, responder.is_encrypted()); !status.ok()) {
    co_await responder.Send(ErrorResponse(calls_.EndOf(status)));
    co_return;
  }
  const auto batch = ReadHubspotEvents(request.body());
  if (!batch) {
    co_await responder.Send(ErrorResponse(calls_.EndOf(batch.error())));
    co_return;
  }
  Outcome outcome;
  outcome.ignored = batch->ignored;
  Caller caller(calls_, responder, "webhooks/hubspot");
  for (const HubspotStep& step : batch->steps) {
    co_await Do(step, caller, outcome);
    if (outcome.failure) break;  // HubSpot sends all of it again, and what was done is known
  }
  // What can never be taken must not be sent again and again.
  co_await responder.Send(ResponseOf("hubspot", outcome, false));
}

Awaitable<void> Webhooks::HandleGeneric(const HttpRequest& request, Responder& responder) {
  if (const Status status = CheckGeneric(request); !status.ok()) {
    co_await responder.Send(ErrorResponse(calls_.EndOf(status)));
    co_return;
  }
  const auto events = ReadEvents(request.body(), std::string(ToView(request["webhook-id"])));
  if (!events) {
    co_await responder.Send(ErrorResponse(calls_.EndOf(events.error())));
    co_return;
  }
  Outcome outcome;
  Caller caller(calls_, responder, "webhooks/generic");
  co_await caller.Publish(*events, outcome);
  co_await responder.Send(ResponseOf("generic", outcome, true));
}

}  // namespace stagecraft::server
