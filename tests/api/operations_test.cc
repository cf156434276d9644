// google.longrunning.Operations: imports, backups and enrolments, looked at, waited for and ended while they go on.
#include <catch2/catch.hpp>
#include <chrono>
#include <functional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "google/longrunning/operations.grpc.pb.h"
#include "runtime/store/access_store.h"
#include "server/auth/token.h"
#include "server/rpc/limits.h"
#include "stagecraft/v1/admin_service.grpc.pb.h"
#include "stagecraft/v1/company_service.grpc.pb.h"
#include "stagecraft/v1/operation.pb.h"
#include "tests/api/api_fixture.h"

namespace stagecraft::tests {
namespace {

namespace lro = google::longrunning;
using server::Role;

constexpr runtime::Micros kHour = 3'600'000'000;

// An enrolment waits for what was overdue until an hour has passed, or Settle is called; nobody is cut off for reading slowly.
ApiSettings Unhurried() {
  ApiSettings settings;
  settings.reader_patience = std::chrono::hours(1);
  settings.allowed_lateness = kHour;
  return settings;
}

v1::OperationMetadata MetadataOf(const lro::Operation& operation) {
  v1::OperationMetadata metadata;
  REQUIRE(operation.metadata().UnpackTo(&metadata));
  return metadata;
}

// What a call says its operation is called; before its answer.
std::string NameIn(grpc::ClientContext& context) {
  const auto found = context.GetServerInitialMetadata().find("x-operation");
  REQUIRE(found != context.GetServerInitialMetadata().end());
  return {found->second.data(), found->second.size()};
}

template <typename Message>
Message ResponseOf(const lro::Operation& operation) {
  Message message;
  INFO(operation.DebugString());
  REQUIRE(operation.response().UnpackTo(&message));
  return message;
}

// What an operation that failed had done until then.
template <typename Message>
Message ResultUntil(const lro::Operation& operation) {
  Message message;
  REQUIRE(operation.error().details_size() > 0);
  REQUIRE(operation.error().details(operation.error().details_size() - 1).UnpackTo(&message));
  return message;
}

struct OperationsFixture : ApiFixture {
  explicit OperationsFixture(const std::vector<runtime::AccessToken>& tokens = {}) : ApiFixture(tokens, Unhurried()) {}

  std::unique_ptr<lro::Operations::Stub> Stub() { return lro::Operations::NewStub(channel()); }

  grpc::Status TryGet(const std::string& name, lro::Operation& out) {
    lro::GetOperationRequest request;
    request.set_name(name);
    return Stub()->GetOperation(Call(), request, &out);
  }
  lro::Operation Look(const std::string& name) {
    lro::Operation operation;
    const grpc::Status status = TryGet(name, operation);
    INFO(name << ": " << status.error_message());
    REQUIRE(status.ok());
    return operation;
  }
  // Until it is over, or, with a timeout, until that has passed.
  lro::Operation Wait(const std::string& name, int timeout_ms = 0) {
    lro::WaitOperationRequest request;
    request.set_name(name);
    if (timeout_ms != 0) request.mutable_timeout()->set_nanos(timeout_ms * 1'000'000);
    lro::Operation operation;
    const grpc::Status status = Stub()->WaitOperation(Call(), request, &operation);
    INFO(name << ": " << status.error_message());
    REQUIRE(status.ok());
    return operation;
  }
  // Until so much of it is done.
  lro::Operation WaitForCount(const std::string& name, std::int64_t count) {
    lro::Operation operation = Look(name);
    while (!operation.done() && MetadataOf(operation).done_count() < count) operation = Wait(name, 10);
    CHECK(MetadataOf(operation).done_count() == count);
    return operation;
  }
  grpc::Status Cancel(const std::string& name, const std::string& authorization = "") {
    lro::CancelOperationRequest request;
    request.set_name(name);
    google::protobuf::Empty nothing;
    Call call;
    if (!authorization.empty()) call->AddMetadata("authorization", authorization);
    return Stub()->CancelOperation(call, request, &nothing);
  }
  grpc::Status TryList(const lro::ListOperationsRequest& request, lro::ListOperationsResponse& out) {
    return Stub()->ListOperations(Call(), request, &out);
  }
  std::vector<std::string> Names(const std::string& filter = "") {
    lro::ListOperationsRequest request;
    request.set_filter(filter);
    lro::ListOperationsResponse response;
    const grpc::Status status = TryList(request, response);
    INFO(status.error_message());
    REQUIRE(status.ok());
    std::vector<std::string> names;
    for (const lro::Operation& each : response.operations()) names.push_back(each.name());
    return names;
  }

