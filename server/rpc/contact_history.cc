// ContactService.GetTimeline and Explain.
#include <string>
#include <utility>

#include "runtime/explain/explain.h"
#include "server/rpc/blocking_call.h"
#include "server/rpc/contact_service.h"
#include "server/rpc/names.h"
#include "server/rpc/paging.h"
#include "server/rpc/status_map.h"
#include "server/rpc/time_convert.h"

namespace stagecraft::server {
namespace {

v1::EntryKind ToProto(runtime::RecordKind kind) {
  switch (kind) {
    case runtime::RecordKind::kEvent:
      return v1::ENTRY_KIND_EVENT;
    case runtime::RecordKind::kTimer:
      return v1::ENTRY_KIND_TIMER;
    case runtime::RecordKind::kDeployment:
      return v1::ENTRY_KIND_DEPLOYMENT;
    case runtime::RecordKind::kStanding:
      return v1::ENTRY_KIND_STANDING;
    case runtime::RecordKind::kScrubbed:
      return v1::ENTRY_KIND_UNSPECIFIED;
    case runtime::RecordKind::kForgotten:
      return v1::ENTRY_KIND_REMOVED;
    case runtime::RecordKind::kDeliveryOutcome:
      break;  // of no contact: never in a timeline
    case runtime::RecordKind::kRetry:
      return v1::ENTRY_KIND_RETRY;
    case runtime::RecordKind::kStop:
      return v1::ENTRY_KIND_STOP;
    case runtime::RecordKind::kEnrolment:
      return v1::ENTRY_KIND_ENROLMENT;
    case runtime::RecordKind::kSwitch:
      break;  // of no contact
    case runtime::RecordKind::kCompany:
      return v1::ENTRY_KIND_COMPANY;
    case runtime::RecordKind::kUser:
      break;  // of no contact
  }
  return v1::ENTRY_KIND_UNSPECIFIED;
}

v1::CauseKind ToProto(runtime::CauseKind kind) {
  switch (kind) {
    case runtime::CauseKind::kChange:
      return v1::CAUSE_KIND_CHANGE;
    case runtime::CauseKind::kRule:
      return v1::CAUSE_KIND_RULE;
    case runtime::CauseKind::kEvent:
      return v1::CAUSE_KIND_EVENT;
    case runtime::CauseKind::kTimer:
      return v1::CAUSE_KIND_TIMER;
    case runtime::CauseKind::kPart:
      return v1::CAUSE_KIND_PART;
    case runtime::CauseKind::kRefusal:
      return v1::CAUSE_KIND_REFUSAL;
  }
  return v1::CAUSE_KIND_UNSPECIFIED;
}

void FillChange(runtime::TimelineChange& change, v1::TimelineChange& out) {
  out.set_text(std::move(change.text));
  out.set_property(std::move(change.property));
  out.set_before(std::move(change.before));
  out.set_after(std::move(change.after));
  out.set_rule(std::move(change.rule));
  out.set_file(std::move(change.file));
  out.set_line(static_cast<int>(change.line));
  out.set_reason(std::move(change.reason));
}

void FillEntry(runtime::TimelineEntry& entry, v1::TimelineEntry& out) {
  out.set_sequence(entry.sequence);
  out.set_kind(ToProto(entry.kind));
  FillTimestamp(entry.occurred_at, *out.mutable_event_time());
  FillTimestamp(entry.received_at, *out.mutable_receive_time());
  out.set_title(std::move(entry.title));
  out.set_event_id(std::move(entry.event_id));
  out.set_actor(std::move(entry.actor));
  out.set_revision(static_cast<int>(entry.revision));
  for (runtime::TimelineChange& change : entry.changes) FillChange(change, *out.add_changes());
}

void FillCause(runtime::Cause& cause, v1::Cause& out) {
  out.set_kind(ToProto(cause.kind));
  out.set_text(std::move(cause.text));
  out.set_rule(std::move(cause.rule));
  out.set_file(std::move(cause.file));
  out.set_line(static_cast<int>(cause.line));
  out.set_revision(static_cast<int>(cause.revision));
  out.set_event_id(std::move(cause.event_id));
  out.set_sequence(cause.sequence);
  if (cause.at) FillTimestamp(*cause.at, *out.mutable_event_time());
  for (runtime::Cause& below : cause.causes) FillCause(below, *out.add_causes());
}

grpc::Status ReadTimeline(runtime::Engine& engine, const v1::GetTimelineRequest& request, v1::GetTimelineResponse& response) {
  const auto page = PageOf(request);
  if (!page) return ToGrpcStatus(page.error());
  const auto from = ResumeNumber(*page, 0);
  if (!from) return ToGrpcStatus(from.error());
  auto timeline = runtime::Timeline(engine, IdOf(kContacts, request.name()), *from, static_cast<std::uint32_t>(page->size));
  if (!timeline) return ToGrpcStatus(timeline.error());
  for (runtime::TimelineEntry& entry : timeline->entries) FillEntry(entry, *response.add_entries());
  if (timeline->next != 0) response.set_next_page_token(MakeToken(*page, std::to_string(timeline->next)));
  return grpc::Status::OK;
}

grpc::Status ReadExplanation(runtime::Engine& engine, const v1::ExplainRequest& request, v1::ExplainResponse& response) {
  auto explanation = runtime::Explain(engine, IdOf(kContacts, request.name()), request.property());
  if (!explanation) return ToGrpcStatus(explanation.error());
  response.set_property(std::move(explanation->property));
  response.set_value(std::move(explanation->value));
  FillCause(explanation->cause, *response.mutable_cause());
  return grpc::Status::OK;
}

}  // namespace

grpc::ServerUnaryReactor* ContactService::GetTimeline(grpc::CallbackServerContext* call, const v1::GetTimelineRequest* request,
                                                      v1::GetTimelineResponse* response) {
  return RunOnWorker(context_, call, "GetTimeline",
                     [this, request, response] { return ReadTimeline(context_.engine, *request, *response); });
}

grpc::ServerUnaryReactor* ContactService::Explain(grpc::CallbackServerContext* call, const v1::ExplainRequest* request,
                                                  v1::ExplainResponse* response) {
  return RunOnWorker(context_, call, "Explain",
                     [this, request, response] { return ReadExplanation(context_.engine, *request, *response); });
}

}  // namespace stagecraft::server
