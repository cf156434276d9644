// The real server is told to stop (SIGTERM) while clients of every kind are busy with it. What was acknowledged is there, once; whoever was
// not is told that the server stops; and nobody can hold it up for longer than it gives them.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <latch>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "stagecraft/v1/script_service.grpc.pb.h"
#include "tests/fault/drain_clients.h"
#include "tests/fault/health_watch.h"
#include "tests/fault/http_peer.h"
#include "tests/fault/server_process.h"
#include "tests/fault/stream_load.h"
#include "tests/store/temp_folder.h"

namespace stagecraft::tests {
namespace {

constexpr int kStreams = 3;
constexpr int kOfEachKind = 3;  // that send one event after the other
// How far each client comes before the server is told to stop.
constexpr int kBatchesFirst = 60;
constexpr int kEventsFirst = 40;
constexpr int kPiecesFirst = 30;

constexpr const char* kScript = R"(counter views of page viewed
on page viewed every time notify "ben@acme.example" "{name} looks"
)";

void Deploy(const std::shared_ptr<grpc::Channel>& channel) {
  v1::DeployScriptsRequest request;
  request.add_files()->set_name("drain.stage");
  request.mutable_files(0)->set_text(kScript);
  v1::DeployScriptsResponse response;
  grpc::ClientContext context;
  REQUIRE(v1::ScriptService::NewStub(channel)->DeployScripts(&context, request, &response).ok());
  REQUIRE(response.has_deployment());
}

// On a socket in the folder, and on a port of HTTP.
std::unique_ptr<ServerProcess> Serve(const TempFolder& folder, std::vector<std::string> options = {}) {
  options.insert(options.end(), {"--http-listen", "127.0.0.1:0"});
  return std::make_unique<ServerProcess>(STAGECRAFT_BINARY, folder.path() + "/data", folder.path() + "/socket", options);
}

bool IsClean(const TempFolder& folder) {
  return std::system(("'" STAGECRAFT_BINARY "' verify '" + folder.path() + "/data' >/dev/null").c_str()) == 0;
}

int ViewsOf(const std::shared_ptr<grpc::Channel>& channel, const std::string& contact) {
  v1::GetContactRequest request;
  request.set_name(contact);
  v1::GetContactResponse response;
  grpc::ClientContext context;
  REQUIRE(v1::ContactService::NewStub(channel)->GetContact(&context, request, &response).ok());
  return static_cast<int>(response.contact().counters(0).value());
}

// An import whose client sends nothing more for now.
class WaitingImport {
 public:
  explicit WaitingImport(const std::shared_ptr<grpc::Channel>& channel) : stub_(v1::ContactService::NewStub(channel)) {
    writer_ = stub_->ImportContacts(&context_, &response_);
    v1::ImportContactsRequest request;
    request.set_chunk("Record ID,First Name\nwaiting,Ana\n");
    writer_->Write(request);
  }
  grpc::Status End() { return writer_->Finish(); }

 private:
  std::unique_ptr<v1::ContactService::Stub> stub_;
  grpc::ClientContext context_;
  v1::ImportContactsResponse response_;
  std::unique_ptr<grpc::ClientWriter<v1::ImportContactsRequest>> writer_;
};

// A call by HTTP of which the server has the head, and waits for the rest.
class HalfCall {
 public:
  explicit HalfCall(int port) : peer_(port) {
    peer_.Send(ConnectHead("EventService/PublishEvent", kBody.size(), "Expect: 100-continue\r\n"));
    REQUIRE(peer_.ReadHead() == "HTTP/1.1 100 Continue\r\n\r\n");
  }
  // The answer to all of it.
  std::string End() {
    peer_.Send(kBody);
    return peer_.ReadAll();
  }

