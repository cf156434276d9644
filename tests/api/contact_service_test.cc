// ContactService without its import, through a real client on a real socket.
#include <catch2/catch.hpp>
#include <chrono>
#include <string>
#include <vector>

#include "server/server.h"
#include "stagecraft/v1/diagnostic.pb.h"
#include "stagecraft/v1/view_service.grpc.pb.h"
#include "tests/api/api_fixture.h"

namespace stagecraft::tests {
namespace {

using Fields = std::vector<std::string>;

std::vector<std::string> Names(const v1::ListContactsResponse& response) {
  std::vector<std::string> names;
  for (const v1::Contact& contact : response.contacts()) names.push_back(contact.name());
  return names;
}

// Ten contacts c0 … c9 with a last name, an order of their own and every second one an SQL.
void MakeTen(ApiFixture& api) {
  const std::string last_names[] = {"Ito", "Baker", "Eames", "adams", "Hahn", "Diaz", "Cole", "Gray", "Fox", ""};
  for (int i = 0; i < 10; ++i) {
    auto event = MakeEvent("make " + std::to_string(i), "c" + std::to_string(i), "contact updated");
    if (!last_names[i].empty()) AddText(*event.mutable_properties(), "last name", last_names[i]);
    if (i % 2 == 0) AddText(*event.mutable_properties(), "lifecycle", "SQL");
    REQUIRE(api.Publish(event).ok());
  }
}

// All pages, one after the other.
std::vector<std::string> ListAll(ApiFixture& api, v1::ListContactsRequest request, int* pages = nullptr) {
  std::vector<std::string> names;
  for (int page = 1; page < 100; ++page) {
    v1::ListContactsResponse response;
    REQUIRE(api.contacts->ListContacts(Call(), request, &response).ok());
    for (const std::string& name : Names(response)) names.push_back(name);
    if (pages != nullptr) *pages = page;
    if (response.next_page_token().empty()) break;
    request.set_page_token(response.next_page_token());
  }
  return names;
}

}  // namespace

TEST_CASE_METHOD(ApiFixture, "a contact is created with its first values, and rules react") {
  Deploy();
  v1::CreateContactRequest request;
  request.set_contact_id("ana");
  request.set_actor("ben@acme.example");
  AddText(*request.mutable_properties(), "First Name", "Ana");
  AddText(*request.mutable_properties(), "lifecycle", "SQL");
  v1::CreateContactResponse response;
  REQUIRE(contacts->CreateContact(Call(), request, &response).ok());
  CHECK(response.contact().name() == "contacts/ana");
  CHECK(TextOf(response.contact(), "first name") == "Ana");
  CHECK(TextOf(response.contact(), "status") == "New");
  CHECK_FALSE(response.contact().etag().empty());
  CHECK(response.contact().has_create_time());

  const grpc::Status again = contacts->CreateContact(Call(), request, &response);
  CHECK(again.error_code() == grpc::StatusCode::ALREADY_EXISTS);
  CHECK(ReasonOf(again) == "CONTACT_EXISTS");
}

TEST_CASE_METHOD(ApiFixture, "creating with a request_id may be repeated, and gives the contact its id where it has none") {
  v1::CreateContactRequest request;
  request.set_request_id("0b6f2a3e-0000-4000-8000-000000000001");
  v1::CreateContactResponse first, second;
  REQUIRE(contacts->CreateContact(Call(), request, &first).ok());
  REQUIRE(contacts->CreateContact(Call(), request, &second).ok());
  CHECK(first.contact().name() == "contacts/" + request.request_id());
  CHECK(second.contact().etag() == first.contact().etag());
}

TEST_CASE_METHOD(ApiFixture, "a bad value or name is refused with the field to blame") {
  v1::CreateContactRequest request;
  request.set_contact_id("no spaces please");
  v1::CreateContactResponse response;
  CHECK(ReasonOf(contacts->CreateContact(Call(), request, &response)) == "INVALID_CONTACT_ID");
  request.set_contact_id("ana");
  AddText(*request.mutable_properties(), "status", "Nwe");
  const grpc::Status status = contacts->CreateContact(Call(), request, &response);
  CHECK(status.error_code() == grpc::StatusCode::INVALID_ARGUMENT);
  CHECK(FieldsOf(DetailsOf(status)) == Fields{"properties.status"});
  v1::GetContactRequest get;
  get.set_name("contacts/ana");
  v1::GetContactResponse none;
  const grpc::Status missing = contacts->GetContact(Call(), get, &none);
  CHECK(missing.error_code() == grpc::StatusCode::NOT_FOUND);
  CHECK(ReasonOf(missing) == "CONTACT_NOT_FOUND");
}

TEST_CASE_METHOD(ApiFixture, "a contact shows its properties with their types, and its scores, counters and lists") {
  Deploy(R"(property budget money
property "opted out" yes or no
property "contract end" date
counter views of page viewed
score
  +5 when views >= 1
list "Warm" when score >= 5
)");
  auto event = MakeEvent("e1", "ana", "page viewed");
  AddText(*event.mutable_properties(), "budget", "1 200.50");
  AddText(*event.mutable_properties(), "opted out", "yes");
  AddText(*event.mutable_properties(), "contract end", "2026-12-29");
  AddText(*event.mutable_properties(), "status", "NEW");
  const grpc::Status status = Publish(event);
  INFO(status.error_message());
  REQUIRE(status.ok());
  const v1::Contact ana = Get("ana");
  INFO(ana.DebugString());
  const auto find = [&ana](const std::string& name) {
    for (const v1::Property& property : ana.properties()) {
      if (property.name() == name) return property;
    }
    return v1::Property();
  };
  CHECK(find("budget").type() == v1::PROPERTY_TYPE_MONEY);
  CHECK(find("budget").number() == 1200.5);
  CHECK(find("opted out").truth());
  CHECK(find("contract end").string_value() == "2026-12-29");
  CHECK(find("status").option() == "NEW");
  CHECK(find("status").text() == "New");
  CHECK(find("status").internal_name() == "hs_lead_status");
  CHECK(find("status").has_change_time());
  REQUIRE(ana.scores_size() == 1);
  CHECK(ana.scores(0).value() == 5);
  REQUIRE(ana.lists_size() == 1);
  CHECK(ana.lists(0) == "Warm");
}

TEST_CASE_METHOD(ApiFixture, "an update changes what is given, and nothing else") {
  auto made = MakeEvent("make", "ana", "contact updated");
  AddText(*made.mutable_properties(), "first name", "Ana");
  AddText(*made.mutable_properties(), "last name", "Ito");
  REQUIRE(Publish(made).ok());
  v1::UpdateContactRequest request;
  request.set_name("contacts/ana");
  AddText(*request.mutable_properties(), "status", "Open");
  request.add_properties()->set_name("last name");
  v1::UpdateContactResponse response;
  REQUIRE(contacts->UpdateContact(Call(), request, &response).ok());
  CHECK(TextOf(response.contact(), "first name") == "Ana");
  CHECK(TextOf(response.contact(), "last name").empty());
  CHECK(TextOf(response.contact(), "status") == "Open");
}

TEST_CASE_METHOD(ApiFixture, "an update with a mask changes just what is in the mask") {
  auto made = MakeEvent("make", "ana", "contact updated");
  AddText(*made.mutable_properties(), "first name", "Ana");
  AddText(*made.mutable_properties(), "last name", "Ito");
  AddText(*made.mutable_properties(), "company name", "Acme");
  REQUIRE(Publish(made).ok());
  v1::UpdateContactRequest request;
  request.set_name("ana");
  v1::UpdateContactResponse response;

  SECTION("what is in it and not given is cleared, what is given and not in it stays") {
    AddText(*request.mutable_properties(), "first name", "Anna");
    AddText(*request.mutable_properties(), "company name", "Other");
    request.mutable_update_mask()->add_paths("properties.first_name");
    request.mutable_update_mask()->add_paths("properties.last name");
    REQUIRE(contacts->UpdateContact(Call(), request, &response).ok());
    CHECK(TextOf(response.contact(), "first name") == "Anna");
    CHECK(TextOf(response.contact(), "last name").empty());
    CHECK(TextOf(response.contact(), "company name") == "Acme");
  }
  SECTION("a mask of all clears everything that is not given") {
    AddText(*request.mutable_properties(), "first name", "Anna");
    request.mutable_update_mask()->add_paths("*");
    REQUIRE(contacts->UpdateContact(Call(), request, &response).ok());
    CHECK(response.contact().properties_size() == 1);
    CHECK(TextOf(response.contact(), "first name") == "Anna");
  }
  SECTION("a path that is no property is refused") {
    request.mutable_update_mask()->add_paths("properties.shoe size");
    const grpc::Status status = contacts->UpdateContact(Call(), request, &response);
    CHECK(status.error_code() == grpc::StatusCode::INVALID_ARGUMENT);
    CHECK(FieldsOf(DetailsOf(status)) == Fields{"update_mask"});
  }
}

TEST_CASE_METHOD(ApiFixture, "an update with an etag is refused once something else has happened to the contact") {
  REQUIRE(Publish(MakeEvent("make", "ana", "contact created")).ok());
  v1::UpdateContactRequest request;
  request.set_name("contacts/ana");
  request.set_etag(Get("ana").etag());
  request.set_request_id("update 1");
  AddText(*request.mutable_properties(), "status", "Open");
  v1::UpdateContactResponse response;
  REQUIRE(contacts->UpdateContact(Call(), request, &response).ok());
  // The same request again is a repetition, not a conflict.
  CHECK(contacts->UpdateContact(Call(), request, &response).ok());
  request.set_request_id("update 2");
  const grpc::Status late = contacts->UpdateContact(Call(), request, &response);
  CHECK(late.error_code() == grpc::StatusCode::ABORTED);
  CHECK(ReasonOf(late) == "CONTACT_CHANGED");
  request.set_etag("nonsense");
  CHECK(ReasonOf(contacts->UpdateContact(Call(), request, &response)) == "INVALID_ETAG");
}

TEST_CASE_METHOD(ApiFixture, "an update of nobody is NOT_FOUND") {
  v1::UpdateContactRequest request;
  request.set_name("contacts/nobody");
  v1::UpdateContactResponse response;
  CHECK(contacts->UpdateContact(Call(), request, &response).error_code() == grpc::StatusCode::NOT_FOUND);
}

TEST_CASE_METHOD(ApiFixture, "contacts are listed by creation, page by page") {
  MakeTen(*this);
  v1::ListContactsRequest request;
  request.set_page_size(4);
  int pages = 0;
  const auto names = ListAll(*this, request, &pages);
  REQUIRE(names.size() == 10);
  CHECK(pages == 3);
  for (std::size_t i = 0; i < names.size(); ++i) CHECK(names[i] == "contacts/c" + std::to_string(i));
}

TEST_CASE_METHOD(ApiFixture, "contacts are filtered by a condition of the language") {
  MakeTen(*this);
  v1::ListContactsRequest request;
  request.set_page_size(2);
  request.set_filter("lifecycle is SQL and last name is not \"Cole\"");
  CHECK(ListAll(*this, request) == Fields{"contacts/c0", "contacts/c2", "contacts/c4", "contacts/c8"});
}

TEST_CASE_METHOD(ApiFixture, "contacts are ordered by a value, those without one last, across pages") {
  MakeTen(*this);
  v1::ListContactsRequest request;
  request.set_page_size(3);
  request.set_order_by("last name");
  const Fields ascending = {"contacts/c3", "contacts/c1", "contacts/c6", "contacts/c5", "contacts/c2",
                            "contacts/c8", "contacts/c7", "contacts/c4", "contacts/c0", "contacts/c9"};
  CHECK(ListAll(*this, request) == ascending);
  request.set_order_by("Last Name desc");
  const Fields descending = {"contacts/c0", "contacts/c4", "contacts/c7", "contacts/c8", "contacts/c2",
                             "contacts/c5", "contacts/c6", "contacts/c1", "contacts/c3", "contacts/c9"};
  CHECK(ListAll(*this, request) == descending);
  request.set_order_by("last name  Descending");
  CHECK(ListAll(*this, request) == descending);
}

TEST_CASE_METHOD(ApiFixture, "contacts are ordered by several values, the first counts most") {
  MakeTen(*this);
  v1::ListContactsRequest request;
  request.set_order_by("lifecycle, last name desc");
  const Fields all = ListAll(*this, request);
  CHECK(all == Fields{"contacts/c0", "contacts/c4", "contacts/c8", "contacts/c2", "contacts/c6", "contacts/c7", "contacts/c5",
                      "contacts/c1", "contacts/c3", "contacts/c9"});
  for (const int size : {1, 2, 3}) {
    request.set_page_size(size);
    CHECK(ListAll(*this, request) == all);
  }
}

TEST_CASE_METHOD(ApiFixture, "a list has only those values of contacts that are asked for") {
  Deploy();
  MakeTen(*this);
  v1::ListContactsRequest request;
  v1::ListContactsResponse response;
  *request.add_values() = "lifecyclestage";
  *request.add_values() = "Views";
  REQUIRE(contacts->ListContacts(Call(), request, &response).ok());
  REQUIRE(response.contacts_size() == 10);
  REQUIRE(response.contacts(0).properties_size() == 1);
  CHECK(response.contacts(0).properties(0).name() == "lifecycle");
  REQUIRE(response.contacts(0).counters_size() == 1);
  CHECK(response.contacts(0).has_create_time());
  *request.add_values() = "statsu";
  const grpc::Status status = contacts->ListContacts(Call(), request, &response);
  CHECK(ReasonOf(status) == "UNKNOWN_PROPERTY");
  CHECK(status.error_message() == "there is no property, score or counter `statsu`; did you mean `status`?");
}

TEST_CASE_METHOD(ApiFixture, "contacts are got by their names, in the order of the names") {
  Deploy();
  MakeTen(*this);
  v1::BatchGetContactsRequest request;
  v1::BatchGetContactsResponse response;
  for (const char* name : {"contacts/c7", "c2", "contacts/c7"}) request.add_names(name);
  *request.add_values() = "last name";
  REQUIRE(contacts->BatchGetContacts(Call(), request, &response).ok());
  REQUIRE(response.contacts_size() == 3);
  CHECK(response.contacts(0).name() == "contacts/c7");
  CHECK(response.contacts(1).name() == "contacts/c2");
  CHECK(response.contacts(2).name() == "contacts/c7");
  REQUIRE(response.contacts(1).properties_size() == 1);
  CHECK(TextOf(response.contacts(1), "last name") == "Eames");

  request.add_names("contacts/nobody");
  const grpc::Status missing = contacts->BatchGetContacts(Call(), request, &response);
  CHECK(missing.error_code() == grpc::StatusCode::NOT_FOUND);
  CHECK(missing.error_message() == "there is no contact `nobody`");
  CHECK(ReasonOf(missing) == "CONTACT_NOT_FOUND");
}

TEST_CASE_METHOD(ApiFixture, "as many contacts are got at once as a page has, and not more") {
  MakeTen(*this);
  v1::BatchGetContactsRequest request;
  v1::BatchGetContactsResponse response;
  CHECK(FieldsOf(DetailsOf(contacts->BatchGetContacts(Call(), request, &response))) == Fields{"names"});
  for (int i = 0; i < 1000; ++i) request.add_names("c" + std::to_string(i % 10));
  REQUIRE(contacts->BatchGetContacts(Call(), request, &response).ok());
  REQUIRE(response.contacts_size() == 1000);
  CHECK(response.contacts(999).name() == "contacts/c9");
  request.add_names("c1");
  const grpc::Status status = contacts->BatchGetContacts(Call(), request, &response);
  CHECK(ReasonOf(status) == "INVALID_CONTACTS");
  CHECK(status.error_message() == "1001 names; expected 1 to 1000");
  request.clear_names();
  request.add_names("c1");
  *request.add_values() = "statsu";
  CHECK(ReasonOf(contacts->BatchGetContacts(Call(), request, &response)) == "UNKNOWN_PROPERTY");
}

namespace {

// All contacts of an export; `status`: how it ended.
std::vector<v1::Contact> ExportAll(ApiFixture& api, const v1::ExportContactsRequest& request, grpc::Status& status) {
  Call call;
  const auto parts = api.contacts->ExportContacts(call, request);
  std::vector<v1::Contact> all;
  v1::ExportContactsResponse part;
  std::int64_t scanned = 0;
  while (parts->Read(&part)) {
    CHECK(part.contacts_size() <= 200);
    CHECK(part.scanned_count() >= scanned);
    CHECK(part.scanned_count() <= part.total_count());
    scanned = part.scanned_count();
    for (const v1::Contact& contact : part.contacts()) all.push_back(contact);
  }
  CHECK(scanned == part.total_count());
  status = parts->Finish();
  return all;
}

}  // namespace

TEST_CASE_METHOD(ApiFixture, "an export has each contact once, by creation") {
  Deploy();
  for (int i = 0; i < 450; ++i) {
    auto event = MakeEvent("make " + std::to_string(i), "c" + std::to_string(i), "contact updated");
    if (i % 3 == 0) AddText(*event.mutable_properties(), "lifecycle", "SQL");
    REQUIRE(Publish(event).ok());
  }
  v1::DeleteContactRequest deletion;
  deletion.set_name("c1");
  v1::DeleteContactResponse deleted;
  REQUIRE(contacts->DeleteContact(Call(), deletion, &deleted).ok());

  v1::ExportContactsRequest request;
  grpc::Status status;
  const auto all = ExportAll(*this, request, status);
  REQUIRE(status.ok());
  REQUIRE(all.size() == 449);
  CHECK(all[0].name() == "contacts/c0");
  CHECK(all[1].name() == "contacts/c2");
  CHECK(all[448].name() == "contacts/c449");

  request.set_show_deleted(true);
  CHECK(ExportAll(*this, request, status).size() == 450);
  request.set_filter("lifecycle is SQL");
  *request.add_values() = "status";
  const auto chosen = ExportAll(*this, request, status);
  REQUIRE(chosen.size() == 150);
  REQUIRE(chosen[0].properties_size() == 1);
  CHECK(TextOf(chosen[0], "status") == "New");
}

TEST_CASE_METHOD(ApiFixture, "a bad export says what is wrong, and an empty one is one") {
  v1::ExportContactsRequest request;
  grpc::Status status;
  CHECK(ExportAll(*this, request, status).empty());
  CHECK(status.ok());
  request.set_filter("lifecycle is");
  v1::ExportContactsResponse part;
  Call call;
  CHECK(ReasonOf(contacts->ExportContacts(call, request)->Finish()) == "INVALID_FILTER");
  request.clear_filter();
  *request.add_values() = "statsu";
  Call again;
  CHECK(ReasonOf(contacts->ExportContacts(again, request)->Finish()) == "UNKNOWN_PROPERTY");
}

TEST_CASE_METHOD(ApiFixture, "bad list requests say what is wrong") {
  MakeTen(*this);
  v1::ListContactsRequest request;
  v1::ListContactsResponse response;
  SECTION("a negative page size") {
    request.set_page_size(-1);
    CHECK(ReasonOf(contacts->ListContacts(Call(), request, &response)) == "INVALID_PAGE_SIZE");
  }
  SECTION("a token of another request") {
    request.set_page_size(2);
    REQUIRE(contacts->ListContacts(Call(), request, &response).ok());
    request.set_page_token(response.next_page_token());
    request.set_page_size(3);  // the size may change
    REQUIRE(contacts->ListContacts(Call(), request, &response).ok());
    request.set_filter("lifecycle is SQL");
    CHECK(ReasonOf(contacts->ListContacts(Call(), request, &response)) == "INVALID_PAGE_TOKEN");
    request.set_page_token("§");
    CHECK(ReasonOf(contacts->ListContacts(Call(), request, &response)) == "INVALID_PAGE_TOKEN");
  }
  SECTION("an order by nothing that is known") {
    request.set_order_by("shoe size");
    CHECK(FieldsOf(DetailsOf(contacts->ListContacts(Call(), request, &response))) == Fields{"order_by"});
  }
  SECTION("a filter with an error, as a diagnostic of the language") {
    request.set_filter("status is Nwe");
    const grpc::Status status = contacts->ListContacts(Call(), request, &response);
    CHECK(status.error_code() == grpc::StatusCode::INVALID_ARGUMENT);
    CHECK(ReasonOf(status) == "INVALID_FILTER");
    const google::rpc::Status details = DetailsOf(status);
    v1::Diagnostic diagnostic;
    int diagnostics = 0;
    for (const auto& detail : details.details()) diagnostics += detail.UnpackTo(&diagnostic) ? 1 : 0;
    REQUIRE(diagnostics == 1);
    CHECK(diagnostic.range().begin().column() == 11);
    CHECK(diagnostic.line_text() == "status is Nwe");
  }
}

TEST_CASE_METHOD(ApiFixture, "tasks and notifications of rules are listed, by contact and person") {
  Deploy();
  for (const std::string id : {"ana", "ben"}) {
    auto event = MakeEvent("make " + id, id, "contact updated");
    AddText(*event.mutable_properties(), "first name", id);
    AddText(*event.mutable_properties(), "owner", id + "@acme.example");
    AddText(*event.mutable_properties(), "lifecycle", "SQL");
    REQUIRE(Publish(event).ok());
  }
  v1::ListTasksRequest request;
  v1::ListTasksResponse response;
  REQUIRE(tasks->ListTasks(Call(), request, &response).ok());
  REQUIRE(response.tasks_size() == 2);
  CHECK(response.tasks(0).title() == "Call ana");
  CHECK(response.tasks(0).contact() == "contacts/ana");
  CHECK(response.tasks(0).assignee() == "ana@acme.example");
  CHECK(response.tasks(0).priority() == v1::PRIORITY_HIGH);
  CHECK(response.tasks(0).due_time().seconds() - response.tasks(0).create_time().seconds() == 86'400);
  CHECK(response.tasks(0).cause_sequence() > 0);
  request.set_assignee("BEN@acme.example");
  response.Clear();
  REQUIRE(tasks->ListTasks(Call(), request, &response).ok());
  REQUIRE(response.tasks_size() == 1);
  CHECK(response.tasks(0).contact() == "contacts/ben");

  v1::ListNotificationsRequest told;
  told.set_page_size(1);
  v1::ListNotificationsResponse news;
  REQUIRE(notifications->ListNotifications(Call(), told, &news).ok());
  REQUIRE(news.notifications_size() == 1);
  CHECK(news.notifications(0).text() == "New SQL: ana");
  told.set_page_token(news.next_page_token());
  news.Clear();
  REQUIRE(notifications->ListNotifications(Call(), told, &news).ok());
  REQUIRE(news.notifications_size() == 1);
  CHECK(news.notifications(0).recipient() == "ben@acme.example");
  CHECK(news.next_page_token().empty());
  told.clear_page_token();
  told.set_contact("contacts/nobody");
  CHECK(notifications->ListNotifications(Call(), told, &news).error_code() == grpc::StatusCode::NOT_FOUND);
}

TEST_CASE_METHOD(ApiFixture, "an order that takes too long to find is refused, and the same without an order is answered") {
  Deploy("on page viewed create task \"Look\" for owner\nview \"Ordered\" when score >= 0 sort by score\n");
  // More than are looked at in one go: 20 000.
  for (int batch = 0; batch < 21; ++batch) {
    v1::PublishEventsRequest request;
    for (int i = 0; i < 1000; ++i) {
      const std::string id = "c" + std::to_string(batch * 1000 + i);
      *request.add_events() = MakeEvent("e-" + id, id, "page viewed");
    }
    v1::PublishEventsResponse response;
    REQUIRE(events->PublishEvents(Call(), request, &response).ok());
  }
  server::ServerOptions hasty;
  hasty.listen = "127.0.0.1:0";
  hasty.order_time = std::chrono::milliseconds(0);
  const auto other = server::Server::Start(engine(), hasty);
  REQUIRE(other.has_value());
  const auto channel = grpc::CreateChannel("127.0.0.1:" + std::to_string((*other)->port()), grpc::InsecureChannelCredentials());

  v1::ListContactsRequest request;
  request.set_order_by("score desc");
  v1::ListContactsResponse response;
  const auto stub = v1::ContactService::NewStub(channel);
  const grpc::Status refused = stub->ListContacts(Call(), request, &response);
  CHECK(refused.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED);
  CHECK(ReasonOf(refused) == "QUERY_TOO_COSTLY");
  CHECK(refused.error_message().find("after 20000 of them") != std::string::npos);
  v1::RunViewRequest view;
  view.set_name("views/Ordered");
  v1::RunViewResponse viewed;
  CHECK(ReasonOf(v1::ViewService::NewStub(channel)->RunView(Call(), view, &viewed)) == "QUERY_TOO_COSTLY");
  v1::ListTasksRequest by_due;
  by_due.set_order_by("due_time");
  v1::ListTasksResponse listed;
  CHECK(ReasonOf(v1::TaskService::NewStub(channel)->ListTasks(Call(), by_due, &listed)) == "QUERY_TOO_COSTLY");
  CHECK(contacts->ListContacts(Call(), request, &response).ok());
  request.clear_order_by();
  REQUIRE(stub->ListContacts(Call(), request, &response).ok());
  CHECK(response.contacts_size() == 50);
}

}  // namespace stagecraft::tests