  // SQLs, then a rule for them that those who are there are enrolled in. One of them has a timer that is overdue: until it has been quiet
  // for an hour, or Settle is called, nobody has a turn.
  v1::DeployScriptsResponse DeployEnrolling(int count) {
    Deploy("after 3 days in status New set job title \"late\"\n");
    for (int i = 0; i < count; ++i) {
      v1::Event event = MakeEvent("made" + std::to_string(i), "c" + std::to_string(i), "contact updated");
      AddText(*event.mutable_properties(), "lifecycle", "SQL");
      if (i == 0) {
        AddText(*event.mutable_properties(), "status", "New");
        event.mutable_occurred_at()->set_seconds(1'700'000'000);
      }
      REQUIRE(Publish(event).ok());
    }
    v1::DeployScriptsRequest request;
    auto* file = request.add_files();
    file->set_name("a.stage");
    file->set_text("after 3 days in status New set job title \"late\"\nrule \"Welcome\"\n  on SQL\n  set company name \"welcome\"\n");
    request.set_enroll_existing(true);
    request.set_author("olga");
    v1::DeployScriptsResponse response;
    REQUIRE(scripts->DeployScripts(Call(), request, &response).ok());
    return response;
  }
};

// An import whose file comes piece by piece.
struct Importing {
  explicit Importing(OperationsFixture& api, const std::string& authorization = "") {
    if (!authorization.empty()) call->AddMetadata("authorization", authorization);
    writer = api.contacts->ImportContacts(call, &response);
    writer->WaitForInitialMetadata();
    name = NameIn(*static_cast<grpc::ClientContext*>(call));
  }
  bool Send(const std::string& text) {
    v1::ImportContactsRequest request;
    request.set_chunk(text);
    return writer->Write(request);
  }
  grpc::Status End() {
    writer->WritesDone();
    return writer->Finish();
  }

