// ChangeWatcher: everything once, whatever happens to the connection.
#include "client/change_watcher.h"

#include <catch2/catch.hpp>
#include <chrono>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "client/call.h"
#include "client/event_publisher.h"
#include "tests/client/client_fixture.h"
#include "tests/client/stub_server.h"

namespace stagecraft::tests {
namespace {

using client::ChangeWatcher;
using client::WatchOptions;
using std::chrono::milliseconds;
using std::chrono::seconds;

// The ids of the next `count` events. Fails the test when they do not come.
std::vector<std::string> NextIds(ChangeWatcher& watcher, std::size_t count) {
  std::vector<std::string> ids;
  const auto until = std::chrono::steady_clock::now() + seconds(60);
  while (ids.size() < count) {
    const auto next = watcher.Next(seconds(10));
    INFO(next.status.message);
    REQUIRE(next.ok());
    for (const v1::Change& change : next.value.changes()) ids.push_back(change.entry().event_id());
    REQUIRE(std::chrono::steady_clock::now() < until);
  }
  return ids;
}

}  // namespace

TEST_CASE_METHOD(ClientFixture, "a watcher goes on over a killed server, and a later one from its cursor: each change once") {
  Start();
  const auto channel = Connect();
  WatchOptions options;
  int breaks = 0;
  options.on_break = [&](const client::Status&) { ++breaks; };
  std::string cursor;
  std::vector<std::string> expected;
  client::EventPublisher publisher(channel);
  const auto publish = [&](int begin, int end) {
    for (int i = begin; i < end; ++i) {
      REQUIRE(publisher.Publish(PageViewed("e" + std::to_string(i), "c" + std::to_string(i % 7))).ok());
      expected.push_back("e" + std::to_string(i));
    }
  };
  {
    ChangeWatcher watcher(channel, options);
    REQUIRE_FALSE(watcher.Next(seconds(30)).value.cursor().empty());
    publish(0, 700);
    std::vector<std::string> ids = NextIds(watcher, 1);
    Kill();
    publish(700, 900);
    Start();
    const auto rest = NextIds(watcher, 900 - ids.size());
    ids.insert(ids.end(), rest.begin(), rest.end());
    CHECK(ids == expected);
    CHECK(breaks > 0);
    cursor = watcher.cursor();
  }
  expected.clear();
  publish(900, 950);
  REQUIRE(publisher.Flush(seconds(30)).ok());
  options.cursor = cursor;
  ChangeWatcher later(channel, options);
  CHECK(NextIds(later, 50) == expected);
}

TEST_CASE_METHOD(ClientFixture, "what cannot be watched is said, each time, and who stops the watcher ends the wait") {
  Start();
  const auto channel = Connect();
  WatchOptions options;
  options.cursor = "nonsense";
  ChangeWatcher wrong(channel, options);
  for (int i = 0; i < 2; ++i) CHECK(wrong.Next(seconds(10)).status.reason == "INVALID_CURSOR");
  ChangeWatcher watcher(channel);
  REQUIRE(watcher.Next(seconds(10)).ok());
  const auto nothing = watcher.Next(milliseconds(50));
  CHECK(nothing.ok());
  CHECK(nothing.value.changes_size() == 0);
  CHECK(nothing.value.cursor() == watcher.cursor());
  std::thread stopping([&] {
    std::this_thread::sleep_for(milliseconds(50));
    watcher.Stop();
  });
  CHECK(watcher.Next(std::chrono::hours(1)).status.code == grpc::StatusCode::CANCELLED);
  stopping.join();
  MakeToken("admin");
}

TEST_CASE("a silent stream and one that was too slow are begun again at the cursor") {
  StubServer server;
  std::mutex mutex;
  std::vector<std::string> cursors;
  server.watch = [&](grpc::ServerWriter<v1::WatchChangesResponse>& writer, const v1::WatchChangesRequest& request) {
    std::size_t stream = 0;
    {
      const std::lock_guard lock(mutex);
      cursors.push_back(request.cursor());
      stream = cursors.size();
    }
    v1::WatchChangesResponse answer;
    answer.set_cursor("c" + std::to_string(stream));
    writer.Write(answer);
    if (stream == 1) std::this_thread::sleep_for(milliseconds(500));
    if (stream == 2) return Refusal(grpc::StatusCode::RESOURCE_EXHAUSTED, "READER_TOO_SLOW");
    return grpc::Status::OK;
  };
  WatchOptions options;
  options.silence = milliseconds(200);
  ChangeWatcher watcher(server.Connect(), options);
  for (const char* cursor : {"c1", "c2", "c3"}) {
    const auto next = watcher.Next(seconds(10));
    REQUIRE(next.ok());
    CHECK(next.value.cursor() == cursor);
  }
  const std::lock_guard lock(mutex);
  CHECK(cursors[0].empty());
  CHECK(cursors[1] == "c1");
  CHECK(cursors[2] == "c2");
}

TEST_CASE("without a server a watcher says so each time its patience is over, and goes on") {
  client::ConnectOptions nowhere;
  nowhere.address = "127.0.0.1:1";
  WatchOptions options;
  options.patience = milliseconds(300);
  ChangeWatcher watcher(client::Connect(nowhere).value, options);
  for (int i = 0; i < 2; ++i) CHECK(watcher.Next(seconds(20)).status.code == grpc::StatusCode::UNAVAILABLE);
  CHECK(watcher.Next(milliseconds(10)).ok());
}

}  // namespace stagecraft::tests
