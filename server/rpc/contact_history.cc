// ContactService.GetTimeline and Explain.
#include <string>
#include <utility>

#include "runtime/explain/explain.h"
#include "server/rpc/blocking_call.h"
#include "server/rpc/contact_filter.h"
#include "server/rpc/contact_service.h"
#include "server/rpc/names.h"
#include "server/rpc/paging.h"
#include "server/rpc/status_map.h"
#include "server/rpc/time_convert.h"
#include "server/rpc/timeline_convert.h"

namespace stagecraft::server {
namespace {

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

grpc::Status ReadTimeline(runtime::Engine& engine, const Caller& caller, const v1::GetTimelineRequest& request,
                          v1::GetTimelineResponse& response) {
  const std::string_view id = IdOf(kContacts, request.name());
  if (const runtime::Status scope = CheckInScope(engine, caller, id); !scope.ok()) return ToGrpcStatus(scope);
  const auto page = PageOf(request);
  if (!page) return ToGrpcStatus(page.error());
  const auto from = ResumeNumber(*page, 0);
  if (!from) return ToGrpcStatus(from.error());
  auto timeline = runtime::Timeline(engine, id, *from, static_cast<std::uint32_t>(page->size));
  if (!timeline) return ToGrpcStatus(timeline.error());
  for (runtime::TimelineEntry& entry : timeline->entries) FillEntry(entry, *response.add_entries());
  if (timeline->next != 0) response.set_next_page_token(MakeToken(*page, std::to_string(timeline->next)));
  return grpc::Status::OK;
}

grpc::Status ReadExplanation(runtime::Engine& engine, const Caller& caller, const v1::ExplainRequest& request,
                             v1::ExplainResponse& response) {
  const std::string_view id = IdOf(kContacts, request.name());
  if (const runtime::Status scope = CheckInScope(engine, caller, id); !scope.ok()) return ToGrpcStatus(scope);
  auto explanation = runtime::Explain(engine, id, request.property());
  if (!explanation) return ToGrpcStatus(explanation.error());
  response.set_property(std::move(explanation->property));
  response.set_value(std::move(explanation->value));
  FillCause(explanation->cause, *response.mutable_cause());
  return grpc::Status::OK;
}

}  // namespace

grpc::ServerUnaryReactor* ContactService::GetTimeline(grpc::CallbackServerContext* call, const v1::GetTimelineRequest* request,
                                                      v1::GetTimelineResponse* response) {
  return RunOnWorker(context_, call, "GetTimeline", [this, request, response](AdmittedCall& admitted) {
    return ReadTimeline(context_.engine, *admitted.caller, *request, *response);
  });
}

grpc::ServerUnaryReactor* ContactService::Explain(grpc::CallbackServerContext* call, const v1::ExplainRequest* request,
                                                  v1::ExplainResponse* response) {
  return RunOnWorker(context_, call, "Explain", [this, request, response](AdmittedCall& admitted) {
    return ReadExplanation(context_.engine, *admitted.caller, *request, *response);
  });
}

}  // namespace stagecraft::server
