// ContactService.DeleteContact, UndeleteContact, MergeContacts and EraseContact (E12), through a real client on a real socket.
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/api/api_fixture.h"

namespace stagecraft::tests {
namespace {

v1::Event Named(const std::string& id, const std::string& contact, const std::string& first_name) {
  auto event = MakeEvent(id, contact, "contact updated");
  AddText(*event.mutable_properties(), "first name", first_name);
  return event;
}

int Listed(ApiFixture& api, bool show_deleted) {
  v1::ListContactsRequest request;
  request.set_show_deleted(show_deleted);
  v1::ListContactsResponse response;
  REQUIRE(api.contacts->ListContacts(Call(), request, &response).ok());
  return response.contacts_size();
}

}  // namespace

TEST_CASE_METHOD(ApiFixture, "a deleted contact is not listed, takes no event, and comes back as it was") {
  Deploy();
  auto becomes_sql = Named("e1", "ana", "Ana");
  AddText(*becomes_sql.mutable_properties(), "lifecycle", "SQL");
  REQUIRE(Publish(becomes_sql).ok());
  REQUIRE(Publish(Named("e2", "ben", "Ben")).ok());
  v1::DeleteContactRequest request;
  request.set_name("contacts/ana");
  request.set_actor("mika@acme.example");
  request.set_etag(Get("ben").etag());
  v1::DeleteContactResponse response;
  CHECK(ReasonOf(contacts->DeleteContact(Call(), request, &response)) == "CONTACT_CHANGED");
  request.set_etag(Get("ana").etag());
  REQUIRE(contacts->DeleteContact(Call(), request, &response).ok());
  CHECK(response.contact().has_delete_time());
  CHECK(Listed(*this, false) == 1);
  CHECK(Listed(*this, true) == 2);
  v1::ListTasksResponse listed;
  REQUIRE(tasks->ListTasks(Call(), {}, &listed).ok());
  CHECK(listed.tasks_size() == 0);
  const grpc::Status refused = Publish(MakeEvent("e3", "ana", "page viewed"));
  CHECK(ReasonOf(refused) == "CONTACT_DELETED");
  CHECK(refused.error_message() == "the contact `ana` is deleted; restore it first");

  v1::UndeleteContactRequest undelete;
  undelete.set_name("ana");
  v1::UndeleteContactResponse restored;
  REQUIRE(contacts->UndeleteContact(Call(), undelete, &restored).ok());
  CHECK_FALSE(restored.contact().has_delete_time());
  CHECK(TextOf(restored.contact(), "first name") == "Ana");
  const grpc::Status again = contacts->UndeleteContact(Call(), undelete, &restored);
  CHECK(again.error_code() == grpc::StatusCode::ALREADY_EXISTS);
  CHECK(ReasonOf(again) == "CONTACT_NOT_DELETED");
  v1::GetTimelineRequest timeline;
  timeline.set_name("ana");
  v1::GetTimelineResponse history;
  REQUIRE(contacts->GetTimeline(Call(), timeline, &history).ok());
  REQUIRE(history.entries_size() == 3);
  CHECK(history.entries(0).title() == "contact restored");
  CHECK(history.entries(1).title() == "contact deleted");
  CHECK(history.entries(1).actor() == "mika@acme.example");
  CHECK(history.entries(1).kind() == v1::ENTRY_KIND_STANDING);
}

TEST_CASE_METHOD(ApiFixture, "a merged contact's id means the one that goes on") {
  Deploy();
  REQUIRE(Publish(Named("e1", "ana", "Ana")).ok());
  REQUIRE(Publish(MakeEvent("e2", "old", "page viewed")).ok());
  v1::MergeContactsRequest request;
  request.set_name("ana");
  request.set_other("contacts/old");
  v1::MergeContactsResponse response;
  REQUIRE(contacts->MergeContacts(Call(), request, &response).ok());
  CHECK(response.contact().name() == "contacts/ana");
  CHECK(Get("old").name() == "contacts/ana");
  CHECK(Listed(*this, true) == 1);
  CHECK(ReasonOf(contacts->MergeContacts(Call(), request, &response)) == "SAME_CONTACT");
  request.set_other("nobody");
  CHECK(ReasonOf(contacts->MergeContacts(Call(), request, &response)) == "CONTACT_NOT_FOUND");
}

TEST_CASE_METHOD(ApiFixture, "an erased contact is not there, for whoever asks") {
  Deploy();
  REQUIRE(Publish(Named("e1", "ana", "Annabella")).ok());
  v1::EraseContactRequest request;
  request.set_name("ana");
  v1::EraseContactResponse response;
  REQUIRE(contacts->EraseContact(Call(), request, &response).ok());
  v1::GetContactRequest get;
  get.set_name("ana");
  v1::GetContactResponse contact;
  CHECK(ReasonOf(contacts->GetContact(Call(), get, &contact)) == "CONTACT_NOT_FOUND");
  CHECK(ReasonOf(contacts->EraseContact(Call(), request, &response)) == "CONTACT_NOT_FOUND");
  CHECK(Listed(*this, true) == 0);
  REQUIRE(Publish(Named("e2", "ana", "Another")).ok());
  CHECK(TextOf(Get("ana"), "first name") == "Another");
}

TEST_CASE_METHOD(ApiFixture, "what is decided on a contact as it was is not done to the contact as it is") {
  Deploy();
  REQUIRE(Publish(Named("e1", "ana", "Ana")).ok());
  REQUIRE(Publish(Named("e2", "ben", "Ben")).ok());
  const std::string before = Get("ana").etag();
  REQUIRE(Publish(Named("e3", "ana", "Anna")).ok());
  using Contacts = v1::ContactService::Stub;
  v1::DeleteContactRequest gone;
  v1::MergeContactsRequest merge;
  v1::EraseContactRequest erase;
  merge.set_other("ben");
  const auto reasons = [&](const std::string& etag) {
    gone.set_name("ana");
    gone.set_etag(etag);
    merge.set_name("ana");
    merge.set_etag(etag);
    erase.set_name("ana");
    erase.set_etag(etag);
    return std::vector<std::string>{ReasonOfCall(*contacts, &Contacts::DeleteContact, gone),
                                    ReasonOfCall(*contacts, &Contacts::MergeContacts, merge),
                                    ReasonOfCall(*contacts, &Contacts::EraseContact, erase)};
  };
  CHECK(reasons(before) == std::vector<std::string>(3, "CONTACT_CHANGED"));
  CHECK(reasons("nonsense") == std::vector<std::string>(3, "INVALID_ETAG"));
  CHECK(TextOf(Get("ana"), "first name") == "Anna");
  gone.clear_etag();
  CHECK(ReasonOfCall(*contacts, &Contacts::DeleteContact, gone).empty());
  gone.clear_etag();
  CHECK(ReasonOfCall(*contacts, &Contacts::DeleteContact, gone) == "CONTACT_DELETED");
  merge.clear_etag();
  CHECK(ReasonOfCall(*contacts, &Contacts::MergeContacts, merge) == "CONTACT_DELETED");
  merge.set_name("ben");
  merge.set_other("ana");
  CHECK(ReasonOfCall(*contacts, &Contacts::MergeContacts, merge) == "CONTACT_DELETED");
  erase.set_etag(Get("ana").etag());
  CHECK(ReasonOfCall(*contacts, &Contacts::EraseContact, erase).empty());
}

}  // namespace stagecraft::tests
