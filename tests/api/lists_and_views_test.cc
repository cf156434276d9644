// ListService and ViewService, through a real client on a real socket.
#include <catch2/catch.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "stagecraft/v1/list_service.grpc.pb.h"
#include "stagecraft/v1/view_service.grpc.pb.h"
#include "tests/api/api_fixture.h"

namespace stagecraft::tests {
namespace {

constexpr std::string_view kListsAndViews = R"(score
  +10 when company employees >= 100
define large when company employees >= 100
list "Big" when company employees >= 100
list "Going cold" by hand
list "Nobody" by hand
on joining "Going cold" set status "Bad Timing"
on leaving "Going cold" set status Open

view "Everybody" columns name, score, Status, became SQL date, large sort by score descending, last name
view "Mine" when owner is me
)";

class ListsAndViews : public ApiFixture {
 public:
  ListsAndViews() : lists(v1::ListService::NewStub(channel())), views(v1::ViewService::NewStub(channel())) {}

  void Make(const std::string& id, const std::vector<std::pair<std::string, std::string>>& properties) {
    auto event = MakeEvent("make " + id, id, "contact updated");
    for (const auto& [name, value] : properties) AddText(*event.mutable_properties(), name, value);
    REQUIRE(Publish(event).ok());
  }

  grpc::Status Add(const std::string& list, const std::vector<std::string>& ids, const std::string& request_id = {}) {
    v1::AddMembersRequest request;
    request.set_name(list);
    for (const std::string& id : ids) request.add_contacts(id);
    request.set_request_id(request_id);
    request.set_actor("mika@acme.example");
    return lists->AddMembers(Call(), request, &added);
  }

  grpc::Status Remove(const std::string& list, const std::vector<std::string>& ids, const std::string& request_id = {}) {
    v1::RemoveMembersRequest request;
    request.set_name(list);
    for (const std::string& id : ids) request.add_contacts(id);
    request.set_request_id(request_id);
    return lists->RemoveMembers(Call(), request, &removed);
  }

  // The members' ids, page by page.
  std::vector<std::string> Members(const std::string& list, int page_size) {
    std::vector<std::string> ids;
    v1::ListListMembersRequest request;
    request.set_name(list);
    request.set_page_size(page_size);
    do {
      v1::ListListMembersResponse response;
      REQUIRE(lists->ListListMembers(Call(), request, &response).ok());
      CHECK(response.members_size() <= page_size);
      for (const v1::ListMember& member : response.members()) ids.push_back(member.contact().name());
      request.set_page_token(response.next_page_token());
    } while (!request.page_token().empty());
    return ids;
  }

  // The contacts' ids, page by page.
  std::vector<std::string> Look(const std::string& view, int page_size, const std::string& user = {}) {
    std::vector<std::string> ids;
    v1::RunViewRequest request;
    request.set_name(view);
    request.set_user(user);
    request.set_page_size(page_size);
    do {
      v1::RunViewResponse response;
      REQUIRE(views->RunView(Call(), request, &response).ok());
      CHECK(response.rows_size() <= page_size);
      for (const v1::ViewRow& row : response.rows()) ids.push_back(row.contact().name());
      request.set_page_token(response.next_page_token());
    } while (!request.page_token().empty());
    return ids;
  }

