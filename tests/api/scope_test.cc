// Tokens for some contacts only: to who has one there are no others.
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "server/auth/permissions.h"
#include "server/auth/token.h"
#include "stagecraft/v1/deal_service.grpc.pb.h"
#include "stagecraft/v1/notification_service.grpc.pb.h"
#include "tests/api/any_call.h"
#include "tests/api/api_fixture.h"

namespace stagecraft::tests {
namespace {

constexpr char kScript[] = R"(pipeline Sales Qualified 20%, Won 100%, Lost 0%
on SQL notify owner "{first name} is yours"
on SQL create task "Call {first name}" for owner
on SQL create deal "Deal of {first name}" in pipeline Sales
on SQL call webhook "crm" with email  # allow SC0435: the CRM is ours
)";

server::NewToken MakeToken(const std::string& holder, const std::string& scope) {
  auto made = server::MakeToken({holder, server::Role::kAdmin, 0, 0, scope}, runtime::SystemClock().Now());
  REQUIRE(made.has_value());
  return std::move(*made);
}

// `ana` and `bob` belong to mika, `zoe` to somebody else; each is an SQL.
class Scope : public ApiFixture {
 public:
  Scope() : Scope(MakeToken("mika", "owner is \"mika@acme.example\""), MakeToken("boss", "")) {}

  // A context with the token.
  static void As(Call& call, const std::string& secret) { call->AddMetadata("authorization", "Bearer " + secret); }

  grpc::Status PublishAs(const std::string& secret, const v1::Event& event) {
    v1::PublishEventRequest request;
    *request.mutable_event() = event;
    v1::PublishEventResponse response;
    Call call;
    As(call, secret);
    return events->PublishEvent(call, request, &response);
  }
  CallOutcome Ask(const std::string& secret, const std::string& path, const std::string& request = {}) {
    AnyCall call;
    call.request = request;
    call.metadata = {{"authorization", "Bearer " + secret}};
    return call.Make(channel(), path);
  }
  CallOutcome Ask(const std::string& secret, const char* service, const char* method, const std::string& request = {}) {
    return Ask(secret, std::string("stagecraft.v1.") + service + "/" + method, request);
  }

  std::string mika, boss;

 private:
  Scope(const server::NewToken& scoped, const server::NewToken& all)
      : ApiFixture({scoped.token, all.token}), mika(scoped.secret), boss(all.secret) {
    v1::DeployScriptsRequest deploy;
    auto& file = *deploy.add_files();
    file.set_name("a.stage");
    file.set_text(kScript);
    v1::DeployScriptsResponse deployed;
    Call call;
    As(call, boss);
    const grpc::Status status = scripts->DeployScripts(call, deploy, &deployed);
    INFO(status.error_message() << deployed.ShortDebugString());
    REQUIRE(deployed.has_deployment());
    for (const auto& [contact, owner] : {std::pair("ana", "mika"), std::pair("bob", "mika"), std::pair("zoe", "kay")}) {
      v1::Event event = MakeEvent(std::string("e-") + contact, contact, "contact updated");
      AddText(*event.mutable_properties(), "owner", std::string(owner) + "@acme.example");
      AddText(*event.mutable_properties(), "lifecycle", "SQL");
      AddText(*event.mutable_properties(), "email", std::string(contact) + "@acme.example");
      AddText(*event.mutable_properties(), "first name", contact);
      REQUIRE(PublishAs(boss, event).ok());
    }
  }
};

template <typename Request>
std::string Named(const std::string& name) {
  Request request;
  request.set_name(name);
  return request.SerializeAsString();
}

}  // namespace

TEST_CASE_METHOD(Scope, "scope: a method that is about more than the contacts of the scope is refused, also to an admin") {
  for (const server::Permission& permission : server::Permissions()) {
    INFO(permission.method);
    const grpc::Status status = Ask(mika, permission.path()).status;
    const bool is_refused = status.error_code() == grpc::StatusCode::PERMISSION_DENIED;
    CHECK(is_refused == (permission.reach == server::Reach::kAll));
    if (is_refused) CHECK(ReasonOf(status) == "OUT_OF_SCOPE");
  }
}

TEST_CASE_METHOD(Scope, "scope: what is listed is of contacts of the scope, and what others have is not in it") {
  for (const server::Permission& permission : server::Permissions()) {
    const bool lists = permission.method.starts_with("List") || permission.method.starts_with("Export");
    if (permission.reach != server::Reach::kContacts || !lists) continue;
    INFO(permission.method);
    const CallOutcome all = Ask(boss, permission.path());
    const CallOutcome some = Ask(mika, permission.path());
    REQUIRE(some.status.ok());
    CHECK(all.answers.find("zoe") != std::string::npos);
    CHECK(some.answers.find("zoe") == std::string::npos);
    CHECK(some.answers.find("ana") != std::string::npos);
    CHECK(some.answers.find("bob") != std::string::npos);
  }
}

