// E12: contacts that are deleted, restored, merged and erased (docs/semantics.md, "E12 Merge and erase").
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "runtime/engine/erasure.h"
#include "runtime/explain/explain.h"
#include "runtime/store/sqlite/sqlite_store.h"
#include "tests/store/temp_folder.h"
#include "tests/unit/engine/world.h"

namespace stagecraft::runtime::tests {
namespace {

const char kRules[] = R"(
counter visits of page viewed within 90 days
list "Partners" by hand
score
  +5 when visits >= 2
list "Warm" when score >= 5
on joining "Warm" notify owner "{name} is warm"
on SQL create task "Call {name}" for owner
after 3 days in status New notify owner "{name} waits"
rule "Once"
  on form submitted
  once per contact
  set job title "filled in"
rule "Chase"
  on status Open
  wait 2 days
  set status Connected
)";

TestEvent Made(const std::string& contact, std::vector<std::pair<std::string, std::string>> properties, Micros at = kStart) {
  properties.insert(properties.begin(), {"owner", "aya@acme.example"});
  return {"made " + contact, contact, "contact created", at, {}, std::move(properties), CreateMode::kMustCreate, ""};
}

TestEvent Happened(const std::string& id, const std::string& contact, const std::string& type, Micros at) {
  return {id, contact, type, at, {}, {}, CreateMode::kMustExist, ""};
}

TestEvent Changed(const std::string& id, const std::string& contact, const std::string& name, const std::string& value, Micros at) {
  return {id, contact, "contact updated", at, {}, {{name, value}}, CreateMode::kMustExist, ""};
}

class RuledWorld : public World {
 public:
  RuledWorld() {
    Deploy(kRules);
    clock.Set(kStart + kDay);
  }
};

// The state is that of the journal, from its beginning and from any checkpoint.
void CheckRecovery(World& world) {
  REQUIRE(world.core->Commit().ok());
  const std::string before = Digest(world.view());
  world.Restart();
  CHECK(Digest(world.view()) == before);
  world.Checkpoint();
  world.Restart();
  CHECK(Digest(world.view()) == before);
}

void EraseAndScrub(World& world, std::string_view contact) {
  Sequence record = 0;
  REQUIRE(world.core->Erase({contact, "mika", 0}, record).message.empty());
  REQUIRE(world.core->Commit().ok());
  const std::string erased = Digest(world.view());
  world.Restart();
  CHECK(Digest(world.view()) == erased);
  REQUIRE(world.core->NextErasures().empty());  // the checkpoint still needs the journal
  world.Checkpoint();
  const std::vector<Erasure> erasures = world.core->NextErasures();
  REQUIRE_FALSE(erasures.empty());
  REQUIRE(Scrub(*world.store, erasures).message.empty());
  world.core->NoteScrubbed(erasures);
  REQUIRE(world.core->Commit().ok());
}

// All that the store's journal says, as one text.
std::string JournalOf(Store& store) {
  std::string all;
  REQUIRE(store
              .ScanJournal(1,
                           [&](const JournalRow& row) {
                             all += row.bytes;
                             return true;
                           })
              .ok());
  return all;
}

bool Has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("E12: what is under way for a deleted contact ends, and events for it are refused until it is restored") {
  RuledWorld world;
  world.Apply(Made("ana", {{"status", "Open"}}));
  REQUIRE(world.view().FindContact("ana")->runs().size() == 1);
  REQUIRE(world.core->Delete({"ana", "mika", 0}).message.empty());
  CHECK(world.view().FindContact("ana")->runs().empty());
  CHECK(world.view().stats().timers == 0);
  const EventResult refused = world.Apply(Happened("e1", "ana", "page viewed", kStart + kDay));
  CHECK(refused.state == EventState::kRejected);
  CHECK(refused.status.reason == "CONTACT_DELETED");
  CHECK(world.core->Delete({"ana", "", 0}).reason == "CONTACT_DELETED");
  CHECK(world.Apply({"e2", "ana", "contact created", kStart, {}, {}, CreateMode::kMustCreate, ""}).status.reason == "CONTACT_EXISTS");
  CHECK(world.AdvanceTo(kStart + 30 * kDay) == 0);
  CheckRecovery(world);

  REQUIRE(world.core->Restore({"ana", "mika", 0}).message.empty());
  CHECK(world.Get("ana", "status") == "Open");
  CHECK(world.core->Restore({"ana", "", 0}).reason == "CONTACT_NOT_DELETED");
  CHECK(world.Apply(Happened("e1", "ana", "page viewed", kStart + 30 * kDay)).state == EventState::kApplied);
  CheckRecovery(world);
}

TEST_CASE("E12: a restored contact has its stays, and what would have been due while it was deleted is not") {
  RuledWorld world;
  world.Apply(Made("ana", {{"status", "New"}}));
  world.Apply(Made("ben", {{"status", "New"}}));
  REQUIRE(world.core->Delete({"ana", "", 0}).ok());
  REQUIRE(world.core->Delete({"ben", "", 0}).ok());
  world.AdvanceTo(kStart + 2 * kDay);
  REQUIRE(world.core->Restore({"ana", "", 0}).ok());
  CHECK(world.AdvanceTo(kStart + 3 * kDay) == 1);
  REQUIRE(world.core->Restore({"ben", "", 0}).ok());
  CHECK(world.AdvanceTo(kStart + 30 * kDay) == 0);
  REQUIRE(world.view().notifications().size() == 1);
  CheckRecovery(world);
}

TEST_CASE("E12: a merged contact's history counts for the one that goes on, and no rule fires") {
  RuledWorld world;
  world.Apply(Made("ana", {{"first name", "Ana"}, {"city", "Tokyo"}}));
  world.Apply(Made("old", {{"first name", "Anna"}, {"country", "Japan"}, {"lifecycle", "SQL"}}, kStart - kDay));
  world.Apply(Happened("v1", "ana", "page viewed", kStart + kHour));
  world.Apply(Happened("v2", "old", "page viewed", kStart + 2 * kHour));
  world.Apply(Changed("o", "old", "status", "Open", kStart + 3 * kHour));
  const std::size_t notified = world.view().notifications().size();
  REQUIRE(world.core->Merge({"ana", "mika", 0}, "old").message.empty());

  CHECK(world.view().FindContact("old") == world.view().FindContact("ana"));
  CHECK(world.Get("old", "first name") == "Ana");
  CHECK(world.Get("ana", "city") == "Tokyo");
  CHECK(world.Get("ana", "country") == "Japan");
  CHECK(world.Get("ana", "status") == "Open");
  CHECK(world.Node("ana", "visits") == 2);
  CHECK(world.Node("ana", "Warm") == 1);
  CHECK(world.view().FindContact("ana")->created_at() == kStart - kDay);
  CHECK(world.view().FindContact("ana")->runs().empty());  // the other's run has ended, and no rule fired
  CHECK(world.view().notifications().size() == notified);
  for (const Task& task : world.view().tasks()) CHECK(task.contact == world.view().FindContact("ana")->number());
  CheckRecovery(world);

  const EventResult later = world.Apply(Happened("v3", "old", "page viewed", kStart + kDay));
  CHECK(later.state == EventState::kApplied);
  CHECK(world.Node("ana", "visits") == 3);
  CHECK(world.core->Merge({"ana", "", 0}, "old").reason == "SAME_CONTACT");
  CheckRecovery(world);
}

TEST_CASE("E12: what was once per contact is so for both merged contacts together") {
  RuledWorld world;
  world.Apply(Made("ana", {}));
  world.Apply(Made("old", {}));
  world.Apply(Happened("f1", "old", "form submitted", kStart + kHour));
  REQUIRE(world.core->Merge({"ana", "", 0}, "old").ok());
  REQUIRE(world.Get("ana", "job title") == "filled in");
  world.Apply(Changed("c", "ana", "job title", "", kStart + 2 * kHour));
  world.Apply(Happened("f2", "ana", "form submitted", kStart + 3 * kHour));
  CHECK(world.Get("ana", "job title").empty());
}

TEST_CASE("E12: a value that came with a merge is explained by what the other contact was told") {
  const auto store = NewMemoryStore();
  ManualClock clock{kStart + kDay};
  SeededRandom random{1};
  auto engine = Engine::Open(*store, clock, random, {});
  REQUIRE(engine);
  const TestBatch batch({Made("ana", {}), Made("old", {{"city", "Osaka"}}), Changed("moved", "old", "city", "Tokyo", kStart + kHour)});
  REQUIRE((*engine)->Apply(batch.inputs()));
  REQUIRE((*engine)->MergeContacts({"ana", "mika", 0}, "old").ok());
  const auto explanation = Explain(**engine, "ana", "city");
  REQUIRE(explanation);
  CHECK(explanation->value == "Tokyo");
  const Cause* cause = &explanation->cause;
  std::vector<std::string> texts;
  for (; !cause->causes.empty(); cause = &cause->causes.front()) texts.push_back(cause->text);
  CHECK(texts == std::vector<std::string>{"city set to Tokyo", "contacts merged by mika", "city: Osaka -> Tokyo"});
  CHECK(cause->event_id == "moved");

  std::vector<std::string> titles;
  Sequence from = 0;
  do {
    const auto page = Timeline(**engine, "ana", from, 2);
    REQUIRE(page);
    for (const TimelineEntry& entry : page->entries) titles.push_back(entry.title);
    from = page->next;
  } while (from != 0);
  CHECK(titles == std::vector<std::string>{"contacts merged", "contact updated", "contact created", "contact created"});
}

TEST_CASE("E12: nothing is left of an erased contact, nor of those merged into it, and all others are as they were") {
  RuledWorld world;
  world.Apply(Made("ana.secret", {{"first name", "Annabella"}, {"status", "Open"}}));
  world.Apply(Made("old.secret", {{"last name", "Secretova"}, {"lifecycle", "SQL"}}));
  world.Apply(Made("ben", {{"first name", "Benedict"}, {"lifecycle", "SQL"}}));
  for (int i = 0; i < 300; ++i) {
    world.Apply(Happened("secret " + std::to_string(i), "ana.secret", "page viewed", kStart + i * kSecond));
    world.Apply(Happened("plain " + std::to_string(i), "ben", "page viewed", kStart + i * kSecond));
  }
  REQUIRE(world.core->Merge({"ana.secret", "mika", 0}, "old.secret").ok());
  REQUIRE(Has(JournalOf(*world.store), "Annabella"));
  EraseAndScrub(world, "old.secret");

  const std::string journal = JournalOf(*world.store);
  for (const char* secret : {"secret", "Annabella", "Secretova"}) CHECK_FALSE(Has(journal, secret));
  CHECK(Has(journal, "Benedict"));
  CHECK(world.view().FindContact("ana.secret") == nullptr);
  CHECK(world.view().FindContact("old.secret") == nullptr);
  CHECK(world.Node("ben", "visits") == 300);
  for (const Task& task : world.view().tasks()) CHECK_FALSE(Has(task.title, "Secretova"));
  CheckRecovery(world);
  CHECK(world.core->erasures().empty());
  // The id is free again, and what is sent with it is of another contact.
  const EventResult anew = world.Apply({"anew", "ana.secret", "contact created", kStart, {}, {}, CreateMode::kMustCreate, ""});
  CHECK(anew.created);
  CHECK(world.Get("ana.secret", "first name").empty());
}

TEST_CASE("E12: nothing is left of events that failed before they made the contact that is erased") {
  EngineOptions options;
  options.rounds_max = 2;
  World world(options);
  const std::string fields = "property a number\nproperty b number\nproperty c number\n";
  world.Deploy(fields + "on change of a copy a to b\non change of b copy b to c\non change of c set status New\n");
  const auto fails = [&](const char* event, const char* contact, const char* name) {
    const auto result = world.Apply(
        {event, contact, "contact updated", kStart, {}, {{"a", "5"}, {"first name", name}}, CreateMode::kCreateIfMissing, "mika"});
    REQUIRE(result.state == EventState::kFailed);
  };
  fails("e1", "ana.secret", "Annabella");
  fails("e2", "ben", "Benedict");
  fails("e3", "ana.secret", "Annamaria");
  world.Deploy(fields);
  Failure after;
  REQUIRE(world.core->Retry(world.view().failures().front().id, "mika", after).ok());
  REQUIRE(after.is_closed);
  REQUIRE(Has(JournalOf(*world.store), "Annamaria"));
  EraseAndScrub(world, "ana.secret");

  const std::string journal = JournalOf(*world.store);
  for (const char* secret : {"secret", "Annabella", "Annamaria"}) CHECK_FALSE(Has(journal, secret));
  CHECK(Has(journal, "Benedict"));
  CheckRecovery(world);
  CHECK(world.core->erasures().empty());
  std::vector<std::int64_t> open;
  for (const Failure& failure : world.view().failures()) {
    if (!failure.is_closed) open.push_back(failure.id);
  }
  REQUIRE(open.size() == 1);
  REQUIRE(world.core->Retry(open.front(), "mika", after).ok());
  CHECK(world.Get("ben", "first name") == "Benedict");
}

TEST_CASE("E12: nothing is left of what was tried again and failed again before there was the contact that is erased") {
  EngineOptions options;
  options.rounds_max = 2;
  World world(options);
  world.Deploy(
      "property a number\nproperty b number\nproperty c number\n"
      "on change of a copy a to b\non change of b copy b to c\non change of c set status New\n");
  const auto result = world.Apply(
      {"e1", "ana.secret", "contact updated", kStart, {}, {{"a", "5"}, {"first name", "Annabella"}}, CreateMode::kCreateIfMissing, "mika"});
  REQUIRE(result.state == EventState::kFailed);
  const std::int64_t failure = world.view().failures().front().id;
  for (int attempt = 0; attempt < 3; ++attempt) {
    Failure after;
    REQUIRE(world.core->Retry(failure, "mika", after).ok());
    REQUIRE_FALSE(after.is_closed);
  }
  world.Apply(Made("ana.secret", {}));
  EraseAndScrub(world, "ana.secret");
  const std::string journal = JournalOf(*world.store);
  for (const char* secret : {"secret", "Annabella"}) CHECK_FALSE(Has(journal, secret));
  CheckRecovery(world);
  CHECK(world.core->erasures().empty());
}

TEST_CASE("E12: nothing is left of an event that failed before it made a contact that was merged into the erased one") {
  EngineOptions options;
  options.rounds_max = 2;
  World world(options);
  const std::string fields = "property a number\nproperty b number\nproperty c number\n";
  world.Deploy(fields + "on change of a copy a to b\non change of b copy b to c\non change of c set status New\n");
  world.Apply(
      {"e1", "old.secret", "contact updated", kStart, {}, {{"a", "5"}, {"first name", "Annabella"}}, CreateMode::kCreateIfMissing, "mika"});
  world.Deploy(fields);
  Failure after;
  REQUIRE(world.core->Retry(world.view().failures().front().id, "mika", after).ok());
  REQUIRE(after.is_closed);
  world.Apply(Made("ana.secret", {}));
  REQUIRE(world.core->Merge({"ana.secret", "mika", 0}, "old.secret").ok());
  REQUIRE(world.core->Commit().ok());
  const bool restarts = GENERATE(false, true);
  CAPTURE(restarts);
  if (restarts) world.Restart();
  EraseAndScrub(world, "ana.secret");
  const std::string journal = JournalOf(*world.store);
  for (const char* secret : {"secret", "Annabella"}) CHECK_FALSE(Has(journal, secret));
  CheckRecovery(world);
  CHECK(world.core->erasures().empty());
}

TEST_CASE("E12: a failed event is erased together with the contact that it did not make, whenever the checkpoint was written") {
  EngineOptions options;
  options.rounds_max = 2;
  World world(options);
  world.Deploy(
      "property a number\nproperty b number\nproperty c number\n"
      "on change of a copy a to b\non change of b copy b to c\non change of c set status New\n");
  world.Apply({"e1", "ana.secret", "contact updated", kStart, {}, {{"a", "5"}}, CreateMode::kCreateIfMissing, "mika"});
  world.Apply(Made("ana.secret", {}));
  world.Checkpoint();
  Sequence record = 0;
  REQUIRE(world.core->Erase({"ana.secret", "mika", 0}, record).ok());
  REQUIRE(world.core->Commit().ok());
  CHECK(world.core->NextErasures().empty());
  const bool restarts = GENERATE(false, true);
  CAPTURE(restarts);
  if (restarts) world.Restart();
  CHECK(world.core->NextErasures().empty());
  world.Checkpoint();
  if (restarts) world.Restart();
  const std::vector<Erasure> failed_and_contact = {{kNoContact, 2}, {0, record}};
  CHECK(world.core->NextErasures() == failed_and_contact);
}

TEST_CASE("E12: an erasure that was broken off goes on after a restart") {
  RuledWorld world;
  world.Apply(Made("ana", {{"first name", "Annabella"}}));
  world.Apply(Happened("e1", "ana", "page viewed", kStart + kHour));
  Sequence record = 0;
  REQUIRE(world.core->Erase({"ana", "", 0}, record).ok());
  REQUIRE(world.core->Commit().ok());
  const bool with_checkpoint = GENERATE(false, true);
  if (with_checkpoint) world.Checkpoint();
  world.Restart();
  REQUIRE(world.core->erasures().size() == 1);
  CHECK(world.view().FindContact("ana") == nullptr);
  world.Checkpoint();
  REQUIRE(Scrub(*world.store, world.core->NextErasures()).ok());
  REQUIRE(Scrub(*world.store, world.core->NextErasures()).ok());  // again, as after a crash before it was noted
  CHECK_FALSE(Has(JournalOf(*world.store), "Annabella"));
  world.Restart();
  CHECK(world.core->erasures().size() == 1);
}

TEST_CASE("E12: no byte of an erased contact is in any file of the data folder") {
  const stagecraft::tests::TempFolder folder;
  auto store = OpenSqliteStore(folder.path());
  REQUIRE(store);
  ManualClock clock{kStart + kDay};
  SeededRandom random{1};
  EngineOptions options;
  options.checkpoint_records = 100;
  auto engine = Engine::Open(**store, clock, random, options);
  REQUIRE(engine);
  std::vector<TestEvent> events = {Made("zx.secret.zx", {{"first name", "Annabella"}}), Made("ben", {{"first name", "Benedict"}})};
  for (int i = 0; i < 2'000; ++i) {
    const std::string n = std::to_string(i);
    // Values of changing length leave parts of their rows behind in the checkpoint.
    events.push_back(
        Changed("c" + n, "zx.secret.zx", "job title", "zx.secret" + std::string(static_cast<std::size_t>(i % 90), 'q'), kStart + i));
    events.push_back(Changed("b" + n, "ben", "job title", "plain" + n, kStart + i));
    if (events.size() < 100) continue;
    REQUIRE((*engine)->Apply(TestBatch(std::move(events)).inputs()));
    events.clear();
  }
  REQUIRE((*engine)->EraseContact({"zx.secret.zx", "mika", 0}).message.empty());
  REQUIRE((*engine)->Apply(TestBatch({Happened("after", "ben", "page viewed", kStart + kDay)}).inputs()));
  std::size_t files = 0;
  for (const auto& file : std::filesystem::directory_iterator(folder.path())) {
    std::ifstream in(file.path(), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    INFO(file.path());
    CHECK_FALSE(Has(bytes, "zx.secret"));
    CHECK_FALSE(Has(bytes, "Annabella"));
    ++files;
  }
  CHECK(files >= 2);
  engine->reset();
  store->reset();
  store = OpenSqliteStore(folder.path());
  REQUIRE(store);
  engine = Engine::Open(**store, clock, random, options);
  REQUIRE(engine);
  CHECK((*engine)->EraseContact({"zx.secret.zx", "", 0}).reason == "CONTACT_NOT_FOUND");
}

}  // namespace stagecraft::runtime::tests
