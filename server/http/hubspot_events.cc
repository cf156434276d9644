#include "server/http/hubspot_events.h"

#include <google/protobuf/util/time_util.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

namespace stagecraft::server {
namespace {

namespace v1 = ::stagecraft::v1;
using Json = nlohmann::json;
using Kind = HubspotStep::Kind;
using google::protobuf::util::TimeUtil;

constexpr std::string_view kActor = "hubspot";

runtime::Status NotHubspot(const std::string& what) {
  return {runtime::StatusCode::kInvalidArgument, "UNREADABLE_REQUEST", "this is not what HubSpot sends: " + what, {}};
}

// Ids come as numbers, and from some tools as texts.
std::string IdIn(const Json& event, const char* name) {
  const auto found = event.find(name);
  if (found == event.end()) return {};
  if (found->is_number_integer()) return std::to_string(found->get<std::int64_t>());
  return found->is_string() ? found->get<std::string>() : std::string();
}

std::string TextIn(const Json& event, const char* name) {
  const auto found = event.find(name);
  return found != event.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::int64_t TimeOf(const Json& event) {
  const auto found = event.find("occurredAt");
  return found != event.end() && found->is_number_integer() ? found->get<std::int64_t>() : 0;
}

v1::Event BaseEvent(const Json& event) {
  v1::Event out;
  out.set_event_id("hubspot-" + IdIn(event, "portalId") + "-" + IdIn(event, "subscriptionId") + "-" + IdIn(event, "eventId"));
  out.set_contact(IdIn(event, "objectId"));
  out.set_type("contact updated");
  out.set_actor(std::string(kActor));
  out.set_create_if_missing(true);
  *out.mutable_occurred_at() = TimeUtil::MillisecondsToTimestamp(TimeOf(event));
  return out;
}

class StepList {
 public:
  explicit StepList(HubspotBatch& batch) : batch_(batch) {}

  void Publish(v1::Event event) {
    if (batch_.steps.empty() || batch_.steps.back().kind != Kind::kPublish) batch_.steps.emplace_back();
    *batch_.steps.back().events.add_events() = std::move(event);
  }
  void Add(Kind kind, std::string contact, std::string other = {}) {
    HubspotStep& step = batch_.steps.emplace_back();
    step.kind = kind;
    step.contact = std::move(contact);
    step.other = std::move(other);
  }
  void Ignore() { ++batch_.ignored; }

 private:
  HubspotBatch& batch_;
};

// A merge may go on as one of the two, or as a new record.
void AddMerge(const Json& event, StepList& steps) {
  const std::string primary = IdIn(event, "primaryObjectId");
  std::string goes_on = IdIn(event, "newObjectId");
  if (goes_on.empty() || goes_on == "0") goes_on = primary;
  std::vector<std::string> others;
  const auto merged = event.find("mergedObjectIds");
  if (merged != event.end() && merged->is_array()) {
    for (const Json& id : *merged) others.push_back(id.is_number_integer() ? std::to_string(id.get<std::int64_t>()) : std::string());
  }
  others.push_back(primary);
  v1::Event made = BaseEvent(event);
  made.set_contact(goes_on);
  steps.Publish(std::move(made));
  for (const std::string& other : others) {
    if (!other.empty() && other != goes_on) steps.Add(Kind::kMerge, goes_on, other);
  }
}

void AddSteps(const Json& event, StepList& steps) {
  const std::string type = TextIn(event, "subscriptionType");
  const std::string contact = IdIn(event, "objectId");
  if (type == "contact.propertyChange") {
    v1::Event change = BaseEvent(event);
    v1::Field& property = *change.add_properties();
    property.set_name(TextIn(event, "propertyName"));
    // An empty value clears the property.
    if (const std::string value = TextIn(event, "propertyValue"); !value.empty()) property.set_text(value);
    steps.Publish(std::move(change));
  } else if (type == "contact.creation") {
    steps.Publish(BaseEvent(event));
  } else if (type == "contact.deletion") {
    steps.Add(Kind::kDelete, contact);
  } else if (type == "contact.restore") {
    steps.Add(Kind::kUndelete, contact);
  } else if (type == "contact.privacyDeletion") {
    steps.Add(Kind::kErase, contact);
  } else if (type == "contact.merge") {
    AddMerge(event, steps);
  } else {
    steps.Ignore();
  }
}

std::optional<runtime::Status> Check(const Json& events) {
  if (!events.is_array()) return NotHubspot("expected an array of events");
  for (const Json& event : events) {
    if (!event.is_object() || TextIn(event, "subscriptionType").empty()) return NotHubspot("an event has no `subscriptionType`");
    if (IdIn(event, "objectId").empty() || IdIn(event, "eventId").empty()) return NotHubspot("an event has no `objectId` or `eventId`");
    if (TimeOf(event) <= 0) return NotHubspot("an event has no `occurredAt`");
    if (TimeOf(event) / 1000 > TimeUtil::kTimestampMaxSeconds) return NotHubspot("the `occurredAt` of an event is after the year 9999");
  }
  return std::nullopt;
}

}  // namespace

runtime::Result<HubspotBatch> ReadHubspotEvents(std::string_view body) {
  Json events = Json::parse(body, nullptr, false);
  if (auto wrong = Check(events)) return tl::unexpected(std::move(*wrong));
  std::stable_sort(events.begin(), events.end(), [](const Json& a, const Json& b) { return TimeOf(a) < TimeOf(b); });
  HubspotBatch batch;
  StepList steps(batch);
  for (const Json& event : events) AddSteps(event, steps);
  return batch;
}

}  // namespace stagecraft::server