TEST_CASE_METHOD(Scope, "scope: a contact outside of it is not there, and nothing that it has") {
  v1::ListTasksResponse tasks_of_all;
  v1::ListDealsResponse deals_of_all;
  REQUIRE(tasks_of_all.ParseFromString(Ask(boss, "TaskService", "ListTasks").answers));
  REQUIRE(deals_of_all.ParseFromString(Ask(boss, "DealService", "ListDeals").answers));
  REQUIRE(tasks_of_all.tasks_size() == 3);
  REQUIRE(deals_of_all.deals_size() == 3);
  v1::BatchGetContactsRequest both;
  both.add_names("contacts/ana");
  both.add_names("contacts/zoe");
  v1::ListTasksRequest tasks_of_zoe;
  tasks_of_zoe.set_contact("contacts/zoe");
  v1::ListTasksRequest tasks_by_due = tasks_of_zoe;
  tasks_by_due.set_order_by("due_time");
  v1::ListEventsRequest events_of_zoe;
  events_of_zoe.set_contact("contacts/zoe");
  v1::UpdateTaskRequest task;
  task.mutable_task()->set_name(tasks_of_all.tasks(2).name());
  task.mutable_task()->set_title("mine");
  v1::CreateTaskRequest new_task;
  new_task.mutable_task()->set_contact("contacts/zoe");
  new_task.mutable_task()->set_title("mine");
  v1::UpdateDealRequest deal;
  deal.mutable_deal()->set_name(deals_of_all.deals(2).name());
  deal.mutable_deal()->set_title("mine");
  v1::CreateDealRequest new_deal;
  new_deal.set_contact("contacts/zoe");
  new_deal.set_title("mine");
  new_deal.set_stage("Qualified");
  struct {
    const char* service;
    const char* method;
    std::string request;
    const char* reason;
  } calls[] = {
      {"ContactService", "GetContact", Named<v1::GetContactRequest>("contacts/zoe"), "CONTACT_NOT_FOUND"},
      {"ContactService", "BatchGetContacts", both.SerializeAsString(), "CONTACT_NOT_FOUND"},
      {"ContactService", "GetTimeline", Named<v1::GetTimelineRequest>("contacts/zoe"), "CONTACT_NOT_FOUND"},
      {"ContactService", "Explain", Named<v1::ExplainRequest>("contacts/zoe"), "CONTACT_NOT_FOUND"},
      {"ContactService", "UpdateContact", Named<v1::UpdateContactRequest>("contacts/zoe"), "CONTACT_NOT_FOUND"},
      {"EventService", "GetEvent", Named<v1::GetEventRequest>("events/e-zoe"), "EVENT_NOT_FOUND"},
      {"EventService", "ListEvents", events_of_zoe.SerializeAsString(), "CONTACT_NOT_FOUND"},
      {"TaskService", "ListTasks", tasks_of_zoe.SerializeAsString(), "CONTACT_NOT_FOUND"},
      {"TaskService", "ListTasks", tasks_by_due.SerializeAsString(), "CONTACT_NOT_FOUND"},
      {"TaskService", "GetTask", Named<v1::GetTaskRequest>(tasks_of_all.tasks(2).name()), "TASK_NOT_FOUND"},
      {"TaskService", "CompleteTask", Named<v1::CompleteTaskRequest>(tasks_of_all.tasks(2).name()), "TASK_NOT_FOUND"},
      {"TaskService", "ReopenTask", Named<v1::ReopenTaskRequest>(tasks_of_all.tasks(2).name()), "TASK_NOT_FOUND"},
      {"TaskService", "UpdateTask", task.SerializeAsString(), "TASK_NOT_FOUND"},
      {"TaskService", "CreateTask", new_task.SerializeAsString(), "CONTACT_NOT_FOUND"},
      {"DealService", "GetDeal", Named<v1::GetDealRequest>(deals_of_all.deals(2).name()), "DEAL_NOT_FOUND"},
      {"DealService", "DeleteDeal", Named<v1::DeleteDealRequest>(deals_of_all.deals(2).name()), "DEAL_NOT_FOUND"},
      {"DealService", "UpdateDeal", deal.SerializeAsString(), "DEAL_NOT_FOUND"},
      {"DealService", "CreateDeal", new_deal.SerializeAsString(), "CONTACT_NOT_FOUND"},
  };
  const std::string before = Ask(boss, "ContactService", "ListContacts").answers;
  for (const auto& each : calls) {
    INFO(each.method);
    const CallOutcome refused = Ask(mika, each.service, each.method, each.request);
    CHECK(refused.status.error_code() == grpc::StatusCode::NOT_FOUND);
    CHECK(ReasonOf(refused.status) == each.reason);
    CHECK(refused.answers.empty());
    CHECK(ReasonOf(refused.status) == each.reason);
    // To who has no scope it is there.
    if (std::string_view(each.method).starts_with("Get")) CHECK(Ask(boss, each.service, each.method, each.request).status.ok());
  }
  CHECK(Ask(boss, "ContactService", "ListContacts").answers == before);
}

