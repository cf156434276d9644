// The audit log: what is in it, and that nobody changes it unseen.
#include <SQLiteCpp/SQLiteCpp.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "runtime/store/sqlite/access_file.h"
#include "server/auth/audit_log.h"
#include "tests/api/api_fixture.h"

namespace stagecraft::tests {
namespace {

std::vector<runtime::AuditEntry> EntriesOf(runtime::AccessStore& store) {
  std::vector<runtime::AuditEntry> entries;
  REQUIRE(store
              .ScanAudit(0,
                         [&](runtime::AuditEntry&& entry) {
                           entries.push_back(std::move(entry));
                           return true;
                         })
              .ok());
  return entries;
}

std::vector<std::string> DamageOf(runtime::AccessStore& store) {
  const auto found = server::FindAuditDamage(store, 10);
  REQUIRE(found.has_value());
  return *found;
}

// A log of five entries, and SQL by somebody who can write the file.
struct Log {
  Log() {
    for (int i = 0; i < 5; ++i) {
      runtime::AuditEntry entry;
      entry.holder = "ana";
      entry.method = "DeployScripts";
      entry.resource = "deployments/" + std::to_string(i);
      REQUIRE(log.Record(entry).ok());
    }
  }
  void Tamper(const std::string& sql) {
    SQLite::Database db(folder.path() + "/access.db", SQLite::OPEN_READWRITE);
    db.exec("DROP TRIGGER audit_keeps_entries; DROP TRIGGER audit_keeps_words");
    db.exec(sql);
  }

  TempFolder folder;
  runtime::SystemClock clock;
  std::unique_ptr<runtime::AccessStore> store = runtime::OpenAccessFile(folder.path()).value();
  server::AuditLog log{*store, clock};
};

}  // namespace

TEST_CASE_METHOD(ApiFixture, "audit: what changes something is in the log with its outcome, what reads is not") {
  Deploy();
  v1::SetRuleEnabledRequest off;
  off.set_rule("Hand-off");
  off.set_actor("ana");
  v1::SetRuleEnabledResponse response;
  Call call;
  call->AddMetadata("x-request-id", "request-7");
  REQUIRE(scripts->SetRuleEnabled(call, off, &response).ok());
  off.set_rule("Nobody's");
  CHECK_FALSE(scripts->SetRuleEnabled(Call(), off, &response).ok());
  v1::GetDeploymentRequest read;
  read.set_name("deployments/current");
  v1::GetDeploymentResponse deployment;
  REQUIRE(scripts->GetDeployment(Call(), read, &deployment).ok());

  const std::vector<runtime::AuditEntry> entries = EntriesOf(access());
  REQUIRE(entries.size() == 3);
  CHECK(entries[0].method == "DeployScripts");
  CHECK(entries[0].resource == "deployments/1");
  CHECK(entries[0].code == 0);
  CHECK(entries[0].address == "127.0.0.1");
  CHECK(entries[1].method == "SetRuleEnabled");
  CHECK(entries[1].resource == "rules/Hand-off");
  CHECK(entries[1].request_id == "request-7");
  CHECK(entries[2].code == grpc::StatusCode::NOT_FOUND);
  CHECK(entries[2].at >= entries[0].at);
  CHECK(DamageOf(access()).empty());
}

TEST_CASE_METHOD(ApiFixture, "audit: an import that comes to no end is in the log with why") {
  Call call;
  v1::ImportContactsResponse response;
  const auto writer = contacts->ImportContacts(call, &response);
  v1::ImportContactsRequest request;
  request.set_chunk("Record ID,First Name\n101,Ana\n");
  REQUIRE(writer->Write(request));
  server().Drain(std::chrono::seconds(20));
  CHECK(ReasonOf(writer->Finish()) == "SERVER_STOPPING");
  const std::vector<runtime::AuditEntry> entries = EntriesOf(access());
  REQUIRE(entries.size() == 1);
  CHECK(entries[0].method == "ImportContacts");
  CHECK(entries[0].code == grpc::StatusCode::UNAVAILABLE);
}

TEST_CASE_METHOD(ApiFixture, "audit: it names no contact") {
  v1::CreateContactRequest request;
  request.set_contact_id("ana-the-person");
  v1::CreateContactResponse response;
  REQUIRE(contacts->CreateContact(Call(), request, &response).ok());
  v1::DeleteContactRequest remove;
  remove.set_name("contacts/ana-the-person");
  v1::DeleteContactResponse removed;
  REQUIRE(contacts->DeleteContact(Call(), remove, &removed).ok());
  v1::EraseContactRequest erase;
  erase.set_name("contacts/ana-the-person");
  v1::EraseContactResponse erased;
  REQUIRE(contacts->EraseContact(Call(), erase, &erased).ok());
  const std::vector<runtime::AuditEntry> entries = EntriesOf(access());
  REQUIRE(entries.size() == 3);
  for (const runtime::AuditEntry& entry : entries) {
    for (const std::string& text : {entry.holder, entry.resource, entry.request_id, entry.address})
      CHECK(text.find("ana-the-person") == std::string::npos);
  }
}

TEST_CASE_METHOD(Log, "audit: threads write it together, without gaps") {
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([this] {
      for (int j = 0; j < 25; ++j) {
        if (!log.Record({}).ok()) std::abort();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(EntriesOf(*store).size() == 205);
  CHECK(DamageOf(*store).empty());
}

TEST_CASE_METHOD(Log, "audit: what is written is only added to") {
  SQLite::Database db(folder.path() + "/access.db", SQLite::OPEN_READWRITE);
  CHECK_THROWS(db.exec("DELETE FROM audit"));
  CHECK_THROWS(db.exec("UPDATE audit SET holder = 'ben'"));
  CHECK(DamageOf(*store).empty());
}

TEST_CASE_METHOD(Log, "audit: an entry that was changed, taken away or put in is found") {
  SECTION("changed") {
    Tamper("UPDATE audit SET holder = 'ben' WHERE number = 3");
    CHECK(DamageOf(*store) == std::vector<std::string>{"entry 3 of the audit log, or the one before it, is not what was written"});
  }
  SECTION("each of its words counts") {
    for (const std::string word : {"at = at + 1", "token = 'x'", "method = 'x'", "resource = 'x'", "code = 1", "request_id = 'x'",
                                   "address = 'x'", "hash = x'00'"}) {
      INFO(word);
      Log other;
      other.Tamper("UPDATE audit SET " + word + " WHERE number = 5");
      CHECK_FALSE(DamageOf(*other.store).empty());
    }
  }
  SECTION("taken away") {
    Tamper("DELETE FROM audit WHERE number = 2");
    CHECK(DamageOf(*store).front() == "entry 2 of the audit log is missing");
  }
  SECTION("the last ones") {
    Tamper("DELETE FROM audit WHERE number > 3");
    CHECK(DamageOf(*store) == std::vector<std::string>{"the audit log ends with entry 3; it had 5"});
  }
  SECTION("all") {
    Tamper("DELETE FROM audit");
    CHECK(DamageOf(*store) == std::vector<std::string>{"the audit log ends with entry 0; it had 5"});
  }
  SECTION("put in") {
    Tamper("INSERT INTO audit SELECT 6, at, holder, token, method, resource, code, request_id, address, hash FROM audit WHERE number = 5");
    CHECK_FALSE(DamageOf(*store).empty());
  }
  SECTION("words that moved from one column to the next") {
    Tamper("UPDATE audit SET method = 'DeployScript', resource = 'sdeployments/2' WHERE number = 3");
    CHECK_FALSE(DamageOf(*store).empty());
  }
}

}  // namespace stagecraft::tests
