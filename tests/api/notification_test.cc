// NotificationService: what people were told, and what they have read of it.
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/api/api_fixture.h"

namespace stagecraft::tests {
namespace {

class Notifications : public ApiFixture {
 public:
  Notifications() {
    Deploy("on SQL notify \"mika@acme.example\" \"{first name} is yours\"\n");
    for (const std::string contact : {"ana", "ben"}) {
      v1::Event event = MakeEvent("e-" + contact, contact, "contact updated");
      AddText(*event.mutable_properties(), "lifecycle", "SQL");
      REQUIRE(Publish(event).ok());
    }
  }
  std::vector<v1::Notification> List(bool unread) {
    v1::ListNotificationsRequest request;
    request.set_unread(unread);
    v1::ListNotificationsResponse response;
    REQUIRE(notifications->ListNotifications(Call(), request, &response).ok());
    return {response.notifications().begin(), response.notifications().end()};
  }
  grpc::Status Mark(const std::vector<std::string>& names, bool unread = false) {
    v1::MarkReadRequest request;
    request.mutable_names()->Assign(names.begin(), names.end());
    request.set_unread(unread);
    marked.Clear();
    return notifications->MarkRead(Call(), request, &marked);
  }

  v1::MarkReadResponse marked;
};

}  // namespace

TEST_CASE_METHOD(Notifications, "a notification is read when somebody says so, at the time at which it was said first") {
  const std::string ana = List(true).at(0).name();
  REQUIRE(Mark({ana}).ok());
  REQUIRE(marked.notifications_size() == 1);
  const auto read_time = marked.notifications(0).read_time();
  CHECK(read_time.seconds() > 0);
  REQUIRE(List(true).size() == 1);
  CHECK(List(true)[0].contact() == "contacts/ben");
  CHECK_FALSE(List(true)[0].has_read_time());
  CHECK(List(false).size() == 2);

  REQUIRE(Mark({ana, ana}).ok());
  REQUIRE(marked.notifications_size() == 2);
  CHECK(marked.notifications(1).read_time().nanos() == read_time.nanos());
  CHECK(marked.notifications(1).read_time().seconds() == read_time.seconds());

  REQUIRE(Mark({ana}, true).ok());
  CHECK_FALSE(marked.notifications(0).has_read_time());
  CHECK(List(true).size() == 2);
}

TEST_CASE_METHOD(Notifications, "all notifications of a request are marked, or none") {
  const std::string ana = List(true).at(0).name();
  const grpc::Status missing = Mark({ana, "notifications/77"});
  CHECK(missing.error_code() == grpc::StatusCode::NOT_FOUND);
  CHECK(ReasonOf(missing) == "NOTIFICATION_NOT_FOUND");
  CHECK(ReasonOf(Mark({ana, "notifications/none"})) == "INVALID_NAME");
  CHECK(ReasonOf(Mark({})) == "INVALID_BATCH_SIZE");
  CHECK(ReasonOf(Mark(std::vector<std::string>(1001, ana))) == "INVALID_BATCH_SIZE");
  CHECK(List(true).size() == 2);
}

TEST_CASE_METHOD(Notifications, "the notifications of an erased contact cannot be marked, those of a merged one can") {
  const std::vector<v1::Notification> all = List(true);
  v1::MergeContactsRequest merge;
  merge.set_name("contacts/ana");
  merge.set_other("contacts/ben");
  v1::MergeContactsResponse merged;
  REQUIRE(contacts->MergeContacts(Call(), merge, &merged).ok());
  REQUIRE(Mark({all.at(0).name(), all.at(1).name()}).ok());
  CHECK(marked.notifications(1).contact() == "contacts/ana");
  v1::EraseContactRequest erase;
  erase.set_name("contacts/ana");
  v1::EraseContactResponse erased;
  REQUIRE(contacts->EraseContact(Call(), erase, &erased).ok());
  CHECK(ReasonOf(Mark({all[0].name()}, true)) == "NOTIFICATION_NOT_FOUND");
  CHECK(List(false).empty());
}

}  // namespace stagecraft::tests