TEST_CASE_METHOD(Scope, "scope: contacts of the scope are read, told and changed as by anybody") {
  CHECK(Ask(mika, "ContactService", "GetContact", Named<v1::GetContactRequest>("contacts/ana")).status.ok());
  CHECK(Ask(mika, "EventService", "GetEvent", Named<v1::GetEventRequest>("events/e-ana")).status.ok());
  v1::UpdateContactRequest update;
  update.set_name("contacts/ana");
  AddText(*update.mutable_properties(), "status", "Open");
  CHECK(Ask(mika, "ContactService", "UpdateContact", update.SerializeAsString()).status.ok());
  v1::Event given = MakeEvent("e5", "ana", "contact updated");
  AddText(*given.mutable_properties(), "owner", "kay@acme.example");
  CHECK(PublishAs(mika, given).ok());
  // By that it has left the scope.
  const CallOutcome gone = Ask(mika, "ContactService", "GetContact", Named<v1::GetContactRequest>("contacts/ana"));
  CHECK(ReasonOf(gone.status) == "CONTACT_NOT_FOUND");
}

TEST_CASE_METHOD(Scope, "scope: of a batch the events of other contacts are refused, and those of new ones") {
  v1::PublishEventsRequest request;
  for (const char* contact : {"zoe", "ana", "new", "bob", "zoe"}) {
    *request.add_events() = MakeEvent("p" + std::to_string(request.events_size()), contact, "page viewed");
  }
  request.mutable_events(3)->mutable_occurred_at()->set_seconds(-1);
  request.mutable_events(3)->mutable_occurred_at()->set_nanos(-1);
  v1::PublishEventsResponse response;
  REQUIRE(response.ParseFromString(Ask(mika, "EventService", "PublishEvents", request.SerializeAsString()).answers));
  REQUIRE(response.results_size() == 5);
  std::vector<std::string> reasons;
  for (const v1::EventResult& result : response.results()) reasons.push_back(result.has_error() ? ReasonOf(result.error()) : "");
  CHECK(reasons == std::vector<std::string>{"CONTACT_NOT_FOUND", "", "CONTACT_NOT_FOUND", "INVALID_VALUE", "CONTACT_NOT_FOUND"});
  CHECK(Ask(boss, "ContactService", "GetContact", Named<v1::GetContactRequest>("contacts/new")).status.error_code() ==
        grpc::StatusCode::NOT_FOUND);
}

TEST_CASE_METHOD(Scope, "scope: who watches hears of contacts of the scope, and of no deployment") {
  Call call;
  As(call, mika);
  const auto stream = events->WatchChanges(call, {});
  v1::WatchChangesResponse heard;
  REQUIRE(stream->Read(&heard));  // it has begun
  REQUIRE(PublishAs(boss, MakeEvent("w1", "zoe", "page viewed")).ok());
  REQUIRE(PublishAs(boss, MakeEvent("w2", "bob", "page viewed")).ok());
  do {
    REQUIRE(stream->Read(&heard));
  } while (heard.changes_size() == 0);
  REQUIRE(heard.changes_size() == 1);
  CHECK(heard.changes(0).contact() == "contacts/bob");
  call->TryCancel();
  v1::WatchChangesRequest of_zoe;
  of_zoe.set_contact("contacts/zoe");
  Call other;
  As(other, mika);
  const auto refused = events->WatchChanges(other, of_zoe);
  CHECK_FALSE(refused->Read(&heard));
  CHECK(ReasonOf(refused->Finish()) == "CONTACT_NOT_FOUND");
}

TEST_CASE("scope: one that does not fit the running scripts lets nobody see anything, and says so") {
  const server::NewToken odd = MakeToken("odd", "region is EMEA");
  ApiFixture house({odd.token});
  AnyCall call;
  call.metadata = {{"authorization", "Bearer " + odd.secret}};
  for (const char* method : {"ContactService/ListContacts", "TaskService/ListTasks", "EventService/ListEvents"}) {
    INFO(method);
    const grpc::Status status = call.Make(house.channel(), std::string("stagecraft.v1.") + method).status;
    CHECK(status.error_code() == grpc::StatusCode::PERMISSION_DENIED);
    CHECK(ReasonOf(status) == "OUT_OF_SCOPE");
    CHECK(status.error_message().find("region") != std::string::npos);
  }
  call.request = Named<v1::GetContactRequest>("contacts/ana");
  CHECK(ReasonOf(call.Make(house.channel(), "stagecraft.v1.ContactService/GetContact").status) == "OUT_OF_SCOPE");
}

}  // namespace stagecraft::tests
