// Every stored row has a checksum, which is looked at when the row is read; folders of older versions, which had none, get theirs.
#include <SQLiteCpp/SQLiteCpp.h>

#include <catch2/catch.hpp>

#include "runtime/store/sqlite/row_checksum.h"
#include "runtime/store/sqlite/schema.h"
#include "runtime/store/sqlite/sqlite_store.h"
#include "tests/store/recovered.h"
#include "tests/store/temp_folder.h"

namespace stagecraft::runtime {
namespace {

using stagecraft::runtime::tests::RecoverAll;
using stagecraft::runtime::tests::Recovered;

std::unique_ptr<Store> Open(const std::string& folder) {
  auto store = OpenSqliteStore(folder);
  if (!store) FAIL(store.error().message);
  return std::move(*store);
}

void Execute(const std::string& path, const std::string& sql) {
  SQLite::Database db(path, SQLite::OPEN_READWRITE);
  db.exec(sql);
}

// Two journal rows, a revision with two files, rows of the checkpoint and how far it goes.
void Fill(const std::string& folder) {
  const auto store = Open(folder);
  const std::vector<JournalRow> rows = {{1, 3, "three"}, {4, 1, "one"}};
  const Revision revision = {0, 17, "mika@acme.example", "note", {{"b.stage", "b"}, {"a.stage", "a"}}, "{layout}"};
  REQUIRE(store->Append(rows, &revision).ok());
  REQUIRE(store->WriteCheckpoint({{{CheckpointKind::kContact, 7, "contact"}, {CheckpointKind::kTask, 8, "task"}}, 3}).ok());
}

struct Damaging {
  const char* file;
  const char* sql;
  const char* what;  // the message names it so
};

constexpr Damaging kDamages[] = {
    {"journal.db", "UPDATE journal SET bytes = x'00' WHERE first = 4", "the journal's row of 1 records from 4 on"},
    {"journal.db", "UPDATE journal SET count = 2 WHERE first = 4", "the journal's row of 2 records from 4 on"},
    {"journal.db", "UPDATE journal SET first = 5 WHERE first = 4", "the journal's row of 1 records from 5 on"},
    {"journal.db", "UPDATE revisions SET author = 'ben'", "revision 0"},
    {"journal.db", "UPDATE revisions SET layout = ''", "revision 0"},
    {"journal.db", "UPDATE revision_files SET text = 'c' WHERE place = 1", "the file `a.stage` of revision 0"},
    {"journal.db", "DELETE FROM revision_files WHERE place = 1", "revision 0"},
    {"state.db", "UPDATE contacts SET bytes = x'00'", "row 7 of `contacts`"},
    {"state.db", "UPDATE contacts SET key = 6", "row 6 of `contacts`"},
    {"state.db", "INSERT INTO tasks SELECT key, bytes, checksum FROM contacts", "row 7 of `tasks`"},
    {"state.db", "UPDATE tasks SET checksum = 0", "row 8 of `tasks`"},
    {"state.db", "UPDATE progress SET complete_through = 4", "the row of `progress`"},
    {"state.db", "DELETE FROM progress", "the row of `progress`, which is missing,"},
};

TEST_CASE("a row that is not what was written is found when it is read, and named") {
  const Damaging& damaging = kDamages[static_cast<std::size_t>(GENERATE(range(0, static_cast<int>(std::size(kDamages)))))];
  CAPTURE(damaging.sql);
  const stagecraft::tests::TempFolder folder;
  Fill(folder.path());
  CHECK(RecoverAll(*Open(folder.path())).status.ok());
  const std::string path = folder.path() + "/" + damaging.file;
  Execute(path, damaging.sql);
  const Status status = RecoverAll(*Open(folder.path())).status;
  CHECK(status.code == StatusCode::kDataLoss);
  CHECK(status.reason == "DATA_DAMAGED");
  CHECK(status.message == "`" + path + "` is damaged: " + damaging.what + " is not what was written; restore it from a copy");
}

TEST_CASE("a journal row that is not what was written is found by whoever reads a record of it") {
  const stagecraft::tests::TempFolder folder;
  Fill(folder.path());
  Execute(folder.path() + "/journal.db", "UPDATE journal SET bytes = x'00' WHERE first = 4");
  const auto store = Open(folder.path());
  CHECK(store->ReadJournal(2).value().bytes == "three");
  CHECK(store->ReadJournal(4).error().code == StatusCode::kDataLoss);
  CHECK(store->ScanJournal(4, [](const JournalRow&) { return true; }).code == StatusCode::kDataLoss);
}

TEST_CASE("a search for damage goes on behind what it finds") {
  const stagecraft::tests::TempFolder folder;
  Fill(folder.path());
  for (const Damaging& damaging : kDamages) Execute(folder.path() + "/" + damaging.file, damaging.sql);
  const auto store = OpenSqliteStoreToLook(folder.path());
  REQUIRE(store);
  std::vector<std::string> damages;
  int rows = 0;
  Store::Inspection visitor;
  visitor.on_damage = [&](Store::Damage&& damage) { damages.push_back(std::move(damage.what)); };
  visitor.on_revision = [&](Revision&&) { ++rows; };
  visitor.on_checkpoint = [&](CheckpointRow&&, bool) { ++rows; };
  visitor.on_journal = [&](const JournalRow&, bool) { ++rows; };
  visitor.on_complete_through = [](Sequence) {};
  REQUIRE((*store)->Inspect(visitor).ok());
  CHECK(rows == 6);
  CHECK(damages.size() == 6);
}

// What a folder held in the first format of either database.
constexpr const char* kOldJournal = R"(
INSERT INTO journal (first, count, bytes) VALUES (1, 3, x'0001'), (4, 1, x'');
INSERT INTO revisions (number, deployed_at, author, note, layout) VALUES (0, 5, '', '', '{}'), (1, 6, 'mika', 'ümläut', '{}');
INSERT INTO revision_files (revision, place, name, text) VALUES (1, 0, 'b.stage', 'b'), (1, 1, 'a.stage', ''))";
constexpr const char* kOldState = R"(
INSERT INTO contacts (key, bytes) VALUES (0, x'00ff');
INSERT INTO event_ids (key, bytes) VALUES (0, x'07');
INSERT INTO engine (key, bytes) VALUES (0, x'08');
UPDATE progress SET complete_through = 2)";