  Call call;
  v1::ImportContactsResponse response;
  std::unique_ptr<grpc::ClientWriter<v1::ImportContactsRequest>> writer;
  std::string name;
};

}  // namespace

TEST_CASE_METHOD(OperationsFixture, "operations: an import is one: it has a name at once, grows by its rows, and keeps its report") {
  Importing import(*this);
  lro::Operation operation = Look(import.name);
  CHECK(operation.name() == import.name);
  CHECK_FALSE(operation.done());
  CHECK(MetadataOf(operation).kind() == v1::OPERATION_KIND_IMPORT_CONTACTS);
  CHECK(MetadataOf(operation).create_time().seconds() > 0);
  CHECK(Names("done = false") == std::vector{import.name});

  v1::ImportContactsRequest config;
  config.mutable_config()->set_actor("olga");
  REQUIRE(import.writer->Write(config));
  REQUIRE(import.Send("Record ID,Lead Status\n1,New\n2,Nwe\n3,"));
  operation = WaitForCount(import.name, 2);
  CHECK_FALSE(operation.done());
  CHECK(MetadataOf(operation).actor() == "olga");
  CHECK(MetadataOf(operation).failed_count() == 1);
  CHECK(MetadataOf(operation).total_count() == 0);
  REQUIRE(import.Send("Open\n4,New\n"));
  CHECK(MetadataOf(WaitForCount(import.name, 4)).failed_count() == 1);
  REQUIRE(import.End().ok());

  operation = Wait(import.name);
  CHECK(operation.done());
  CHECK(MetadataOf(operation).end_time().seconds() > 0);
  const auto report = ResponseOf<v1::ImportContactsResponse>(operation);
  CHECK(report.rows() == 4);
  CHECK(report.applied() == 3);
  CHECK(report.created() == 3);
  CHECK(report.rejected() == 1);
  CHECK(report.id_column() == "Record ID");
  CHECK(Names("done = false").empty());
  CHECK(Names("done = true") == std::vector{import.name});
}

TEST_CASE_METHOD(OperationsFixture, "operations: the report of an import says where rows were bad, and not what was in them") {
  Importing import(*this);
  std::string file = "Record ID,Lead Status\n";
  constexpr int kBad = 3 * server::limits::kOperationErrorsMax;
  for (int i = 0; i < kBad; ++i) file += std::to_string(i) + ",Somebody's secret\n";
  REQUIRE(import.Send(file));
  REQUIRE(import.End().ok());
  CHECK(import.response.errors_size() == kBad);
  const auto report = ResponseOf<v1::ImportContactsResponse>(Look(import.name));
  CHECK(report.error_count() == kBad);
  REQUIRE(report.errors_size() == server::limits::kOperationErrorsMax);
  CHECK(report.errors(7).line() == 9);
  CHECK(report.errors(7).column_name() == "Lead Status");
  CHECK(report.DebugString().find("secret") == std::string::npos);
}

TEST_CASE_METHOD(OperationsFixture,
                 "operations: an import that is cancelled while it waits for its file ends at once, and what went in stays") {
  Importing import(*this);
  REQUIRE(import.Send("Record ID,Lead Status\n1,New\n2,Open\n3,Nwe\n"));
  WaitForCount(import.name, 3);
  REQUIRE(Cancel(import.name).ok());
  // Nobody sends the rest.
  const grpc::Status status = import.writer->Finish();
  CHECK(status.error_code() == grpc::StatusCode::CANCELLED);
  CHECK(ReasonOf(status) == "OPERATION_CANCELLED");
  CHECK(TextOf(Get("1"), "status") == "New");
  CHECK(TextOf(Get("2"), "status") == "Open");

  const lro::Operation operation = Wait(import.name);
  REQUIRE(operation.done());
  CHECK(operation.error().code() == static_cast<int>(grpc::StatusCode::CANCELLED));
  CHECK(ReasonOf(operation.error()) == "OPERATION_CANCELLED");
  CHECK(MetadataOf(operation).cancel_requested());
  const auto report = ResultUntil<v1::ImportContactsResponse>(operation);
  CHECK(report.applied() == 2);
  CHECK(report.rejected() == 1);
  CHECK(Cancel(import.name).ok());  // once more it changes nothing
}

TEST_CASE_METHOD(OperationsFixture, "operations: an import that is cancelled while it takes a piece ends behind the rows that it is at") {
  Importing import(*this);
  // A piece has up to some ten thousand rows; the next ones are sent for as long as they are taken.
  std::string piece = "Record ID\n";
  int sent = 0;
  const auto add_rows = [&] {
    for (int i = 0; i < 20'000; ++i) piece += std::to_string(sent++) + "\n";
  };
  add_rows();
  REQUIRE(import.Send(piece));
  std::thread sender([&] {
    do {
      piece.clear();
      add_rows();
    } while (import.Send(piece));
  });
  lro::Operation operation = Look(import.name);
  while (MetadataOf(operation).done_count() == 0) operation = Wait(import.name, 10);
  REQUIRE(Cancel(import.name).ok());
  operation = Wait(import.name);
  sender.join();
  CHECK(ReasonOf(import.writer->Finish()) == "OPERATION_CANCELLED");
  const auto report = ResultUntil<v1::ImportContactsResponse>(operation);
  CHECK(report.applied() == MetadataOf(operation).done_count());
  CHECK(report.applied() < sent);
  v1::GetContactRequest get;
  v1::GetContactResponse contact;
  get.set_name("contacts/" + std::to_string(report.applied() - 1));
  CHECK(contacts->GetContact(Call(), get, &contact).ok());
  get.set_name("contacts/" + std::to_string(report.applied()));
  CHECK(ReasonOf(contacts->GetContact(Call(), get, &contact)) == "CONTACT_NOT_FOUND");
}

TEST_CASE_METHOD(OperationsFixture, "operations: an import whose caller has gone, or whose file is none, is over, and says why") {
  Importing gone(*this);
  REQUIRE(gone.Send("Record ID\n1\n"));
  WaitForCount(gone.name, 1);
  gone.call->TryCancel();
  gone.writer->Finish();
  lro::Operation operation = Wait(gone.name);
  CHECK(ReasonOf(operation.error()) == "CANCELLED");
  CHECK(ResultUntil<v1::ImportContactsResponse>(operation).applied() == 1);

  Importing none(*this);
  REQUIRE(none.Send("First Name\nAna\n"));
  CHECK(ReasonOf(none.writer->Finish()) == "NO_ID_COLUMN");
  operation = Wait(none.name);
  CHECK(operation.error().code() == static_cast<int>(grpc::StatusCode::INVALID_ARGUMENT));
  CHECK(ReasonOf(operation.error()) == "NO_ID_COLUMN");
}

TEST_CASE_METHOD(OperationsFixture, "operations: companies are imported by one, too") {
  Call call;
  v1::ImportCompaniesResponse response;
  const auto writer = v1::CompanyService::NewStub(channel())->ImportCompanies(call, &response);
  v1::ImportCompaniesRequest request;
  request.set_chunk("Record ID,Company name\n7,Acme\n");
  REQUIRE(writer->Write(request));
  writer->WritesDone();
  REQUIRE(writer->Finish().ok());
  const lro::Operation operation = Look(NameIn(*static_cast<grpc::ClientContext*>(call)));
  CHECK(MetadataOf(operation).kind() == v1::OPERATION_KIND_IMPORT_COMPANIES);
  CHECK(MetadataOf(operation).done_count() == 1);
  CHECK(ResponseOf<v1::ImportCompaniesResponse>(operation).applied() == 1);

  Call other;
  const auto unfinished = v1::CompanyService::NewStub(channel())->ImportCompanies(other, &response);
  REQUIRE(unfinished->Write(request));
  unfinished->WaitForInitialMetadata();
  const std::string name = NameIn(*static_cast<grpc::ClientContext*>(other));
  WaitForCount(name, 1);
  REQUIRE(Cancel(name).ok());
  CHECK(ReasonOf(unfinished->Finish()) == "OPERATION_CANCELLED");
}

TEST_CASE_METHOD(OperationsFixture, "operations: a backup is one: it counts the bytes, and ends when it is cancelled") {
  {
    // More than is on its way at a time.
    Importing import(*this);
    std::string file = "Record ID,First Name\n";
    for (int i = 0; i < 900; ++i) file += std::to_string(i) + "," + std::string(1'000, static_cast<char>('a' + i % 26)) + "\n";
    for (int i = 0; i < 8; ++i) REQUIRE(import.Send(i == 0 ? file : file.substr(file.find('\n') + 1)));
    REQUIRE(import.End().ok());
  }
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_HTTP2_BDP_PROBE, 0);  // so that what is on its way does not become more
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  const auto admin = v1::AdminService::NewStub(grpc::CreateCustomChannel(address(), grpc::InsecureChannelCredentials(), arguments));
  Call call;
  const auto parts = admin->Backup(call, {});
  v1::BackupResponse part;
  REQUIRE(parts->Read(&part));
  const std::string name = NameIn(*static_cast<grpc::ClientContext*>(call));
  lro::Operation operation = Look(name);
  CHECK(MetadataOf(operation).kind() == v1::OPERATION_KIND_BACKUP);
  const bool is_cancelled = GENERATE(false, true);
  if (is_cancelled) {
    CHECK_FALSE(operation.done());
    REQUIRE(Cancel(name).ok());
  }
  auto bytes = static_cast<std::int64_t>(part.data().size());
  std::set<std::string> files = {part.file()};
  while (parts->Read(&part)) {
    bytes += static_cast<std::int64_t>(part.data().size());
    files.insert(part.file());
  }
  const grpc::Status status = parts->Finish();
  operation = Wait(name);
  CHECK(MetadataOf(operation).done_count() == bytes);
  if (is_cancelled) {
    CHECK(ReasonOf(status) == "OPERATION_CANCELLED");
    CHECK(ReasonOf(operation.error()) == "OPERATION_CANCELLED");
    CHECK(ResultUntil<v1::BackupSummary>(operation).byte_count() == bytes);
    Call again;  // another may be made now
    const auto next = admin->Backup(again, {});
    while (next->Read(&part)) {}
    CHECK(next->Finish().ok());
  } else {
    CHECK(status.ok());
    CHECK(ResponseOf<v1::BackupSummary>(operation).byte_count() == bytes);
    CHECK(ResponseOf<v1::BackupSummary>(operation).file_count() == static_cast<int>(files.size()));
  }
}

TEST_CASE_METHOD(OperationsFixture, "operations: an enrolment is one, under the same name after a restart") {
  const v1::DeployScriptsResponse deployed = DeployEnrolling(3);
  CHECK(deployed.operation() == "operations/enrolment-2");
  const bool restarts = GENERATE(false, true);
  if (restarts) Restart();
  lro::Operation operation = Wait(deployed.operation(), 10);
  CHECK_FALSE(operation.done());
  v1::OperationMetadata metadata = MetadataOf(operation);
  CHECK(metadata.kind() == v1::OPERATION_KIND_ENROLMENT);
  CHECK(metadata.deployment() == "deployments/2");
  CHECK(metadata.actor() == "olga");
  CHECK(metadata.create_time().seconds() == deployed.deployment().create_time().seconds());
  CHECK(metadata.done_count() == 0);
  CHECK(metadata.total_count() == 3);
  CHECK(Names("kind = ENROLMENT AND done = false") == std::vector{deployed.operation()});

  // Who waits is told when it is over.
  std::thread waiting([&] { operation = Wait(deployed.operation()); });
  REQUIRE(engine().Settle().ok());
  waiting.join();
  REQUIRE(operation.done());
  CHECK(MetadataOf(operation).done_count() == 3);
  const auto enrolment = ResponseOf<v1::Enrolment>(operation);
  CHECK(enrolment.started_count() == 3);
  REQUIRE(enrolment.rules_size() == 1);
  CHECK(enrolment.rules(0) == "Welcome");
  CHECK(TextOf(Get("c2"), "company name") == "welcome");
  if (restarts) Restart();
  CHECK(Look(deployed.operation()).done());
}

TEST_CASE_METHOD(OperationsFixture, "operations: an enrolment that is cancelled enrols nobody any more, also after a restart") {
  const std::string name = DeployEnrolling(3).operation();
  // Whoever hears of something has their turn first.
  REQUIRE(Publish(MakeEvent("e1", "c1", "page viewed")).ok());
  REQUIRE(Cancel(name).ok());
  if (GENERATE(false, true)) Restart();
  const lro::Operation operation = Wait(name);
  REQUIRE(operation.done());
  CHECK(ReasonOf(operation.error()) == "OPERATION_CANCELLED");
  CHECK(MetadataOf(operation).cancel_requested());
  const auto enrolment = ResultUntil<v1::Enrolment>(operation);
  CHECK(enrolment.cancelled());
  CHECK_FALSE(enrolment.done());
  CHECK(enrolment.started_count() == 1);
  REQUIRE(engine().Settle().ok());
  CHECK(TextOf(Get("c1"), "company name") == "welcome");
  CHECK(TextOf(Get("c2"), "company name").empty());
  CHECK(Cancel(name).ok());

  v1::GetDeploymentRequest get;
  get.set_name("deployments/2");
  v1::GetDeploymentResponse deployment;
  REQUIRE(scripts->GetDeployment(Call(), get, &deployment).ok());
  CHECK(deployment.deployment().enrolment().cancelled());
  // A later deployment makes an end of it.
  Deploy("on SQL set job title \"sql\"\n");
  lro::Operation gone;
  CHECK(ReasonOf(TryGet(name, gone)) == "OPERATION_NOT_FOUND");
  CHECK(ReasonOf(Cancel(name)) == "OPERATION_NOT_FOUND");
}

TEST_CASE_METHOD(OperationsFixture, "operations: a deployment that enrols nobody has none") {
  Deploy();
  v1::DeployScriptsRequest request;
  auto* file = request.add_files();
  file->set_name("test.stage");
  file->set_text(std::string(kScript));
  request.set_enroll_existing(true);
  v1::DeployScriptsResponse response;
  REQUIRE(scripts->DeployScripts(Call(), request, &response).ok());
  CHECK(response.operation().empty());
  CHECK(Names().empty());
}

TEST_CASE_METHOD(OperationsFixture,
                 "operations: they are listed with the newest first, page by page, and the oldest that are over are forgotten") {
  std::vector<std::string> begun = {DeployEnrolling(1).operation()};
  for (int i = 0; i < 4; ++i) {
    Importing import(*this);
    REQUIRE(import.Send("Record ID\n1\n"));
    REQUIRE(import.End().ok());
    begun.push_back(import.name);
  }
  const std::vector<std::string> all = Names();
  CHECK(all == std::vector(begun.rbegin(), begun.rend()));
  lro::ListOperationsRequest request;
  request.set_page_size(2);
  std::vector<std::string> paged;
  for (int pages = 1;; ++pages) {
    lro::ListOperationsResponse response;
    REQUIRE(TryList(request, response).ok());
    for (const lro::Operation& each : response.operations()) paged.push_back(each.name());
    if (response.next_page_token().empty()) {
      CHECK(pages == 3);
      break;
    }
    request.set_page_token(response.next_page_token());
  }
  CHECK(paged == all);
  lro::ListOperationsResponse response;
  request.set_filter("done = true");
  CHECK(ReasonOf(TryList(request, response)) == "INVALID_PAGE_TOKEN");

  Importing open(*this);
  for (int i = 0; i < server::limits::kOperationsKept; ++i) {
    Importing import(*this);
    static_cast<void>(import.End());
  }
  lro::Operation operation;
  CHECK(ReasonOf(TryGet(begun[1], operation)) == "OPERATION_NOT_FOUND");
  CHECK_FALSE(Look(open.name).done());
  CHECK_FALSE(Look(begun[0]).done());
}

TEST_CASE_METHOD(OperationsFixture, "operations: what there is not, and what cannot be asked, is refused with a reason") {
  lro::Operation operation;
  CHECK(ReasonOf(TryGet("", operation)) == "INVALID_NAME");
  CHECK(ReasonOf(TryGet("contacts/ana", operation)) == "INVALID_NAME");
  for (const char* name : {"operations/import-1", "operations/enrolment-7", "operations/enrolment-x", "nothing"}) {
    INFO(name);
    CHECK(ReasonOf(TryGet(name, operation)) == "OPERATION_NOT_FOUND");
    CHECK(ReasonOf(Cancel(name)) == "OPERATION_NOT_FOUND");
    lro::WaitOperationRequest wait;
    wait.set_name(name);
    CHECK(ReasonOf(Stub()->WaitOperation(Call(), wait, &operation)) == "OPERATION_NOT_FOUND");
  }
  lro::ListOperationsRequest list;
  lro::ListOperationsResponse listed;
  for (const char* filter : {"done", "done = perhaps", "kind = NOTHING", "kind = UNSPECIFIEDX", "name = 1", "done = true AND",
                             "done = true AND done = false", "done = true OR done = false"}) {
    INFO(filter);
    list.set_filter(filter);
    const grpc::Status status = TryList(list, listed);
    CHECK(ReasonOf(status) == "INVALID_FILTER");
    CHECK(FieldsOf(DetailsOf(status)) == std::vector<std::string>{"filter"});
  }
  list.set_filter("  kind=BACKUP AND done=true ");
  CHECK(TryList(list, listed).ok());
  list.set_name("contacts");
  CHECK(ReasonOf(TryList(list, listed)) == "INVALID_NAME");
  lro::WaitOperationRequest wait;
  wait.set_name("operations/import-1");
  wait.mutable_timeout()->set_seconds(-1);
  CHECK(FieldsOf(DetailsOf(Stub()->WaitOperation(Call(), wait, &operation))) == std::vector<std::string>{"timeout"});
  lro::DeleteOperationRequest remove;
  google::protobuf::Empty nothing;
  CHECK(Stub()->DeleteOperation(Call(), remove, &nothing).error_code() == grpc::StatusCode::UNIMPLEMENTED);
}

TEST_CASE_METHOD(OperationsFixture, "operations: who waits is let go by their own deadline, and when the server stops") {
  Importing import(*this);
  lro::WaitOperationRequest request;
  request.set_name(import.name);
  request.mutable_timeout()->set_seconds(3'600);
  lro::Operation operation;
  grpc::ClientContext hasty;
  hasty.set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(50));
  CHECK(Stub()->WaitOperation(&hasty, request, &operation).error_code() == grpc::StatusCode::DEADLINE_EXCEEDED);

  grpc::Status status;
  std::thread waiting([&] { status = Stub()->WaitOperation(Call(), request, &operation); });
  Wait(import.name, 10);  // meanwhile the other waits, too; if it comes late, it is all the same
  import.call->TryCancel();
  waiting.join();
  CHECK(status.ok());
  CHECK(operation.done());

  Importing other(*this);
  request.set_name(other.name);
  std::thread drained([&] { status = Stub()->WaitOperation(Call(), request, &operation); });
  Wait(other.name, 10);
  server().Drain(std::chrono::seconds(0));
  drained.join();
  // The import ends meanwhile, too: who hears of that first is told so.
  if (status.ok()) {
    CHECK(operation.done());
    CHECK(operation.error().code() == grpc::StatusCode::UNAVAILABLE);
  } else {
    CHECK(status.error_code() == grpc::StatusCode::UNAVAILABLE);
  }
}

TEST_CASE("operations: who may begin one may end it, and whoever reads may look") {
  std::vector<runtime::AccessToken> tokens;
  std::map<std::string, std::string> secrets;
  for (const auto& [holder, role] : {std::pair{"vi", Role::kViewer}, {"sync", Role::kService}, {"au", Role::kAuthor}}) {
    auto made = server::MakeToken({holder, role, 0, kHour, {}}, runtime::SystemClock().Now());
    REQUIRE(made.has_value());
    tokens.push_back(made->token);
    secrets[holder] = "Bearer " + made->secret;
  }
  OperationsFixture api(tokens);
  Importing import(api, secrets["sync"]);
  const auto look = [&](const std::string& holder) {
    lro::GetOperationRequest request;
    request.set_name(import.name);
    lro::Operation operation;
    Call call;
    call->AddMetadata("authorization", secrets[holder]);
    REQUIRE(api.Stub()->GetOperation(call, request, &operation).ok());
    return operation;
  };
  CHECK(MetadataOf(look("vi")).actor() == "sync");
  CHECK(ReasonOf(api.Cancel(import.name, secrets["vi"])) == "ROLE_TOO_LOW");

  v1::DeployScriptsRequest request;
  auto* file = request.add_files();
  file->set_name("a.stage");
  file->set_text("on SQL set company name \"welcome\"\n");
  request.set_enroll_existing(true);
  v1::DeployScriptsResponse deployed;
  Call deploy;
  deploy->AddMetadata("authorization", secrets["au"]);
  REQUIRE(api.scripts->DeployScripts(deploy, request, &deployed).ok());
  REQUIRE(deployed.operation() == "operations/enrolment-1");
  CHECK(ReasonOf(api.Cancel(deployed.operation(), secrets["sync"])) == "ROLE_TOO_LOW");
  CHECK(api.Cancel(deployed.operation(), secrets["au"]).ok());
  CHECK(api.Cancel(import.name, secrets["sync"]).ok());
  CHECK(ReasonOf(import.writer->Finish()) == "OPERATION_CANCELLED");

  std::vector<std::string> audited;
  REQUIRE(api.access()
              .ScanAudit(0,
                         [&](runtime::AuditEntry&& entry) {
                           if (entry.method == "CancelOperation") audited.push_back(entry.holder + " " + entry.resource);
                           return true;
                         })
              .ok());
  CHECK(std::count(audited.begin(), audited.end(), "sync " + import.name) == 1);
  CHECK(std::count(audited.begin(), audited.end(), "au " + deployed.operation()) == 1);
}

}  // namespace stagecraft::tests
