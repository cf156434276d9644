// How a stream that watches ends other than by its client: WatchChanges and WatchNotifications alike.
#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>

#include <catch2/catch.hpp>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "server/rpc/limits.h"
#include "tests/api/api_fixture.h"

namespace stagecraft::tests {
namespace {

using Reasons = std::vector<std::string>;

// Empty: the connection ended, without one.
template <typename Response>
std::string ReasonOfEnd(grpc::ClientReader<Response>& reader) {
  Response response;
  while (reader.Read(&response)) continue;
  const grpc::Status status = reader.Finish();
  return status.error_code() == grpc::StatusCode::CANCELLED ? "" : ReasonOf(status);
}

// One stream of each kind.
struct Watches {
  Watches(ApiFixture& api, const std::string& cursor = {}, const std::string& filter = {})
      : Watches(*api.events, *api.notifications, cursor, filter) {}
  Watches(v1::EventService::Stub& events, v1::NotificationService::Stub& notifications, const std::string& cursor = {},
          const std::string& filter = {}) {
    v1::WatchChangesRequest of_changes;
    of_changes.set_cursor(cursor);
    of_changes.set_filter(filter);
    changes = events.WatchChanges(first_, of_changes);
    v1::WatchNotificationsRequest of_notifications;
    of_notifications.set_cursor(cursor);
    of_notifications.set_filter(filter);
    notified = notifications.WatchNotifications(second_, of_notifications);
  }

  // The first answers show that the streams are there.
  std::string Begin() {
    v1::WatchChangesResponse change;
    v1::WatchNotificationsResponse notification;
    REQUIRE(changes->Read(&change));
    REQUIRE(notified->Read(&notification));
    return change.cursor();
  }
  Reasons End() { return {ReasonOfEnd(*changes), ReasonOfEnd(*notified)}; }

 private:
  Call first_, second_;

 public:
  std::unique_ptr<grpc::ClientReader<v1::WatchChangesResponse>> changes;
  std::unique_ptr<grpc::ClientReader<v1::WatchNotificationsResponse>> notified;
};

// Counts the lines of the server's log that have this text.
class LogWatch : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit LogWatch(std::string text) : text_(std::move(text)) {}

  void WaitFor(int lines) {
    std::unique_lock lock(counting_);
    changed_.wait(lock, [&] { return count_ >= lines; });
  }

 private:
  void sink_it_(const spdlog::details::log_msg& line) override {
    if (std::string_view(line.payload.data(), line.payload.size()).find(text_) == std::string_view::npos) return;
    const std::lock_guard lock(counting_);
    ++count_;
    changed_.notify_all();
  }
  void flush_() override {}

  const std::string text_;
  std::mutex counting_;
  std::condition_variable changed_;
  int count_ = 0;
};

// While no server runs, its log may get and lose a sink.
struct WithLog {
  WithLog() { spdlog::default_logger()->sinks().push_back(log); }
  ~WithLog() { spdlog::default_logger()->sinks().pop_back(); }

  const std::shared_ptr<LogWatch> log = std::make_shared<LogWatch>("a watching stream is cut off");
};

struct LoggedServer : WithLog, ApiFixture {};

}  // namespace

TEST_CASE_METHOD(ApiFixture, "a stream that cannot begin is refused: by its cursor, or by its filter") {
  Deploy();
  CHECK(Watches(*this, "nonsense").End() == Reasons(2, "INVALID_CURSOR"));
  CHECK(Watches(*this, "", "lifecycel is SQL").End() == Reasons(2, "INVALID_FILTER"));
  // What a server that was restored from an older backup gets to see.
  ApiFixture other;
  for (int i = 0; i < 5; ++i) REQUIRE(other.Publish(MakeEvent("e" + std::to_string(i), "ana", "page viewed")).ok());
  const std::string ahead = Watches(other).Begin();
  CHECK(Watches(*this, ahead).End() == Reasons(2, "CURSOR_AHEAD"));
}

TEST_CASE_METHOD(ApiFixture, "a stopping server says so to whoever watches") {
  Watches watches(*this);
  watches.Begin();
  server().Drain(std::chrono::seconds(5));
  CHECK(watches.End() == Reasons(2, "SERVER_STOPPING"));
}

TEST_CASE_METHOD(ApiFixture, "more streams than may watch are refused, until another ends") {
  std::deque<Watches> crowd;
  while (2 * crowd.size() < server::limits::kWatchesMax) crowd.emplace_back(*this).Begin();
  CHECK(Watches(*this).End() == Reasons(2, "TOO_MANY_STREAMS"));
  crowd.pop_back();
  const auto is_let_in = [this] {
    Call call;
    const auto stream = events->WatchChanges(call, {});
    v1::WatchChangesResponse first;
    const bool is_in = stream->Read(&first);
    call->TryCancel();
    return is_in;
  };
  while (!is_let_in()) {}  // the server has yet to hear that one has left
}

TEST_CASE_METHOD(LoggedServer, "who takes nothing for too long hears why it was cut off, when it reads again at last") {
  Deploy("on page viewed notify \"mika@acme.example\" \"{first name}\"\n");
  grpc::ChannelArguments small_window;
  small_window.SetInt(GRPC_ARG_HTTP2_BDP_PROBE, 0);
  small_window.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  const auto own = grpc::CreateCustomChannel(address(), grpc::InsecureChannelCredentials(), small_window);
  const auto own_events = v1::EventService::NewStub(own);
  const auto own_notifications = v1::NotificationService::NewStub(own);
  Reasons ends;
  // Who reads again so late that the server waits no more for the end to be taken, either, does not hear it: then once more.
  for (int attempt = 1; attempt <= 10 && ends != Reasons(2, "READER_TOO_SLOW"); ++attempt) {
    Watches stalled(*own_events, *own_notifications);
    stalled.Begin();
    for (int i = 0; i < 100; ++i) {
      v1::Event event = MakeEvent("", "ana", "page viewed");
      AddText(*event.mutable_properties(), "first name", std::string(20'000, 'x') + std::to_string(i));
      REQUIRE(Publish(event).ok());
    }
    log->WaitFor(2 * attempt);
    ends = stalled.End();
  }
  CHECK(ends == Reasons(2, "READER_TOO_SLOW"));
}

}  // namespace stagecraft::tests
