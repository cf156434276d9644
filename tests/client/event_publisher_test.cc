// EventPublisher: nothing lost, nothing twice, whatever happens to the stream.
#include "client/event_publisher.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "client/call.h"
#include "tests/client/client_fixture.h"
#include "tests/client/stub_server.h"

namespace stagecraft::tests {
namespace {

using client::EventPublisher;
using client::PublisherOptions;
using client::PublishReport;
using client::Rejection;
using std::chrono::milliseconds;
using std::chrono::seconds;

using Calls = grpc::ServerReaderWriter<v1::StreamEventsResponse, v1::StreamEventsRequest>;

v1::StreamEventsResponse Applied(const v1::StreamEventsRequest& batch) {
  v1::StreamEventsResponse answer;
  answer.set_batch(batch.batch());
  answer.set_applied(batch.events_size());
  return answer;
}

std::string Numbered(int i) { return "e" + std::to_string(i); }

}  // namespace

TEST_CASE_METHOD(ClientFixture, "events are published in their order, and what was refused is told") {
  Start();
  const auto channel = Connect();
  std::vector<Rejection> rejections;
  PublisherOptions options;
  options.batch_events = 100;
  options.on_rejected = [&](const Rejection& rejection) { rejections.push_back(rejection); };
  EventPublisher publisher(channel, options);
  for (int i = 0; i < 1050; ++i) {
    v1::Event event = PageViewed(Numbered(i), "c" + std::to_string(i % 7));
    if (i == 777) event.set_type("page veiwed");
    REQUIRE(publisher.Publish(event).ok());
  }
  REQUIRE(publisher.Flush(seconds(30)).ok());
  CHECK(publisher.acknowledged() == 1050);
  REQUIRE(rejections.size() == 1);
  CHECK(rejections[0].index == 777);
  CHECK(rejections[0].event.event_id() == "e777");
  CHECK(rejections[0].state == v1::EVENT_STATE_REJECTED);
  CHECK(rejections[0].status.reason == "UNKNOWN_EVENT_TYPE");
  REQUIRE(publisher.Publish(PageViewed("e0", "c0")).ok());
  const PublishReport report = publisher.Close(seconds(30));
  CHECK(report.status.ok());
  CHECK(report.published == 1051);
  CHECK(report.acknowledged == 1051);
  CHECK(report.applied == 1049);
  CHECK(report.duplicates == 1);
  CHECK(report.rejected == 1);
  CHECK(report.breaks == 0);
  CHECK(report.unacknowledged.empty());
  CHECK(publisher.Publish(PageViewed("late", "c0")).reason == "PUBLISHER_CLOSED");
  CHECK(publisher.Close(seconds(1)).acknowledged == 1051);
  CHECK(CountEvents(channel) == 1049);
}

TEST_CASE_METHOD(ClientFixture, "a server is killed again and again in the midst of publishing: nothing is lost, nothing is there twice") {
  Start();
  const auto channel = Connect();
  constexpr int kEvents = 20'000;
  PublisherOptions options;
  options.batch_events = 64;
  EventPublisher publisher(channel, options);
  std::thread publishing([&] {
    for (int i = 0; i < kEvents; ++i) {
      if (!publisher.Publish(PageViewed(Numbered(i), "c" + std::to_string(i % 50))).ok()) return;
      if (i % 1000 == 0) std::this_thread::sleep_for(milliseconds(40));
    }
  });
  for (int round = 0; round < 4; ++round) {
    std::this_thread::sleep_for(milliseconds(150));
    Kill();
    Start();
  }
  publishing.join();
  const PublishReport report = publisher.Close(seconds(60));
  INFO(report.status.message);
  CHECK(report.status.ok());
  CHECK(report.acknowledged == kEvents);
  CHECK(report.applied + report.duplicates == kEvents);
  CHECK(report.breaks > 0);
  CHECK(CountEvents(channel) == kEvents);
}

TEST_CASE("a slow server holds up who publishes: no more than the window is under way") {
  StubServer server;
  std::atomic<bool> may_answer = false;
  server.stream = [&](Calls& calls, const grpc::ServerContext& context) {
    v1::StreamEventsRequest batch;
    while (calls.Read(&batch)) {
      while (!may_answer && !context.IsCancelled()) std::this_thread::sleep_for(milliseconds(5));
      calls.Write(Applied(batch));
    }
    return grpc::Status::OK;
  };
  PublisherOptions options;
  options.batch_events = 10;
  options.batches_in_flight = 3;
  options.linger = milliseconds(1);
  EventPublisher publisher(server.Connect(), options);
  int taken = 0;
  v1::Event event = PageViewed("", "ana");
  client::Status full;
  while ((full = publisher.TryPublish(event)).ok()) {
    ++taken;
    event = PageViewed("", "ana");
    REQUIRE(taken < 100);
  }
  CHECK(full.reason == "PUBLISHER_FULL");
  CHECK(event.contact() == "contacts/ana");  // still there
  CHECK(taken <= 40);                        // three batches, and the one that is being filled
  CHECK(taken >= 13);
  CHECK(publisher.Flush(milliseconds(50)).reason == "NOT_ACKNOWLEDGED");
  CHECK(publisher.acknowledged() == 0);
  std::atomic<bool> is_through = false;
  std::thread waiting([&] {
    CHECK(publisher.Publish(event).ok());
    is_through = true;
  });
  std::this_thread::sleep_for(milliseconds(100));
  CHECK_FALSE(is_through);
  may_answer = true;
  waiting.join();
  const PublishReport report = publisher.Close(seconds(10));
  CHECK(report.status.ok());
  CHECK(report.applied == static_cast<std::uint64_t>(taken) + 1);
}

TEST_CASE("what was not acknowledged in time is handed back, in its order and with its ids") {
  StubServer server;
  server.stream = [&](Calls& calls, const grpc::ServerContext& context) {
    v1::StreamEventsRequest batch;
    if (calls.Read(&batch)) calls.Write(Applied(batch));
    while (!context.IsCancelled()) std::this_thread::sleep_for(milliseconds(5));
    return grpc::Status::CANCELLED;
  };
  PublisherOptions options;
  options.batch_events = 4;
  EventPublisher publisher(server.Connect(), options);
  for (int i = 0; i < 10; ++i) REQUIRE(publisher.Publish(PageViewed(i == 9 ? "" : Numbered(i), "ana")).ok());
  const PublishReport report = publisher.Close(milliseconds(500));
  CHECK(report.status.reason == "NOT_ACKNOWLEDGED");
  CHECK(report.published == 10);
  CHECK(report.acknowledged == 4);
  REQUIRE(report.unacknowledged.size() == 6);
  for (int i = 4; i < 9; ++i) CHECK(report.unacknowledged[static_cast<std::size_t>(i - 4)].event_id() == Numbered(i));
  CHECK(report.unacknowledged[5].event_id().size() == 36);
}

TEST_CASE("a stream that acknowledges nothing, or breaks, is begun again with what is unacknowledged") {
  StubServer server;
  std::mutex mutex;
  std::vector<std::string> seen;
  int streams = 0;
  server.stream = [&](Calls& calls, const grpc::ServerContext& context) {
    const int stream = ++streams;
    v1::StreamEventsRequest batch;
    while (calls.Read(&batch)) {
      {
        const std::lock_guard lock(mutex);
        for (const v1::Event& event : batch.events()) seen.push_back(std::to_string(stream) + event.event_id());
      }
      if (stream == 1) {  // hangs
        while (!context.IsCancelled()) std::this_thread::sleep_for(milliseconds(5));
        return grpc::Status::CANCELLED;
      }
      if (stream == 2) return grpc::Status(grpc::StatusCode::INTERNAL, "torn off");
      calls.Write(Applied(batch));
    }
    return grpc::Status::OK;
  };
  std::vector<std::string> breaks;
  PublisherOptions options;
  options.batch_events = 2;
  options.answer_timeout = milliseconds(200);
  options.on_break = [&](const client::Status& status) { breaks.push_back(status.message); };
  EventPublisher publisher(server.Connect(), options);
  for (int i = 0; i < 4; ++i) REQUIRE(publisher.Publish(PageViewed(Numbered(i), "ana")).ok());
  const PublishReport report = publisher.Close(seconds(10));
  CHECK(report.status.ok());
  CHECK(report.applied == 4);
  CHECK(report.breaks == 2);
  CHECK(breaks == std::vector<std::string>{"the server acknowledged nothing in time", "torn off"});
  const std::lock_guard lock(mutex);
  const std::vector<std::string> last(seen.end() - 4, seen.end());
  CHECK(last == std::vector<std::string>{"3e0", "3e1", "3e2", "3e3"});
}

TEST_CASE_METHOD(ClientFixture, "a publisher whose token is refused ends, and says why") {
  MakeToken("admin");
  const std::string viewer = MakeToken("viewer");
  Start();
  for (const auto& [token, reason] : {std::pair<std::string, std::string>("sc_nobody", "TOKEN_UNKNOWN"), {viewer, "ROLE_TOO_LOW"}}) {
    EventPublisher publisher(Connect(token));
    REQUIRE(publisher.Publish(PageViewed("e1", "ana")).ok());
    CHECK(publisher.Flush(seconds(10)).reason == reason);
    CHECK(publisher.Publish(PageViewed("e2", "ana")).reason == reason);
    const PublishReport report = publisher.Close(seconds(10));
    CHECK(report.status.reason == reason);
    CHECK(report.unacknowledged.size() == 1);
  }
}

TEST_CASE("with no server the publisher gives up when its patience is over, and with nothing published it just ends") {
  client::ConnectOptions nowhere;
  nowhere.address = "127.0.0.1:1";
  const auto channel = client::Connect(nowhere).value;
  PublisherOptions options;
  options.patience = milliseconds(400);
  EventPublisher publisher(channel, options);
  REQUIRE(publisher.Publish(PageViewed("e1", "ana")).ok());
  CHECK(publisher.Flush(seconds(20)).code == grpc::StatusCode::UNAVAILABLE);
  CHECK(publisher.Close(seconds(1)).unacknowledged.size() == 1);
  EventPublisher idle(channel);
  CHECK(idle.Close(seconds(1)).status.ok());
  const EventPublisher never_closed(channel);
}

TEST_CASE("an event that is too large is refused before it spoils the stream") {
  StubServer server;
  std::atomic<std::size_t> largest = 0;
  server.stream = [&](Calls& calls, const grpc::ServerContext&) {
    v1::StreamEventsRequest batch;
    while (calls.Read(&batch)) {
      largest = std::max<std::size_t>(largest, batch.ByteSizeLong());
      calls.Write(Applied(batch));
    }
    return grpc::Status::OK;
  };
  EventPublisher publisher(server.Connect());
  v1::Event event = PageViewed("", "ana");
  v1::Field* field = event.add_fields();
  field->set_name("page");
  field->set_text(std::string(5U << 20, 'x'));
  CHECK(publisher.Publish(event).reason == "EVENT_TOO_LARGE");
  field->set_text(std::string(60'000, 'x'));
  for (int i = 0; i < 100; ++i) REQUIRE(publisher.Publish(event).ok());
  CHECK(publisher.Close(seconds(10)).applied == 100);
  CHECK(largest <= (1U << 20));
}

}  // namespace stagecraft::tests
