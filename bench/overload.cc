#include "bench/overload.h"

#include <fmt/format.h>
#include <grpcpp/client_context.h>
#include <grpcpp/completion_queue.h>

#include <algorithm>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "bench/load_client.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "stagecraft/v1/admin_service.grpc.pb.h"
#include "stagecraft/v1/event_service.grpc.pb.h"

namespace stagecraft::bench {
namespace {

constexpr int kFactor = 10;
constexpr int kBatchEvents = 200;
constexpr int kConnections = 8;
constexpr int kInFlightToMeasure = 16;       // what the server takes, it takes with this many calls under way
constexpr std::size_t kInFlightMax = 4'000;  // a call more is not made: it is the client's memory that would grow
constexpr double kSeconds = 60;
constexpr double kAcceptedMillisMax = 5'000;  // what ninety-nine of a hundred accepted calls may wait, client and server on two cores

struct Call {
  std::optional<grpc::ClientContext> context;
  std::unique_ptr<grpc::ClientAsyncResponseReader<v1::PublishEventsResponse>> reader;
  v1::PublishEventsRequest request;
  v1::PublishEventsResponse response;
  grpc::Status status;
  Clock::time_point start;
};

bool SaysWhenToTryAgain(const grpc::Status& status) {
  google::rpc::Status details;
  if (!details.ParseFromString(status.error_details())) return false;
  return std::any_of(details.details().begin(), details.details().end(), [](const auto& detail) {
    google::rpc::RetryInfo info;
    return detail.UnpackTo(&info) && (info.retry_delay().seconds() > 0 || info.retry_delay().nanos() > 0);
  });
}

class Client {
 public:
  Client(const std::string& server, std::uint32_t contacts) : contacts_(contacts), rng_(4711), ids_(77) {
    for (int i = 0; i < kConnections; ++i) stubs_.push_back(v1::EventService::NewStub(Connect(server)));
  }

  std::size_t in_flight() const { return in_flight_; }

  void Begin() {
    if (idle_.empty()) idle_.push_back(&calls_.emplace_back());
    Call& call = *idle_.back();
    idle_.pop_back();
    // The events are made once for each call: making them anew each time would be most of the load.
    if (call.request.events().empty()) {
      for (int i = 0; i < kBatchEvents; ++i) Fill(rng_, contacts_, call.request.add_events());
    }
    for (v1::Event& event : *call.request.mutable_events()) {
      ids_.Next(event.mutable_event_id());
      SetNow(&event);
    }
    call.context.emplace();
    call.response.Clear();
    call.start = Clock::now();
    call.reader = stubs_[begun_++ % stubs_.size()]->AsyncPublishEvents(&*call.context, call.request, &queue_);
    call.reader->Finish(&call.response, &call.status, &call);
    ++in_flight_;
  }

  // Takes an answer that comes until then; false: none came.
  bool TakeAnswer(Clock::time_point until) {
    void* tag = nullptr;
    bool ok = false;
    const auto wait = std::chrono::system_clock::now() + std::chrono::duration_cast<std::chrono::microseconds>(until - Clock::now());
    if (queue_.AsyncNext(&tag, &ok, wait) != grpc::CompletionQueue::GOT_EVENT) return false;
    auto& call = *static_cast<Call*>(tag);
    --in_flight_;
    idle_.push_back(&call);
    const double millis = SecondsSince(call.start) * 1e3;
    if (call.status.ok()) {
      accepted_millis.push_back(millis);
      for (const v1::EventResult& result : call.response.results()) {
        if (result.state() != v1::EVENT_STATE_APPLIED) Die("an event was not applied: " + result.ShortDebugString());
      }
      return true;
    }
    if (call.status.error_code() != grpc::StatusCode::RESOURCE_EXHAUSTED) Die("a call ended with: " + call.status.error_message());
    if (!SaysWhenToTryAgain(call.status)) Die("a call was refused without RetryInfo: " + call.status.error_message());
    refused_millis.push_back(millis);
    return true;
  }

  void TakeAll() {
    while (in_flight_ > 0) TakeAnswer(Clock::now() + std::chrono::seconds(1));
  }

  std::vector<double> accepted_millis, refused_millis;

