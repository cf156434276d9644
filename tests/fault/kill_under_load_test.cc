// The real server is killed (-9) in the middle of concurrent streams, again and again: what was acknowledged is there, once, and in
// the end everything is as with a server that nobody killed. STAGECRAFT_ROUNDS=500 kills it that often.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "stagecraft/v1/contact_service.grpc.pb.h"
#include "stagecraft/v1/notification_service.grpc.pb.h"
#include "stagecraft/v1/script_service.grpc.pb.h"
#include "stagecraft/v1/task_service.grpc.pb.h"
#include "tests/fault/server_process.h"
#include "tests/fault/stream_load.h"
#include "tests/store/temp_folder.h"

namespace stagecraft::tests {
namespace {

namespace v1 = ::stagecraft::v1;

constexpr int kStreams = 4;

// Nothing in it depends on the order of contacts among each other, since streams come in as they like.
constexpr const char* kScript = R"(counter views of page viewed
score
  +2 when views >= 10
  +5 when views >= 40
list "Warm" when score >= 2

rule "First view"
  on page viewed
  set status Open

on joining "Warm" create task "Look at {name}" for "ana@acme.example"
on page viewed with page is "/pricing" every time notify "ben@acme.example" "{name} looks at prices"
)";

int Rounds() {
  const char* rounds = std::getenv("STAGECRAFT_ROUNDS");
  return rounds == nullptr ? 20 : std::stoi(rounds);
}

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

// What happened to the contact, in order, without what the time of day and other contacts have a part in.
std::vector<std::string> Timeline(const std::shared_ptr<grpc::Channel>& channel, const std::string& contact) {
  const auto stub = v1::ContactService::NewStub(channel);
  std::vector<std::string> lines;
  v1::GetTimelineRequest request;
  request.set_name(contact);
  request.set_page_size(1000);
  do {
    grpc::ClientContext context;
    v1::GetTimelineResponse response;
    REQUIRE(stub->GetTimeline(&context, request, &response).ok());
    for (v1::TimelineEntry& entry : *response.mutable_entries()) {
      entry.clear_sequence();
      entry.clear_receive_time();
      lines.push_back(entry.SerializeAsString());
    }
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  return lines;
}

std::string ContactOf(const std::shared_ptr<grpc::Channel>& channel, const std::string& contact) {
  v1::GetContactRequest request;
  request.set_name(contact);
  v1::GetContactResponse response;
  grpc::ClientContext context;
  REQUIRE(v1::ContactService::NewStub(channel)->GetContact(&context, request, &response).ok());
  response.mutable_contact()->clear_etag();
  return response.contact().DebugString();
}

// How often each text was meant for somebody.
using Counts = std::map<std::string, int>;

Counts Tasks(const std::shared_ptr<grpc::Channel>& channel) {
  Counts counts;
  v1::ListTasksRequest request;
  request.set_page_size(1000);
  do {
    v1::ListTasksResponse response;
    grpc::ClientContext context;
    REQUIRE(v1::TaskService::NewStub(channel)->ListTasks(&context, request, &response).ok());
    for (const v1::Task& task : response.tasks()) ++counts[task.title()];
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  return counts;
}

Counts Notifications(const std::shared_ptr<grpc::Channel>& channel) {
  Counts counts;
  v1::ListNotificationsRequest request;
  request.set_page_size(1000);
  do {
    v1::ListNotificationsResponse response;
    grpc::ClientContext context;
    REQUIRE(v1::NotificationService::NewStub(channel)->ListNotifications(&context, request, &response).ok());
    for (const v1::Notification& notification : response.notifications()) ++counts[notification.text()];
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  return counts;
}

const v1::Cause* Find(const v1::Cause& cause, v1::CauseKind kind) {
  if (cause.kind() == kind) return &cause;
  for (const v1::Cause& below : cause.causes()) {
    if (const v1::Cause* found = Find(below, kind)) return found;
  }
  return nullptr;
}

void CheckExplanation(const std::shared_ptr<grpc::Channel>& channel, const std::string& contact, const std::string& first_event) {
  v1::ExplainRequest request;
  request.set_name("contacts/" + contact);
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
  CHECK(event->event_id() == first_event);
}

void CheckCountsAndHistories(const std::shared_ptr<grpc::Channel>& channel, const StreamLoad& load) {
  for (const auto& [contact, count] : load.Expected()) {
    INFO(contact);
    v1::GetContactRequest request;
    request.set_name(contact);
    v1::GetContactResponse response;
    grpc::ClientContext context;
    REQUIRE(v1::ContactService::NewStub(channel)->GetContact(&context, request, &response).ok());
    REQUIRE(response.contact().counters_size() == 1);
    CHECK(response.contact().counters(0).value() == count);
    CHECK(static_cast<int>(Timeline(channel, contact).size()) == count);
  }
}

// The state of `killed` is that of `calm`, which got the same events without an interruption.
void CheckSame(const std::shared_ptr<grpc::Channel>& killed, const std::shared_ptr<grpc::Channel>& calm, const StreamLoad& load) {
  for (const auto& [contact, count] : load.Expected()) {
    INFO(contact);
    CHECK(ContactOf(killed, contact) == ContactOf(calm, contact));
    // As one text each: a difference would be printed as a million lines.
    CHECK((Timeline(killed, contact) == Timeline(calm, contact)));
  }
  CHECK(Tasks(killed) == Tasks(calm));
  CHECK(Notifications(killed) == Notifications(calm));
}

}  // namespace

TEST_CASE("kill -9 under concurrent streams: every acknowledged event is there, once, and all is as if nobody had killed it") {
  const TempFolder folder;
  const std::string data = folder.path() + "/data";
  const std::string socket = folder.path() + "/socket";
  std::mt19937 random(20261122);  // NOLINT(cert-msc51-cpp): the same rounds each time
  StreamLoad load(kStreams);
  for (int round = 0; round < Rounds(); ++round) {
    INFO("round " << round);
    ServerProcess server(STAGECRAFT_BINARY, data, socket);
    const auto channel = server.Connect();
    REQUIRE(channel);
    if (round == 0) Deploy(channel);
    REQUIRE(load.SendAgain(channel).empty());
    REQUIRE(load.StreamUntilKilled(server, channel, 1 + static_cast<int>(random() % 120)).empty());
  }

  ServerProcess server(STAGECRAFT_BINARY, data, socket);
  const auto channel = server.Connect();
  REQUIRE(channel);
  REQUIRE(load.SendAgain(channel).empty());
  CheckCountsAndHistories(channel, load);
  CheckExplanation(channel, load.FirstContact(), load.FirstEvent());

  ServerProcess other(STAGECRAFT_BINARY, folder.path() + "/other", folder.path() + "/other-socket");
  const auto calm = other.Connect();
  REQUIRE(calm);
  Deploy(calm);
  REQUIRE(load.SendAll(calm).empty());
  CheckSame(channel, calm, load);
  CHECK(server.Stop() == 0);
  CHECK(other.Stop() == 0);
}

}  // namespace stagecraft::tests
