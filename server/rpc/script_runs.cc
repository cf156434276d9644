// ScriptService: runs of rules, what they could not do, rules as such.
#include <string>
#include <string_view>
#include <utility>

#include "runtime/engine/view.h"
#include "runtime/explain/runs.h"
#include "runtime/model/contact.h"
#include "runtime/model/reasons.h"
#include "server/rpc/blocking_call.h"
#include "server/rpc/contact_convert.h"
#include "server/rpc/failures.h"
#include "server/rpc/limits.h"
#include "server/rpc/names.h"
#include "server/rpc/paging.h"
#include "server/rpc/script_service.h"
#include "server/rpc/status_map.h"
#include "server/rpc/time_convert.h"

namespace stagecraft::server {
namespace {

using runtime::RunState;

struct StateName {
  RunState state;
  v1::RunState wire;
};
constexpr StateName kStates[] = {{RunState::kAny, v1::RUN_STATE_UNSPECIFIED}, {RunState::kWaiting, v1::RUN_STATE_WAITING},
                                 {RunState::kPaused, v1::RUN_STATE_PAUSED},   {RunState::kToBegin, v1::RUN_STATE_TO_BEGIN},
                                 {RunState::kDone, v1::RUN_STATE_DONE},       {RunState::kStopped, v1::RUN_STATE_STOPPED},
                                 {RunState::kLeft, v1::RUN_STATE_LEFT},       {RunState::kNotBegun, v1::RUN_STATE_NOT_BEGUN},
                                 {RunState::kMet, v1::RUN_STATE_MET},         {RunState::kMissed, v1::RUN_STATE_MISSED},
                                 {RunState::kEnded, v1::RUN_STATE_ENDED},     {RunState::kFailed, v1::RUN_STATE_FAILED}};

v1::RunState ToProto(RunState state) {
  for (const StateName& each : kStates) {
    if (each.state == state) return each.wire;
  }
  return v1::RUN_STATE_UNSPECIFIED;
}

// Of a state that this version does not know: nothing.
std::optional<RunState> FromProto(v1::RunState state) {
  for (const StateName& each : kStates) {
    if (each.wire == state) return each.state;
  }
  return std::nullopt;
}

// The rule that a request names, and the contact where it names one.
struct Named {
  std::uint32_t rule = 0;
  std::optional<std::uint32_t> contact;
};

runtime::Result<Named> Resolve(runtime::Engine& engine, const std::string& rule, std::string_view contact) {
  runtime::Result<std::uint32_t> found = 0U;
  Named named;
  runtime::Status status = engine.Read([&](const runtime::View& view) {
    found = runtime::FindRule(view.program(), rule);
    const runtime::Contact* there = view.FindContact(contact);
    if (there != nullptr) named.contact = there->number();
  });
  if (!status.ok()) return tl::unexpected(std::move(status));
  if (!found) return tl::unexpected(found.error());
  if (!contact.empty() && !named.contact) return tl::unexpected(NoSuchContact(contact));
  named.rule = *found;
  return named;
}

void FillRun(runtime::RunEntry& entry, v1::Run& out) {
  if (entry.failure != 0) out.set_name(NameOf(kFailures, std::to_string(entry.failure)));
  if (entry.delivery != 0) out.set_name(NameOf(kDeliveries, std::to_string(entry.delivery)));
  out.set_contact(NameOf(kContacts, entry.contact));
  out.set_rule(std::move(entry.rule));
  out.set_file(std::move(entry.file));
  out.set_line(static_cast<int>(entry.line));
  out.set_revision(static_cast<int>(entry.revision));
  out.set_run(static_cast<int>(entry.run));
  out.set_state(ToProto(entry.state));
  out.set_text(std::move(entry.text));
  if (entry.began_at) FillTimestamp(*entry.began_at, *out.mutable_begin_time());
  FillTimestamp(entry.at, *out.mutable_update_time());
  if (entry.wakes_at) FillTimestamp(*entry.wakes_at, *out.mutable_wake_time());
  out.set_sequence(entry.sequence);
  for (std::string& deed : entry.did) out.add_changes(std::move(deed));
  out.set_failed_count(static_cast<int>(entry.failed_count));
}

// `part:before`.
std::string TextOf(const runtime::RunCursor& cursor) {
  return std::to_string(static_cast<int>(cursor.part)) + ":" + std::to_string(cursor.before);
}

std::optional<runtime::RunCursor> CursorOf(std::string_view text) {
  if (text.empty()) return runtime::RunCursor{};
  runtime::RunCursor cursor;
  if (text.size() < 3 || text[0] < '0' || text[0] > '3' || text[1] != ':') return std::nullopt;
  cursor.part = static_cast<runtime::RunCursor::Part>(text[0] - '0');
  const auto before = NumberIn<runtime::Sequence>(text.substr(2));
  if (!before || *before < 0) return std::nullopt;
  cursor.before = *before;
  return cursor;
}

grpc::Status List(runtime::Engine& engine, const v1::ListRunsRequest& request, v1::ListRunsResponse& response) {
  const auto page = PageOf(request);
  if (!page) return ToGrpcStatus(page.error());
  const auto cursor = CursorOf(page->resume);
  if (!cursor) return ToGrpcStatus(InvalidPageToken());
  const auto state = FromProto(request.state());
  if (!state) return ToGrpcStatus(InvalidField("state", "INVALID_VALUE", "`state` is none that this server knows"));
  runtime::RunQuery query;
  query.state = *state;
  if (!request.contact().empty()) query.contact = std::string(IdOf(kContacts, request.contact()));
  if (!request.rule().empty()) {
    const auto named = Resolve(engine, request.rule(), {});
    if (!named) return ToGrpcStatus(named.error());
    query.rule = named->rule;
  }
  auto runs = runtime::ListRuns(engine, query, *cursor, page->size);
  if (!runs) return ToGrpcStatus(runs.error());
  for (runtime::RunEntry& entry : runs->entries) FillRun(entry, *response.add_runs());
  if (runs->next) response.set_next_page_token(MakeToken(*page, TextOf(*runs->next)));
  return grpc::Status::OK;
}

grpc::Status ExplainOne(runtime::Engine& engine, const v1::ExplainRunRequest& request, v1::ExplainRunResponse& response) {
  const std::string_view contact = IdOf(kContacts, request.contact());
  if (contact.empty()) return ToGrpcStatus(InvalidField("contact", "INVALID_VALUE", "`contact` is empty; expected the id of a contact"));
  const auto named = Resolve(engine, request.rule(), contact);
  if (!named) return ToGrpcStatus(named.error());
  auto why = runtime::ExplainNotRun(engine, contact, named->rule);
  if (!why) return ToGrpcStatus(why.error());
  response.set_ran(why->ran);
  response.set_text(std::move(why->text));
  if (why->at) FillTimestamp(*why->at, *response.mutable_trigger_time());
  response.set_sequence(why->sequence);
  for (runtime::WhyNot::Part& part : why->parts) {
    v1::RunCondition& condition = *response.add_conditions();
    condition.set_text(std::move(part.text));
    condition.set_holds(part.holds);
    condition.set_values(std::move(part.values));
  }
  return grpc::Status::OK;
}

grpc::Status RetryOne(runtime::Engine& engine, const v1::RetryRunRequest& request, v1::RetryRunResponse& response) {
  const auto why_not = RetryFailure(engine, request.name(), runtime::Failure::Kind::kAction, request.actor());
  if (!why_not) return ToGrpcStatus(why_not.error());
  response.set_done(!why_not->has_value());
  response.set_reason(why_not->value_or(""));
  return grpc::Status::OK;
}

grpc::Status RetryAll(const grpc::CallbackServerContext& call, runtime::Engine& engine, const v1::RetryRunsRequest& request,
                      v1::RetryRunsResponse& response) {
  const auto named = Resolve(engine, request.rule(), {});
  if (!named) return ToGrpcStatus(named.error());
  std::vector<std::int64_t> failures;
  runtime::Status status = engine.Read([&](const runtime::View& view) {
    for (const runtime::Failure& failure : view.failures()) {
      const bool is_of_rule = failure.kind == runtime::Failure::Kind::kAction && failure.rule != runtime::kNoRule &&
                              view.program().rules[failure.rule].family == named->rule;
      if (is_of_rule && !failure.is_closed) failures.push_back(failure.id);
    }
  });
  if (!status.ok()) return ToGrpcStatus(status);
  for (const std::int64_t failure : failures) {
    if (Abandoned(call)) return NobodyWaits(call);
    const auto after = engine.Retry(failure, request.actor());
    if (!after && after.error().code != runtime::StatusCode::kFailedPrecondition && after.error().code != runtime::StatusCode::kNotFound)
      return ToGrpcStatus(after.error());
    if (!after) {
      response.set_refused_count(response.refused_count() + 1);
    } else if (after->is_closed) {
      response.set_done_count(response.done_count() + 1);
    } else {
      response.set_failed_count(response.failed_count() + 1);
    }
  }
  return grpc::Status::OK;
}

// Whether people start it: a sequence, or a rule of the event `rule started`.
bool IsByHand(const ir::Program& program, const ir::Rule& rule, const std::string& event) {
  if (rule.kind == ir::RuleKind::kSequence) return true;
  const auto number = program.event_names.find(event);
  return rule.trigger == ir::TriggerKind::kEvent && number != program.event_names.end() && rule.events.size() == 1 &&
         rule.events.front() == number->second;
}

grpc::Status StartOne(const ServiceContext& context, const AdmittedCall& admitted, const v1::StartRuleRequest& request,
                      v1::StartRuleResponse& response) {
  static const std::string kEvent = "rule started";
  const std::string_view contact = IdOf(kContacts, request.contact());
  if (contact.empty()) return ToGrpcStatus(InvalidField("contact", "INVALID_VALUE", "`contact` is empty; expected the id of a contact"));
  const auto named = Resolve(context.engine, request.rule(), contact);
  if (!named) return ToGrpcStatus(named.error());
  std::string rule;
  bool is_by_hand = false;
  runtime::Status status = context.engine.Read([&](const runtime::View& view) {
    rule = view.program().rules[named->rule].name;
    is_by_hand = IsByHand(view.program(), view.program().rules[named->rule], kEvent);
  });
  if (status.ok() && !is_by_hand) {
    status = {runtime::StatusCode::kFailedPrecondition,
              runtime::reasons::kRuleNotByHand,
              "`" + rule + "` is set off by something else; only sequences and rules `by hand` are started",
              {}};
  }
  if (!status.ok()) return ToGrpcStatus(status);
  const std::string id = EventIdOf(request, context.ids);
  const runtime::NamedInput field{"rule", std::string_view(rule)};
  runtime::EventInput event;
  event.id = id;
  event.contact = contact;
  event.type = kEvent;
  event.actor = request.actor();
  event.trace = admitted.trace;
  event.fields = {&field, 1};
  const auto results = context.engine.Apply({&event, 1});
  if (!results) return ToGrpcStatus(results.error());
  const runtime::EventResult& result = results->front();
  if (!result.status.ok()) return ToGrpcStatus(result.status);
  response.set_started(result.rules_fired != 0);
  response.set_sequence(result.sequence);
  return grpc::Status::OK;
}

grpc::Status Stop(runtime::Engine& engine, const v1::StopRunsRequest& request, v1::StopRunsResponse& response) {
  if (const runtime::Status status = CheckLength("", "reason", request.reason(), limits::kNoteBytesMax); !status.ok())
    return ToGrpcStatus(status);
  const auto named = Resolve(engine, request.rule(), IdOf(kContacts, request.contact()));
  if (!named) return ToGrpcStatus(named.error());
  const auto stopped = engine.StopRuns({named->rule, named->contact, request.reason(), request.actor()});
  if (!stopped) return ToGrpcStatus(stopped.error());
  response.set_stopped_count(static_cast<int>(*stopped));
  return grpc::Status::OK;
}

grpc::Status Switch(runtime::Engine& engine, const v1::SetRuleEnabledRequest& request) {
  const auto named = Resolve(engine, request.rule(), {});
  if (!named) return ToGrpcStatus(named.error());
  return ToGrpcStatus(engine.SwitchRule(named->rule, request.enabled(), request.actor()));
}

}  // namespace

grpc::ServerUnaryReactor* ScriptService::ListRuns(grpc::CallbackServerContext* call, const v1::ListRunsRequest* request,
                                                  v1::ListRunsResponse* response) {
  return RunOnWorker(context_, call, "ListRuns", [this, request, response] { return List(context_.engine, *request, *response); });
}

grpc::ServerUnaryReactor* ScriptService::ExplainRun(grpc::CallbackServerContext* call, const v1::ExplainRunRequest* request,
                                                    v1::ExplainRunResponse* response) {
  return RunOnWorker(heavy_, call, "ExplainRun", [this, request, response] { return ExplainOne(heavy_.engine, *request, *response); });
}

grpc::ServerUnaryReactor* ScriptService::RetryRun(grpc::CallbackServerContext* call, const v1::RetryRunRequest* request,
                                                  v1::RetryRunResponse* response) {
  return RunChangeOnWorker(context_, call, "RetryRun", *request,
                           [this, request, response] { return RetryOne(context_.engine, *request, *response); });
}

grpc::ServerUnaryReactor* ScriptService::RetryRuns(grpc::CallbackServerContext* call, const v1::RetryRunsRequest* request,
                                                   v1::RetryRunsResponse* response) {
  return RunChangeOnWorker(context_, call, "RetryRuns", *request,
                           [this, call, request, response] { return RetryAll(*call, context_.engine, *request, *response); });
}

grpc::ServerUnaryReactor* ScriptService::StartRule(grpc::CallbackServerContext* call, const v1::StartRuleRequest* request,
                                                   v1::StartRuleResponse* response) {
  return RunChangeOnWorker(context_, call, "StartRule", *request,
                           [this, request, response](AdmittedCall& admitted) { return StartOne(context_, admitted, *request, *response); });
}

grpc::ServerUnaryReactor* ScriptService::StopRuns(grpc::CallbackServerContext* call, const v1::StopRunsRequest* request,
                                                  v1::StopRunsResponse* response) {
  return RunChangeOnWorker(context_, call, "StopRuns", *request,
                           [this, request, response] { return Stop(context_.engine, *request, *response); });
}

grpc::ServerUnaryReactor* ScriptService::SetRuleEnabled(grpc::CallbackServerContext* call, const v1::SetRuleEnabledRequest* request,
                                                        v1::SetRuleEnabledResponse* /*response*/) {
  return RunChangeOnWorker(context_, call, "SetRuleEnabled", *request, [this, request] { return Switch(context_.engine, *request); });
}

}  // namespace stagecraft::server