TEST_CASE("a folder of each earlier format opens, is brought up to date and goes on") {
  const auto journal_format = static_cast<std::size_t>(GENERATE(range(1, static_cast<int>(JournalMigrations().size()))));
  const auto state_format = static_cast<std::size_t>(GENERATE(range(1, static_cast<int>(StateMigrations().size()))));
  CAPTURE(journal_format, state_format);
  const stagecraft::tests::TempFolder folder;
  REQUIRE(UpgradeDatabase(JournalPath(folder.path()), JournalMigrations().first(journal_format)).ok());
  REQUIRE(UpgradeDatabase(StatePath(folder.path()), StateMigrations().first(state_format)).ok());
  if (journal_format == 1) Execute(JournalPath(folder.path()), kOldJournal);
  if (state_format <= 2) Execute(StatePath(folder.path()), kOldState);
  {
    const auto store = Open(folder.path());
    const JournalRow row{5, 1, "new"};
    const Revision revision = {2, 7, "", "", {}, "{}"};
    REQUIRE(store->Append({&row, 1}, &revision).ok());
    REQUIRE(store->WriteCheckpoint({{{CheckpointKind::kContact, 1, "new"}}, {}}).ok());
  }
  const Recovered all = RecoverAll(*Open(folder.path()));
  REQUIRE(all.status.message.empty());
  CHECK(all.journal.back().bytes == "new");
  CHECK(all.revisions.back().number == 2);
  if (journal_format == 1) {
    REQUIRE(all.journal.size() == 3);
    CHECK(all.journal[0].bytes == std::string("\0\1", 2));
    REQUIRE(all.revisions.size() == 3);
    CHECK(all.revisions[1].note == "ümläut");
    CHECK(all.revisions[1].files.size() == 2);
  }
  // The checkpoint that there was is folded anew.
  REQUIRE(all.checkpoint.size() == 1);
  CHECK(all.checkpoint[0].bytes == "new");
}

TEST_CASE("a journal with a base of the first format that had one keeps it") {
  constexpr std::size_t kFirstWithBase = 3;
  const stagecraft::tests::TempFolder folder;
  REQUIRE(UpgradeDatabase(JournalPath(folder.path()), JournalMigrations().first(kFirstWithBase)).ok());
  REQUIRE(UpgradeDatabase(StatePath(folder.path()), StateMigrations()).ok());
  const CheckpointRow row{CheckpointKind::kTask, 7, "old"};
  Execute(JournalPath(folder.path()), "INSERT INTO base_1 (kind, key, bytes, checksum) VALUES (2, 7, CAST('old' AS BLOB), " +
                                          std::to_string(ChecksumOfBaseRow(row)) + "); INSERT INTO base VALUES (1, 1, 5, 0)");
  const Recovered all = RecoverAll(*Open(folder.path()));
  REQUIRE(all.status.message.empty());
  REQUIRE(all.checkpoint.size() == 1);
  CHECK(all.checkpoint.front().bytes == "old");
}

TEST_CASE("a folder of an older format is not looked at but named") {
  const stagecraft::tests::TempFolder folder;
  REQUIRE(UpgradeDatabase(JournalPath(folder.path()), JournalMigrations().first(1)).ok());
  REQUIRE(UpgradeDatabase(StatePath(folder.path()), StateMigrations()).ok());
  const auto store = OpenSqliteStoreToLook(folder.path());
  REQUIRE(store);
  const Status status = (*store)->Inspect({});
  CHECK(status.reason == "STORE_TOO_OLD");
  CHECK(status.message.find("start the server on it once") != std::string::npos);
}

TEST_CASE("what is no data folder is not made one by looking at it") {
  const stagecraft::tests::TempFolder folder;
  const auto store = OpenSqliteStoreToLook(folder.path());
  REQUIRE_FALSE(store);
  CHECK(store.error().reason == "DATA_FOLDER_NOT_FOUND");
  CHECK(std::filesystem::is_empty(folder.path()));
}

}  // namespace
}  // namespace stagecraft::runtime