 private:
  static constexpr std::string_view kBody =
      R"({"event": {"eventId": "late", "contact": "late", "type": "page viewed", "createIfMissing": true}})";
  HttpPeer peer_;
};

bool IsStop(const std::string& answer) {
  return answer.rfind("HTTP/1.1 503 ", 0) == 0 && answer.find("SERVER_STOPPING") != std::string::npos &&
         answer.find("google.rpc.RetryInfo") != std::string::npos;
}

// All clients that send without being asked, each on a thread of its own and, by gRPC, a connection of its own.
class Load {
 public:
  // Says what is wrong with how a call ended that was not answered.
  explicit Load(FaultOfEnd fault_of_end) : fault_of_end_(fault_of_end) {
    for (int i = 0; i < kOfEachKind; ++i) {
      by_grpc_.emplace_back("grpc-" + std::to_string(i));
      by_connect_.emplace_back("connect-" + std::to_string(i));
    }
  }

  // Returns once every client is at work.
  void Begin(ServerProcess& server, int http_port) {
    const auto one = [this] { under_way_.count_down(); };
    Run(
        [this, one](const auto& channel) {
          for (std::string& fault : streams_.StreamUntilEnded(channel, kBatchesFirst, one, fault_of_end_)) faults_.Add(std::move(fault));
        },
        server);
    for (OneByOne& client : by_grpc_) {
      Run([this, one,
           &client](const auto& channel) { client.SendUntilRefused(SendByGrpc(channel, fault_of_end_), kEventsFirst, one, faults_); },
          server);
    }
    for (OneByOne& client : by_connect_) {
      threads_.emplace_back(
          [this, one, &client, http_port] { client.SendUntilRefused(SendByConnect(http_port), kEventsFirst, one, faults_); });
    }
    Run([this, one](const auto& channel) { faults_.AddAny(fault_of_end_(import_.SendUntilEnded(channel, kPiecesFirst, one))); }, server);
    under_way_.wait();
  }
  // Waits until all have ended.
  Faults End() {
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
    return faults_.Take();
  }

  // Sends everything again. What was acknowledged must be there; afterwards everything is.
  Faults SendAgain(const std::shared_ptr<grpc::Channel>& channel) {
    for (std::string& fault : streams_.SendAgain(channel)) faults_.Add(std::move(fault));
    for (auto* clients : {&by_grpc_, &by_connect_}) {
      for (OneByOne& client : *clients) client.SendAgain(channel, faults_);
    }
    v1::ImportContactsResponse response;
    if (const grpc::Status status = import_.SendAgain(channel, response); !status.ok()) faults_.Add(status.error_message());
    faults_.CheckEqual(response.applied() + response.unchanged(), import_.rows(), "rows that are in");
    if (response.unchanged() == 0) faults_.Add("the import that was ended has left nothing");
    return faults_.Take();
  }

  // How many events there are for each contact.
  std::map<std::string, int> Expected() const {
    std::map<std::string, int> expected = streams_.Expected();
    for (const auto* clients : {&by_grpc_, &by_connect_}) {
      for (const OneByOne& client : *clients) expected[client.contact()] = client.sent();
    }
    return expected;
  }

 private:
  template <typename Work>
  void Run(Work work, ServerProcess& server) {
    threads_.emplace_back([work, channel = server.Connect()] { work(channel); });
  }

  const FaultOfEnd fault_of_end_;
  std::latch under_way_{2 + 2 * kOfEachKind};
  StreamLoad streams_{kStreams};
  std::vector<OneByOne> by_grpc_;
  std::vector<OneByOne> by_connect_;
  LongImport import_;
  FaultList faults_;
  std::vector<std::thread> threads_;
};

}  // namespace

