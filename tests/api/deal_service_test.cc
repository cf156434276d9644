// DealService, through a real client on a real socket.
#include <catch2/catch.hpp>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "stagecraft/v1/deal_service.grpc.pb.h"
#include "tests/api/api_fixture.h"

namespace stagecraft::tests {
namespace {

constexpr std::string_view kDeals = R"(pipeline Sales Qualified 20%, Proposal 50%, Won 100%, Lost 0%
on deal created set status Open
on change of deal stage when deal stage is "Won" set lifecycle Customer
on SQL create deal "{first name}" in pipeline Sales amount 500
)";

class Deals : public ApiFixture {
 public:
  Deals() : deals(v1::DealService::NewStub(channel())) {
    Deploy(kDeals);
    REQUIRE(Publish(MakeEvent("make ana", "ana", "contact updated")).ok());
  }

  grpc::Status Create(const std::string& title, const std::string& stage = {}, const std::string& request_id = {}) {
    v1::CreateDealRequest request;
    request.set_contact("ana");
    request.set_title(title);
    request.set_stage(stage);
    request.set_amount(1200.5);
    request.set_request_id(request_id);
    v1::CreateDealResponse response;
    const grpc::Status status = deals->CreateDeal(Call(), request, &response);
    deal = response.deal();
    return status;
  }

  std::unique_ptr<v1::DealService::Stub> deals;
  v1::Deal deal;
};

}  // namespace

TEST_CASE_METHOD(Deals, "S4: a deal is created, moved to its end, and keeps when it was where") {
  REQUIRE(Create("Acme", "", "r1").ok());
  CHECK(deal.contact() == "contacts/ana");
  CHECK(deal.pipeline() == "Sales");
  CHECK(deal.stage() == "Qualified");
  CHECK(deal.amount() == 1200.5);
  CHECK(deal.state() == v1::DEAL_STATE_OPEN);
  const std::string name = deal.name();
  REQUIRE(Create("Acme", "", "r1").ok());
  CHECK(deal.name() == name);
  CHECK(TextOf(Get("ana"), "status") == "Open");
  CHECK(TextOf(Get("ana"), "deal stage") == "Qualified");
  CHECK(TextOf(Get("ana"), "open deals") == "1");

  v1::UpdateDealRequest update;
  update.mutable_deal()->set_name(name);
  update.mutable_deal()->set_stage("won");
  update.mutable_deal()->set_title("Acme Corp");
  update.mutable_deal()->set_close_date("2026-12-29");
  v1::UpdateDealResponse updated;
  REQUIRE(deals->UpdateDeal(Call(), update, &updated).ok());
  CHECK(updated.deal().stage() == "Won");
  CHECK(updated.deal().title() == "Acme Corp");
  CHECK(updated.deal().close_date() == "2026-12-29");
  CHECK(updated.deal().amount() == 1200.5);
  CHECK(updated.deal().state() == v1::DEAL_STATE_WON);
  REQUIRE(updated.deal().stages_size() == 2);
  CHECK(updated.deal().stages(0).stage() == "Qualified");
  CHECK(updated.deal().stages(1).stage() == "Won");
  CHECK(TextOf(Get("ana"), "lifecycle") == "Customer");
  CHECK(TextOf(Get("ana"), "open deals") == "0");

  v1::DeleteDealRequest gone;
  gone.set_name(name);
  v1::DeleteDealResponse nothing;
  REQUIRE(deals->DeleteDeal(Call(), gone, &nothing).ok());
  CHECK(ReasonOf(deals->DeleteDeal(Call(), gone, &nothing)) == "DEAL_NOT_FOUND");
  CHECK(TextOf(Get("ana"), "deal stage").empty());
}

