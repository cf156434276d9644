#include "tests/api/api_fixture.h"

#include <catch2/catch.hpp>
#include <chrono>
#include <stdexcept>

#include "runtime/model/reasons.h"
#include "runtime/store/sqlite/access_file.h"
#include "runtime/store/sqlite/sqlite_store.h"
#include "tests/api/call_recorder.h"

namespace stagecraft::tests {
namespace {

// Far more than any call takes, so that a hanging one fails the test rather than the whole run.
constexpr std::chrono::seconds kCallTimeout{60};

template <typename T>
T OrThrow(runtime::Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message);
  return std::move(*result);
}

std::string_view NameOf(int code) {
  constexpr std::string_view kNames[] = {"OK",        "CANCELLED",      "UNKNOWN",           "INVALID_ARGUMENT",   "DEADLINE_EXCEEDED",
                                         "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION",
                                         "ABORTED",   "OUT_OF_RANGE",   "UNIMPLEMENTED",     "INTERNAL",           "UNAVAILABLE",
                                         "DATA_LOSS", "UNAUTHENTICATED"};
  return kNames[static_cast<std::size_t>(code)];
}

}  // namespace

ApiFixture::ApiFixture(const std::vector<runtime::AccessToken>& tokens, const ApiSettings& settings, std::unique_ptr<runtime::Store> store)
    : settings_(settings), store_(std::move(store)) {
  {
    const auto access = OrThrow(runtime::OpenAccessFile(folder_.path()));
    for (const runtime::AccessToken& token : tokens) {
      if (const auto status = access->AddToken(token); !status.ok()) throw std::runtime_error(status.message);
    }
  }
  Begin();
}

void ApiFixture::Restart() {
  server_.reset();
  engine_.reset();
  access_.reset();
  store_.reset();
  Begin();
}

void ApiFixture::Begin() {
  if (store_ == nullptr) store_ = OrThrow(runtime::OpenSqliteStore(folder_.path()));
  access_ = OrThrow(runtime::OpenAccessFile(folder_.path()));
  runtime::EngineOptions engine;
  engine.allowed_lateness = settings_.allowed_lateness;
  engine_ = OrThrow(runtime::Engine::Open(*store_, clock_, random_, engine));
  server::ServerOptions options;
  options.listen = "127.0.0.1:0";
  options.reader_patience = settings_.reader_patience;
  options.access.emplace(server::Access{*access_, clock_});
  server_ = OrThrow(server::Server::Start(*engine_, options));
  channel_ = grpc::CreateChannel(address(), grpc::InsecureChannelCredentials());
  events = v1::EventService::NewStub(channel_);
  contacts = v1::ContactService::NewStub(channel_);
  scripts = v1::ScriptService::NewStub(channel_);
  tasks = v1::TaskService::NewStub(channel_);
  notifications = v1::NotificationService::NewStub(channel_);
  users = v1::UserService::NewStub(channel_);
}

ApiFixture::~ApiFixture() = default;

std::string ApiFixture::address() const { return "127.0.0.1:" + std::to_string(server_->port()); }

void ApiFixture::Deploy(std::string_view script) {
  v1::DeployScriptsRequest request;
  v1::ScriptFile* file = request.add_files();
  file->set_name("test.stage");
  file->set_text(std::string(script));
  v1::DeployScriptsResponse response;
  const grpc::Status status = scripts->DeployScripts(Call(), request, &response);
  INFO(status.error_message() << response.DebugString());
  REQUIRE(status.ok());
  REQUIRE(response.has_deployment());
}

grpc::Status ApiFixture::Publish(const v1::Event& event, v1::EventResult* result) {
  v1::PublishEventRequest request;
  *request.mutable_event() = event;
  v1::PublishEventResponse response;
  const grpc::Status status = events->PublishEvent(Call(), request, &response);
  if (result != nullptr) *result = response.result();
  return status;
}

v1::Contact ApiFixture::Get(const std::string& id) {
  v1::GetContactRequest request;
  request.set_name("contacts/" + id);
  v1::GetContactResponse response;
  const grpc::Status status = contacts->GetContact(Call(), request, &response);
  INFO(status.error_message());
  REQUIRE(status.ok());
  return response.contact();
}

Call::Call() { context_.set_deadline(std::chrono::system_clock::now() + kCallTimeout); }

v1::Event MakeEvent(const std::string& id, const std::string& contact, const std::string& type) {
  v1::Event event;
  event.set_event_id(id);
  event.set_contact("contacts/" + contact);
  event.set_type(type);
  event.set_create_if_missing(true);
  return event;
}

void AddText(google::protobuf::RepeatedPtrField<v1::Field>& fields, const std::string& name, const std::string& text) {
  v1::Field* field = fields.Add();
  field->set_name(name);
  field->set_text(text);
}

std::string TextOf(const v1::Contact& contact, std::string_view property) {
  for (const v1::Property& candidate : contact.properties()) {
    if (candidate.name() == property) return candidate.text();
  }
  return "";
}

google::rpc::Status DetailsOf(const grpc::Status& status) {
  google::rpc::Status details;
  REQUIRE(details.ParseFromString(status.error_details()));
  CHECK(details.code() == static_cast<int>(status.error_code()));
  CHECK(details.message() == status.error_message());
  return details;
}

std::string ReasonOf(const google::rpc::Status& status) {
  for (const google::protobuf::Any& detail : status.details()) {
    google::rpc::ErrorInfo info;
    if (!detail.UnpackTo(&info)) continue;
    INFO(info.reason() << " with " << NameOf(status.code()));
    CHECK(info.domain() == "stagecraft");
    const runtime::ReasonInfo* known = runtime::FindReason(info.reason());
    REQUIRE(known != nullptr);
    CHECK(known->codes.find(NameOf(status.code())) != std::string_view::npos);
    NoteReasonRead(info.reason(), status.message());
    return info.reason();
  }
  return "";
}

std::string ReasonOf(const grpc::Status& status) { return ReasonOf(DetailsOf(status)); }

std::vector<std::string> FieldsOf(const google::rpc::Status& status) {
  std::vector<std::string> fields;
  for (const google::protobuf::Any& detail : status.details()) {
    google::rpc::BadRequest bad;
    if (!detail.UnpackTo(&bad)) continue;
    for (const auto& violation : bad.field_violations()) fields.push_back(violation.field());
  }
  return fields;
}

bool SaysWhenToRetry(const grpc::Status& status) {
  const google::rpc::Status details = DetailsOf(status);
  for (const google::protobuf::Any& detail : details.details()) {
    if (detail.Is<google::rpc::RetryInfo>()) return true;
  }
  return false;
}

}  // namespace stagecraft::tests