  std::unique_ptr<v1::ListService::Stub> lists;
  std::unique_ptr<v1::ViewService::Stub> views;
  v1::AddMembersResponse added;
  v1::RemoveMembersResponse removed;
};

using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE_METHOD(ListsAndViews, "S13: lists are listed in the order of the scripts, with how many are in them and where they stand") {
  Deploy(kListsAndViews);
  Make("ana", {{"company employees", "150"}});
  Make("ben", {{"company employees", "20"}});
  REQUIRE(Add("lists/Going cold", {"contacts/ana", "ben"}).ok());

  v1::ListListsRequest request;
  v1::ListListsResponse response;
  REQUIRE(lists->ListLists(Call(), request, &response).ok());
  REQUIRE(response.lists_size() == 3);
  CHECK(response.lists(0).name() == "lists/Big");
  CHECK_FALSE(response.lists(0).by_hand());
  CHECK(response.lists(0).text() == "list \"Big\" when company employees >= 100");
  CHECK(response.lists(0).member_count() == 1);
  CHECK(response.lists(0).line() == 4);
  CHECK_FALSE(response.lists(0).file().empty());
  CHECK(response.lists(1).name() == "lists/Going cold");
  CHECK(response.lists(1).by_hand());
  CHECK(response.lists(1).member_count() == 2);
  CHECK(response.lists(2).member_count() == 0);

  request.set_page_size(2);
  REQUIRE(lists->ListLists(Call(), request, &response).ok());
  CHECK(response.lists_size() == 2);
  request.set_page_token(response.next_page_token());
  REQUIRE(lists->ListLists(Call(), request, &response).ok());
  REQUIRE(response.lists_size() == 1);
  CHECK(response.lists(0).name() == "lists/Nobody");
  CHECK(response.next_page_token().empty());

  v1::GetListRequest one;
  one.set_name("going COLD");
  v1::GetListResponse got;
  REQUIRE(lists->GetList(Call(), one, &got).ok());
  CHECK(got.list().member_count() == 2);
  one.set_name("lists/Gone cold");
  const grpc::Status unknown = lists->GetList(Call(), one, &got);
  CHECK(ReasonOf(unknown) == "LIST_NOT_FOUND");
  CHECK(unknown.error_message() == "there is no list `Gone cold`; did you mean `Going cold`?");
}

TEST_CASE_METHOD(ListsAndViews, "S13: members are added and removed by people, once for each request, and rules answer to it") {
  Deploy(kListsAndViews);
  for (const std::string id : {"ana", "ben", "cid"}) Make(id, {});
  REQUIRE(Add("Going cold", {"ana", "ben"}, "r1").ok());
  CHECK(added.changed_count() == 2);
  CHECK(added.unchanged_count() == 0);
  CHECK(TextOf(Get("ana"), "status") == "Bad Timing");
  CHECK(Get("ana").lists(0) == "Going cold");
  CHECK(Members("Going cold", 1) == Ids{"contacts/ana", "contacts/ben"});

  // The timeline and the explanation say who did it.
  v1::GetTimelineRequest timeline;
  timeline.set_name("ana");
  v1::GetTimelineResponse entries;
  REQUIRE(contacts->GetTimeline(Call(), timeline, &entries).ok());
  CHECK(entries.entries(0).title() == "contact updated");
  CHECK(entries.entries(0).actor() == "mika@acme.example");
  CHECK(entries.entries(0).changes(0).text() == "joined list \"Going cold\"");
  v1::ExplainRequest explain;
  explain.set_name("ana");
  explain.set_property("Going cold");
  v1::ExplainResponse why;
  REQUIRE(contacts->Explain(Call(), explain, &why).ok());
  CHECK(why.DebugString().find("by mika@acme.example") != std::string::npos);

  REQUIRE(Remove("Going cold", {"ana"}, "r2").ok());
  CHECK(removed.changed_count() == 1);
  CHECK(TextOf(Get("ana"), "status") == "Open");
  // The first request once more: nobody comes back by it.
  REQUIRE(Add("Going cold", {"ana", "ben"}, "r1").ok());
  CHECK(added.changed_count() == 0);
  CHECK(added.unchanged_count() == 2);
  CHECK(Members("Going cold", 10) == Ids{"contacts/ben"});
  REQUIRE(Remove("Going cold", {"cid"}).ok());
  CHECK(removed.unchanged_count() == 1);
}

TEST_CASE_METHOD(ListsAndViews, "what is wrong with one contact keeps no other out of a list, and the answer says what it is") {
  Deploy(kListsAndViews);
  Make("ana", {});
  Make("ben", {});
  v1::DeleteContactRequest gone;
  gone.set_name("ben");
  v1::DeleteContactResponse deleted;
  REQUIRE(contacts->DeleteContact(Call(), gone, &deleted).ok());
  REQUIRE(Add("Going cold", {"nobody", "contacts/ana", "ben"}, "r1").ok());
  CHECK(added.changed_count() == 1);
  REQUIRE(added.errors_size() == 2);
  CHECK(added.errors(0).contact() == "nobody");
  CHECK(ReasonOf(added.errors(0).status()) == "CONTACT_NOT_FOUND");
  CHECK(added.errors(1).contact() == "ben");
  CHECK(ReasonOf(added.errors(1).status()) == "CONTACT_DELETED");
  CHECK(Members("Going cold", 10) == Ids{"contacts/ana"});

  // Who is named twice is added once, and taken out once.
  REQUIRE(Add("Nobody", {"ana", "contacts/ana"}).ok());
  CHECK(added.changed_count() == 1);
  CHECK(added.unchanged_count() == 1);
  REQUIRE(Remove("Nobody", {"ana", "ana"}).ok());
  CHECK(removed.changed_count() == 1);
  CHECK(removed.unchanged_count() == 1);

  // A request_id that stands for something else.
  REQUIRE(Add("Nobody", {"ana"}, "r1").ok());
  REQUIRE(added.errors_size() == 1);
  CHECK(ReasonOf(added.errors(0).status()) == "EVENT_ID_REUSED");

  CHECK(ReasonOf(Add("Big", {"ana"})) == "LIST_BY_CONDITION");
  CHECK(ReasonOf(Remove("Bigger", {"ana"})) == "LIST_NOT_FOUND");
  CHECK(ReasonOf(Add("Going cold", {})) == "INVALID_CONTACTS");
  CHECK(ReasonOf(Add("Going cold", Ids(1001, "ana"))) == "INVALID_CONTACTS");
  CHECK(ReasonOf(Add("Going cold", {"ana"}, std::string(129, 'r'))) == "TEXT_TOO_LONG");
}

TEST_CASE_METHOD(ListsAndViews, "members of a list by hand say since when, and a deleted contact is none") {
  Deploy(kListsAndViews);
  Make("ana", {{"company employees", "150"}});
  REQUIRE(Add("Going cold", {"ana"}).ok());
  v1::ListListMembersRequest request;
  request.set_name("Going cold");
  v1::ListListMembersResponse response;
  REQUIRE(lists->ListListMembers(Call(), request, &response).ok());
  REQUIRE(response.members_size() == 1);
  CHECK(response.members(0).add_time().seconds() == Get("ana").update_time().seconds());
  request.set_name("Big");
  REQUIRE(lists->ListListMembers(Call(), request, &response).ok());
  REQUIRE(response.members_size() == 1);
  CHECK_FALSE(response.members(0).has_add_time());

  v1::DeleteContactRequest gone;
  gone.set_name("ana");
  v1::DeleteContactResponse deleted;
  REQUIRE(contacts->DeleteContact(Call(), gone, &deleted).ok());
  CHECK(Members("Going cold", 10).empty());
  CHECK(Members("Big", 10).empty());
}

TEST_CASE_METHOD(ListsAndViews, "S13: a view shows its columns in its order, the same whatever the pages") {
  Deploy(kListsAndViews);
  Make("ana", {{"company employees", "150"}, {"last name", "Zola"}, {"status", "Open"}});
  Make("ben", {{"company employees", "20"}, {"last name", "abe"}});
  Make("cid", {{"company employees", "300"}, {"last name", "Adam"}, {"lifecycle", "SQL"}});
  Make("dan", {{"company employees", "20"}});
  Make("eva", {{"company employees", "20"}, {"last name", "Abe"}});
  const Ids ordered = {"contacts/cid", "contacts/ana", "contacts/ben", "contacts/eva", "contacts/dan"};
  for (const int size : {1, 2, 3, 50}) CHECK(Look("Everybody", size) == ordered);

  v1::RunViewRequest request;
  request.set_name("views/everybody");
  v1::RunViewResponse response;
  REQUIRE(views->RunView(Call(), request, &response).ok());
  const auto& cells = response.rows(1).cells();
  REQUIRE(cells.size() == 5);
  CHECK(cells[0].name() == "name");
  CHECK(cells[0].string_value() == "Zola");
  CHECK(cells[1].type() == v1::PROPERTY_TYPE_NUMBER);
  CHECK(cells[1].number() == 10);
  CHECK(cells[1].text() == "10");
  CHECK(cells[2].internal_name() == "hs_lead_status");
  CHECK(cells[2].option() == "OPEN");
  CHECK(cells[2].text() == "Open");
  CHECK(cells[4].type() == v1::PROPERTY_TYPE_TRUTH);
  CHECK(cells[4].truth());
  CHECK(cells[3].type() == v1::PROPERTY_TYPE_TIME);
  CHECK(cells[3].text().empty());
  CHECK_FALSE(response.rows(0).cells(3).text().empty());

  request.set_page_size(1);
  REQUIRE(views->RunView(Call(), request, &response).ok());
  request.set_page_token(response.next_page_token());
  request.set_name("Mine");
  request.set_user("ana@acme.example");
  CHECK(ReasonOf(views->RunView(Call(), request, &response)) == "INVALID_PAGE_TOKEN");
}

TEST_CASE_METHOD(ListsAndViews, "S13: `me` in a view is who asks") {
  Deploy(kListsAndViews);
  Make("ana", {{"owner", "aya@acme.example"}});
  Make("ben", {{"owner", "ben@acme.example"}});
  Make("cid", {{"owner", "aya@acme.example"}});
  CHECK(Look("Mine", 1, "Aya@acme.example") == Ids{"contacts/ana", "contacts/cid"});
  CHECK(Look("Mine", 50, "nobody@acme.example").empty());
  v1::RunViewRequest request;
  request.set_name("Mine");
  v1::RunViewResponse response;
  CHECK(ReasonOf(views->RunView(Call(), request, &response)) == "USER_REQUIRED");
  request.set_name("My");
  CHECK(ReasonOf(views->RunView(Call(), request, &response)) == "VIEW_NOT_FOUND");

  v1::ListViewsRequest list;
  v1::ListViewsResponse all;
  REQUIRE(views->ListViews(Call(), list, &all).ok());
  REQUIRE(all.views_size() == 2);
  CHECK(all.views(0).columns_size() == 5);
  CHECK(all.views(0).columns(1).type() == v1::PROPERTY_TYPE_NUMBER);
  CHECK_FALSE(all.views(0).needs_user());
  CHECK(all.views(1).needs_user());
  CHECK(all.views(1).text() == "view \"Mine\" when owner is me");
  CHECK(all.views(1).line() == 11);
  v1::GetViewRequest get;
  get.set_name("Mnie");
  v1::GetViewResponse got;
  const grpc::Status unknown = views->GetView(Call(), get, &got);
  CHECK(unknown.error_message() == "there is no view `Mnie`; did you mean `Mine`?");
}

TEST_CASE_METHOD(ListsAndViews,
                 "nobody is taken out twice by the same request, nor out of a list that there is not, or that follows a condition") {
  Deploy(kListsAndViews);
  Make("ana", {});
  REQUIRE(Add("Going cold", {"ana"}).ok());
  REQUIRE(Remove("Going cold", {"ana"}, "r1").ok());
  REQUIRE(Add("Going cold", {"ana"}).ok());
  REQUIRE(Remove("Going cold", {"ana"}, "r1").ok());
  CHECK(removed.changed_count() == 0);
  CHECK(Members("Going cold", 10) == Ids{"contacts/ana"});
  CHECK(ReasonOf(Add("Gone cold", {"ana"})) == "LIST_NOT_FOUND");
  CHECK(ReasonOf(Remove("Gone cold", {"ana"})) == "LIST_NOT_FOUND");
  CHECK(ReasonOf(Remove("Big", {"ana"})) == "LIST_BY_CONDITION");
  CHECK(ReasonOf(Remove("Going cold", {})) == "INVALID_CONTACTS");
  CHECK(ReasonOf(Remove("Going cold", Ids(1001, "ana"))) == "INVALID_CONTACTS");
  v1::ListListMembersRequest members;
  members.set_name("Gone cold");
  CHECK(ReasonOfCall(*lists, &v1::ListService::Stub::ListListMembers, members) == "LIST_NOT_FOUND");
}

TEST_CASE_METHOD(ListsAndViews, "a view is shown by its name, in any letter case") {
  Deploy(kListsAndViews);
  v1::GetViewRequest request;
  request.set_name("views/MINE");
  v1::GetViewResponse response;
  REQUIRE(views->GetView(Call(), request, &response).ok());
  CHECK(response.view().name() == "views/Mine");
  request.set_name("views/Yours");
  CHECK(ReasonOf(views->GetView(Call(), request, &response)) == "VIEW_NOT_FOUND");
}

}  // namespace stagecraft::tests
