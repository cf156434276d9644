// WatchChanges, WatchNotifications: what is committed, in its order, once, whatever happens to the connection.
#include <catch2/catch.hpp>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "tests/api/api_fixture.h"

namespace stagecraft::tests {
namespace {

v1::Event PageViewed(const std::string& id, const std::string& contact) { return MakeEvent(id, contact, "page viewed"); }

v1::Event PropertyEvent(const std::string& id, const std::string& contact, const std::string& property, const std::string& value) {
  v1::Event event = MakeEvent(id, contact, "contact updated");
  AddText(*event.mutable_properties(), property, value);
  return event;
}

// Someone who watches, in this thread.
class Watcher {
 public:
  explicit Watcher(v1::EventService::Stub& stub, const v1::WatchChangesRequest& request = {})
      : reader_(stub.WatchChanges(call_, request)) {}

  // The next change. Fails the test when the stream ends before.
  v1::Change Next() {
    while (changes_.empty()) {
      v1::WatchChangesResponse response;
      if (!reader_->Read(&response)) FAIL("the stream has ended: " << reader_->Finish().error_message());
      cursor_ = response.cursor();
      changes_.assign(response.changes().rbegin(), response.changes().rend());
    }
    v1::Change change = changes_.back();
    changes_.pop_back();
    return change;
  }
  // The first answer, which has a cursor and nothing else, shows that the stream is there.
  std::string Begin() {
    v1::WatchChangesResponse response;
    REQUIRE(reader_->Read(&response));
    CHECK(response.changes_size() == 0);
    return cursor_ = response.cursor();
  }
  grpc::Status End() {
    v1::WatchChangesResponse response;
    while (reader_->Read(&response)) continue;
    return reader_->Finish();
  }
  const std::string& cursor() const { return cursor_; }

