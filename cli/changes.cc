// watch, events list, events show: what happens, and what has happened.
#include <fmt/format.h>
#include <stagecraft/v1/event_service.grpc.pb.h>

#include <chrono>
#include <cstdio>
#include <string>
#include <thread>

#include "cli/client.h"
#include "cli/paged.h"
#include "cli/table.h"
#include "cli/terminal.h"
#include "cli/timeline_text.h"
#include "cli/verbs.h"

namespace stagecraft::cli {
namespace {

namespace wire = ::stagecraft::v1;

// What a deployment stands under, which is of no contact.
std::string WhomOf(const wire::Change& change) { return change.contact().empty() ? "-" : std::string(BareId(change.contact())); }

class Watching {
 public:
  explicit Watching(const WatchOptions& options) : options_(options), colour_(HasColour(stdout)) {
    request_.set_cursor(options.cursor);
    request_.set_filter(options.filter);
    request_.set_contact(options.contact);
  }

  // Until as many changes as are wanted were shown, nobody reads them, or the stream ends.
  grpc::Status Run(wire::EventService::Stub& stub) {
    grpc::ClientContext context;  // without a deadline
    const auto reader = stub.WatchChanges(&context, request_);
    for (wire::WatchChangesResponse response; reader->Read(&response);) {
      has_begun_ = true;
      for (const wire::Change& change : response.changes()) {
        if (!Show(change)) break;
      }
      request_.set_cursor(response.cursor());
      if (is_done_) {
        context.TryCancel();
        break;
      }
    }
    const grpc::Status status = reader->Finish();
    return is_done_ ? grpc::Status::OK : status;
  }
  // Whether to try again: once it was under way, a server that is away for a while is no reason to end.
  bool GoesOn(const grpc::Status& status) const { return has_begun_ && status.error_code() == grpc::StatusCode::UNAVAILABLE; }

 private:
  bool Show(const wire::Change& change) {
    const std::string text = options_.json ? ToJsonLine(change) : EntryText(change.entry(), WhomOf(change), colour_);
    is_done_ = std::fputs(text.c_str(), stdout) < 0 || std::fflush(stdout) != 0;
    is_done_ = is_done_ || ++shown_ == options_.count;
    return !is_done_;
  }

  const WatchOptions& options_;
  const bool colour_;
  wire::WatchChangesRequest request_;
  int shown_ = 0;
  bool has_begun_ = false;
  bool is_done_ = false;
};

}  // namespace

int WatchChanges(const WatchOptions& options) {
  constexpr std::chrono::seconds kAgain{1};
  const auto stub = wire::EventService::NewStub(Connect(options.remote));
  Watching watching(options);
  bool is_told = false;
  for (;;) {
    const grpc::Status status = watching.Run(*stub);
    if (status.ok()) return kDone;
    if (!watching.GoesOn(status)) return ReportCall(status, options.remote);
    if (!is_told) PrintNote("the server is away; going on where it was when it is back");
    is_told = true;
    std::this_thread::sleep_for(kAgain);
  }
}

int EventsList(const EventsListOptions& options) {
  wire::ListEventsRequest request;
  request.set_contact(options.contact);
  request.set_type(options.type);
  request.set_filter(options.filter);
  const auto stub = wire::EventService::NewStub(Connect(options.remote));
  wire::ListEventsResponse response;
  const auto status =
      ReadPages(*stub, &wire::EventService::Stub::ListEvents, request, &wire::ListEventsResponse::mutable_events, options.limit, response);
  if (!status.ok()) return ReportCall(status, options.remote);
  if (options.json) {
    fmt::print("{}", ToJson(response));
    return kDone;
  }
  Table table({"when", "contact", "event", "by", "changes", "id"});
  for (const wire::Change& each : response.events()) {
    table.Add({TimeText(each.entry().event_time()), WhomOf(each), each.entry().title(), each.entry().actor(),
               std::to_string(each.entry().changes_size()), each.entry().event_id()});
  }
  PrintPage(table, "there are no such events", response.next_page_token(), More::kFilter);
  return kDone;
}

int EventsShow(const EventsShowOptions& options) {
  const auto stub = wire::EventService::NewStub(Connect(options.remote));
  wire::GetEventRequest request;
  request.set_name("events/" + options.event);
  wire::GetEventResponse response;
  if (const auto status = stub->GetEvent(CallContext().get(), request, &response); !status.ok()) return ReportCall(status, options.remote);
  fmt::print("{}",
             options.json ? ToJson(response.event()) : EntryText(response.event().entry(), WhomOf(response.event()), HasColour(stdout)));
  return kDone;
}

}  // namespace stagecraft::cli
