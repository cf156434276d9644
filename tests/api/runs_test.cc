// Runs, failures, enrolment and switches, through a real client on a real socket.
#include <catch2/catch.hpp>
#include <chrono>
#include <string>

#include "tests/api/api_fixture.h"

namespace stagecraft::tests {
namespace {

constexpr std::string_view kRules = R"(
sequence "Chase"
  set status New
  wait 2 days
  set status Open

rule "Answer"
  on email replied
  when status is New and job title is "cfo"
  set company name "answered"

rule "Tell"
  on meeting booked
  notify owner "booked"
)";

v1::ListRunsResponse Runs(ApiFixture& api, const std::string& rule, const std::string& contact,
                          v1::RunState state = v1::RUN_STATE_UNSPECIFIED) {
  v1::ListRunsRequest request;
  request.set_rule(rule);
  request.set_contact(contact);
  request.set_state(state);
  v1::ListRunsResponse response;
  const grpc::Status status = api.scripts->ListRuns(Call(), request, &response);
  INFO(status.error_message());
  REQUIRE(status.ok());
  return response;
}

v1::StartRuleResponse Start(ApiFixture& api, const std::string& contact, const std::string& request_id) {
  v1::StartRuleRequest request;
  request.set_rule("chase");
  request.set_contact(contact);
  request.set_request_id(request_id);
  v1::StartRuleResponse response;
  const grpc::Status status = api.scripts->StartRule(Call(), request, &response);
  INFO(status.error_message());
  REQUIRE(status.ok());
  return response;
}

void Book(ApiFixture& api, const std::string& id, const std::string& contact) {
  REQUIRE(api.Publish(MakeEvent(id, contact, "meeting booked")).ok());
}

}  // namespace

TEST_CASE_METHOD(ApiFixture, "a sequence is started by hand, listed while it waits, and ended by hand") {
  Deploy(kRules);
  REQUIRE(Publish(MakeEvent("e1", "ana", "contact updated")).ok());
  CHECK(Start(*this, "ana", "start-1").started());
  CHECK(Start(*this, "contacts/ana", "start-1").started());  // the same again: nothing starts twice
  CHECK_FALSE(Start(*this, "ana", "start-2").started());     // it is running

  v1::ListRunsResponse runs = Runs(*this, "Chase", "ana");
  REQUIRE(runs.runs_size() == 1);
  CHECK(runs.runs(0).state() == v1::RUN_STATE_WAITING);
  CHECK(runs.runs(0).contact() == "contacts/ana");
  CHECK(runs.runs(0).line() == 4);
  CHECK(runs.runs(0).has_wake_time());

  v1::StopRunsRequest stop;
  stop.set_rule("Chase");
  stop.set_contact("ana");
  stop.set_reason("asked to be left alone");
  v1::StopRunsResponse stopped;
  REQUIRE(scripts->StopRuns(Call(), stop, &stopped).ok());
  CHECK(stopped.stopped_count() == 1);
  runs = Runs(*this, "Chase", "ana");
  REQUIRE(runs.runs_size() == 1);
  CHECK(runs.runs(0).state() == v1::RUN_STATE_ENDED);
  CHECK(runs.runs(0).text() == "sequence \"Chase\" was ended by hand: asked to be left alone");
  CHECK(runs.runs(0).has_begin_time());
  REQUIRE(runs.runs(0).changes_size() == 2);
  CHECK(runs.runs(0).changes(0) == "status set to New");
}

TEST_CASE_METHOD(ApiFixture, "only sequences and rules by hand are started") {
  Deploy(kRules);
  REQUIRE(Publish(MakeEvent("e1", "ana", "contact updated")).ok());
  v1::StartRuleRequest request;
  request.set_contact("ana");
  v1::StartRuleResponse response;
  request.set_rule("Answer");
  CHECK(ReasonOf(scripts->StartRule(Call(), request, &response)) == "RULE_NOT_BY_HAND");
  request.set_rule("Chse");
  const grpc::Status status = scripts->StartRule(Call(), request, &response);
  CHECK(ReasonOf(status) == "RULE_NOT_FOUND");
  CHECK(status.error_message() == "the running scripts have no rule `Chse`; did you mean `Chase`?");
  request.set_rule("Chase");
  request.set_contact("nobody");
  CHECK(ReasonOf(scripts->StartRule(Call(), request, &response)) == "CONTACT_NOT_FOUND");
}

