// Who may call what: tokens, roles, the table of permissions.
#include <SQLiteCpp/SQLiteCpp.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <map>
#include <set>
#include <string>
#include <thread>

#include "runtime/store/sqlite/access_file.h"
#include "runtime/store/sqlite/row_checksum.h"
#include "server/auth/permissions.h"
#include "server/auth/token.h"
#include "tests/api/any_call.h"
#include "tests/api/api_fixture.h"

namespace stagecraft::tests {
namespace {

using server::Role;

constexpr runtime::Micros kHour = 3'600'000'000;

server::NewToken MakeToken(const std::string& holder, Role role, std::int64_t calls_per_second = 0) {
  auto made = server::MakeToken({holder, role, calls_per_second, kHour, {}}, runtime::SystemClock().Now());
  REQUIRE(made.has_value());
  return std::move(*made);
}

// With an empty request. `authorization`: empty: none is sent.
grpc::Status CallByPath(const std::shared_ptr<grpc::Channel>& channel, const std::string& path, const std::string& authorization) {
  AnyCall call;
  if (!authorization.empty()) call.metadata = {{"authorization", authorization}};
  return call.Make(channel, path).status;
}

struct AccessFixture : ApiFixture {
  AccessFixture()
      : AccessFixture({MakeToken("vi", Role::kViewer), MakeToken("sync", Role::kService), MakeToken("au", Role::kAuthor),
                       MakeToken("ad", Role::kAdmin), MakeToken("slow", Role::kViewer, 2)}) {}
  explicit AccessFixture(const std::vector<server::NewToken>& made) : ApiFixture(TokensOf(made)) {
    for (const server::NewToken& each : made) secrets[each.token.holder] = "Bearer " + each.secret;
  }

  static std::vector<runtime::AccessToken> TokensOf(const std::vector<server::NewToken>& made) {
    std::vector<runtime::AccessToken> tokens;
    for (const server::NewToken& each : made) tokens.push_back(each.token);
    return tokens;
  }

  // As `holder`; empty: without a token.
  grpc::Status GetInfo(const std::string& authorization) { return CallByPath(channel(), kGetInfo, authorization); }
  grpc::Status PublishAs(const std::string& holder, const v1::Event& event) {
    v1::PublishEventRequest request;
    *request.mutable_event() = event;
    v1::PublishEventResponse response;
    Call call;
    call->AddMetadata("authorization", secrets.at(holder));
    return events->PublishEvent(call, request, &response);
  }
  // Who did what the newest entry of the timeline says.
  std::string LastActor(const std::string& contact) {
    v1::GetTimelineRequest request;
    request.set_name("contacts/" + contact);
    v1::GetTimelineResponse response;
    Call call;
    call->AddMetadata("authorization", secrets.at("vi"));
    REQUIRE(contacts->GetTimeline(call, request, &response).ok());
    REQUIRE(response.entries_size() > 0);
    return response.entries(0).actor();
  }

