// EventService: events that failed, and another attempt at them.
#include "server/rpc/failures.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "runtime/engine/view.h"
#include "runtime/explain/describe.h"
#include "runtime/model/contact.h"
#include "runtime/model/reasons.h"
#include "server/rpc/blocking_call.h"
#include "server/rpc/event_service.h"
#include "server/rpc/names.h"
#include "server/rpc/paging.h"
#include "server/rpc/status_map.h"
#include "server/rpc/time_convert.h"

namespace stagecraft::server {

namespace {

// The number of the open failure of this kind.
runtime::Result<std::int64_t> FailureNamed(runtime::Engine& engine, const std::string& name, runtime::Failure::Kind kind) {
  const std::optional<std::int64_t> number = NumberOf(kFailures, name);
  if (!number) return tl::unexpected(InvalidField("name", "INVALID_NAME", "`" + name + "` is no failure; expected `failures/{failure}`"));
  bool is_there = false;
  runtime::Status status = engine.Read([&](const runtime::View& view) {
    const runtime::Failure* failure = runtime::FindById(view.failures(), *number);
    is_there = failure != nullptr && failure->kind == kind && !failure->is_closed;
  });
  if (!status.ok()) return tl::unexpected(std::move(status));
  if (is_there) return *number;
  return runtime::Fail(runtime::StatusCode::kNotFound, runtime::reasons::kFailureNotFound,
                       "nothing that is still to be mended is called `" + name + "`");
}

}  // namespace

runtime::Result<std::optional<std::string>> RetryFailure(runtime::Engine& engine, const std::string& name, runtime::Failure::Kind kind,
                                                         const std::string& actor) {
  const auto failure = FailureNamed(engine, name, kind);
  if (!failure) return tl::unexpected(failure.error());
  const auto after = engine.Retry(*failure, actor);
  if (!after) return tl::unexpected(after.error());
  if (after->is_closed) return std::nullopt;
  std::string why_not;
  runtime::Status status = engine.Read([&](const runtime::View& view) { why_not = runtime::DescribeFailure(view.program(), *after); });
  if (!status.ok()) return tl::unexpected(std::move(status));
  return why_not;
}

namespace {

// What is still open, newest first, before the number `before` (0: from the newest); its contact's id where there is one.
struct Open {
  runtime::Failure failure;
  std::string contact;
};

runtime::Result<std::vector<Open>> OpenEvents(runtime::Engine& engine, std::int64_t before, std::size_t limit) {
  std::vector<Open> open;
  runtime::Status status = engine.Read([&](const runtime::View& view) {
    const std::vector<runtime::Failure>& all = view.failures();
    for (auto each = all.rbegin(); each != all.rend() && open.size() < limit; ++each) {
      const bool is_wanted = each->kind == runtime::Failure::Kind::kEvent && !each->is_closed && (before == 0 || each->id < before);
      if (!is_wanted) continue;
      const runtime::Contact* contact = view.ContactAt(each->contact);
      open.push_back({*each, contact == nullptr ? std::string() : contact->id()});
    }
  });
  if (!status.ok()) return tl::unexpected(std::move(status));
  return open;
}

grpc::Status List(runtime::Engine& engine, const v1::ListFailedEventsRequest& request, v1::ListFailedEventsResponse& response) {
  const auto page = PageOf(request);
  if (!page) return ToGrpcStatus(page.error());
  const auto before = ResumeNumber(*page, 0);
  if (!before) return ToGrpcStatus(before.error());
  auto open = OpenEvents(engine, *before, page->size + 1);
  if (!open) return ToGrpcStatus(open.error());
  const bool is_more = open->size() > page->size;
  if (is_more) open->pop_back();
  for (Open& each : *open) {
    const auto records = engine.Records(each.failure.cause(), 1);
    if (!records) return ToGrpcStatus(records.error());
    const runtime::Record& record = records->front();
    const runtime::Effect& failed = record.effects.back();
    v1::FailedEvent& out = *response.add_events();
    out.set_name(NameOf(kFailures, std::to_string(each.failure.id)));
    out.set_event_id(record.event_id);
    out.set_contact(NameOf(kContacts, failed.after.set ? failed.after.text : each.contact));
    const auto program = engine.ProgramOf(record.revision);
    if (program != nullptr) out.set_type(program->events[record.event].name);
    FillTimestamp(record.occurred_at, *out.mutable_event_time());
    out.set_rules(failed.text);
    out.set_sequence(record.sequence);
    if (each.failure.tried_in != 0) FillTimestamp(each.failure.tried_at, *out.mutable_retry_time());
  }
  if (is_more) response.set_next_page_token(MakeToken(*page, std::to_string(open->back().failure.id)));
  return grpc::Status::OK;
}

grpc::Status Retry(runtime::Engine& engine, const v1::RetryFailedEventRequest& request, v1::RetryFailedEventResponse& response) {
  const auto why_not = RetryFailure(engine, request.name(), runtime::Failure::Kind::kEvent, {});
  if (!why_not) return ToGrpcStatus(why_not.error());
  response.set_applied(!why_not->has_value());
  return grpc::Status::OK;
}

}  // namespace

grpc::ServerUnaryReactor* EventService::ListFailedEvents(grpc::CallbackServerContext* call, const v1::ListFailedEventsRequest* request,
                                                         v1::ListFailedEventsResponse* response) {
  return RunOnWorker(context_, call, "ListFailedEvents", [this, request, response] { return List(context_.engine, *request, *response); });
}

grpc::ServerUnaryReactor* EventService::RetryFailedEvent(grpc::CallbackServerContext* call, const v1::RetryFailedEventRequest* request,
                                                         v1::RetryFailedEventResponse* response) {
  return RunAdmitted(context_, call, "RetryFailedEvent", [this, request, response](AdmittedCall& admitted) {
    admitted.resource = ResourceOf(*request);
    return Retry(context_.engine, *request, *response);
  });
}

}  // namespace stagecraft::server