TEST_CASE_METHOD(ApiFixture, "what a rule could not do is listed with its line and reason, and done after the mend") {
  Deploy(kRules);
  Book(*this, "e1", "ana");
  Book(*this, "e2", "ben");
  v1::ListRunsResponse failed = Runs(*this, "Tell", "", v1::RUN_STATE_FAILED);
  REQUIRE(failed.runs_size() == 2);
  CHECK(failed.runs(0).contact() == "contacts/ben");
  CHECK(failed.runs(0).line() == 14);
  CHECK(failed.runs(0).text() == "nothing was sent: owner is not set");

  v1::RetryRunRequest retry;
  retry.set_name(failed.runs(0).name());
  v1::RetryRunResponse retried;
  REQUIRE(scripts->RetryRun(Call(), retry, &retried).ok());
  CHECK_FALSE(retried.done());
  CHECK(retried.reason() == "nothing was sent: owner is not set");

  v1::Event owner = MakeEvent("e3", "ben", "contact updated");
  AddText(*owner.mutable_properties(), "owner", "mika@acme.example");
  REQUIRE(Publish(owner).ok());
  v1::RetryRunsRequest all;
  all.set_rule("Tell");
  v1::RetryRunsResponse done;
  REQUIRE(scripts->RetryRuns(Call(), all, &done).ok());
  CHECK(done.done_count() == 1);
  CHECK(done.failed_count() == 1);
  CHECK(ReasonOf(scripts->RetryRun(Call(), retry, &retried)) == "FAILURE_NOT_FOUND");
  failed = Runs(*this, "", "", v1::RUN_STATE_FAILED);
  REQUIRE(failed.runs_size() == 1);
  CHECK(failed.runs(0).contact() == "contacts/ana");
}

TEST_CASE_METHOD(ApiFixture,
                 "a value that cannot be computed is listed as failed with its line and what is not set, and computed after the mend") {
  Deploy("property budget money\nproperty reserve money\nrule \"Reserve\"\n  on meeting booked\n  set reserve budget * 0.2\n");
  Book(*this, "e1", "ana");
  const v1::ListRunsResponse failed = Runs(*this, "Reserve", "", v1::RUN_STATE_FAILED);
  REQUIRE(failed.runs_size() == 1);
  CHECK(failed.runs(0).line() == 5);
  CHECK(failed.runs(0).text() == "reserve not changed: budget is not set");

  v1::Event budget = MakeEvent("e2", "ana", "contact updated");
  AddText(*budget.mutable_properties(), "budget", "1000");
  REQUIRE(Publish(budget).ok());
  v1::RetryRunRequest retry;
  retry.set_name(failed.runs(0).name());
  v1::RetryRunResponse retried;
  REQUIRE(scripts->RetryRun(Call(), retry, &retried).ok());
  CHECK(retried.done());
  CHECK(Runs(*this, "Reserve", "", v1::RUN_STATE_FAILED).runs_size() == 0);
}

TEST_CASE_METHOD(ApiFixture,
                 "a rule's timer whose cascade does not end is listed with its line and reason, and tried again after the mend") {
  constexpr std::string_view kMended = "property n number\nafter 1 hour in status New add 1 to n\n";
  Deploy(std::string(kMended) + "on change of n add 1 to n\n");
  v1::Event begin = MakeEvent("e1", "ana", "contact updated");
  AddText(*begin.mutable_properties(), "status", "New");
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  begin.mutable_occurred_at()->set_seconds(std::chrono::duration_cast<std::chrono::seconds>(now - std::chrono::hours(2)).count());
  REQUIRE(Publish(begin).ok());
  REQUIRE(Publish(MakeEvent("e2", "ana", "page viewed")).ok());

  const v1::ListRunsResponse failed = Runs(*this, "", "", v1::RUN_STATE_FAILED);
  REQUIRE(failed.runs_size() == 1);
  CHECK(failed.runs(0).contact() == "contacts/ana");
  CHECK(failed.runs(0).line() == 2);
  CHECK(failed.runs(0).text().starts_with("kept nothing, the rules do not come to an end: "));
  CHECK(failed.runs(0).text().find("`on change of n` (test.stage:3)") != std::string::npos);
  v1::RetryRunRequest retry;
  retry.set_name(failed.runs(0).name());
  v1::RetryRunResponse retried;
  REQUIRE(scripts->RetryRun(Call(), retry, &retried).ok());
  CHECK_FALSE(retried.done());

  Deploy(kMended);
  REQUIRE(scripts->RetryRun(Call(), retry, &retried).ok());
  CHECK(retried.done());
  CHECK(TextOf(Get("ana"), "n") == "1");
  CHECK(Runs(*this, "", "", v1::RUN_STATE_FAILED).runs_size() == 0);
}

