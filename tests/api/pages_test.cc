// What every list keeps to: its pages, its filter, the contact it is about.
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "stagecraft/v1/company_service.grpc.pb.h"
#include "stagecraft/v1/deal_service.grpc.pb.h"
#include "stagecraft/v1/diagnostic.pb.h"
#include "stagecraft/v1/list_service.grpc.pb.h"
#include "stagecraft/v1/view_service.grpc.pb.h"
#include "tests/api/api_fixture.h"

namespace stagecraft::tests {
namespace {

using Fields = std::vector<std::string>;

class Pages : public ApiFixture {
 public:
  Pages()
      : companies(v1::CompanyService::NewStub(channel())),
        deals(v1::DealService::NewStub(channel())),
        lists(v1::ListService::NewStub(channel())),
        views(v1::ViewService::NewStub(channel())) {
    for (const std::string id : {"ana", "ben"}) REQUIRE(Publish(MakeEvent("make " + id, id, "contact updated")).ok());
    v1::ListContactsRequest request;
    request.set_page_size(1);
    v1::ListContactsResponse response;
    REQUIRE(contacts->ListContacts(Call(), request, &response).ok());
    token_ = response.next_page_token();
    REQUIRE_FALSE(token_.empty());
  }

  template <typename Stub, typename Request, typename Response>
  void CheckPages(Stub& stub, grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*), Request request = {}) {
    INFO(Request::descriptor()->name());
    Response response;
    request.set_page_size(-1);
    const grpc::Status negative = (stub.*method)(Call(), request, &response);
    CHECK(ReasonOf(negative) == "INVALID_PAGE_SIZE");
    CHECK(FieldsOf(DetailsOf(negative)) == Fields{"page_size"});
    request.set_page_size(1);
    request.set_page_token(token_);
    const grpc::Status other = (stub.*method)(Call(), request, &response);
    CHECK(ReasonOf(other) == "INVALID_PAGE_TOKEN");
    CHECK(FieldsOf(DetailsOf(other)) == Fields{"page_token"});
  }

  template <typename Stub, typename Request, typename Response>
  void CheckFilter(Stub& stub, grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*)) {
    INFO(Request::descriptor()->name());
    Request request;
    Response response;
    request.set_filter("lifecycel is SQL");
    const grpc::Status wrong = (stub.*method)(Call(), request, &response);
    CHECK(ReasonOf(wrong) == "INVALID_FILTER");
    v1::Diagnostic finding;
    const google::rpc::Status status = DetailsOf(wrong);
    for (const google::protobuf::Any& detail : status.details()) detail.UnpackTo(&finding);
    CHECK(finding.code() == "SC0200");
    if constexpr (requires { request.set_contact(""); }) {
      request.clear_filter();
      request.set_contact("nobody");
      const grpc::Status unknown = (stub.*method)(Call(), request, &response);
      CHECK(unknown.error_code() == grpc::StatusCode::NOT_FOUND);
      CHECK(ReasonOf(unknown) == "CONTACT_NOT_FOUND");
    }
  }

  std::unique_ptr<v1::CompanyService::Stub> companies;
  std::unique_ptr<v1::DealService::Stub> deals;
  std::unique_ptr<v1::ListService::Stub> lists;
  std::unique_ptr<v1::ViewService::Stub> views;

 private:
  std::string token_;  // of a list of contacts
};

}  // namespace

TEST_CASE_METHOD(Pages, "every list: a page has no negative size, and goes on only where one of the same list ended") {
  CheckPages(*events, &v1::EventService::Stub::ListEvents);
  CheckPages(*events, &v1::EventService::Stub::ListFailedEvents);
  v1::GetTimelineRequest timeline;
  timeline.set_name("contacts/ana");
  CheckPages(*contacts, &v1::ContactService::Stub::GetTimeline, timeline);
  CheckPages(*scripts, &v1::ScriptService::Stub::ListDeployments);
  CheckPages(*scripts, &v1::ScriptService::Stub::ListRuns);
  CheckPages(*companies, &v1::CompanyService::Stub::ListCompanies);
  CheckPages(*companies, &v1::CompanyService::Stub::ListMembers);
  CheckPages(*deals, &v1::DealService::Stub::ListDeals);
  CheckPages(*tasks, &v1::TaskService::Stub::ListTasks);
  v1::ListTasksRequest by_due;
  by_due.set_order_by("due_time");
  CheckPages(*tasks, &v1::TaskService::Stub::ListTasks, by_due);
  CheckPages(*users, &v1::UserService::Stub::ListUsers);
  CheckPages(*users, &v1::UserService::Stub::ListAssignments);
  CheckPages(*lists, &v1::ListService::Stub::ListLists);
  CheckPages(*lists, &v1::ListService::Stub::ListListMembers);
  CheckPages(*views, &v1::ViewService::Stub::ListViews);
  CheckPages(*views, &v1::ViewService::Stub::RunView);
  CheckPages(*notifications, &v1::NotificationService::Stub::ListNotifications);
  CheckPages(*notifications, &v1::NotificationService::Stub::ListDeliveries);
}

TEST_CASE_METHOD(Pages, "every list: a filter with an error is refused with what is wrong in it, and so is a contact that there is not") {
  CheckFilter(*events, &v1::EventService::Stub::ListEvents);
  CheckFilter(*contacts, &v1::ContactService::Stub::ListContacts);
  CheckFilter(*companies, &v1::CompanyService::Stub::ListCompanies);
  CheckFilter(*deals, &v1::DealService::Stub::ListDeals);
  CheckFilter(*tasks, &v1::TaskService::Stub::ListTasks);
  CheckFilter(*notifications, &v1::NotificationService::Stub::ListNotifications);
  CheckFilter(*notifications, &v1::NotificationService::Stub::ListDeliveries);
}

}  // namespace stagecraft::tests
