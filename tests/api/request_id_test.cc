// A call that is sent again with its `request_id` is answered as before and changes nothing; with other content it is refused.
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "runtime/engine/view.h"
#include "stagecraft/v1/company_service.grpc.pb.h"
#include "stagecraft/v1/deal_service.grpc.pb.h"
#include "stagecraft/v1/list_service.grpc.pb.h"
#include "tests/api/api_fixture.h"

namespace stagecraft::tests {
namespace {

constexpr std::string_view kOffice = R"(pipeline Sales Qualified 20%, Proposal 50%, Won 100%, Lost 0%
counter moves of deal moved
counter updates of deal updated
list "Going cold" by hand
)";

class Repeated : public ApiFixture {
 public:
  Repeated()
      : companies(v1::CompanyService::NewStub(channel())),
        deals(v1::DealService::NewStub(channel())),
        lists(v1::ListService::NewStub(channel())) {
    Deploy(kOffice);
    REQUIRE(Publish(MakeEvent("make ana", "ana", "contact updated")).ok());
  }

  std::string Counter(const std::string& name) {
    const v1::Contact ana = Get("ana");
    for (const v1::NamedNumber& counter : ana.counters()) {
      if (counter.name() == name) return std::to_string(counter.value());
    }
    return {};
  }

  runtime::Sequence LastSequence() {
    runtime::Sequence last = 0;
    REQUIRE(engine().Read([&](const runtime::View& view) { last = view.stats().last_sequence; }).ok());
    return last;
  }

  v1::Deal MakeDeal() {
    v1::CreateDealRequest request;
    request.set_contact("ana");
    request.set_title("Acme");
    v1::CreateDealResponse response;
    REQUIRE(deals->CreateDeal(Call(), request, &response).ok());
    return response.deal();
  }

  void DeleteDeal(const std::string& name) {
    v1::DeleteDealRequest request;
    request.set_name(name);
    v1::DeleteDealResponse response;
    REQUIRE(deals->DeleteDeal(Call(), request, &response).ok());
  }

  std::unique_ptr<v1::CompanyService::Stub> companies;
  std::unique_ptr<v1::DealService::Stub> deals;
  std::unique_ptr<v1::ListService::Stub> lists;
};

}  // namespace

TEST_CASE_METHOD(Repeated, "a deal is deleted once, and the same request says so again") {
  const v1::Deal deal = MakeDeal();
  v1::DeleteDealRequest request;
  request.set_name(deal.name());
  request.set_request_id("gone");
  v1::DeleteDealResponse response;
  REQUIRE(deals->DeleteDeal(Call(), request, &response).ok());
  const runtime::Sequence last = LastSequence();
  CHECK(deals->DeleteDeal(Call(), request, &response).ok());
  request.set_name("deals/" + std::to_string(std::stoll(deal.name().substr(6))));
  request.set_actor("mika");
  CHECK(ReasonOf(deals->DeleteDeal(Call(), request, &response)) == "EVENT_ID_REUSED");
  request.set_request_id("again");
  CHECK(ReasonOf(deals->DeleteDeal(Call(), request, &response)) == "DEAL_NOT_FOUND");
  request.clear_request_id();
  CHECK(ReasonOf(deals->DeleteDeal(Call(), request, &response)) == "DEAL_NOT_FOUND");
  CHECK(LastSequence() == last);
}

TEST_CASE_METHOD(Repeated, "a change of a deal is one event, answered again also when the deal is gone") {
  const v1::Deal deal = MakeDeal();
  v1::UpdateDealRequest request;
  request.mutable_deal()->set_name(deal.name());
  request.mutable_deal()->set_stage("Proposal");
  request.mutable_deal()->set_title("Acme Corp");
  request.mutable_deal()->set_owner("mika");
  request.mutable_deal()->set_amount(70);
  request.mutable_deal()->set_close_date("2026-12-29");
  request.set_request_id(std::string(128, 'u'));
  const runtime::Sequence before = LastSequence();
  v1::UpdateDealResponse response;
  REQUIRE(deals->UpdateDeal(Call(), request, &response).ok());
  CHECK(LastSequence() == before + 1);
  CHECK(Counter("moves") == "1");
  CHECK(Counter("updates") == "0");
  CHECK(response.deal().stage() == "Proposal");
  CHECK(response.deal().title() == "Acme Corp");
  CHECK(response.deal().owner() == "mika");
  CHECK(response.deal().amount() == 70);
  CHECK(response.deal().close_date() == "2026-12-29");

  const std::string first = response.SerializeAsString();
  REQUIRE(deals->UpdateDeal(Call(), request, &response).ok());
  CHECK(response.SerializeAsString() == first);
  DeleteDeal(deal.name());
  REQUIRE(deals->UpdateDeal(Call(), request, &response).ok());
  CHECK(response.SerializeAsString() == first);
  request.mutable_deal()->set_amount(71);
  CHECK(ReasonOf(deals->UpdateDeal(Call(), request, &response)) == "EVENT_ID_REUSED");
  request.set_request_id("later");
  CHECK(ReasonOf(deals->UpdateDeal(Call(), request, &response)) == "DEAL_NOT_FOUND");
  CHECK(LastSequence() == before + 2);
}

