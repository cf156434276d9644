// The real server is killed (-9) in the middle of a stream, again and again: what was acknowledged is there, once.
#include <grpcpp/client_context.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <map>
#include <random>
#include <semaphore>
#include <string>
#include <thread>
#include <vector>

#include "stagecraft/v1/contact_service.grpc.pb.h"
#include "stagecraft/v1/event_service.grpc.pb.h"
#include "stagecraft/v1/script_service.grpc.pb.h"
#include "tests/fault/server_process.h"
#include "tests/store/temp_folder.h"

namespace stagecraft::tests {
namespace {

namespace v1 = ::stagecraft::v1;

constexpr int kRounds = 20;
constexpr int kBatchEvents = 40;
constexpr int kContacts = 7;
constexpr int kBatchesUnderWay = 24;  // more than the server takes at once

constexpr const char* kScript = R"(counter views of page viewed

rule "First view"
  on page viewed
  set status Open
)";

struct Load {
  int next_batch = 0;
  std::vector<v1::StreamEventsRequest> open;  // sent, and not acknowledged when the server was killed
  std::map<std::string, int> expected;        // events by contact, of all batches that were ever sent

  v1::StreamEventsRequest Make() {
    v1::StreamEventsRequest batch;
    batch.set_batch(next_batch);
    for (int i = 0; i < kBatchEvents; ++i) {
      v1::Event* event = batch.add_events();
      const std::string contact = "c" + std::to_string((next_batch + i) % kContacts);
      event->set_event_id("e" + std::to_string(next_batch) + "-" + std::to_string(i));
      event->set_contact(contact);
      event->set_type("page viewed");
      event->set_create_if_missing(true);
      ++expected[contact];
    }
    ++next_batch;
    return batch;
  }
};

void Deploy(const std::shared_ptr<grpc::Channel>& channel) {
  v1::DeployScriptsRequest request;
  request.add_files()->set_name("load.stage");
  request.mutable_files(0)->set_text(kScript);
  v1::DeployScriptsResponse response;
  grpc::ClientContext context;
  const auto status = v1::ScriptService::NewStub(channel)->DeployScripts(&context, request, &response);
  INFO(status.error_message() << response.DebugString());
  REQUIRE(status.ok());
  REQUIRE(response.has_deployment());
}

// Sends batches again, waits for all answers, and returns how many events were there already.
int SendAgain(const std::shared_ptr<grpc::Channel>& channel, const std::vector<v1::StreamEventsRequest>& batches) {
  grpc::ClientContext context;
  const auto stub = v1::EventService::NewStub(channel);
  const auto stream = stub->StreamEvents(&context);
  for (const auto& batch : batches) REQUIRE(stream->Write(batch));
  stream->WritesDone();
  int duplicates = 0;
  for (const auto& batch : batches) {
    v1::StreamEventsResponse answer;
    REQUIRE(stream->Read(&answer));
    CHECK(answer.batch() == batch.batch());
    CHECK(answer.applied() + answer.duplicates() == batch.events_size());
    duplicates += answer.duplicates();
  }
  CHECK(stream->Finish().ok());
  return duplicates;
}

// Streams without waiting for answers until `acknowledgements` have come, and kills the server then. Returns the batches
// that were acknowledged; the others are left in load.open.
std::vector<v1::StreamEventsRequest> StreamUntilKilled(ServerProcess& server, const std::shared_ptr<grpc::Channel>& channel, Load& load,
                                                       int acknowledgements) {
  grpc::ClientContext context;
  const auto stub = v1::EventService::NewStub(channel);
  const auto stream = stub->StreamEvents(&context);
  std::vector<v1::StreamEventsRequest> sent;
  std::counting_semaphore<> room(kBatchesUnderWay);
  std::atomic<bool> broken = false;
  std::thread writer([&] {
    for (room.acquire(); !broken; room.acquire()) {
      sent.push_back(load.Make());
      if (!stream->Write(sent.back())) return;
    }
  });
  std::vector<v1::StreamEventsResponse> answers;
  v1::StreamEventsResponse answer;
  while (stream->Read(&answer)) {
    answers.push_back(answer);
    if (static_cast<int>(answers.size()) == acknowledgements) server.Kill();
    room.release();
  }
  broken = true;
  room.release();
  writer.join();
  CHECK_FALSE(stream->Finish().ok());
  REQUIRE(answers.size() <= sent.size());
  for (std::size_t i = 0; i < answers.size(); ++i) {
    CHECK(answers[i].batch() == sent[i].batch());
    CHECK(answers[i].applied() == kBatchEvents);
  }
  load.open.assign(sent.begin() + static_cast<std::ptrdiff_t>(answers.size()), sent.end());
  sent.resize(answers.size());
  return sent;
}

// How often each event stands in the contact's history.
std::map<std::string, int> History(const std::shared_ptr<grpc::Channel>& channel, const std::string& contact) {
  const auto stub = v1::ContactService::NewStub(channel);
  std::map<std::string, int> times;
  v1::GetTimelineRequest request;
  request.set_name(contact);
  request.set_page_size(1000);
  do {
    grpc::ClientContext context;
    v1::GetTimelineResponse response;
    REQUIRE(stub->GetTimeline(&context, request, &response).ok());
    for (const auto& entry : response.entries()) {
      if (entry.kind() == v1::ENTRY_KIND_EVENT) ++times[entry.event_id()];
    }
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  return times;
}

const v1::Cause* Find(const v1::Cause& cause, v1::CauseKind kind) {
  if (cause.kind() == kind) return &cause;
  for (const v1::Cause& below : cause.causes()) {
    if (const v1::Cause* found = Find(below, kind)) return found;
  }
  return nullptr;
}

void CheckExplanation(const std::shared_ptr<grpc::Channel>& channel) {
  v1::ExplainRequest request;
  request.set_name("contacts/c0");
  request.set_property("status");
  v1::ExplainResponse response;
  grpc::ClientContext context;
  REQUIRE(v1::ContactService::NewStub(channel)->Explain(&context, request, &response).ok());
  INFO(response.DebugString());
  CHECK(response.value() == "Open");
  const v1::Cause* rule = Find(response.cause(), v1::CAUSE_KIND_RULE);
  REQUIRE(rule != nullptr);
  CHECK(rule->rule() == "First view");
  CHECK(rule->file() == "load.stage");
  CHECK(rule->line() > 0);
  const v1::Cause* event = Find(response.cause(), v1::CAUSE_KIND_EVENT);
  REQUIRE(event != nullptr);
  CHECK(event->event_id() == "e0-0");
}

}  // namespace

TEST_CASE("kill -9 under load: every acknowledged event is there, once") {
  const TempFolder folder;
  const std::string data = folder.path() + "/data";
  const std::string socket = folder.path() + "/socket";
  std::mt19937 random(20261122);  // NOLINT(cert-msc51-cpp): the same rounds each time
  Load load;
  std::vector<v1::StreamEventsRequest> acknowledged;
  for (int round = 0; round < kRounds; ++round) {
    INFO("round " << round);
    ServerProcess server(STAGECRAFT_BINARY, data, socket);
    const auto channel = server.Connect();
    REQUIRE(channel);
    if (round == 0) Deploy(channel);
    CHECK(SendAgain(channel, acknowledged) == static_cast<int>(acknowledged.size()) * kBatchEvents);
    SendAgain(channel, load.open);
    acknowledged = StreamUntilKilled(server, channel, load, 1 + static_cast<int>(random() % 40));
  }

  ServerProcess server(STAGECRAFT_BINARY, data, socket);
  const auto channel = server.Connect();
  REQUIRE(channel);
  CHECK(SendAgain(channel, acknowledged) == static_cast<int>(acknowledged.size()) * kBatchEvents);
  SendAgain(channel, load.open);
  const auto stub = v1::ContactService::NewStub(channel);
  for (const auto& [contact, count] : load.expected) {
    INFO(contact);
    v1::GetContactRequest request;
    request.set_name(contact);
    v1::GetContactResponse response;
    grpc::ClientContext context;
    REQUIRE(stub->GetContact(&context, request, &response).ok());
    REQUIRE(response.contact().counters_size() == 1);
    CHECK(response.contact().counters(0).value() == count);
    const auto history = History(channel, contact);
    CHECK(static_cast<int>(history.size()) == count);
    for (const auto& [event, times] : history) {
      if (times != 1) FAIL_CHECK(event << " stands there " << times << " times");
    }
  }
  CheckExplanation(channel);
  CHECK(server.Stop() == 0);
}

}  // namespace stagecraft::tests
