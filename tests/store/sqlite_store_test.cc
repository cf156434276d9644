// What a data folder promises beyond the contract of every store.
#include "runtime/store/sqlite/sqlite_store.h"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "runtime/model/reasons.h"
#include "runtime/store/sqlite/connection.h"
#include "runtime/store/sqlite/schema.h"
#include "tests/store/temp_folder.h"

namespace stagecraft::runtime {
namespace {

TEST_CASE("a folder in use is refused with the process that has it") {
  const tests::TempFolder folder;
  const auto first = OpenSqliteStore(folder.path());
  REQUIRE(first);
  const auto second = OpenSqliteStore(folder.path());
  REQUIRE_FALSE(second);
  CHECK(second.error().code == StatusCode::kFailedPrecondition);
  CHECK(second.error().reason == "DATA_FOLDER_IN_USE");
  CHECK(second.error().message == "the data folder `" + folder.path() + "` is in use by another server (pid " + std::to_string(getpid()) +
                                      "); stop it, or name another folder");
}

TEST_CASE("a folder is free again when its store is gone") {
  const tests::TempFolder folder;
  REQUIRE(OpenSqliteStore(folder.path()));
  CHECK(OpenSqliteStore(folder.path()));
}

TEST_CASE("a folder that cannot be made is one clear line") {
  const tests::TempFolder folder;
  std::ofstream(folder.path() + "/file") << "not a folder";
  const auto store = OpenSqliteStore(folder.path() + "/file/data");
  REQUIRE_FALSE(store);
  CHECK(store.error().code == StatusCode::kFailedPrecondition);
  CHECK(store.error().message.find("cannot be made") != std::string::npos);
}

TEST_CASE("a file that is no database is data loss, not a crash") {
  const tests::TempFolder folder;
  std::ofstream(folder.path() + "/journal.db") << std::string(5000, 'z');
  const auto store = OpenSqliteStore(folder.path());
  REQUIRE_FALSE(store);
  CHECK(store.error().code == StatusCode::kDataLoss);
  CHECK(store.error().message.find("journal.db") != std::string::npos);
}

TEST_CASE("a database of version 1 is brought to the newest version, once") {
  const tests::TempFolder folder;
  const std::string path = folder.path() + "/some.db";
  const char* const first[] = {"CREATE TABLE a (x INTEGER) STRICT; INSERT INTO a VALUES (1);"};
  // Fails when the first migration did not run before it, or when it runs twice.
  const char* const second[] = {first[0], "ALTER TABLE a ADD COLUMN y INTEGER; INSERT INTO a VALUES (2, 2);"};
  REQUIRE(UpgradeDatabase(path, first).ok());
  CHECK(UpgradeDatabase(path, second).message.empty());
  CHECK(UpgradeDatabase(path, second).message.empty());
  SECTION("and then refused by the older program") {
    const Status status = UpgradeDatabase(path, first);
    CHECK(status.reason == "STORE_TOO_NEW");
    CHECK(status.message.find("(format 2, this one knows 1)") != std::string::npos);
  }
}

TEST_CASE("the first released format opens") {
  const tests::TempFolder folder;
  REQUIRE(UpgradeDatabase(folder.path() + "/journal.db", JournalMigrations().first(1)).ok());
  REQUIRE(UpgradeDatabase(folder.path() + "/state.db", StateMigrations().first(1)).ok());
  const auto store = OpenSqliteStore(folder.path());
  REQUIRE(store);
  const JournalRow row{1, 1, "r"};
  CHECK((*store)->Append({&row, 1}, nullptr).ok());
}

TEST_CASE("a folder that was closed has all in its databases") {
  const tests::TempFolder folder;
  {
    const auto store = OpenSqliteStore(folder.path());
    REQUIRE(store);
    const JournalRow row{1, 1, "r"};
    REQUIRE((*store)->Append({&row, 1}, nullptr).ok());
    REQUIRE((*store)->ReadJournal(1));
    REQUIRE((*store)->WriteCheckpoint({{{CheckpointKind::kTask, 1, "t"}}, 1}).ok());
  }
  CHECK_FALSE(std::filesystem::exists(folder.path() + "/journal.db-wal"));
  CHECK_FALSE(std::filesystem::exists(folder.path() + "/state.db-wal"));
}

TEST_CASE("the write-ahead log does not grow for ever") {
  const tests::TempFolder folder;
  const auto store = OpenSqliteStore(folder.path());
  REQUIRE(store);
  constexpr std::size_t kRowBytes = 1 << 20;
  constexpr Sequence kRows = 200;
  for (Sequence sequence = 1; sequence <= kRows; ++sequence) {
    const JournalRow row{sequence, 1, std::string(kRowBytes, 'r')};
    REQUIRE((*store)->Append({&row, 1}, nullptr).ok());
  }
  CHECK(std::filesystem::file_size(folder.path() + "/journal.db-wal") < kRows * kRowBytes * 3 / 4);
}

TEST_CASE("what is to be forgotten is in the write-ahead log as long as somebody reads it: that is said, and holds up nobody") {
  const tests::TempFolder folder;
  const auto store = OpenSqliteStore(folder.path());
  REQUIRE(store);
  const JournalRow secret{1, 1, "a secret"};
  REQUIRE((*store)->Append({&secret, 1}, nullptr).ok());
  {
    const auto reader = OpenForReading(folder.path() + "/journal.db");
    const SQLite::Transaction reading(*reader);
    REQUIRE(reader->execAndGet("SELECT count(*) FROM journal").getInt() == 1);
    const JournalRow blank{1, 1, "nothing."};
    REQUIRE((*store)->RewriteJournal({&blank, 1}).ok());
    CHECK((*store)->ForgetReplaced().reason == reasons::kStoreBusy);
    const JournalRow next{2, 1, "the next"};
    CHECK((*store)->Append({&next, 1}, nullptr).ok());
  }
  CHECK((*store)->ForgetReplaced().ok());
  CHECK(std::filesystem::file_size(folder.path() + "/journal.db-wal") == 0);
}

}  // namespace
}  // namespace stagecraft::runtime
