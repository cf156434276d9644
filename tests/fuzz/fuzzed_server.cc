#include "tests/fuzz/fuzzed_server.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <google/protobuf/util/json_util.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <utility>

#include "runtime/store/sqlite/access_file.h"
#include "runtime/store/sqlite/sqlite_store.h"
#include "stagecraft/v1/contact_service.pb.h"
#include "stagecraft/v1/event_service.pb.h"
#include "stagecraft/v1/script_service.pb.h"

namespace stagecraft::tests {
namespace {

namespace v1 = ::stagecraft::v1;

// Besides those of examples/inside-sales.
constexpr char kMore[] = R"(pipeline Sales Qualified 20%, Proposal 50%, Won 100%, Lost 0%
property seats as seats number
property renewal as renewal date
list "Big" when company employees >= 100
view "Everybody" columns name, score, Status, became SQL date, target_account sort by score descending, last name
view "Mine" when owner is me
template "intro" subject "Hello {first name}" body "Welcome."
on SQL create deal "{first name}" in pipeline Sales amount 500
on SQL call webhook "crm" with email
on SQL send email "intro"

sequence "Chase"
  set status New
  wait 2 days
  set status Connected

rule "Again"
  by hand
  notify owner "again: {name}"
  create task "Call {name}" for owner due in 1 day priority high
)";

struct Beginning {
  const char* method;
  const char* json;
};
constexpr Beginning kBeginnings[] = {
    {"CompanyService/CreateCompany",
     R"({"companyId":"acme","properties":[{"name":"company employees","number":150},{"name":"company name","text":"Acme"}]})"},
    {"CompanyService/CreateCompany", R"({"companyId":"hinode"})"},
    {"ContactService/CreateContact",
     R"({"contactId":"ana","properties":[{"name":"email","text":"ada@acme.example"},{"name":"first name","text":"Ana"},{"name":"company id","text":"acme"}]})"},
    {"ContactService/CreateContact",
     R"({"contactId":"ben","properties":[{"name":"email","text":"ben@x.example"},{"name":"lifecycle","text":"SQL"},{"name":"owner","text":"aya@brightwater.example"}]})"},
    {"ContactService/CreateContact",
     R"({"contactId":"cem","properties":[{"name":"lifecycle","text":"SQL"},{"name":"seats","number":12}]})"},
    {"ContactService/CreateContact", R"({"contactId":"dan","properties":[{"name":"renewal","text":"2026-01-02"}]})"},
    {"EventService/PublishEvent",
     R"({"event":{"eventId":"e1","contact":"contacts/ana","type":"page viewed","fields":[{"name":"page","text":"/pricing"}]}})"},
    {"EventService/PublishEvent", R"({"event":{"eventId":"e2","contact":"contacts/7","type":"contact updated","createIfMissing":true}})"},
    {"EventService/PublishEvent", R"({"event":{"eventId":"e3","contact":"contacts/8","type":"contact updated","createIfMissing":true}})"},
    {"DealService/CreateDeal", R"({"contact":"ana","title":"Acme","pipeline":"Sales","amount":1200.5,"requestId":"d1"})"},
    {"TaskService/CreateTask", R"({"task":{"contact":"contacts/ana","title":"Call her"},"requestId":"t1"})"},
    {"ListService/AddMembers", R"({"name":"lists/Going cold","contacts":["ana","contacts/ben"],"requestId":"m1"})"},
    {"ScriptService/StartRule", R"({"rule":"Chase","contact":"contacts/dan"})"},
};

template <typename T>
T OrEnd(runtime::Result<T> result) {
  if (!result) Found("the server does not start: " + result.error().message);
  return std::move(*result);
}

v1::DeployScriptsRequest Scripts() {
  v1::DeployScriptsRequest request;
  const auto add = [&](const std::string& name, std::string text) {
    v1::ScriptFile& file = *request.add_files();
    file.set_name(name);
    file.set_text(std::move(text));
  };
  for (const char* name : {"1-words.stage", "2-score.stage", "3-inside-sales.stage"}) {
    std::stringstream text;
    text << std::ifstream(std::string(STAGECRAFT_EXAMPLES) + "/inside-sales/" + name).rdbuf();
    add(name, text.str());
  }
  add("4-more.stage", kMore);
  return request;
}

template <typename Response>
Response Answer(const FuzzedServer& server, const std::string& method, const google::protobuf::Message& request) {
  const CallOutcome outcome = server.Call(method, request.SerializeAsString());
  Response response;
  if (!outcome.status.ok()) Found(method + " fails: " + outcome.status.error_message());
  if (!response.ParseFromString(outcome.response)) Found(method + " answers what is no answer");
  return response;
}

}  // namespace

