#include "tests/verify/damaged_folder.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include <catch2/catch.hpp>

#include "dsl/support/text.h"
#include "runtime/engine/simulated.h"
#include "runtime/store/sqlite/row_checksum.h"
#include "runtime/store/sqlite/sqlite_store.h"
#include "runtime/store/sqlite/tables.h"
#include "runtime/verify/verify.h"
#include "tests/fault/crash_events.h"

namespace stagecraft::runtime::tests {
namespace {

void Deploy(Core& core, const std::string& script) {
  Deployment deployment;
  deployment.revision.number = core.view().revision() + 1;
  deployment.revision.files = {{"crash.stage", script}};
  CompileResult compiled = Compile(SourcesOf(deployment.revision.files), core.view().program().layout);
  REQUIRE(compiled.program != nullptr);
  deployment.revision.layout = ir::EncodeLayout(compiled.program->layout);
  deployment.program = std::move(compiled.program);
  REQUIRE(core.Deploy(std::move(deployment)).ok());
}

void Process(Core& core, std::span<const EventInput> events) {
  std::vector<EventResult> results;
  core.Process(events, results);
  for (const EventResult& result : results) REQUIRE(result.state == EventState::kApplied);
  REQUIRE(core.Commit().ok());
}

void Play(Core& core, int first, int count) { Process(core, CrashEvents(first, count).inputs()); }

void PlayQuiet(Core& core) {
  const NamedInput becomes_sql{"lifecycle", std::string_view("SQL")};
  EventInput event;
  event.id = "quiet";
  event.contact = "quiet";
  event.type = "email sent";
  event.occurred_at = kCrashNow;
  event.create = CreateMode::kCreateIfMissing;
  event.properties = {&becomes_sql, 1};
  Process(core, {&event, 1});
}

void PlayAccount(Core& core) {
  const NamedInput properties[] = {
      {"company id", std::string_view("acme")}, {"company name", std::string_view("Acme")}, {"list:Press", true}};
  const NamedInput fields[] = {{"deal", std::string_view("Big one")}, {"amount", 500.0}};
  EventInput event;
  event.id = "account";
  event.contact = "account";
  event.type = "deal created";
  event.create = CreateMode::kCreateIfMissing;
  event.fields = fields;
  event.properties = properties;
  Process(core, {&event, 1});
  UserChange change;
  change.user = "aya@acme.example";
  change.absences = {{kCrashNow, kCrashNow + kCrashMinute, "lunch"}};
  REQUIRE(core.ChangeUser(change).ok());
  REQUIRE(core.Commit().ok());
}

constexpr int kEvents = 400;

}  // namespace

std::string Told(const Report& report) {
  std::string lines;
  for (const Finding& finding : report.findings()) lines += std::string(NameOf(finding.invariant)) + ": " + finding.what + "\n";
  for (const std::string& note : report.notes()) lines += note + "\n";
  return lines;
}

DamagedFolder::DamagedFolder() {
  auto store = OpenSqliteStore(folder_.path());
  REQUIRE(store);
  const ManualClock clock(kCrashNow);
  SeededRandom random(1);
  auto core = Core::Open(**store, clock, random, {});
  REQUIRE(core);
  const std::string script = std::string(kCrashScript) +
                             "list \"Warm\" when score >= 5\nlist \"Press\" by hand\npipeline Sales Qualified 20%, Won 100%\n"
                             "on deal created notify owner \"a deal\"\n";
  Deploy(**core, script);
  Play(**core, 0, kEvents / 2);
  PlayQuiet(**core);
  PlayAccount(**core);
  Deploy(**core, script + "counter calls of call\n");
  CheckpointBatch batch;
  while ((*core)->NextCheckpoint(true, batch)) REQUIRE((*store)->WriteCheckpoint(batch).ok());
  for (int first = kEvents / 2; first < kEvents; first += 20) Play(**core, first, 20);
  program_ = (*core)->programs().Of((*core)->view().revision());
}

void ExecuteSql(const std::string& path, const std::string& sql) {
  SQLite::Database db(path, SQLite::OPEN_READWRITE);
  AddChecksumFunction(db);
  db.exec(sql);
}

void DamagedFolder::Execute(const std::string& path, const std::string& sql) { ExecuteSql(path, sql); }

void DamagedFolder::MendChecksums() {
  Execute(journal(), R"(UPDATE journal SET checksum = row_checksum('journal', first, count, bytes);
UPDATE revisions SET checksum = row_checksum('revisions', number, deployed_at, author, note, layout,
  (SELECT count(*) FROM revision_files WHERE revision = number));
UPDATE revision_files SET checksum = row_checksum('revision_files', revision, place, name, text))");
  for (const CheckpointTable& table : kCheckpointTables) {
    const std::string name = table.name;
    Execute(state(), "UPDATE " + name + " SET checksum = row_checksum('" + name + "', key, bytes)");
  }
  Execute(state(), "UPDATE progress SET checksum = row_checksum('progress', complete_through)");
}

void DamagedFolder::ChangeRow(const std::string& table, std::int64_t key, const std::function<std::string(std::string)>& change) {
  SQLite::Database db(state(), SQLite::OPEN_READWRITE);
  SQLite::Statement get(db, "SELECT bytes FROM " + table + " WHERE key = ?");
  get.bind(1, key);
  REQUIRE(get.executeStep());
  const std::string bytes = change(get.getColumn(0).getString());
  get.reset();
  SQLite::Statement put(db, "UPDATE " + table + " SET bytes = ? WHERE key = ?");
  put.bind(1, bytes.data(), static_cast<int>(bytes.size()));
  put.bind(2, key);
  put.exec();
  MendChecksums();
}

void DamagedFolder::ChangeContact(std::int64_t number, const std::function<void(Contact&)>& change) {
  ChangeRow("contacts", number, [&](const std::string& bytes) {
    Sequence through = 0;
    auto contact = DecodeContactRow(bytes, through);
    REQUIRE(contact);
    change(*contact);
    return EncodeContactRow(*contact, through);
  });
}

void DamagedFolder::ChangeJournal(const std::function<void(std::vector<Record>&)>& change) {
  std::vector<Record> records;
  {
    auto store = OpenSqliteStoreToLook(folder_.path());
    REQUIRE(store);
    Record scratch;
    REQUIRE((*store)
                ->ScanJournal(1,
                              [&](const JournalRow& row) {
                                return VisitRecords(row, scratch,
                                                    [&](const Record& record) {
                                                      records.push_back(record);
                                                      return true;
                                                    })
                                    .ok();
                              })
                .ok());
  }
  change(records);
  SQLite::Database db(journal(), SQLite::OPEN_READWRITE);
  SQLite::Transaction transaction(db);
  db.exec("DELETE FROM journal");
  SQLite::Statement put(db, "INSERT INTO journal (first, count, bytes) VALUES (?, 1, ?)");
  for (const Record& record : records) {
    std::string bytes;
    EncodeRecord(record, bytes);
    put.bind(1, record.sequence);
    put.bind(2, bytes.data(), static_cast<int>(bytes.size()));
    put.exec();
    put.reset();
  }
  transaction.commit();
  MendChecksums();
}

std::uint32_t DamagedFolder::Slot(std::string_view property) const { return program_->property_names.at(FoldCase(property)); }

std::uint32_t DamagedFolder::Rule(std::string_view name) const {
  for (std::uint32_t i = 0; i < program_->rules.size(); ++i) {
    if (program_->rules[i].name == name) return i;
  }
  FAIL("there is no rule " << name);
  return 0;
}

std::uint32_t DamagedFolder::ListSlot(std::string_view list) const { return program_->list_slots.at(FoldCase(list)); }

Report DamagedFolder::Verify() const {
  const auto store = OpenSqliteStoreToLook(folder_.path());
  REQUIRE(store);
  auto report = runtime::Verify(**store);
  if (!report) FAIL(report.error().message);
  return std::move(*report);
}

}  // namespace stagecraft::runtime::tests