 private:
  Call call_;
  std::unique_ptr<grpc::ClientReader<v1::WatchChangesResponse>> reader_;
  std::vector<v1::Change> changes_;  // the next one last
  std::string cursor_;
};

v1::WatchChangesRequest FromCursor(const std::string& cursor) {
  v1::WatchChangesRequest request;
  request.set_cursor(cursor);
  return request;
}

}  // namespace

TEST_CASE_METHOD(ApiFixture, "who watches is told of what happens from then on, in its order, with what came of it") {
  Deploy();
  REQUIRE(Publish(PageViewed("before", "ana")).ok());
  Watcher watcher(*events);
  watcher.Begin();
  REQUIRE(Publish(PageViewed("e1", "ana")).ok());
  REQUIRE(Publish(PropertyEvent("e2", "ben", "lifecycle", "SQL")).ok());
  const v1::Change first = watcher.Next();
  CHECK(first.contact() == "contacts/ana");
  CHECK(first.entry().event_id() == "e1");
  CHECK(first.entry().title() == "page viewed");
  const v1::Change second = watcher.Next();
  CHECK(second.contact() == "contacts/ben");
  CHECK(second.entry().event_id() == "e2");
  bool has_status = false;
  for (const v1::TimelineChange& change : second.entry().changes()) {
    has_status = has_status || (change.property() == "status" && change.after() == "New" && change.line() == 3);
  }
  CHECK(has_status);
}

TEST_CASE_METHOD(ApiFixture, "who comes back with its cursor misses nothing, and gets nothing twice") {
  Deploy();
  std::string cursor;
  {
    Watcher watcher(*events);
    cursor = watcher.Begin();
    REQUIRE(Publish(PageViewed("e0", "ana")).ok());
    CHECK(watcher.Next().entry().event_id() == "e0");
    cursor = watcher.cursor();
  }
  // More than are told at once.
  for (int i = 1; i <= 600; ++i) REQUIRE(Publish(PageViewed("e" + std::to_string(i), "c" + std::to_string(i % 7))).ok());
  Watcher watcher(*events, FromCursor(cursor));
  for (int i = 1; i <= 600; ++i) REQUIRE(watcher.Next().entry().event_id() == "e" + std::to_string(i));
  REQUIRE(Publish(PageViewed("last", "ana")).ok());
  CHECK(watcher.Next().entry().event_id() == "last");
}

TEST_CASE_METHOD(ApiFixture, "who watches one contact, or those that meet a condition, is told of no other") {
  Deploy();
  REQUIRE(Publish(PageViewed("e1", "ana")).ok());
  v1::WatchChangesRequest of_ana;
  of_ana.set_contact("contacts/ana");
  Watcher ana(*events, of_ana);
  ana.Begin();
  v1::WatchChangesRequest of_sqls;
  of_sqls.set_filter("lifecycle is SQL");
  Watcher sqls(*events, of_sqls);
  sqls.Begin();
  REQUIRE(Publish(PageViewed("e2", "ben")).ok());
  REQUIRE(Publish(PropertyEvent("e3", "ben", "lifecycle", "SQL")).ok());
  REQUIRE(Publish(PageViewed("e4", "ana")).ok());
  REQUIRE(Publish(PageViewed("e5", "ben")).ok());
  CHECK(ana.Next().entry().event_id() == "e4");
  std::string seen;
  while (seen != "e5") {
    const v1::Change change = sqls.Next();
    CHECK(change.contact() == "contacts/ben");
    seen = change.entry().event_id();
  }
}

TEST_CASE_METHOD(ApiFixture, "a deployment is told to who watches everything") {
  Watcher watcher(*events);
  watcher.Begin();
  Deploy();
  const v1::Change change = watcher.Next();
  CHECK(change.contact().empty());
  CHECK(change.entry().kind() == v1::ENTRY_KIND_DEPLOYMENT);
}

TEST_CASE_METHOD(ApiFixture, "what cannot be watched is refused") {
  Deploy();
  const auto reason = [this](const v1::WatchChangesRequest& request) { return ReasonOf(Watcher(*events, request).End()); };
  CHECK(reason(FromCursor("nonsense")) == "INVALID_CURSOR");
  v1::WatchChangesRequest request;
  request.set_filter("lifecycel is SQL");
  CHECK(reason(request) == "INVALID_FILTER");
  request.Clear();
  request.set_contact("nobody");
  CHECK(reason(request) == "CONTACT_NOT_FOUND");
  // What a server that was restored from an older backup gets to see.
  ApiFixture other;
  for (int i = 0; i < 5; ++i) REQUIRE(other.Publish(PageViewed("e" + std::to_string(i), "ana")).ok());
  std::string cursor;
  {
    Watcher ahead(*other.events);
    cursor = ahead.Begin();
  }
  const grpc::Status status = Watcher(*events, FromCursor(cursor)).End();
  CHECK(status.error_code() == grpc::StatusCode::OUT_OF_RANGE);
  CHECK(ReasonOf(status) == "CURSOR_AHEAD");
}

TEST_CASE_METHOD(ApiFixture, "who does not read is cut off, and neither events nor other watchers wait for it") {
  Deploy();
  grpc::ChannelArguments small_window;
  small_window.SetInt(GRPC_ARG_HTTP2_BDP_PROBE, 0);
  small_window.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  const auto stub = v1::EventService::NewStub(grpc::CreateCustomChannel(address(), grpc::InsecureChannelCredentials(), small_window));
  Watcher stalled(*stub);
  stalled.Begin();
  Watcher reading(*events);
  reading.Begin();
  const std::string text(20'000, 'x');
  for (int i = 0; i < 100; ++i) {
    v1::Event event = PageViewed("e" + std::to_string(i), "ana");
    AddText(*event.mutable_properties(), "first name", text + std::to_string(i));
    REQUIRE(Publish(event).ok());
    CHECK(reading.Next().entry().event_id() == event.event_id());
  }
  std::this_thread::sleep_for(std::chrono::seconds(3));  // its patience is one second here
  const grpc::Status status = stalled.End();
  CHECK_FALSE(status.ok());
  REQUIRE(Publish(PageViewed("after", "ana")).ok());
  CHECK(reading.Next().entry().event_id() == "after");
}

TEST_CASE_METHOD(ApiFixture, "a stopping server ends who watches with UNAVAILABLE") {
  Deploy();
  Watcher watcher(*events);
  watcher.Begin();
  server().Drain(std::chrono::seconds(5));
  CHECK(watcher.End().error_code() == grpc::StatusCode::UNAVAILABLE);
}

TEST_CASE_METHOD(ApiFixture, "notifications are told as they are made, to who asks for them") {
  Deploy();
  v1::WatchNotificationsRequest request;
  request.set_recipient("Ben@acme.example");
  Call call;
  const auto reader = notifications->WatchNotifications(call, request);
  v1::WatchNotificationsResponse response;
  REQUIRE(reader->Read(&response));
  CHECK(response.notifications_size() == 0);
  for (const std::string owner : {"ana@acme.example", "ben@acme.example"}) {
    v1::Event event = PropertyEvent("e-" + owner, "of-" + owner, "lifecycle", "SQL");
    AddText(*event.mutable_properties(), "owner", owner);
    REQUIRE(Publish(event).ok());
  }
  REQUIRE(reader->Read(&response));
  REQUIRE(response.notifications_size() == 1);
  CHECK(response.notifications(0).recipient() == "ben@acme.example");
  CHECK(response.notifications(0).contact() == "contacts/of-ben@acme.example");
}

TEST_CASE_METHOD(ApiFixture, "an event is read back by its id") {
  Deploy();
  REQUIRE(Publish(PropertyEvent("e1", "ana", "lifecycle", "SQL")).ok());
  v1::GetEventRequest request;
  request.set_name("events/e1");
  v1::GetEventResponse response;
  Call call;
  REQUIRE(events->GetEvent(call, request, &response).ok());
  CHECK(response.event().contact() == "contacts/ana");
  CHECK(response.event().entry().event_id() == "e1");
  CHECK(response.event().entry().title() == "contact updated");
  CHECK(response.event().entry().changes_size() > 0);
  request.set_name("events/e2");
  Call second;
  CHECK(ReasonOf(events->GetEvent(second, request, &response)) == "EVENT_NOT_FOUND");
  request.set_name("");
  Call third;
  CHECK(ReasonOf(events->GetEvent(third, request, &response)) == "INVALID_NAME");
}

TEST_CASE_METHOD(ApiFixture, "events are listed newest first, page by page, by contact, type and condition") {
  Deploy();
  for (int i = 0; i < 30; ++i) REQUIRE(Publish(PageViewed("p" + std::to_string(i), i % 2 == 0 ? "ana" : "ben")).ok());
  REQUIRE(Publish(PropertyEvent("u1", "ana", "lifecycle", "SQL")).ok());
  const auto list = [this](v1::ListEventsRequest request) {
    std::vector<std::string> ids;
    v1::ListEventsResponse response;
    do {
      request.set_page_token(response.next_page_token());
      Call call;
      const grpc::Status status = events->ListEvents(call, request, &response);
      if (!status.ok()) FAIL(status.error_message());
      for (const v1::Change& event : response.events()) ids.push_back(event.entry().event_id());
    } while (!response.next_page_token().empty());
    return ids;
  };
  v1::ListEventsRequest all;
  all.set_page_size(7);
  const std::vector<std::string> ids = list(all);
  REQUIRE(ids.size() == 31);
  CHECK(ids.front() == "u1");
  for (int i = 0; i < 30; ++i) CHECK(ids[static_cast<std::size_t>(i) + 1] == "p" + std::to_string(29 - i));

  v1::ListEventsRequest of_ben;
  of_ben.set_contact("ben");
  of_ben.set_page_size(4);
  CHECK(list(of_ben).size() == 15);
  v1::ListEventsRequest updates;
  updates.set_type("contact updated");
  CHECK(list(updates) == std::vector<std::string>{"u1"});
  v1::ListEventsRequest of_sqls;
  of_sqls.set_filter("lifecycle is SQL");
  CHECK(list(of_sqls).size() == 16);

  v1::ListEventsRequest wrong;
  wrong.set_type("page veiwed");
  v1::ListEventsResponse response;
  Call call;
  CHECK(ReasonOf(events->ListEvents(call, wrong, &response)) == "UNKNOWN_EVENT_TYPE");
}

TEST_CASE_METHOD(ApiFixture, "watchers that leave while they are being let in harm nobody, and are forgotten") {
  constexpr int kThreads = 4;
  constexpr int kTimes = 400;
  std::vector<std::thread> crowd;
  for (int i = 0; i < kThreads; ++i) {
    crowd.emplace_back([this, i] {
      for (int j = 0; j < kTimes; ++j) {
        grpc::ClientContext call;
        const auto stream = events->WatchChanges(&call, {});
        v1::WatchChangesResponse change;
        // At once, or when it has begun.
        if ((i + j) % 3 != 0) static_cast<void>(stream->Read(&change));
        call.TryCancel();
        while (stream->Read(&change)) {}
        static_cast<void>(stream->Finish());
      }
    });
  }
  for (std::thread& each : crowd) each.join();
  REQUIRE(Publish(MakeEvent("e1", "ana", "page viewed")).ok());
  Call last;
  const auto stream = events->WatchChanges(last, {});
  v1::WatchChangesResponse change;
  CHECK(stream->Read(&change));
}

}  // namespace stagecraft::tests
