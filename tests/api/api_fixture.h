// A server on a real socket, over an engine on a data folder of its own, and clients for it.
#ifndef STAGECRAFT_TESTS_API_API_FIXTURE_H_
#define STAGECRAFT_TESTS_API_API_FIXTURE_H_

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "runtime/engine/engine.h"
#include "runtime/engine/world.h"
#include "runtime/store/access_store.h"
#include "server/server.h"
#include "stagecraft/v1/contact_service.grpc.pb.h"
#include "stagecraft/v1/event_service.grpc.pb.h"
#include "stagecraft/v1/notification_service.grpc.pb.h"
#include "stagecraft/v1/script_service.grpc.pb.h"
#include "stagecraft/v1/task_service.grpc.pb.h"
#include "stagecraft/v1/user_service.grpc.pb.h"
#include "tests/store/temp_folder.h"

namespace stagecraft::tests {

namespace v1 = ::stagecraft::v1;

// What most cases run: a hand-off rule and a counter on the standard vocabulary.
inline constexpr std::string_view kScript = R"(counter views of page viewed

on SQL set status New

rule "Hand-off"
  on SQL
  notify owner "New SQL: {first name}"
  create task "Call {first name}" for owner due in 1 day priority high
)";

// What a test may want another way.
struct ApiSettings {
  std::chrono::milliseconds reader_patience{1'000};
  runtime::Micros allowed_lateness = runtime::EngineOptions().allowed_lateness;
};
// What it sets off does not come to an end, once something adds to `n`.
inline constexpr std::string_view kEndless = "property n number\non change of n add 1 to n\n";

class ApiFixture {
 public:
  // `tokens`: those that the server knows from the beginning; none: it lets everybody in.
  // `store`: one that the test has a hand in; absent: one of files in data_folder().
  explicit ApiFixture(const std::vector<runtime::AccessToken>& tokens = {}, const ApiSettings& settings = {},
                      std::unique_ptr<runtime::Store> store = nullptr);
  ~ApiFixture();
  ApiFixture(const ApiFixture&) = delete;
  ApiFixture& operator=(const ApiFixture&) = delete;

  runtime::Engine& engine() { return *engine_; }
  server::Server& server() { return *server_; }
  std::string address() const;
  // What the server has; another process would have a store of its own on data_folder().
  runtime::AccessStore& access() { return *access_; }
  const std::string& data_folder() const { return folder_.path(); }
  const std::shared_ptr<grpc::Channel>& channel() { return channel_; }

  // Ends the server and the engine, and begins them again on the same data, with new connections.
  void Restart();

  // Deploys one file and expects it to be without errors.
  void Deploy(std::string_view script = kScript);
  // Publishes one event and returns the call's status.
  grpc::Status Publish(const v1::Event& event, v1::EventResult* result = nullptr);
  // The contact as it is; fails the test when there is none.
  v1::Contact Get(const std::string& id);

  std::unique_ptr<v1::EventService::Stub> events;
  std::unique_ptr<v1::ContactService::Stub> contacts;
  std::unique_ptr<v1::ScriptService::Stub> scripts;
  std::unique_ptr<v1::TaskService::Stub> tasks;
  std::unique_ptr<v1::NotificationService::Stub> notifications;
  std::unique_ptr<v1::UserService::Stub> users;

 private:
  void Begin();

  const ApiSettings settings_;
  TempFolder folder_;
  runtime::SystemClock clock_;
  runtime::SystemRandom random_;
  std::unique_ptr<runtime::Store> store_;
  std::unique_ptr<runtime::AccessStore> access_;
  std::unique_ptr<runtime::Engine> engine_;
  std::unique_ptr<server::Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
};

// A client's context that does not wait for ever.
class Call {
 public:
  Call();
  operator grpc::ClientContext*() { return &context_; }  // NOLINT(google-explicit-constructor): stands where a context stands
  grpc::ClientContext* operator->() { return &context_; }

 private:
  grpc::ClientContext context_;
};

// An event that creates its contact when it has to.
v1::Event MakeEvent(const std::string& id, const std::string& contact, const std::string& type);
void AddText(google::protobuf::RepeatedPtrField<v1::Field>& fields, const std::string& name, const std::string& text);

// What a property of the contact reads; empty when it has no value.
std::string TextOf(const v1::Contact& contact, std::string_view property);

// The details of an error.
google::rpc::Status DetailsOf(const grpc::Status& status);
// The reason in them, which must be of our domain, stand in the table of reasons, and come with a code of its own; empty: there is none.
std::string ReasonOf(const google::rpc::Status& status);
std::string ReasonOf(const grpc::Status& status);
// Makes a unary call whose answer does not matter, and gives the reason of its error; empty: there was none.
template <typename Stub, typename Request, typename Response>
std::string ReasonOfCall(Stub& stub, grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                         const Request& request) {
  Response response;
  const grpc::Status status = (stub.*method)(Call(), request, &response);
  return status.ok() ? std::string() : ReasonOf(status);
}
// The fields that the error blames.
std::vector<std::string> FieldsOf(const google::rpc::Status& status);
bool SaysWhenToRetry(const grpc::Status& status);

}  // namespace stagecraft::tests

#endif  // STAGECRAFT_TESTS_API_API_FIXTURE_H_