TEST_CASE_METHOD(ApiFixture, "why a rule did not run is told, part by part, with the values of that moment") {
  Deploy(kRules);
  v1::Event event = MakeEvent("e1", "ana", "contact updated");
  AddText(*event.mutable_properties(), "status", "New");
  REQUIRE(Publish(event).ok());
  v1::ExplainRunRequest request;
  request.set_contact("ana");
  request.set_rule("Answer");
  v1::ExplainRunResponse why;
  REQUIRE(scripts->ExplainRun(Call(), request, &why).ok());
  CHECK(why.text() == "nothing has set it off");

  REQUIRE(Publish(MakeEvent("e2", "ana", "email replied")).ok());
  v1::Event later = MakeEvent("e3", "ana", "contact updated");
  AddText(*later.mutable_properties(), "job title", "cfo");
  REQUIRE(Publish(later).ok());
  REQUIRE(scripts->ExplainRun(Call(), request, &why).ok());
  CHECK_FALSE(why.ran());
  CHECK(why.text() == "its `when` did not hold when it was last set off");
  REQUIRE(why.conditions_size() == 2);
  CHECK(why.conditions(0).text() == "status is New");
  CHECK(why.conditions(0).holds());
  CHECK(why.conditions(1).text() == "job title is \"cfo\"");
  CHECK_FALSE(why.conditions(1).holds());
  CHECK(why.conditions(1).values() == "job title is not set");

  REQUIRE(Publish(MakeEvent("e4", "ana", "email replied")).ok());
  REQUIRE(scripts->ExplainRun(Call(), request, &why).ok());
  CHECK(why.ran());
}

TEST_CASE_METHOD(ApiFixture, "a rule is switched off and on, and the deployment says so") {
  Deploy(kRules);
  v1::SetRuleEnabledRequest request;
  request.set_rule("Answer");
  v1::SetRuleEnabledResponse response;
  REQUIRE(scripts->SetRuleEnabled(Call(), request, &response).ok());
  v1::GetDeploymentRequest get;
  get.set_name("deployments/current");
  v1::GetDeploymentResponse deployment;
  REQUIRE(scripts->GetDeployment(Call(), get, &deployment).ok());
  REQUIRE(deployment.deployment().switched_off_rules_size() == 1);
  CHECK(deployment.deployment().switched_off_rules(0) == "Answer");
  v1::Event event = MakeEvent("e1", "ana", "email replied");
  AddText(*event.mutable_properties(), "status", "New");
  AddText(*event.mutable_properties(), "job title", "cfo");
  REQUIRE(Publish(event).ok());
  CHECK(TextOf(Get("ana"), "company name").empty());
  request.set_enabled(true);
  REQUIRE(scripts->SetRuleEnabled(Call(), request, &response).ok());
  event.set_event_id("e2");
  REQUIRE(Publish(event).ok());
  CHECK(TextOf(Get("ana"), "company name") == "answered");
}

TEST_CASE_METHOD(ApiFixture, "S22: a deployment that is asked to enrols who is there, and says how far it is") {
  Deploy("on MQL set status New\n");
  v1::Event event = MakeEvent("e1", "ana", "contact updated");
  AddText(*event.mutable_properties(), "lifecycle", "SQL");
  REQUIRE(Publish(event).ok());
  v1::DeployScriptsRequest request;
  auto* file = request.add_files();
  file->set_name("a.stage");
  file->set_text("rule \"Welcome\"\n  on SQL\n  set company name \"welcome\"\n");
  request.set_enroll_existing(true);
  v1::DeployScriptsResponse response;
  REQUIRE(scripts->DeployScripts(Call(), request, &response).ok());
  REQUIRE(response.deployment().enrolment().rules_size() == 1);
  CHECK(response.deployment().enrolment().rules(0) == "Welcome");
  REQUIRE(engine().Settle().ok());
  CHECK(TextOf(Get("ana"), "company name") == "welcome");
  v1::GetDeploymentRequest get;
  get.set_name("deployments/current");
  v1::GetDeploymentResponse deployment;
  REQUIRE(scripts->GetDeployment(Call(), get, &deployment).ok());
  CHECK(deployment.deployment().enrolment().done());
  CHECK(deployment.deployment().enrolment().contact_count() == 1);
  CHECK(deployment.deployment().enrolment().started_count() == 1);
}