void Found(const std::string& what) {
  std::fprintf(stderr, "fuzz: %s\n", what.c_str());
  std::abort();
}

FuzzedServer::FuzzedServer()
    : store_(OrEnd(runtime::OpenSqliteStore(folder_.path()))), access_(OrEnd(runtime::OpenAccessFile(folder_.path()))) {
  runtime::EngineOptions engine;
  engine.checkpoint_records = 500;  // more than one in the life of a server
  engine.notification_routes = 0xff;
  engine_ = OrEnd(runtime::Engine::Open(*store_, clock_, random_, engine));
  server::ServerOptions options;
  options.listen = "unix:" + folder_.path() + "/socket";
  options.http.emplace();
  options.http->listen = "127.0.0.1:0";
  options.http->webhooks = {kHubspotSecret, kWebhookSecret, "https://crm.acme.example"};
  options.access.emplace(server::Access{*access_, clock_});
  server_ = OrEnd(server::Server::Start(*engine_, options));
  channel_ = grpc::CreateChannel(options.listen, grpc::InsecureChannelCredentials());
  Restore();
  FillIt();
}

CallOutcome FuzzedServer::Call(const std::string& method, const std::string& request) const {
  AnyCall call;
  call.request = request;
  call.deadline = std::chrono::seconds(60);
  return call.Make(channel_, "stagecraft.v1." + method);
}

void FuzzedServer::Restore() const {
  Call("AdminService/SetMaintenance", "");
  const auto deployed = Answer<v1::DeployScriptsResponse>(*this, "ScriptService/DeployScripts", Scripts());
  if (!deployed.has_deployment()) Found("the scripts that were deployed before have errors: " + deployed.ShortDebugString());
}

void FuzzedServer::CallJson(const std::string& method, const std::string& json) const {
  std::string name = "stagecraft.v1." + method;
  std::replace(name.begin(), name.end(), '/', '.');
  const auto* type = google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(name)->input_type();
  const std::unique_ptr<google::protobuf::Message> request(
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(type)->New());
  if (!google::protobuf::util::JsonStringToMessage(json, request.get()).ok()) Found("no request: " + json);
  const CallOutcome outcome = Call(method, request->SerializeAsString());
  if (!outcome.status.ok()) Found(method + " fails: " + outcome.status.error_message());
}

void FuzzedServer::FillIt() const {
  for (const Beginning& beginning : kBeginnings) CallJson(beginning.method, beginning.json);
}

void FuzzedServer::CheckItWorks() {
  const std::string contact = "contacts/good-" + std::to_string(++checks_);
  v1::PublishEventRequest publish;
  publish.mutable_event()->set_event_id("good-" + std::to_string(checks_));
  publish.mutable_event()->set_contact(contact);
  publish.mutable_event()->set_type("page viewed");
  publish.mutable_event()->set_create_if_missing(true);
  const auto result = Answer<v1::PublishEventResponse>(*this, "EventService/PublishEvent", publish).result();
  if (result.state() != v1::EVENT_STATE_APPLIED) Found("a good event is not applied: " + result.ShortDebugString());
  v1::GetContactRequest get;
  get.set_name(contact);
  if (Answer<v1::GetContactResponse>(*this, "ContactService/GetContact", get).contact().name() != contact)
    Found("a new contact is another");
}

}  // namespace stagecraft::tests