TEST_CASE("SIGTERM under load: every acknowledged event is there, once, and whoever gets no answer is told why") {
  const TempFolder folder;
  auto server = Serve(folder);
  const int http_port = server->HttpPort();
  const auto channel = server->Connect();
  REQUIRE(channel);
  Deploy(channel);
  HealthWatch health(server->Connect());
  REQUIRE(health.Next() == "SERVING");
  Watcher watcher;
  std::latch watching(1);
  grpc::Status watch_ended;
  std::thread watch([&, own = server->Connect()] { watch_ended = watcher.Watch(own, [&] { watching.count_down(); }); });
  watching.wait();
  SilentClient silent("silent", "unix:" + folder.path() + "/socket", channel);
  auto holder =
      std::make_unique<SilentClient>("holder", "unix:" + folder.path() + "/socket", channel);  // until it goes the server does not
  WaitingImport waiting(channel);
  HalfCall half(http_port);
  Load load(FaultOfStop);
  load.Begin(*server, http_port);

  server->Terminate();
  CHECK(load.End() == Faults{});
  watch.join();
  CHECK(FaultOfStop(watch_ended) == "");
  CHECK(FaultOfStop(waiting.End()) == "");
  CHECK(IsStop(half.End()));
  CHECK(health.Next() == "NOT_SERVING");
  CHECK(SendByGrpc(channel, FaultOfStop)(v1::Event()).fault == "");
  server->Terminate();  // a second one changes nothing
  FaultList faults;
  CHECK(FaultOfStop(silent.ReadAll(faults)) == "");
  CHECK(faults.Take() == Faults{});
  holder.reset();
  CHECK(server->Wait() == 0);
  CHECK(IsClean(folder));

  server = Serve(folder);
  const auto again = server->Connect();
  REQUIRE(again);
  CHECK(load.SendAgain(again) == Faults{});
  for (const auto& [contact, count] : load.Expected()) {
    INFO(contact);
    CHECK(ViewsOf(again, contact) == count);
  }
  for (const char* contact : {"silent", "holder"}) CHECK(ViewsOf(again, contact) == SilentClient::events());
  v1::Event last;
  last.set_event_id("last");
  last.set_contact("silent");
  last.set_type("page viewed");
  REQUIRE(SendByGrpc(again, FaultOfStop)(last).is_acknowledged);
  watcher.Watch(
      again, [] {}, last.event_id());
  CHECK(watcher.told_twice() == 0);
  for (const auto& [contact, count] : load.Expected()) {
    INFO(contact);
    CHECK(watcher.CountOf(contact) == count);
  }
  CHECK(server->Stop() == 0);
  CHECK(IsClean(folder));
}

TEST_CASE("SIGTERM under load, with nobody who holds it up: nothing is lost, and whoever comes too late is sent elsewhere") {
  const TempFolder folder;
  auto server = Serve(folder);
  const int http_port = server->HttpPort();
  Deploy(server->Connect());
  Load load(FaultOfTooLate);
  load.Begin(*server, http_port);
  CHECK(server->Stop() == 0);
  CHECK(load.End() == Faults{});
  CHECK(IsClean(folder));

  server = Serve(folder);
  const auto again = server->Connect();
  REQUIRE(again);
  CHECK(load.SendAgain(again) == Faults{});
  for (const auto& [contact, count] : load.Expected()) {
    INFO(contact);
    CHECK(ViewsOf(again, contact) == count);
  }
  CHECK(server->Stop() == 0);
}

TEST_CASE("whoever reads nothing, sends nothing or says half of it holds a stop up no longer than calls are given") {
  const TempFolder folder;
  auto server = Serve(folder, {"--drain-seconds", "1"});
  const int http_port = server->HttpPort();
  const auto channel = server->Connect();
  REQUIRE(channel);
  Deploy(channel);
  HealthWatch health(server->Connect());
  REQUIRE(health.Next() == "SERVING");
  const SilentClient silent("silent", "unix:" + folder.path() + "/socket", channel);
  WaitingImport waiting(channel);
  HalfCall half(http_port);
  const HttpPeer nothing(http_port);
  const HalfCall never(http_port);

  server->Terminate();
  server->Terminate();
  CHECK(FaultOfStop(waiting.End()) == "");
  CHECK(health.Next() == "NOT_SERVING");
  CHECK(health.Next() == "");  // now gRPC is gone
  const std::string answer = half.End();
  INFO(answer);
  CHECK((answer.empty() || IsStop(answer)));
  CHECK(server->Wait() == 0);
  CHECK(IsClean(folder));

  server = Serve(folder);
  const auto again = server->Connect();
  REQUIRE(again);
  CHECK(ViewsOf(again, "silent") == SilentClient::events());
  CHECK(server->Stop() == 0);
}

}  // namespace stagecraft::tests
