// EventService.GetEvent and ListEvents.
#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dsl/support/text.h"
#include "runtime/engine/view.h"
#include "runtime/explain/explain.h"
#include "server/rpc/blocking_call.h"
#include "server/rpc/contact_convert.h"
#include "server/rpc/contact_filter.h"
#include "server/rpc/event_service.h"
#include "server/rpc/limits.h"
#include "server/rpc/names.h"
#include "server/rpc/paging.h"
#include "server/rpc/status_map.h"
#include "server/rpc/timeline_convert.h"

namespace stagecraft::server {
namespace {

runtime::Status NoSuchEvent(std::string_view id) {
  return {runtime::StatusCode::kNotFound,
          "EVENT_NOT_FOUND",
          "there is no event `" + std::string(id) + "`: it was not taken, or its contact is erased, or it is older than what is kept",
          {}};
}

runtime::Status FillEvent(runtime::Engine& engine, const runtime::Record& record, const std::string& contact, v1::Change& out) {
  const auto program = engine.ProgramOf(record.revision);
  if (program == nullptr) {
    return {runtime::StatusCode::kFailedPrecondition,
            runtime::reasons::kRevisionNotFound,
            "the scripts of revision " + std::to_string(record.revision) + " no longer compile",
            {}};
  }
  runtime::TimelineEntry entry = runtime::EntryOf(*program, record);
  out.set_contact(NameOf(kContacts, contact));
  FillEntry(entry, *out.mutable_entry());
  return {};
}

runtime::Status Get(runtime::Engine& engine, const Caller& caller, std::string_view id, v1::Change& out) {
  if (id.empty()) return InvalidField("name", "INVALID_NAME", "`name` is empty; expected `events/{event}`");
  runtime::Sequence sequence = 0;
  runtime::Status status = engine.Read([&](const runtime::View& view) { sequence = view.RecordOfEvent(id); });
  if (!status.ok()) return status;
  if (sequence == 0) return NoSuchEvent(id);
  const auto record = engine.FindRecord(sequence);
  if (!record) return record.error();
  // Ids are known by their hashes; and of what is scrubbed or forgotten nothing is left but its place.
  if (record->event_id != id || record->kind != runtime::RecordKind::kEvent) return NoSuchEvent(id);
  std::string contact;
  status = engine.Read([&](const runtime::View& view) {
    const runtime::Contact* found = view.ContactAt(record->contact);
    if (found != nullptr) contact = found->id();
  });
  if (status.ok()) status = CheckInScope(engine, caller, contact);
  if (status.reason == runtime::reasons::kContactNotFound) return NoSuchEvent(id);
  return status.ok() ? FillEvent(engine, *record, contact, out) : status;
}

// Reads back until the page is full, its time is over, or there is no more.
class EventPage {
 public:
  EventPage(runtime::Engine& engine, const grpc::CallbackServerContext& call, const Caller& caller, const v1::ListEventsRequest& request,
            const Page& page)
      : engine_(engine), call_(call), request_(request), page_(page), filter_(request.filter(), caller) {}

  grpc::Status Read(runtime::Sequence from, v1::ListEventsResponse& response) {
    if (grpc::Status status = Prepare(from); !status.ok()) return status;
    const auto deadline = std::chrono::steady_clock::now() + limits::kListTimeMax;
    while (from > 0 && !IsFull(response) && std::chrono::steady_clock::now() < deadline) {
      if (Abandoned(call_)) return NobodyWaits(call_);
      auto records = engine_.Records(from, limits::kWatchRecordsMax);
      if (!records) return ToGrpcStatus(records.error());
      if (records->empty()) break;
      if (grpc::Status status = Choose(*records); !status.ok()) return status;
      for (const auto& [record, contact] : chosen_) {
        if (IsFull(response)) break;
        if (const runtime::Status status = FillEvent(engine_, *record, contact, *response.add_events()); !status.ok()) {
          return ToGrpcStatus(status);
        }
        from = record->sequence;
      }
      from = (IsFull(response) ? from : records->back().sequence) - 1;
    }
    if (from > 0) response.set_next_page_token(MakeToken(page_, std::to_string(from)));
    return grpc::Status::OK;
  }