  static constexpr const char* kGetInfo = "stagecraft.v1.AdminService/GetServerInfo";
  std::map<std::string, std::string> secrets;  // by holder: what to send as `authorization`
};

}  // namespace

TEST_CASE("access: the table of permissions has every method of the descriptors, once, and no other") {
  const std::set<std::string> methods = MethodsInDescriptors();
  std::set<std::string> paths;
  std::set<std::string> names;
  for (const server::Permission& permission : server::Permissions()) {
    INFO(permission.path());
    CHECK(paths.insert(permission.path()).second);
    CHECK(names.insert(std::string(permission.method)).second);  // PermissionOf goes by it
    CHECK(server::PermissionOf(permission.method) == &permission);
  }
  CHECK(paths == methods);
}

TEST_CASE_METHOD(AccessFixture, "access: without a token no method does anything") {
  for (const std::string& path : MethodsInDescriptors()) {
    INFO(path);
    const grpc::Status status = CallByPath(channel(), path, "");
    CHECK(status.error_code() == grpc::StatusCode::UNAUTHENTICATED);
    CHECK(ReasonOf(status) == "TOKEN_MISSING");
  }
}

TEST_CASE_METHOD(AccessFixture, "access: each role may call what its line in the table says, and no more") {
  const std::map<std::string, Role> holders = {
      {"vi", Role::kViewer}, {"sync", Role::kService}, {"au", Role::kAuthor}, {"ad", Role::kAdmin}};
  for (const auto& [holder, role] : holders) {
    for (const server::Permission& permission : server::Permissions()) {
      INFO(holder << " " << permission.path());
      const grpc::Status status = CallByPath(channel(), permission.path(), secrets.at(holder));
      if (role < permission.role) {
        CHECK(status.error_code() == grpc::StatusCode::PERMISSION_DENIED);
        CHECK(ReasonOf(status) == "ROLE_TOO_LOW");
      } else {
        // Whatever an empty request comes to.
        CHECK(status.error_code() != grpc::StatusCode::PERMISSION_DENIED);
        CHECK(status.error_code() != grpc::StatusCode::UNAUTHENTICATED);
        // Operations are forgotten by themselves.
        CHECK((status.error_code() == grpc::StatusCode::UNIMPLEMENTED) == (permission.method == "DeleteOperation"));
      }
    }
  }
}

TEST_CASE_METHOD(AccessFixture, "access: the same event by two tokens is one event, unless it says who it is of") {
  const v1::Event event = MakeEvent("e1", "ana", "page viewed");
  REQUIRE(PublishAs("sync", event).ok());
  CHECK(PublishAs("ad", event).ok());
  CHECK(LastActor("ana") == "sync");
  v1::Event said = event;
  said.set_actor("ad");
  CHECK(ReasonOf(PublishAs("ad", said)) == "EVENT_ID_REUSED");
}

TEST_CASE_METHOD(AccessFixture, "access: permission is asked before anything is looked at") {
  v1::EraseContactRequest request;
  request.set_name("contacts/nobody");
  v1::EraseContactResponse response;
  Call call;
  call->AddMetadata("authorization", secrets.at("au"));
  CHECK(contacts->EraseContact(call, request, &response).error_code() == grpc::StatusCode::PERMISSION_DENIED);
}

TEST_CASE_METHOD(AccessFixture, "access: what is no token opens nothing") {
  const std::string secret = secrets.at("ad").substr(7);
  for (const std::string& none : {std::string("Bearer"), "Basic " + secret, secret, "Bearer" + secret}) {
    INFO(none);
    CHECK(ReasonOf(GetInfo(none)) == "TOKEN_MISSING");
  }
  for (const std::string& unknown : {"Bearer x" + secret, "Bearer " + secret + "x", "Bearer " + secret.substr(1), std::string("Bearer sc_"),
                                     "Bearer " + std::string(4'000, 'x')}) {
    INFO(unknown);
    CHECK(ReasonOf(GetInfo(unknown)) == "TOKEN_UNKNOWN");
  }
  CHECK(GetInfo("bearer " + secret).ok());
}

TEST_CASE("access: a token that has expired or was revoked opens nothing") {
  server::NewToken good = MakeToken("good", Role::kViewer);
  server::NewToken old = MakeToken("old", Role::kViewer);
  old.token.expires_at = runtime::SystemClock().Now() - 1;
  server::NewToken revoked = MakeToken("revoked", Role::kViewer);
  revoked.token.revoked_at = revoked.token.created_at;
  AccessFixture api({good, old, revoked});
  CHECK(api.GetInfo(api.secrets.at("good")).ok());
  CHECK(ReasonOf(api.GetInfo(api.secrets.at("old"))) == "TOKEN_EXPIRED");
  CHECK(ReasonOf(api.GetInfo(api.secrets.at("revoked"))) == "TOKEN_REVOKED");
}

TEST_CASE("access: without tokens in force that there were, nobody is let in") {
  server::NewToken old = MakeToken("old", Role::kAdmin);
  old.token.expires_at = 1;
  AccessFixture api({old});
  CHECK(ReasonOf(api.GetInfo("")) == "TOKEN_MISSING");
}

TEST_CASE("access: tokens of a folder from before there were scopes are for all contacts") {
  const TempFolder folder;
  server::NewToken old = MakeToken("old", Role::kViewer);
  REQUIRE((*runtime::OpenAccessFile(folder.path()))->AddToken(old.token).ok());
  {
    SQLite::Database db(folder.path() + "/access.db", SQLite::OPEN_READWRITE);
    runtime::AddChecksumFunction(db);
    db.exec("ALTER TABLE tokens DROP COLUMN scope");
    db.exec(
        "UPDATE tokens SET checksum = row_checksum('tokens', id, secret_hash, holder, role, calls_per_second, created_at, expires_at, "
        "revoked_at)");
    db.exec("PRAGMA user_version=1");
  }
  const auto tokens = (*runtime::OpenAccessFile(folder.path()))->ReadTokens();
  REQUIRE(tokens.has_value());
  REQUIRE(tokens->size() == 1);
  CHECK(tokens->front().holder == "old");
  CHECK(tokens->front().scope.empty());
}

TEST_CASE_METHOD(AccessFixture, "access: a token that another process makes or revokes counts within a second or two") {
  const auto other = runtime::OpenAccessFile(data_folder());
  REQUIRE(other.has_value());
  const server::NewToken late = MakeToken("late", Role::kViewer);
  const std::string authorization = "Bearer " + late.secret;
  const auto becomes = [&](grpc::StatusCode code) {
    for (int tries = 0; tries < 500 && GetInfo(authorization).error_code() != code; ++tries)
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    return GetInfo(authorization).error_code() == code;
  };
  CHECK(ReasonOf(GetInfo(authorization)) == "TOKEN_UNKNOWN");
  REQUIRE((*other)->AddToken(late.token).ok());
  CHECK(becomes(grpc::StatusCode::OK));
  REQUIRE((*other)->RevokeToken(late.token.id, runtime::SystemClock().Now()).ok());
  CHECK(becomes(grpc::StatusCode::UNAUTHENTICATED));
  CHECK(GetInfo(secrets.at("vi")).ok());
}

TEST_CASE_METHOD(AccessFixture, "access: a token that is revoked ends the streams that are open with it, and no others") {
  const auto call_as = [this](Call& call, const std::string& holder) -> grpc::ClientContext* {
    call->AddMetadata("authorization", secrets.at(holder));
    return call;
  };
  Call watching;
  Call others;
  Call sending;
  const auto watch = events->WatchChanges(call_as(watching, "vi"), {});
  const auto other = events->WatchChanges(call_as(others, "ad"), {});
  const auto stream = events->StreamEvents(call_as(sending, "sync"));
  v1::WatchChangesResponse change;
  REQUIRE(watch->Read(&change));
  REQUIRE(other->Read(&change));
  v1::StreamEventsRequest request;
  *request.add_events() = MakeEvent("e1", "ana", "page viewed");
  v1::StreamEventsResponse acknowledged;
  REQUIRE(stream->Write(request));
  REQUIRE(stream->Read(&acknowledged));
  REQUIRE(other->Read(&change));
  Call importing;
  v1::ImportContactsResponse imported;
  const auto import = contacts->ImportContacts(call_as(importing, "sync"), &imported);
  v1::ImportContactsRequest piece;
  piece.set_chunk("Record ID,First Name\n101,Ana\n");
  REQUIRE(import->Write(piece));

  const auto process = runtime::OpenAccessFile(data_folder());
  REQUIRE(process.has_value());
  const auto tokens = (*process)->ReadTokens();
  REQUIRE(tokens.has_value());
  for (const runtime::AccessToken& token : *tokens) {
    if (token.holder == "vi" || token.holder == "sync") REQUIRE((*process)->RevokeToken(token.id, runtime::SystemClock().Now()).ok());
  }
  while (watch->Read(&change)) {}
  CHECK(ReasonOf(watch->Finish()) == "TOKEN_REVOKED");
  *request.mutable_events(0) = MakeEvent("e2", "ana", "page viewed");
  stream->Write(request);
  CHECK_FALSE(stream->Read(&acknowledged));
  CHECK(ReasonOf(stream->Finish()) == "TOKEN_REVOKED");
  piece.set_chunk("102,Ben\n");
  import->Write(piece);
  CHECK(ReasonOf(import->Finish()) == "TOKEN_REVOKED");
  REQUIRE(PublishAs("ad", MakeEvent("e3", "ana", "page viewed")).ok());
  CHECK(other->Read(&change));
}

TEST_CASE_METHOD(AccessFixture, "access: a token makes as many calls a second as it may") {
  CHECK(GetInfo(secrets.at("slow")).ok());
  CHECK(GetInfo(secrets.at("slow")).ok());
  grpc::Status status;
  for (int i = 0; i < 100 && status.ok(); ++i) status = GetInfo(secrets.at("slow"));
  CHECK(status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED);
  CHECK(ReasonOf(status) == "RATE_LIMITED");
  CHECK(SaysWhenToRetry(status));
  CHECK(GetInfo(secrets.at("vi")).ok());
}

TEST_CASE_METHOD(AccessFixture, "access: what is done with a token is done in its name, and a person's in no other") {
  CHECK(PublishAs("sync", MakeEvent("e1", "ana", "page viewed")).ok());
  CHECK(LastActor("ana") == "sync");
  v1::Event event = MakeEvent("e2", "ana", "page viewed");
  event.set_actor("ben");
  CHECK(PublishAs("sync", event).ok());
  CHECK(LastActor("ana") == "ben");
  event.set_event_id("e3");
  const grpc::Status refused = PublishAs("au", event);
  CHECK(refused.error_code() == grpc::StatusCode::PERMISSION_DENIED);
  CHECK(ReasonOf(refused) == "ACTOR_NOT_YOURS");
  event.set_actor("au");
  CHECK(PublishAs("au", event).ok());
  CHECK(LastActor("ana") == "au");

  v1::UpdateContactRequest update;
  update.set_name("contacts/ana");
  AddText(*update.mutable_properties(), "status", "Open");
  v1::UpdateContactResponse updated;
  Call call;
  call->AddMetadata("authorization", secrets.at("au"));
  CHECK(contacts->UpdateContact(call, update, &updated).ok());
  CHECK(LastActor("ana") == "au");
  update.set_actor("ben");
  Call other;
  other->AddMetadata("authorization", secrets.at("au"));
  CHECK(ReasonOf(contacts->UpdateContact(other, update, &updated)) == "ACTOR_NOT_YOURS");
}

TEST_CASE_METHOD(AccessFixture, "access: a stream is asked for its token once, and an event in another name is refused alone") {
  Call without;
  auto refused = events->StreamEvents(without);
  v1::StreamEventsRequest request;
  *request.add_events() = MakeEvent("e1", "ana", "page viewed");
  refused->Write(request);
  CHECK(ReasonOf(refused->Finish()) == "TOKEN_MISSING");

  Call call;
  call->AddMetadata("authorization", secrets.at("au"));
  auto stream = events->StreamEvents(call);
  request.add_events()->CopyFrom(MakeEvent("e2", "ana", "page viewed"));
  request.mutable_events(1)->set_actor("ben");
  REQUIRE(stream->Write(request));
  v1::StreamEventsResponse response;
  REQUIRE(stream->Read(&response));
  CHECK(response.applied() == 1);
  CHECK(response.rejected() == 1);
  stream->WritesDone();
  CHECK(stream->Finish().ok());
  CHECK(LastActor("ana") == "au");
}

}  // namespace stagecraft::tests