 private:
  const std::uint32_t contacts_;
  Rng rng_;
  Ids ids_;
  grpc::CompletionQueue queue_;
  std::vector<std::unique_ptr<v1::EventService::Stub>> stubs_;
  std::deque<Call> calls_;
  std::vector<Call*> idle_;
  std::size_t begun_ = 0, in_flight_ = 0;
};

std::int64_t RecordsOf(const std::string& server) {
  grpc::ClientContext context;
  v1::GetServerInfoResponse info;
  const auto status = v1::AdminService::NewStub(Connect(server))->GetServerInfo(&context, {}, &info);
  if (!status.ok()) Die("server info: " + status.error_message());
  return info.record_count();
}

// Events a second that the server accepts from clients that wait for its answers.
double Capacity(Client& client) {
  const auto start = Clock::now();
  while (SecondsSince(start) < 5.0) {
    while (client.in_flight() < kInFlightToMeasure) client.Begin();
    client.TakeAnswer(Clock::now() + std::chrono::seconds(1));
  }
  const double rate = static_cast<double>(client.accepted_millis.size()) * kBatchEvents / SecondsSince(start);
  client.TakeAll();
  return rate;
}

void PrintTimes(const std::string& name, std::vector<double>& millis) {
  if (millis.empty()) return;
  std::sort(millis.begin(), millis.end());
  Print(name + ".p50", millis[millis.size() / 2], "ms");
  Print(name + ".p99", millis[millis.size() * 99 / 100], "ms");
  Print(name + ".max", millis.back(), "ms");
}

}  // namespace

int Overload(const std::string& server, std::uint32_t contacts) {
  Client client(server, contacts);
  const std::int64_t records_before = RecordsOf(server);
  const double capacity = Capacity(client);
  const std::size_t accepted_before = client.accepted_millis.size();
  PrintTimes("stagecraft.overload.before", client.accepted_millis);
  client.accepted_millis.clear();
  client.refused_millis.clear();

  const double seconds = MeasuredSeconds(kSeconds);
  const double calls_per_second = kFactor * capacity / kBatchEvents;
  const auto start = Clock::now();
  std::size_t offered = 0, not_made = 0;
  while (SecondsSince(start) < seconds) {
    for (const auto due = static_cast<std::size_t>(SecondsSince(start) * calls_per_second); offered + not_made < due;) {
      if (client.in_flight() >= kInFlightMax) {
        ++not_made;
      } else {
        client.Begin();
        ++offered;
      }
    }
    while (client.TakeAnswer(Clock::now())) {}
  }
  client.TakeAll();
  const double elapsed = SecondsSince(start);

  const std::size_t accepted = client.accepted_millis.size();
  Print("stagecraft.overload.capacity", capacity, "events/s");
  Print("stagecraft.overload.offered", static_cast<double>(offered + not_made) * kBatchEvents / elapsed, "events/s");
  Print("stagecraft.overload.sent", static_cast<double>(offered) * kBatchEvents / elapsed, "events/s");
  Print("stagecraft.overload.accepted", static_cast<double>(accepted) * kBatchEvents / elapsed, "events/s");
  Print("stagecraft.overload.refused", static_cast<double>(client.refused_millis.size()) * kBatchEvents / elapsed, "events/s");
  PrintTimes("stagecraft.overload.accepted", client.accepted_millis);
  PrintTimes("stagecraft.overload.refused", client.refused_millis);
  if (client.refused_millis.empty()) Die("nothing was refused: that was no overload");
  const double slow = client.accepted_millis.empty() ? 0 : client.accepted_millis[accepted * 99 / 100];
  if (slow > kAcceptedMillisMax) Die(fmt::format("one in a hundred accepted calls waited more than {} ms", kAcceptedMillisMax));
  const std::int64_t there = RecordsOf(server) - records_before;
  const auto expected = static_cast<std::int64_t>((accepted_before + accepted) * kBatchEvents);
  if (there != expected) Die(fmt::format("{} events were accepted, and {} are there", expected, there));
  fmt::print("every one of the {} accepted events is there, once\n", expected);
  return 0;
}

}  // namespace stagecraft::bench
