// What is refused when a contact is created or updated, through a real client on a real socket.
#include <catch2/catch.hpp>
#include <string>

#include "tests/api/api_fixture.h"

namespace stagecraft::tests {
namespace {

using Stub = v1::ContactService::Stub;

class Changes : public ApiFixture {
 public:
  Changes() {
    Deploy("list \"Big\" when company employees >= 100\n");
    REQUIRE(Publish(MakeEvent("made", "ana", "contact created")).ok());
    create.set_contact_id("ben");
    update.set_name("contacts/ana");
  }

  // The same of both.
  void Check(const std::string& property, const std::string& value, const std::string& reason) {
    INFO(property << " " << value);
    AddText(*create.mutable_properties(), property, value);
    CHECK(ReasonOfCall(*contacts, &Stub::CreateContact, create) == reason);
    AddText(*update.mutable_properties(), property, value);
    CHECK(ReasonOfCall(*contacts, &Stub::UpdateContact, update) == reason);
    create.mutable_properties()->RemoveLast();
    update.mutable_properties()->RemoveLast();
  }

  v1::CreateContactRequest create;
  v1::UpdateContactRequest update;
};

}  // namespace

TEST_CASE_METHOD(Changes, "what a contact cannot have is refused, whether it is made or changed, and nothing of it is kept") {
  Check("shoe size", "38", "UNKNOWN_PROPERTY");
  Check("status", "Nwe", "INVALID_VALUE");
  Check("list:Small", "yes", "LIST_NOT_FOUND");
  Check("list:Big", "yes", "LIST_BY_CONDITION");
  for (int i = 0; i < 1000; ++i) {
    AddText(*create.mutable_properties(), "status", "New");
    AddText(*update.mutable_properties(), "status", "New");
  }
  Check("status", "New", "TOO_MANY_PROPERTIES");
  v1::GetContactRequest get;
  get.set_name("ben");
  CHECK(ReasonOfCall(*contacts, &Stub::GetContact, get) == "CONTACT_NOT_FOUND");
  CHECK(Get("ana").properties_size() == 0);
}

TEST_CASE_METHOD(Changes, "a request_id is of one creation or update, and of nothing else") {
  create.set_request_id("once");
  CHECK(ReasonOfCall(*contacts, &Stub::CreateContact, create).empty());
  create.set_contact_id("cleo");
  CHECK(ReasonOfCall(*contacts, &Stub::CreateContact, create) == "EVENT_ID_REUSED");
  AddText(*update.mutable_properties(), "status", "New");
  update.set_request_id("once");
  CHECK(ReasonOfCall(*contacts, &Stub::UpdateContact, update) == "EVENT_ID_REUSED");
  CHECK(TextOf(Get("ana"), "status").empty());
}

TEST_CASE_METHOD(Changes, "a contact whose rules do not come to an end is not made, and none is changed so") {
  Deploy("on contact created add 1 to n\non contact updated add 1 to n\n" + std::string(kEndless));
  CHECK(ReasonOfCall(*contacts, &Stub::CreateContact, create) == "CASCADE_TOO_LONG");
  AddText(*update.mutable_properties(), "first name", "Ana");
  CHECK(ReasonOfCall(*contacts, &Stub::UpdateContact, update) == "CASCADE_TOO_LONG");
  CHECK(TextOf(Get("ana"), "first name").empty());
}

TEST_CASE_METHOD(Changes, "a contact that there is not, or not any more, is not changed") {
  AddText(*update.mutable_properties(), "first name", "Ana");
  update.set_name("nobody");
  CHECK(ReasonOfCall(*contacts, &Stub::UpdateContact, update) == "CONTACT_NOT_FOUND");
  update.set_name("no spaces please");
  CHECK(ReasonOfCall(*contacts, &Stub::UpdateContact, update) == "INVALID_CONTACT_ID");
  v1::DeleteContactRequest gone;
  gone.set_name("ana");
  REQUIRE(ReasonOfCall(*contacts, &Stub::DeleteContact, gone).empty());
  update.set_name("ana");
  CHECK(ReasonOfCall(*contacts, &Stub::UpdateContact, update) == "CONTACT_DELETED");
}

TEST_CASE_METHOD(ApiFixture, "whatever is asked of one contact is refused when there is no such contact") {
  const auto check = [this](auto method, auto request) {
    INFO(request.GetDescriptor()->name());
    request.set_name("contacts/nobody");
    CHECK(ReasonOfCall(*contacts, method, request) == "CONTACT_NOT_FOUND");
  };
  check(&Stub::GetContact, v1::GetContactRequest());
  check(&Stub::DeleteContact, v1::DeleteContactRequest());
  check(&Stub::UndeleteContact, v1::UndeleteContactRequest());
  check(&Stub::EraseContact, v1::EraseContactRequest());
  check(&Stub::GetTimeline, v1::GetTimelineRequest());
  v1::ExplainRequest explain;
  explain.set_property("status");
  check(&Stub::Explain, explain);
  v1::MergeContactsRequest merge;
  merge.set_other("ana");
  check(&Stub::MergeContacts, merge);
}

}  // namespace stagecraft::tests
