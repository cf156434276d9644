// What rules did and could not do, and what people do about it.
#include <fmt/format.h>
#include <stagecraft/v1/event_service.grpc.pb.h>
#include <stagecraft/v1/script_service.grpc.pb.h>

#include <string_view>

#include "cli/client.h"
#include "cli/paged.h"
#include "cli/table.h"
#include "cli/verbs.h"
#include "dsl/support/show.h"

namespace stagecraft::cli {
namespace {

namespace wire = ::stagecraft::v1;

constexpr std::string_view kStateNames[] = {"",     "waiting",   "paused", "to-begin", "done",  "stopped",
                                            "left", "not-begun", "met",    "missed",   "ended", "failed"};

std::string StateOf(const wire::Run& run) {
  std::string state(kStateNames[run.state()]);
  return run.failed_count() == 0 ? state : fmt::format("{}, {} failed", state, run.failed_count());
}

std::string PlaceOf(const wire::Run& run) { return run.file().empty() ? std::string() : fmt::format("{}:{}", run.file(), run.line()); }

// What the server says of a call that has no answer worth printing.
template <typename Response>
int Finish(const grpc::Status& status, const Remote& remote, bool json, const Response& response, std::string_view text) {
  if (!status.ok()) return ReportCall(status, remote);
  if (json) {
    fmt::print("{}", ToJson(response));
  } else {
    fmt::print("{}\n", text);
  }
  return kDone;
}

}  // namespace

int Runs(const RunsOptions& options) {
  wire::ListRunsRequest request;
  request.set_rule(options.rule);
  request.set_contact(options.contact);
  request.set_state(static_cast<wire::RunState>(options.state));
  const auto stub = wire::ScriptService::NewStub(Connect(options.remote));
  wire::ListRunsResponse response;
  const auto status =
      ReadPages(*stub, &wire::ScriptService::Stub::ListRuns, request, &wire::ListRunsResponse::mutable_runs, options.limit, response);
  if (!status.ok()) return ReportCall(status, options.remote);
  if (options.json) {
    fmt::print("{}", ToJson(response));
    return kDone;
  }
  const auto what = [](const wire::Run& run) {
    return run.changes().empty() ? run.text() : fmt::format("{}", fmt::join(run.changes(), "; "));
  };
  // `deliveries/4` is for `deliveries retry`, `4` for `retry`.
  const auto number = [](const wire::Run& run) { return run.name().starts_with("deliveries/") ? run.name() : BareId(run.name()); };
  Table table({"since", "contact", "rule", "where", "state", "number", "what"});
  for (const auto& run : response.runs()) {
    table.Add({TimeText(run.update_time()), BareId(run.contact()), run.rule(), PlaceOf(run), StateOf(run), number(run), what(run)});
  }
  PrintPage(table, "there are no such runs", response.next_page_token());
  return kDone;
}

int WhyNot(const ExplainOptions& options) {
  wire::ExplainRunRequest request;
  request.set_contact(options.contact);
  request.set_rule(options.why_not);
  const auto stub = wire::ScriptService::NewStub(Connect(options.remote));
  wire::ExplainRunResponse response;
  const auto status = stub->ExplainRun(CallContext().get(), request, &response);
  if (!status.ok()) return ReportCall(status, options.remote);
  if (options.json) {
    fmt::print("{}", ToJson(response));
    return kDone;
  }
  const auto when = TimeText(response.trigger_time());
  fmt::print("{}{}\n", OneLine(response.text()), when.empty() ? std::string() : fmt::format(" ({}, record {})", when, response.sequence()));
  for (const auto& condition : response.conditions()) {
    fmt::print("  {} {}{}\n", condition.holds() ? "yes" : "no ", OneLine(condition.text()),
               condition.values().empty() ? std::string() : "  (" + OneLine(condition.values()) + ")");
  }
  return kDone;
}

int Retry(const RetryOptions& options) {
  const auto stub = wire::ScriptService::NewStub(Connect(options.remote));
  if (!options.rule.empty()) {
    wire::RetryRunsRequest request;
    request.set_rule(options.rule);
    wire::RetryRunsResponse response;
    const auto status = stub->RetryRuns(CallContext().get(), request, &response);
    const auto text = fmt::format("{} done, {} failed again, {} cannot be tried", response.done_count(), response.failed_count(),
                                  response.refused_count());
    const int code = Finish(status, options.remote, options.json, response, text);
    return code == kDone && response.failed_count() + response.refused_count() > 0 ? kFound : code;
  }
  wire::RetryRunRequest request;
  request.set_name(options.name);
  wire::RetryRunResponse response;
  const auto status = stub->RetryRun(CallContext().get(), request, &response);
  const int code =
      Finish(status, options.remote, options.json, response, response.done() ? "done" : "it failed again: " + response.reason());
  return code == kDone && !response.done() ? kFound : code;
}

int Start(const StartOptions& options) {
  const auto stub = wire::ScriptService::NewStub(Connect(options.remote));
  int code = kDone;
  for (const std::string& contact : options.contacts) {
    wire::StartRuleRequest request;
    request.set_rule(options.rule);
    request.set_contact(contact);
    if (!options.request_id.empty()) request.set_request_id(options.request_id + "/" + contact);
    wire::StartRuleResponse response;
    const auto status = stub->StartRule(CallContext().get(), request, &response);
    const std::string text = contact + (response.started() ? ": started" : ": not started, see its timeline");
    const int one = Finish(status, options.remote, options.json, response, OneLine(text));
    if (one == kFailed) return one;
    if (one != kDone || !response.started()) code = kFound;
  }
  return code;
}

int Stop(const StopOptions& options) {
  wire::StopRunsRequest request;
  request.set_rule(options.rule);
  request.set_contact(options.contact);
  request.set_reason(options.reason);
  const auto stub = wire::ScriptService::NewStub(Connect(options.remote));
  wire::StopRunsResponse response;
  const auto status = stub->StopRuns(CallContext().get(), request, &response);
  const auto count = Counted(static_cast<std::uint64_t>(response.stopped_count()), "run");
  return Finish(status, options.remote, options.json, response, count + " ended");
}

int Switch(const SwitchOptions& options) {
  wire::SetRuleEnabledRequest request;
  request.set_rule(options.rule);
  request.set_enabled(options.on);
  const auto stub = wire::ScriptService::NewStub(Connect(options.remote));
  wire::SetRuleEnabledResponse response;
  const auto status = stub->SetRuleEnabled(CallContext().get(), request, &response);
  return Finish(status, options.remote, options.json, response,
                options.on ? "the rule is on" : "the rule is off, and its runs stand still");
}

int EventsFailed(const EventsFailedOptions& options) {
  const auto stub = wire::EventService::NewStub(Connect(options.remote));
  wire::ListFailedEventsResponse response;
  const auto status = ReadPages(*stub, &wire::EventService::Stub::ListFailedEvents, wire::ListFailedEventsRequest(),
                                &wire::ListFailedEventsResponse::mutable_events, options.limit, response);
  if (!status.ok()) return ReportCall(status, options.remote);
  if (options.json) {
    fmt::print("{}", ToJson(response));
    return kDone;
  }
  Table table({"happened", "contact", "event", "id", "rules without end", "number"});
  for (const auto& event : response.events()) {
    table.Add({TimeText(event.event_time()), BareId(event.contact()), event.type(), event.event_id(), event.rules(), BareId(event.name())});
  }
  PrintPage(table, "no event has failed and waits for another attempt", response.next_page_token());
  return kDone;
}

int EventsRetry(const EventsRetryOptions& options) {
  wire::RetryFailedEventRequest request;
  request.set_name(options.name);
  const auto stub = wire::EventService::NewStub(Connect(options.remote));
  wire::RetryFailedEventResponse response;
  const auto status = stub->RetryFailedEvent(CallContext().get(), request, &response);
  const int code =
      Finish(status, options.remote, options.json, response,
             response.applied() ? "applied" : "it failed again: its rules do not come to an end, see `stagecraft events failed`");
  return code == kDone && !response.applied() ? kFound : code;
}

}  // namespace stagecraft::cli