TEST_CASE_METHOD(Repeated, "a change of a deal that is refused leaves all of it as it was") {
  const v1::Deal deal = MakeDeal();
  v1::UpdateDealRequest request;
  request.mutable_deal()->set_name(deal.name());
  request.mutable_deal()->set_title("Acme Corp");
  request.mutable_deal()->set_stage("Proposal");
  request.mutable_deal()->set_close_date("soon");
  v1::UpdateDealResponse response;
  CHECK(ReasonOf(deals->UpdateDeal(Call(), request, &response)) == "INVALID_VALUE");
  request.mutable_deal()->clear_close_date();
  request.set_request_id("make ana");
  CHECK(ReasonOf(deals->UpdateDeal(Call(), request, &response)) == "EVENT_ID_REUSED");
  v1::GetDealRequest get;
  get.set_name(deal.name());
  v1::GetDealResponse got;
  REQUIRE(deals->GetDeal(Call(), get, &got).ok());
  CHECK(got.deal().SerializeAsString() == deal.SerializeAsString());
}

TEST_CASE_METHOD(Repeated, "a deal that was created is answered again also when it is gone") {
  v1::CreateDealRequest request;
  request.set_contact("ana");
  request.set_title("Acme");
  request.set_request_id("c");
  v1::CreateDealResponse first, second;
  REQUIRE(deals->CreateDeal(Call(), request, &first).ok());
  DeleteDeal(first.deal().name());
  REQUIRE(deals->CreateDeal(Call(), request, &second).ok());
  CHECK(second.deal().name() == first.deal().name());
  request.set_title("Other");
  CHECK(ReasonOf(deals->CreateDeal(Call(), request, &second)) == "EVENT_ID_REUSED");
}

TEST_CASE_METHOD(Repeated, "what was done to a company is answered again also when it is gone") {
  v1::CreateCompanyRequest create;
  create.set_company_id("acme");
  create.set_request_id("c");
  v1::CreateCompanyResponse created;
  REQUIRE(companies->CreateCompany(Call(), create, &created).ok());
  v1::UpdateCompanyRequest update;
  update.set_name("companies/acme");
  update.set_request_id("u");
  AddText(*update.mutable_properties(), "company employees", "7");
  v1::UpdateCompanyResponse updated;
  REQUIRE(companies->UpdateCompany(Call(), update, &updated).ok());
  v1::DeleteCompanyRequest gone;
  gone.set_name("acme");
  gone.set_request_id("d");
  v1::DeleteCompanyResponse nothing;
  REQUIRE(companies->DeleteCompany(Call(), gone, &nothing).ok());

  const runtime::Sequence last = LastSequence();
  REQUIRE(companies->CreateCompany(Call(), create, &created).ok());
  CHECK(created.company().name() == "companies/acme");
  REQUIRE(companies->UpdateCompany(Call(), update, &updated).ok());
  CHECK(updated.company().name() == "companies/acme");
  CHECK(companies->DeleteCompany(Call(), gone, &nothing).ok());
  AddText(*create.mutable_properties(), "company employees", "8");
  CHECK(ReasonOf(companies->CreateCompany(Call(), create, &created)) == "EVENT_ID_REUSED");
  update.set_actor("mika");
  CHECK(ReasonOf(companies->UpdateCompany(Call(), update, &updated)) == "EVENT_ID_REUSED");
  gone.set_request_id("u");
  CHECK(ReasonOf(companies->DeleteCompany(Call(), gone, &nothing)) == "EVENT_ID_REUSED");
  CHECK(LastSequence() == last);
}