TEST_CASE_METHOD(Deals, "deals are listed by contact, stage and state") {
  REQUIRE(Create("First").ok());
  REQUIRE(Create("Second", "Proposal").ok());
  REQUIRE(Create("Third", "Lost").ok());
  auto event = MakeEvent("ben", "ben", "contact updated");
  AddText(*event.mutable_properties(), "first name", "Ben");
  AddText(*event.mutable_properties(), "lifecycle", "SQL");
  REQUIRE(Publish(event).ok());
  const auto titles = [&](const v1::ListDealsRequest& request) {
    v1::ListDealsResponse response;
    REQUIRE(deals->ListDeals(Call(), request, &response).ok());
    std::string all;
    for (const v1::Deal& each : response.deals()) all += each.title() + " ";
    return all;
  };
  v1::ListDealsRequest list;
  CHECK(titles(list) == "First Second Third Ben ");
  list.set_contact("ana");
  list.set_state(v1::DEAL_STATE_OPEN);
  CHECK(titles(list) == "First Second ");
  list.set_stage("proposal");
  CHECK(titles(list) == "Second ");
  list.Clear();
  list.set_filter("lifecycle is SQL");
  CHECK(titles(list) == "Ben ");
}

TEST_CASE_METHOD(Deals, "a deal's texts have a bound, and its amount is a number of either sign") {
  CHECK(ReasonOf(Create(std::string(65'537, 't'))) == "TEXT_TOO_LONG");
  REQUIRE(Create("Größe 新規").ok());
  CHECK(deal.title() == "Größe 新規");
  v1::UpdateDealRequest update;
  update.mutable_deal()->set_name(deal.name());
  v1::UpdateDealResponse updated;
  update.mutable_deal()->set_amount(-12.5);
  REQUIRE(deals->UpdateDeal(Call(), update, &updated).ok());
  CHECK(updated.deal().amount() == -12.5);
  for (const double amount : {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity(), 1e300}) {
    update.mutable_deal()->set_amount(amount);
    CHECK(ReasonOf(deals->UpdateDeal(Call(), update, &updated)) == "INVALID_VALUE");
  }
  update.mutable_deal()->clear_amount();
  update.mutable_deal()->set_owner(std::string(1U << 20, 'o'));
  CHECK(ReasonOf(deals->UpdateDeal(Call(), update, &updated)) == "TEXT_TOO_LONG");
}

TEST_CASE_METHOD(Deals, "a page of deals is of its own request, and a deal's name of its own collection") {
  REQUIRE(Create("First").ok());
  REQUIRE(Create("Second").ok());
  v1::ListDealsRequest list;
  list.set_page_size(1);
  v1::ListDealsResponse listed;
  REQUIRE(deals->ListDeals(Call(), list, &listed).ok());
  list.set_page_token(listed.next_page_token());
  list.set_stage("Qualified");
  CHECK(ReasonOf(deals->ListDeals(Call(), list, &listed)) == "INVALID_PAGE_TOKEN");
  v1::GetDealRequest get;
  v1::GetDealResponse got;
  for (const char* name : {"contacts/ana", "tasks/131072", "deals/", "deals/-1", "deals/99999999999999999999", "deals/1x", ""}) {
    INFO(name);
    get.set_name(name);
    CHECK(ReasonOf(deals->GetDeal(Call(), get, &got)) == "DEAL_NOT_FOUND");
  }
}

TEST_CASE_METHOD(Deals, "what is wrong with a deal is said") {
  CHECK(ReasonOf(Create("Acme", "Won't")) == "UNKNOWN_STAGE");
  CHECK(ReasonOf(Create("")) == "NO_TITLE");
  v1::UpdateDealRequest update;
  update.mutable_deal()->set_name("deals/77");
  update.mutable_deal()->set_stage("Won");
  v1::UpdateDealResponse updated;
  CHECK(ReasonOf(deals->UpdateDeal(Call(), update, &updated)) == "DEAL_NOT_FOUND");
  REQUIRE(Create("Acme").ok());
  update.mutable_deal()->set_name(deal.name());
  update.mutable_deal()->set_stage("Offer");
  const grpc::Status unknown = deals->UpdateDeal(Call(), update, &updated);
  CHECK(ReasonOf(unknown) == "UNKNOWN_STAGE");
  CHECK(unknown.error_message() == "there is no stage `Offer`; the stages are `Qualified`, `Proposal`, `Won`, `Lost`");
  update.mutable_update_mask()->add_paths("contact");
  CHECK(ReasonOf(deals->UpdateDeal(Call(), update, &updated)) == "UNKNOWN_PROPERTY");

  auto event = MakeEvent("set", "ana", "contact updated");
  AddText(*event.mutable_properties(), "deal stage", "Won");
  v1::EventResult result;
  CHECK_FALSE(Publish(event, &result).ok());
}

TEST_CASE_METHOD(Deals, "a deal belongs to a contact that is there, and to a pipeline that is declared") {
  using Stub = v1::DealService::Stub;
  v1::CreateDealRequest create;
  create.set_title("Acme");
  const auto reason = [&](const std::string& contact) {
    create.set_contact(contact);
    return ReasonOfCall(*deals, &Stub::CreateDeal, create);
  };
  CHECK(reason("nobody") == "CONTACT_NOT_FOUND");
  CHECK(reason("no spaces please") == "INVALID_CONTACT_ID");
  create.set_close_date("soon");
  CHECK(reason("ana") == "INVALID_VALUE");
  create.clear_close_date();
  create.set_pipeline("Support");
  CHECK(reason("ana") == "UNKNOWN_PIPELINE");
  create.clear_pipeline();

  REQUIRE(Create("Acme").ok());
  v1::UpdateDealRequest update;
  update.mutable_deal()->set_name(deal.name());
  update.mutable_deal()->set_stage("Proposal");
  Deploy("pipeline Support Open 50%, Closed 100%\n");
  CHECK(ReasonOfCall(*deals, &Stub::UpdateDeal, update) == "UNKNOWN_PIPELINE");
  Deploy("on SQL set status New\n");
  CHECK(ReasonOfCall(*deals, &Stub::UpdateDeal, update) == "NO_PIPELINES");
  CHECK(reason("ana") == "NO_PIPELINES");
}

TEST_CASE_METHOD(Deals, "no deal changes when its contact is deleted, or when what that sets off does not come to an end") {
  using Stub = v1::DealService::Stub;
  REQUIRE(Create("Acme").ok());
  v1::CreateDealRequest create;
  create.set_title("Bolt");
  create.set_contact("ana");
  v1::UpdateDealRequest update;
  update.mutable_deal()->set_name(deal.name());
  update.mutable_deal()->set_stage("Proposal");
  v1::DeleteDealRequest remove;
  remove.set_name(deal.name());
  const auto reasons = [&] {
    return std::vector<std::string>{ReasonOfCall(*deals, &Stub::CreateDeal, create), ReasonOfCall(*deals, &Stub::UpdateDeal, update),
                                    ReasonOfCall(*deals, &Stub::DeleteDeal, remove)};
  };
  Deploy("pipeline Sales Qualified 20%, Proposal 50%\non deal created add 1 to n\non deal moved add 1 to n\non deal deleted add 1 to n\n" +
         std::string(kEndless));
  CHECK(reasons() == std::vector<std::string>(3, "CASCADE_TOO_LONG"));
  v1::DeleteContactRequest gone;
  gone.set_name("ana");
  CHECK(ReasonOfCall(*contacts, &v1::ContactService::Stub::DeleteContact, gone).empty());
  CHECK(reasons() == std::vector<std::string>(3, "CONTACT_DELETED"));
  v1::GetDealRequest get;
  get.set_name(deal.name());
  v1::GetDealResponse got;
  REQUIRE(deals->GetDeal(Call(), get, &got).ok());
  CHECK(got.deal().stage() == "Qualified");
}

}  // namespace stagecraft::tests