 private:
  bool IsFull(const v1::ListEventsResponse& response) const { return static_cast<std::size_t>(response.events_size()) >= page_.size; }

  // What the request names must be there. `from`: 0 becomes the last record.
  grpc::Status Prepare(runtime::Sequence& from) {
    const std::string_view contact = IdOf(kContacts, request_.contact());
    grpc::Status failure;
    const runtime::Status status = engine_.Read([&](const runtime::View& view) {
      if (from == 0) from = view.stats().last_sequence;
      const runtime::Contact* found = contact.empty() ? nullptr : view.FindContact(contact);
      if (found != nullptr) contact_ = found->number();
      if (!filter_.Prepare(view)) {
        failure = filter_.status();
      } else if (!contact.empty() && (found == nullptr || !filter_.IsInScope(view, *found))) {
        failure = ToGrpcStatus(NoSuchContact(contact));
      }
      if (request_.type().empty()) return;
      const auto event = view.program().event_names.find(FoldCase(request_.type()));
      if (event != view.program().event_names.end()) type_ = event->second;
      if (!type_) {
        failure = ToGrpcStatus(InvalidField("type", runtime::reasons::kUnknownEventType,
                                            "`" + request_.type() + "` is no event that the running scripts know"));
      }
    });
    return status.ok() ? failure : ToGrpcStatus(status);
  }

  grpc::Status Choose(const std::vector<runtime::Record>& records) {
    chosen_.clear();
    const runtime::Status status = engine_.Read([&](const runtime::View& view) {
      if (!filter_.Prepare(view)) return;
      for (const runtime::Record& record : records) {
        if (record.kind != runtime::RecordKind::kEvent || (type_ && record.event != *type_)) continue;
        if (contact_ && record.contact != *contact_) continue;
        const runtime::Contact* contact = view.ContactAt(record.contact);
        if (contact != nullptr && filter_.Meets(view, *contact)) chosen_.emplace_back(&record, contact->id());
      }
    });
    return status.ok() ? filter_.status() : ToGrpcStatus(status);
  }

  runtime::Engine& engine_;
  const grpc::CallbackServerContext& call_;
  const v1::ListEventsRequest& request_;
  const Page& page_;
  ContactFilter filter_;
  std::optional<std::uint32_t> contact_;
  std::optional<std::uint32_t> type_;
  std::vector<std::pair<const runtime::Record*, std::string>> chosen_;  // of the records that were read last
};

grpc::Status List(runtime::Engine& engine, const grpc::CallbackServerContext& call, const Caller& caller,
                  const v1::ListEventsRequest& request, v1::ListEventsResponse& response) {
  const auto page = PageOf(request);
  if (!page) return ToGrpcStatus(page.error());
  const auto from = ResumeNumber(*page, 0);
  if (!from) return ToGrpcStatus(from.error());
  return EventPage(engine, call, caller, request, *page).Read(*from, response);
}

}  // namespace

grpc::ServerUnaryReactor* EventService::GetEvent(grpc::CallbackServerContext* call, const v1::GetEventRequest* request,
                                                 v1::GetEventResponse* response) {
  return RunOnWorker(context_, call, "GetEvent", [this, request, response](AdmittedCall& admitted) {
    return ToGrpcStatus(Get(context_.engine, *admitted.caller, IdOf(kEvents, request->name()), *response->mutable_event()));
  });
}

grpc::ServerUnaryReactor* EventService::ListEvents(grpc::CallbackServerContext* call, const v1::ListEventsRequest* request,
                                                   v1::ListEventsResponse* response) {
  return RunOnWorker(context_, call, "ListEvents", [this, call, request, response](AdmittedCall& admitted) {
    return List(context_.engine, *call, *admitted.caller, *request, *response);
  });
}

}  // namespace stagecraft::server