TEST_CASE_METHOD(Repeated, "what was done to a task is answered again, and changes nothing twice") {
  v1::CreateTaskRequest create;
  create.mutable_task()->set_contact("ana");
  create.mutable_task()->set_title("Write");
  create.set_request_id("c");
  v1::CreateTaskResponse created;
  REQUIRE(tasks->CreateTask(Call(), create, &created).ok());
  v1::UpdateTaskRequest update;
  update.mutable_task()->set_name(created.task().name());
  update.mutable_task()->set_title("Call");
  update.set_request_id("u");
  v1::UpdateTaskResponse updated;
  REQUIRE(tasks->UpdateTask(Call(), update, &updated).ok());
  v1::CompleteTaskRequest complete;
  complete.set_name(created.task().name());
  complete.set_request_id("done");
  v1::CompleteTaskResponse completed;
  REQUIRE(tasks->CompleteTask(Call(), complete, &completed).ok());
  v1::ReopenTaskRequest reopen;
  reopen.set_name(created.task().name());
  reopen.set_request_id("open");
  v1::ReopenTaskResponse reopened;
  REQUIRE(tasks->ReopenTask(Call(), reopen, &reopened).ok());

  const runtime::Sequence last = LastSequence();
  CHECK(tasks->UpdateTask(Call(), update, &updated).ok());
  CHECK(tasks->CompleteTask(Call(), complete, &completed).ok());
  CHECK_FALSE(completed.task().completed());
  CHECK(tasks->ReopenTask(Call(), reopen, &reopened).ok());
  CHECK(LastSequence() == last);
  update.mutable_task()->set_title("Visit");
  CHECK(ReasonOf(tasks->UpdateTask(Call(), update, &updated)) == "EVENT_ID_REUSED");
  complete.set_request_id("open");
  CHECK(ReasonOf(tasks->CompleteTask(Call(), complete, &completed)) == "EVENT_ID_REUSED");
  reopen.set_actor("mika");
  CHECK(ReasonOf(tasks->ReopenTask(Call(), reopen, &reopened)) == "EVENT_ID_REUSED");
}

// Nothing else in the request is right either.
template <typename Stub, typename Request, typename Response>
void CheckLengths(Stub& stub, grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*)) {
  Request request;
  Response response;
  INFO(Request::descriptor()->name());
  request.set_request_id(std::string(129, 'r'));
  const grpc::Status long_id = (stub.*method)(Call(), request, &response);
  CHECK(ReasonOf(long_id) == "TEXT_TOO_LONG");
  CHECK(FieldsOf(DetailsOf(long_id)) == std::vector<std::string>{"request_id"});
  request.clear_request_id();
  request.set_actor(std::string(257, 'a'));
  const grpc::Status long_actor = (stub.*method)(Call(), request, &response);
  CHECK(ReasonOf(long_actor) == "TEXT_TOO_LONG");
  CHECK(FieldsOf(DetailsOf(long_actor)) == std::vector<std::string>{"actor"});
}

TEST_CASE_METHOD(Repeated, "a request_id or an actor that is too long is said before anything else") {
  using Contacts = v1::ContactService::Stub;
  CheckLengths(*contacts, &Contacts::CreateContact);
  CheckLengths(*contacts, &Contacts::UpdateContact);
  using Companies = v1::CompanyService::Stub;
  CheckLengths(*companies, &Companies::CreateCompany);
  CheckLengths(*companies, &Companies::UpdateCompany);
  CheckLengths(*companies, &Companies::DeleteCompany);
  using Deals = v1::DealService::Stub;
  CheckLengths(*deals, &Deals::CreateDeal);
  CheckLengths(*deals, &Deals::UpdateDeal);
  CheckLengths(*deals, &Deals::DeleteDeal);
  using Tasks = v1::TaskService::Stub;
  CheckLengths(*tasks, &Tasks::CreateTask);
  CheckLengths(*tasks, &Tasks::UpdateTask);
  CheckLengths(*tasks, &Tasks::CompleteTask);
  CheckLengths(*tasks, &Tasks::ReopenTask);
  using Lists = v1::ListService::Stub;
  CheckLengths(*lists, &Lists::AddMembers);
  CheckLengths(*lists, &Lists::RemoveMembers);
  CheckLengths(*scripts, &v1::ScriptService::Stub::StartRule);
}

}  // namespace stagecraft::tests
