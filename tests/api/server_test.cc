// What the server does around its services: health, listening, draining.
#include <grpcpp/generic/generic_stub.h>

#include <catch2/catch.hpp>
#include <string>

#include "tests/api/api_fixture.h"

namespace stagecraft::tests {
namespace {

// grpc.health.v1.Health/Check without its proto: field 1 of the request is the service's name, field 1 of the answer its state.
std::string Health(ApiFixture& api, const std::string& service) {
  std::string bytes;
  if (!service.empty()) bytes = std::string("\x0a") + static_cast<char>(service.size()) + service;
  const grpc::Slice slice(bytes);
  grpc::ByteBuffer request(&slice, 1);
  grpc::ByteBuffer response;
  grpc::GenericStub stub(api.channel());
  grpc::CompletionQueue queue;
  Call call;
  grpc::Status status;
  const auto reader = stub.PrepareUnaryCall(call, "/grpc.health.v1.Health/Check", request, &queue);
  reader->StartCall();
  reader->Finish(&response, &status, &queue);
  void* tag = nullptr;
  bool ok = false;
  REQUIRE(queue.Next(&tag, &ok));
  if (!status.ok()) return status.error_message();
  grpc::Slice all;
  REQUIRE(response.DumpToSingleSlice(&all).ok());
  return std::string(reinterpret_cast<const char*>(all.begin()), all.size()) == "\x08\x01" ? "serving" : "not serving";
}

}  // namespace

TEST_CASE_METHOD(ApiFixture, "health says for each service that it serves") {
  for (const std::string service : {"", "stagecraft.v1.EventService", "stagecraft.v1.ContactService", "stagecraft.v1.ScriptService",
                                    "stagecraft.v1.TaskService", "stagecraft.v1.NotificationService", "stagecraft.v1.AdminService",
                                    "stagecraft.v1.CompanyService", "stagecraft.v1.DealService", "stagecraft.v1.UserService"}) {
    INFO(service);
    CHECK(Health(*this, service) == "serving");
  }
  CHECK(Health(*this, "stagecraft.v1.NoSuchService") != "serving");
}

TEST_CASE_METHOD(ApiFixture, "a port in use is one clear line") {
  server::ServerOptions options;
  options.listen = address();
  const auto second = server::Server::Start(engine(), options);
  REQUIRE_FALSE(second);
  CHECK(second.error().reason == "PORT_IN_USE");
  CHECK(second.error().message.find('\n') == std::string::npos);
  CHECK(second.error().message.find(address()) != std::string::npos);
}

TEST_CASE_METHOD(ApiFixture, "other addresses than loopback need to be asked for") {
  for (const std::string listen : {"0.0.0.0:0", "[::]:0", "192.0.2.1:7400", "example.com:7400", "127.example.com:7400"}) {
    server::ServerOptions options;
    options.listen = listen;
    const auto refused = server::Server::Start(engine(), options);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().reason == "INSECURE_LISTEN_ADDRESS");
  }
  server::ServerOptions options;
  options.listen = "0.0.0.0:0";
  options.insecure = true;
  CHECK(server::Server::Start(engine(), options).has_value());
}

TEST_CASE_METHOD(ApiFixture, "what is no address is said to be none") {
  for (const std::string listen : {"", "localhost", "localhost:", "localhost:http", "localhost:65536", "localhost:-1", ":7400", "unix:"}) {
    server::ServerOptions options;
    options.listen = listen;
    const auto refused = server::Server::Start(engine(), options);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().reason == "INVALID_LISTEN_ADDRESS");
  }
}

TEST_CASE_METHOD(ApiFixture, "a unix socket serves as well") {
  const TempFolder folder;
  server::ServerOptions options;
  options.listen = "unix:" + folder.path() + "/socket";
  const auto second = server::Server::Start(engine(), options);
  REQUIRE(second);
  CHECK((*second)->port() == 0);
  const auto stub = v1::EventService::NewStub(grpc::CreateChannel(options.listen, grpc::InsecureChannelCredentials()));
  v1::PublishEventRequest request;
  *request.mutable_event() = MakeEvent("e1", "ana", "page viewed");
  v1::PublishEventResponse response;
  CHECK(stub->PublishEvent(Call(), request, &response).ok());
}

TEST_CASE_METHOD(ApiFixture, "a message that is too large is refused before it is read") {
  v1::CheckScriptsRequest request;
  request.add_files()->set_text(std::string(9 << 20, ' '));
  v1::CheckScriptsResponse response;
  CHECK(scripts->CheckScripts(Call(), request, &response).error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED);
}

TEST_CASE_METHOD(ApiFixture, "a request that cannot be read is said to be one") {
  v1::CheckScriptsRequest request;
  v1::CheckScriptsResponse response;
  auto* file = request.add_files();
  file->set_name("a.stage");
  file->set_text("on SQL notify owner \"\xff\"\n");  // protobuf's own client complains and sends it
  const grpc::Status status = scripts->CheckScripts(Call(), request, &response);
  CHECK(status.error_code() == grpc::StatusCode::INVALID_ARGUMENT);
  CHECK(ReasonOf(status) == "UNREADABLE_REQUEST");
  CHECK(status.error_message().find("UTF-8") != std::string::npos);
  file->set_text("on SQL notify owner\n");
  CHECK(scripts->CheckScripts(Call(), request, &response).ok());
}

TEST_CASE_METHOD(ApiFixture, "draining is done once, and leaves no call behind") {
  REQUIRE(Publish(MakeEvent("e1", "ana", "page viewed")).ok());
  server().Drain(std::chrono::seconds(20));
  server().Drain(std::chrono::seconds(20));
  CHECK_FALSE(Publish(MakeEvent("e2", "ana", "page viewed")).ok());
}

}  // namespace stagecraft::tests
