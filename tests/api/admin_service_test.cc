// AdminService: what the server says of itself, and backups while it works.
#include <atomic>
#include <catch2/catch.hpp>
#include <fstream>
#include <future>
#include <random>
#include <string>
#include <thread>

#include "runtime/store/sqlite/sqlite_store.h"
#include "runtime/verify/verify.h"
#include "stagecraft/v1/admin_service.grpc.pb.h"
#include "tests/api/api_fixture.h"

namespace stagecraft::tests {
namespace {

// Writes the parts of a backup that are still to come into a folder; gives how the call ended.
grpc::Status Take(grpc::ClientReader<v1::BackupResponse>& parts, const std::string& folder) {
  v1::BackupResponse part;
  while (parts.Read(&part)) {
    CHECK(part.data().size() <= 1 << 20);
    std::ofstream(folder + "/" + part.file(), std::ios::binary | std::ios::app) << part.data();
  }
  return parts.Finish();
}

runtime::Report VerifyFolder(const std::string& folder) {
  const auto store = runtime::OpenSqliteStoreToLook(folder);
  if (!store) FAIL(store.error().message);
  auto report = runtime::Verify(**store);
  if (!report) FAIL(report.error().message);
  for (const runtime::Finding& finding : report->findings()) FAIL_CHECK(NameOf(finding.invariant) << ": " << finding.what);
  return std::move(*report);
}

v1::Event NumberedEvent(int number) { return MakeEvent("e" + std::to_string(number), "c" + std::to_string(number % 30), "page viewed"); }

}  // namespace

TEST_CASE_METHOD(ApiFixture, "the server says what it is and how much it holds") {
  Deploy();
  REQUIRE(Publish(NumberedEvent(1)).ok());
  const auto stub = v1::AdminService::NewStub(channel());
  v1::GetServerInfoResponse info;
  Call call;
  REQUIRE(stub->GetServerInfo(call, {}, &info).ok());
  CHECK_FALSE(info.version().empty());
  CHECK(info.start_time().seconds() > 0);
  CHECK(info.revision() == 1);
  CHECK(info.record_count() == 2);
  CHECK(info.contact_count() == 1);
}

TEST_CASE_METHOD(ApiFixture, "the server says what it has done since it was started, and what it holds") {
  Deploy();
  for (int i = 0; i < 3; ++i) {
    auto event = MakeEvent("sql " + std::to_string(i), "c" + std::to_string(i), "contact updated");
    AddText(*event.mutable_properties(), "lifecycle", "SQL");
    REQUIRE(Publish(event).ok());
    REQUIRE(Publish(event).ok());
  }
  CHECK_FALSE(Publish(MakeEvent("x", "c1", "no such event")).ok());
  v1::GetStatsResponse stats;
  REQUIRE(v1::AdminService::NewStub(channel())->GetStats(Call(), {}, &stats).ok());
  CHECK(stats.applied_event_count() == 3);
  CHECK(stats.duplicate_event_count() == 3);
  CHECK(stats.rejected_event_count() == 1);
  CHECK(stats.failed_event_count() == 0);
  CHECK(stats.record_count() >= 3);
  CHECK(stats.task_count() == 3);
  REQUIRE(stats.rules_size() == 2);
  for (const v1::RuleFirings& rule : stats.rules()) CHECK(rule.count() == 3);
  CHECK(stats.commit_time_p50().nanos() > 0);
  CHECK(stats.journal_bytes() > 0);
  CHECK(stats.start_time().seconds() > 0);
}

TEST_CASE_METHOD(ApiFixture, "under maintenance the server answers, and changes nothing") {
  Deploy();
  REQUIRE(Publish(NumberedEvent(1)).ok());
  const auto admin = v1::AdminService::NewStub(channel());
  Call open;
  const auto stream = events->StreamEvents(open);
  v1::StreamEventsRequest batch;
  *batch.add_events() = NumberedEvent(2);
  v1::StreamEventsResponse acknowledged;
  REQUIRE(stream->Write(batch));
  REQUIRE(stream->Read(&acknowledged));

  v1::SetMaintenanceRequest request;
  v1::SetMaintenanceResponse response;
  request.set_enabled(true);
  request.set_note("back at 14:00 UTC");
  REQUIRE(admin->SetMaintenance(Call(), request, &response).ok());

  const grpc::Status refused = Publish(NumberedEvent(3));
  CHECK(refused.error_code() == grpc::StatusCode::UNAVAILABLE);
  CHECK(ReasonOf(refused) == "UNDER_MAINTENANCE");
  CHECK(refused.error_message() == "the server is under maintenance, and changes nothing: back at 14:00 UTC");
  CHECK(SaysWhenToRetry(refused));
  v1::CreateContactResponse created;
  CHECK(ReasonOf(contacts->CreateContact(Call(), {}, &created)) == "UNDER_MAINTENANCE");
  CHECK_FALSE(stream->Read(&acknowledged));
  CHECK(ReasonOf(stream->Finish()) == "UNDER_MAINTENANCE");
  Call late;
  CHECK(ReasonOf(events->StreamEvents(late)->Finish()) == "UNDER_MAINTENANCE");

  CHECK(Get("c1").name() == "contacts/c1");
  v1::GetServerInfoResponse info;
  REQUIRE(admin->GetServerInfo(Call(), {}, &info).ok());
  CHECK(info.under_maintenance());
  CHECK(info.maintenance_note() == "back at 14:00 UTC");
  CHECK(info.contact_count() == 2);

  request.set_enabled(false);
  REQUIRE(admin->SetMaintenance(Call(), request, &response).ok());
  CHECK(Publish(NumberedEvent(3)).ok());
  v1::GetServerInfoResponse after;
  REQUIRE(admin->GetServerInfo(Call(), {}, &after).ok());
  CHECK_FALSE(after.under_maintenance());
  CHECK(after.maintenance_note().empty());

  request.set_note(std::string(257, 'x'));
  CHECK(ReasonOf(admin->SetMaintenance(Call(), request, &response)) == "TEXT_TOO_LONG");
}

TEST_CASE_METHOD(ApiFixture, "a backup under load is clean, and has what was acknowledged before it") {
  Deploy();
  std::atomic<bool> done = false;
  std::atomic<int> acknowledged = 0;
  std::atomic<int> refused = 0;
  std::thread load([&] {
    while (!done) {
      if (!Publish(NumberedEvent(acknowledged + 1)).ok()) ++refused;
      ++acknowledged;
    }
  });
  const auto stub = v1::AdminService::NewStub(channel());
  constexpr int kBackups = 5;
  for (int i = 1; i <= kBackups; ++i) {
    while (acknowledged < i * 50) std::this_thread::yield();
    const int before = acknowledged;
    const TempFolder folder;
    Call call;
    const auto parts = stub->Backup(call, {});
    CHECK(Take(*parts, folder.path()).ok());
    const runtime::Report report = VerifyFolder(folder.path());
    CHECK(report.revisions == 1);
    CHECK(report.records > before);  // and the deployment's
  }
  done = true;
  load.join();
  CHECK(refused == 0);
}

TEST_CASE_METHOD(ApiFixture, "one backup at a time") {
  // More than the connection takes in before the caller reads.
  const std::string text(60'000, 'x');
  for (int i = 0; i < 300; ++i) {
    v1::Event event = NumberedEvent(i);
    AddText(*event.mutable_properties(), "job title", text);
    REQUIRE(Publish(event).ok());
  }
  const auto stub = v1::AdminService::NewStub(channel());
  const TempFolder folder;
  Call first;
  const auto parts = stub->Backup(first, {});
  v1::BackupResponse part;
  REQUIRE(parts->Read(&part));
  std::ofstream(folder.path() + "/" + part.file(), std::ios::binary) << part.data();

  Call second;
  const auto refused = stub->Backup(second, {});
  CHECK_FALSE(refused->Read(&part));
  const grpc::Status status = refused->Finish();
  CHECK(status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED);
  CHECK(ReasonOf(status) == "BACKUP_UNDER_WAY");
  CHECK(SaysWhenToRetry(status));

  CHECK(Take(*parts, folder.path()).ok());
  CHECK(VerifyFolder(folder.path()).records == 300);
  SECTION("and the next one when it is done") {
    Call third;
    const TempFolder again;
    CHECK(Take(*stub->Backup(third, {}), again.path()).ok());
  }
  SECTION("a caller that goes away does not keep others from theirs") {
    {
      Call left;
      const auto leaving = stub->Backup(left, {});
      REQUIRE(leaving->Read(&part));
      left->TryCancel();
      CHECK_FALSE(leaving->Finish().ok());
    }
    for (;;) {
      Call next;
      const TempFolder again;
      const grpc::Status ended = Take(*stub->Backup(next, {}), again.path());
      if (ended.ok()) break;
      REQUIRE(ReasonOf(ended) == "BACKUP_UNDER_WAY");
    }
  }
}

TEST_CASE_METHOD(ApiFixture, "who does not read its backup is cut off, and holds nobody up") {
  Deploy();
  std::minstd_rand letters;  // that do not compress to nothing
  for (int i = 0; i < 100; ++i) {
    v1::Event event = NumberedEvent(i);
    v1::Field& name = *event.add_properties();
    name.set_name("first name");
    for (int letter = 0; letter < 60'000; ++letter) name.mutable_text()->push_back(static_cast<char>('a' + letters() % 26));
    REQUIRE(Publish(event).ok());
  }
  const auto stub = v1::AdminService::NewStub(channel());
  grpc::ChannelArguments small_window;
  small_window.SetInt(GRPC_ARG_HTTP2_BDP_PROBE, 0);
  small_window.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  const auto other = v1::AdminService::NewStub(grpc::CreateCustomChannel(address(), grpc::InsecureChannelCredentials(), small_window));
  Call stalled;
  const auto unread = other->Backup(stalled, {});
  grpc::Status status;
  do {
    const TempFolder folder;
    Call call;
    const auto parts = stub->Backup(call, {});
    status = Take(*parts, folder.path());
  } while (ReasonOf(status) == "BACKUP_UNDER_WAY");
  CHECK(status.ok());
  v1::BackupResponse part;
  while (unread->Read(&part)) continue;
  CHECK_FALSE(unread->Finish().ok());
}

TEST_CASE_METHOD(ApiFixture, "a stopping server breaks a backup off, and says so") {
  Deploy();
  for (int i = 0; i < 100; ++i) {
    v1::Event event = NumberedEvent(i);
    AddText(*event.mutable_properties(), "first name", std::to_string(i) + std::string(60'000, 'x'));
    REQUIRE(Publish(event).ok());
  }
  grpc::ChannelArguments small_window;
  small_window.SetInt(GRPC_ARG_HTTP2_BDP_PROBE, 0);
  small_window.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  const auto stub = v1::AdminService::NewStub(grpc::CreateCustomChannel(address(), grpc::InsecureChannelCredentials(), small_window));
  Call call;
  const auto parts = stub->Backup(call, {});
  v1::BackupResponse part;
  REQUIRE(parts->Read(&part));
  const auto drained = std::async(std::launch::async, [this] { server().Drain(std::chrono::seconds(20)); });
  while (Publish(MakeEvent("", "ana", "page viewed")).ok()) {}  // until it is stopping
  while (parts->Read(&part)) continue;
  CHECK(ReasonOf(parts->Finish()) == "SERVER_STOPPING");
}

}  // namespace stagecraft::tests