TEST_CASE_METHOD(ApiFixture, "pages of runs go on where the one before ended") {
  Deploy(kRules);
  for (int i = 0; i < 5; ++i) Book(*this, "e" + std::to_string(i), "c" + std::to_string(i));
  REQUIRE(Start(*this, "c1", "s1").started());
  v1::ListRunsRequest request;
  request.set_page_size(2);
  int runs = 0;
  int pages = 0;
  do {
    v1::ListRunsResponse response;
    REQUIRE(scripts->ListRuns(Call(), request, &response).ok());
    runs += response.runs_size();
    request.set_page_token(response.next_page_token());
    ++pages;
  } while (!request.page_token().empty() && pages < 20);
  // Five failures, one that waits, and five rules that fired.
  CHECK(runs == 11);
  request.set_page_token("none");
  v1::ListRunsResponse response;
  CHECK(scripts->ListRuns(Call(), request, &response).error_code() == grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_CASE_METHOD(ApiFixture, "E4: events that failed are listed, and applied after the mend") {
  const std::string fields = "property a number\nproperty b number\n";
  // 70 rules, one after the other: more rounds than there may be.
  std::string chain = fields;
  for (int i = 0; i < 70; ++i) chain += "property n" + std::to_string(i) + " number\n";
  for (int i = 0; i + 1 < 70; ++i) {
    chain += "on change of n" + std::to_string(i) + " copy n" + std::to_string(i) + " to n" + std::to_string(i + 1) + "\n";
  }
  Deploy(chain);
  v1::Event event = MakeEvent("e1", "ana", "contact updated");
  AddText(*event.mutable_properties(), "n0", "5");
  CHECK(ReasonOf(Publish(event)) == "CASCADE_TOO_LONG");
  v1::ListFailedEventsResponse failed;
  REQUIRE(events->ListFailedEvents(Call(), v1::ListFailedEventsRequest(), &failed).ok());
  REQUIRE(failed.events_size() == 1);
  CHECK(failed.events(0).event_id() == "e1");
  CHECK(failed.events(0).contact() == "contacts/ana");
  CHECK(failed.events(0).type() == "contact updated");
  v1::RetryFailedEventRequest retry;
  retry.set_name(failed.events(0).name());
  v1::RetryFailedEventResponse retried;
  REQUIRE(events->RetryFailedEvent(Call(), retry, &retried).ok());
  CHECK_FALSE(retried.applied());
  Deploy(fields + "property n0 number\non change of n0 copy n0 to a\n");
  REQUIRE(events->RetryFailedEvent(Call(), retry, &retried).ok());
  CHECK(retried.applied());
  CHECK(TextOf(Get("ana"), "a") == "5");
  REQUIRE(events->ListFailedEvents(Call(), v1::ListFailedEventsRequest(), &failed).ok());
  CHECK(failed.events_size() == 0);
  CHECK(ReasonOf(events->RetryFailedEvent(Call(), retry, &retried)) == "FAILURE_NOT_FOUND");
}

TEST_CASE_METHOD(ApiFixture, "what is asked of a rule or a contact that there is not is refused, and so is a state that is none") {
  using Scripts = v1::ScriptService::Stub;
  Deploy(kRules);
  REQUIRE(Publish(MakeEvent("e1", "ana", "contact updated")).ok());
  const auto check = [this](auto method, auto request) {
    INFO(request.GetDescriptor()->name());
    request.set_rule("Chse");
    request.set_contact("ana");
    CHECK(ReasonOfCall(*scripts, method, request) == "RULE_NOT_FOUND");
    request.set_rule("Chase");
    request.set_contact("nobody");
    CHECK(ReasonOfCall(*scripts, method, request) == "CONTACT_NOT_FOUND");
  };
  check(&Scripts::ListRuns, v1::ListRunsRequest());
  check(&Scripts::ExplainRun, v1::ExplainRunRequest());
  check(&Scripts::StartRule, v1::StartRuleRequest());
  check(&Scripts::StopRuns, v1::StopRunsRequest());
  const auto without_contact = [this](auto method, auto request) {
    INFO(request.GetDescriptor()->name());
    request.set_rule("Chase");
    CHECK(ReasonOfCall(*scripts, method, request) == "INVALID_VALUE");
  };
  without_contact(&Scripts::ExplainRun, v1::ExplainRunRequest());
  without_contact(&Scripts::StartRule, v1::StartRuleRequest());
  v1::RetryRunsRequest retry;
  retry.set_rule("Chse");
  CHECK(ReasonOfCall(*scripts, &Scripts::RetryRuns, retry) == "RULE_NOT_FOUND");
  v1::SetRuleEnabledRequest enable;
  enable.set_rule("Chse");
  CHECK(ReasonOfCall(*scripts, &Scripts::SetRuleEnabled, enable) == "RULE_NOT_FOUND");
  v1::ListRunsRequest list;
  list.set_state(static_cast<v1::RunState>(99));
  CHECK(ReasonOfCall(*scripts, &Scripts::ListRuns, list) == "INVALID_VALUE");
}

TEST_CASE_METHOD(ApiFixture, "a start is one event: sent again it starts nothing, and its id is for nothing else") {
  using Scripts = v1::ScriptService::Stub;
  Deploy(std::string(kRules) + std::string(kEndless) + "sequence \"Count\"\n  add 1 to n\n");
  REQUIRE(Publish(MakeEvent("e1", "ana", "contact updated")).ok());
  REQUIRE(Publish(MakeEvent("e2", "ben", "contact updated")).ok());
  const v1::StartRuleResponse first = Start(*this, "ana", "start");
  CHECK(Start(*this, "ana", "start").sequence() == first.sequence());
  v1::StartRuleRequest request;
  request.set_rule("Chase");
  request.set_contact("ben");
  request.set_request_id("start");
  CHECK(ReasonOfCall(*scripts, &Scripts::StartRule, request) == "EVENT_ID_REUSED");
  request.clear_request_id();
  request.set_rule("Count");
  CHECK(ReasonOfCall(*scripts, &Scripts::StartRule, request) == "CASCADE_TOO_LONG");
  v1::DeleteContactRequest gone;
  gone.set_name("ben");
  CHECK(ReasonOfCall(*contacts, &v1::ContactService::Stub::DeleteContact, gone).empty());
  CHECK(ReasonOfCall(*scripts, &Scripts::StartRule, request) == "CONTACT_DELETED");
}

TEST_CASE_METHOD(ApiFixture,
                 "what failed is not tried again when the scripts have it no more, and a rule that is disabled is not switched on") {
  using Scripts = v1::ScriptService::Stub;
  constexpr std::string_view kEvent = "event \"webinar attended\"\n";
  Deploy(std::string(kRules) + std::string(kEvent) + std::string(kEndless) + "on webinar attended add 1 to n\n");
  Book(*this, "e1", "ana");
  REQUIRE_FALSE(Publish(MakeEvent("e2", "ana", "webinar attended")).ok());
  v1::RetryRunRequest run;
  run.set_name(Runs(*this, "Tell", "", v1::RUN_STATE_FAILED).runs(0).name());
  v1::ListFailedEventsResponse failed;
  REQUIRE(events->ListFailedEvents(Call(), v1::ListFailedEventsRequest(), &failed).ok());
  REQUIRE(failed.events_size() == 1);
  v1::RetryFailedEventRequest event;
  event.set_name(failed.events(0).name());

  Deploy("rule \"Tell\" disabled\n  on meeting booked\n  notify owner \"booked\"\n");
  CHECK(ReasonOfCall(*scripts, &Scripts::RetryRun, run) == "CANNOT_RETRY");
  CHECK(ReasonOfCall(*events, &v1::EventService::Stub::RetryFailedEvent, event) == "CANNOT_RETRY");
  v1::SetRuleEnabledRequest enable;
  enable.set_rule("Tell");
  enable.set_enabled(true);
  CHECK(ReasonOfCall(*scripts, &Scripts::SetRuleEnabled, enable) == "RULE_DISABLED");
}

TEST_CASE_METHOD(ApiFixture, "what names no failure is not tried again") {
  for (const std::string name : {"", "tasks/1", "failures/first", "failures/0"}) {
    INFO(name);
    v1::RetryRunRequest run;
    run.set_name(name);
    CHECK(ReasonOfCall(*scripts, &v1::ScriptService::Stub::RetryRun, run) == "INVALID_NAME");
    v1::RetryFailedEventRequest event;
    event.set_name(name);
    CHECK(ReasonOfCall(*events, &v1::EventService::Stub::RetryFailedEvent, event) == "INVALID_NAME");
  }
}

}  // namespace stagecraft::tests
