// Unary calls: what is repeated and when, what an error says, and when the time is up.
#include "client/call.h"

#include <google/longrunning/operations.pb.h>
#include <google/protobuf/descriptor.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "client/id.h"
#include "stagecraft/v1/admin_service.pb.h"
#include "tests/client/client_fixture.h"
#include "tests/client/stub_server.h"

namespace stagecraft::tests {
namespace {

using client::Caller;
using Events = v1::EventService::Stub;
using Contacts = v1::ContactService::Stub;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

v1::PublishEventRequest Published(const v1::Event& event) {
  v1::PublishEventRequest request;
  *request.mutable_event() = event;
  return request;
}

}  // namespace

TEST_CASE_METHOD(ClientFixture, "a call is answered, and an error has code, reason, message and field") {
  Start();
  const auto channel = Connect();
  const Caller<v1::EventService> events(channel);
  const Caller<v1::ContactService> contacts(channel);
  const auto published = events.Call(&Events::PublishEvent, Published(PageViewed("", "ana")));
  REQUIRE(published.ok());
  CHECK(published.value.result().state() == v1::EVENT_STATE_APPLIED);
  v1::GetContactRequest get;
  get.set_name("contacts/ana");
  const auto contact = contacts.Call(&Contacts::GetContact, get);
  REQUIRE(contact.ok());
  CHECK(contact.value.contact().name() == "contacts/ana");

  v1::Event unknown = PageViewed("", "ana");
  unknown.set_type("page veiwed");
  const client::Status status = events.Call(&Events::PublishEvent, Published(unknown)).status;
  CHECK(status.code == grpc::StatusCode::INVALID_ARGUMENT);
  CHECK(status.reason == "UNKNOWN_EVENT_TYPE");
  CHECK(status.message.find("page veiwed") != std::string::npos);
  REQUIRE(status.fields.size() == 1);
  CHECK(status.fields[0].field == "type");
  get.set_name("contacts/nobody");
  CHECK(contacts.Call(&Contacts::GetContact, get).status.reason == "CONTACT_NOT_FOUND");
}

TEST_CASE("a call that may be repeated is, after as long as the server asks for, with the same id") {
  StubServer server;
  std::vector<std::string> ids;
  server.publish = [&](const v1::PublishEventRequest& request) {
    ids.push_back(request.event().event_id());
    if (ids.size() == 1) return Refusal(grpc::StatusCode::RESOURCE_EXHAUSTED, "RATE_LIMITED", milliseconds(300));
    if (ids.size() == 2) return grpc::Status(grpc::StatusCode::UNAVAILABLE, "for a moment");
    return grpc::Status::OK;
  };
  const auto begin = steady_clock::now();
  CHECK(Caller<v1::EventService>(server.Connect()).Call(&Events::PublishEvent, v1::PublishEventRequest()).ok());
  CHECK(steady_clock::now() - begin >= milliseconds(300));
  REQUIRE(ids.size() == 3);
  CHECK(ids[0].size() == 36);
  CHECK((ids[1] == ids[0] && ids[2] == ids[0]));
}

TEST_CASE("what would fail again is not repeated") {
  StubServer server;
  int calls = 0;
  grpc::Status answer;
  server.publish = [&](const v1::PublishEventRequest&) {
    ++calls;
    return answer;
  };
  const Caller<v1::EventService> events(server.Connect());
  for (const grpc::Status& each :
       {Refusal(grpc::StatusCode::INVALID_ARGUMENT, "INVALID_VALUE"), Refusal(grpc::StatusCode::UNAUTHENTICATED, "TOKEN_UNKNOWN"),
        grpc::Status(grpc::StatusCode::RESOURCE_EXHAUSTED, "too large")}) {
    answer = each;
    calls = 0;
    CHECK(events.Call(&Events::PublishEvent, v1::PublishEventRequest()).status.code == each.error_code());
    CHECK(calls == 1);
  }
}

TEST_CASE("when the time is up the call says what was wrong, and is not repeated after it") {
  StubServer server;
  std::atomic<bool> is_slow = false;
  server.publish = [&](const v1::PublishEventRequest&) {
    if (is_slow) std::this_thread::sleep_for(milliseconds(600));
    return grpc::Status(grpc::StatusCode::UNAVAILABLE, "not today");
  };
  const Caller<v1::EventService> events(server.Connect());
  client::CallOptions options;
  options.timeout = milliseconds(300);
  const auto begin = steady_clock::now();
  const client::Status refused = events.Call(&Events::PublishEvent, v1::PublishEventRequest(), options).status;
  CHECK(refused.code == grpc::StatusCode::UNAVAILABLE);
  CHECK(refused.message == "not today");
  CHECK(steady_clock::now() - begin < milliseconds(1000));
  is_slow = true;
  CHECK(events.Call(&Events::PublishEvent, v1::PublishEventRequest(), options).status.code == grpc::StatusCode::DEADLINE_EXCEEDED);
}

TEST_CASE_METHOD(ClientFixture, "a call waits for a server that begins again") {
  Start();
  const auto channel = Connect();
  const Caller<v1::EventService> events(channel);
  REQUIRE(events.Call(&Events::PublishEvent, Published(PageViewed("e1", "ana"))).ok());
  Kill();
  std::thread later([this] {
    std::this_thread::sleep_for(milliseconds(300));
    Start();
  });
  const auto again = events.Call(&Events::PublishEvent, Published(PageViewed("e1", "ana")));
  later.join();
  REQUIRE(again.ok());
  CHECK(again.value.result().state() == v1::EVENT_STATE_DUPLICATE);
}

// A new method that is missing here is one that nobody has thought about: it is either a read, or has a request_id, or is listed.
TEST_CASE("every method is a read, has an id, or is known not to be repeatable") {
  const std::set<std::string> not_repeatable = {
      "DeleteCompany",  "DeleteContact", "UndeleteContact",    "MergeContacts",   "EraseContact",   "RetryFailedEvent",
      "RetryDelivery",  "DeployScripts", "RollbackDeployment", "RetryRun",        "RetryRuns",      "StopRuns",
      "SetRuleEnabled", "UpdateUser",    "SetMaintenance",     "CancelOperation", "DeleteOperation"};
  std::set<std::string> found;
  REQUIRE(google::longrunning::Operation::descriptor() != nullptr);  // so that its code is in this program
  const auto* pool = google::protobuf::DescriptorPool::generated_pool();
  std::vector<std::string> files = {"google/longrunning/operations.proto"};
  for (const char* name : {"admin", "company", "contact", "deal", "event", "list", "notification", "script", "task", "user", "view"})
    files.push_back("stagecraft/v1/" + std::string(name) + "_service.proto");
  for (const std::string& file : files) {
    const auto* proto = pool->FindFileByName(file);
    if (proto == nullptr) continue;  // its code is not in this program
    for (int i = 0; i < proto->service(0)->method_count(); ++i) {
      const auto* method = proto->service(0)->method(i);
      if (method->client_streaming() || method->server_streaming()) continue;
      const std::unique_ptr<google::protobuf::Message> request(
          google::protobuf::MessageFactory::generated_factory()->GetPrototype(method->input_type())->New());
      if (!client::MakeRepeatable(*request)) found.insert(method->name());
    }
  }
  std::set<std::string> surprising;
  for (const std::string& name : found) {
    if (not_repeatable.count(name) == 0) surprising.insert(name);
  }
  CHECK(surprising == std::set<std::string>());
}

TEST_CASE("an id that is there is kept, and new ones differ") {
  v1::CreateContactRequest request;
  request.set_request_id("mine");
  CHECK(client::MakeRepeatable(request));
  CHECK(request.request_id() == "mine");
  std::set<std::string> ids;
  for (int i = 0; i < 10'000; ++i) ids.insert(client::NewId());
  CHECK(ids.size() == 10'000);
  CHECK(ids.begin()->at(14) == '4');
}

}  // namespace stagecraft::tests
