// What HubSpot's webhooks say of contacts (formats.md C4), as calls of ours.
#ifndef STAGECRAFT_SERVER_HTTP_HUBSPOT_EVENTS_H_
#define STAGECRAFT_SERVER_HTTP_HUBSPOT_EVENTS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/model/status.h"
#include "stagecraft/v1/event_service.pb.h"

namespace stagecraft::server {

// One thing to do. A contact is known by HubSpot's record id.
struct HubspotStep {
  enum class Kind : std::uint8_t { kPublish, kDelete, kUndelete, kMerge, kErase } kind = Kind::kPublish;
  ::stagecraft::v1::PublishEventsRequest events;  // kPublish: neighbours together
  std::string contact;
  std::string other;  // kMerge: what becomes part of it
};

struct HubspotBatch {
  std::vector<HubspotStep> steps;  // by the time of what happened: HubSpot keeps no order
  int ignored = 0;                 // about what is not a contact
};

// INVALID_ARGUMENT (UNREADABLE_REQUEST) for what is not an array of HubSpot's events.
runtime::Result<HubspotBatch> ReadHubspotEvents(std::string_view body);

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_HTTP_HUBSPOT_EVENTS_H_
