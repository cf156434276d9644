// After a crash the state is what was committed: from the journal alone, and from any checkpoint with the journal behind it.
#include <catch2/catch.hpp>

#include "tests/unit/engine/world.h"

namespace stagecraft::runtime::tests {
namespace {

// A seeded history of events in all their variety: many contacts, late and repeated events, changes and clears.
class RandomHistory {
 public:
  explicit RandomHistory(std::uint64_t seed) : random_(seed) {}

  TestEvent Next(Micros now) {
    static const std::vector<std::string> kTypes = {"email sent", "page viewed", "call no answer", "contact updated", "meeting booked"};
    static const std::vector<std::string> kStatuses = {"New", "Open", "Connected", "Recycle", ""};
    TestEvent event;
    event.id = "e" + std::to_string(Below(10) == 0 ? Below(next_ + 1) : next_++);
    event.contact = "c" + std::to_string(Below(40));
    event.type = kTypes[Below(kTypes.size())];
    event.at = Below(4) == 0 ? now - static_cast<Micros>(Below(10)) * kDay : now;
    event.actor = Below(2) == 0 ? "ana@acme.example" : "";
    if (event.type == "page viewed") event.fields.emplace_back("page", Below(2) == 0 ? "/pricing" : "/about");
    if (Below(3) == 0) event.properties.emplace_back("status", kStatuses[Below(kStatuses.size())]);
    if (Below(5) == 0) event.properties.emplace_back("lifecycle", "SQL");
    if (Below(5) == 0) event.properties.emplace_back("first name", "Ana " + std::to_string(Below(100)));
    return event;
  }
  Micros Pause() { return static_cast<Micros>(Below(100)) == 0 ? 3 * kDay : static_cast<Micros>(Below(3)) * kHour; }
  std::uint64_t Below(std::uint64_t bound) { return random_.Next() % bound; }

 private:
  SeededRandom random_;
  std::uint64_t next_ = 0;
};

void Play(World& world, RandomHistory& history, int events) {
  for (int i = 0; i < events; ++i) {
    world.AdvanceTo(world.clock.Now() + history.Pause());
    world.Apply(history.Next(world.clock.Now()));
  }
}

const char kSecondScript[] = R"(
property segment text
counter opens of page viewed within 30 days
counter mails of email sent
score
  +1 each page viewed "/about"
  +7 when mails >= 3
list "Busy" when mails >= 3 and score >= 7
on joining "Busy" set segment "busy"
after 1 day in status Connected set segment "connected"
)";

const char kThirdScript[] = R"(
property segment text
counter opens of page viewed within 120 days
score warmth
  +1 each page viewed "/about"
  +2 when opens >= 3
after 1 day in status Connected set segment "connected"
)";

TEST_CASE("a restart gives the state that was there, whatever the history") {
  const auto seed = GENERATE(range<std::uint64_t>(1, 9));
  CAPTURE(seed);
  World world;
  RandomHistory history(seed);
  world.Deploy(kScript);
  Play(world, history, 300);
  SECTION("from the journal alone") {}
  SECTION("from a checkpoint and the journal behind it") {
    world.Checkpoint();
    Play(world, history, 200);
  }
  SECTION("from several checkpoints") {
    for (int i = 0; i < 3; ++i) {
      world.Checkpoint();
      Play(world, history, 60);
    }
  }
  SECTION("with a deployment behind the checkpoint") {
    world.Checkpoint();
    Play(world, history, 50);
    world.Deploy(std::string(kScript) + kThirdScript);
    Play(world, history, 100);
  }
  SECTION("with a deployment before the checkpoint") {
    world.Deploy("status\n  start New\n  process Open, Connected\n  outcome Recycle\n" + std::string(kSecondScript));
    Play(world, history, 50);
    world.Checkpoint();
    Play(world, history, 50);
  }
  const std::string before = Digest(world.view());
  const EngineStats stats = world.view().stats();
  world.Restart();
  CHECK(Digest(world.view()) == before);
  CHECK(world.view().stats().last_sequence == stats.last_sequence);
  CHECK(world.view().stats().timers == stats.timers);
  // What comes after is the same as well: rotation, ids, timers.
  World& again = world;
  Play(again, history, 50);
  const std::string after = Digest(again.view());
  again.Restart();
  CHECK(Digest(again.view()) == after);
}

TEST_CASE("a checkpoint may be cut off anywhere, and state changes between its parts") {
  const auto parts_written = GENERATE(range(0, 6));
  CAPTURE(parts_written);
  World world;
  world.Deploy(kScript);
  RandomHistory history(42);
  std::vector<EventResult> results;
  for (int i = 0; i < 5'000; ++i) {
    const TestBatch batch({{"n" + std::to_string(i),
                            "many" + std::to_string(i),
                            "email sent",
                            kStart,
                            {},
                            {{"lifecycle", "SQL"}},
                            CreateMode::kCreateIfMissing,
                            ""}});
    world.core->Process(batch.inputs(), results);
  }
  REQUIRE(world.core->Commit().ok());
  for (int part = 0; part < parts_written; ++part) {
    CheckpointBatch batch;
    if (!world.core->NextCheckpoint(true, batch)) break;
    REQUIRE(world.store->WriteCheckpoint(batch).ok());
    Play(world, history, 20);
  }
  const std::string before = Digest(world.view());
  world.Restart();
  CHECK(Digest(world.view()) == before);
  world.Checkpoint();
  world.Restart();
  CHECK(Digest(world.view()) == before);
}

TEST_CASE("what was not committed is not there after a crash") {
  World world;
  world.Deploy(kScript);
  world.Apply({"e1", "ana", "email sent", kStart, {}, {}, CreateMode::kCreateIfMissing, ""});
  const std::string before = Digest(world.view());
  const TestBatch batch({{"e2", "ben", "email sent", kStart, {}, {}, CreateMode::kCreateIfMissing, ""}});
  std::vector<EventResult> results;
  world.core->Process(batch.inputs(), results);
  CHECK(Digest(world.view()) != before);
  world.Restart();
  CHECK(Digest(world.view()) == before);
  CHECK(world.Apply({"e2", "ben", "email sent", kStart, {}, {}, CreateMode::kCreateIfMissing, ""}).state == EventState::kApplied);
}

TEST_CASE("counters and scores that a deployment brings see the events of the past") {
  World world;
  for (int i = 0; i < 5; ++i) {
    world.Apply({"m" + std::to_string(i), "ana", "email sent", kStart + i * kDay, {}, {}, CreateMode::kCreateIfMissing, ""});
    world.clock.Set(kStart + (i + 1) * kDay);
  }
  SECTION("from the journal") {}
  SECTION("after a checkpoint") { world.Checkpoint(); }
  world.Deploy(kSecondScript);
  CHECK(world.Node("ana", "mails") == 5);
  CHECK(world.Node("ana", "score") == 7);
  CHECK(world.Get("ana", "segment").empty());  // nothing fires by a deployment
  world.Restart();
  CHECK(world.Node("ana", "mails") == 5);
  CHECK(world.Node("ana", "score") == 7);
}

TEST_CASE("a counter that a deployment brings counts the creation of a contact, whatever event made it") {
  World world;
  world.Apply({"e1", "ana", "email sent", kStart, {}, {}, CreateMode::kCreateIfMissing, ""});
  world.Apply({"e2", "ana", "email sent", kStart, {}, {}, CreateMode::kCreateIfMissing, ""});
  world.Apply({"e3", "ben", "contact created", kStart, {}, {}, CreateMode::kCreateIfMissing, ""});
  world.Deploy("counter starts of contact created within 90 days\nwhen starts reaches 9 set owner \"x@acme.example\"\n");
  CHECK(world.Node("ana", "starts") == 1);
  CHECK(world.Node("ben", "starts") == 1);
  world.Restart();
  CHECK(world.Node("ana", "starts") == 1);
  // What comes live afterwards counts the same.
  world.Apply({"e4", "cem", "email sent", kStart, {}, {}, CreateMode::kCreateIfMissing, ""});
  CHECK(world.Node("cem", "starts") == 1);
}

// Answers as the store does, but without the row that begins at `lost`.
class StoreWithGap final : public Store {
 public:
  explicit StoreWithGap(Store& inner, Sequence lost) : inner_(inner), lost_(lost) {}

  Status Append(std::span<const JournalRow> rows, const Revision* revision) override { return inner_.Append(rows, revision); }
  Status WriteCheckpoint(const CheckpointBatch& batch) override { return inner_.WriteCheckpoint(batch); }
  Status RewriteJournal(std::span<const JournalRow> rows) override { return inner_.RewriteJournal(rows); }
  Status ForgetReplaced() override { return inner_.ForgetReplaced(); }
  Status KeepBase() override { return inner_.KeepBase(); }
  Status Shrink() override { return inner_.Shrink(); }
  Status Recover(const Recovery& visitor) override {
    Recovery gapped = visitor;
    gapped.on_journal = [&](const JournalRow& row) { return row.first == lost_ ? Status{} : visitor.on_journal(row); };
    return inner_.Recover(gapped);
  }
  Status Inspect(const Inspection& visitor) override { return inner_.Inspect(visitor); }
  Status Backup(const TakePart& take) override { return inner_.Backup(take); }
  Result<JournalRow> ReadJournal(Sequence sequence) override { return inner_.ReadJournal(sequence); }
  Status ScanJournal(Sequence from, const std::function<bool(const JournalRow&)>& visit) override {
    return inner_.ScanJournal(from, visit);
  }

 private:
  Store& inner_;
  const Sequence lost_;
};

TEST_CASE("a journal that misses a row is damaged, not shorter") {
  World world;
  for (const char* id : {"e1", "e2", "e3"}) world.Apply({id, "ana", "email sent", kStart, {}, {}, CreateMode::kCreateIfMissing, ""});
  StoreWithGap store(*world.store, GENERATE(1, 2));
  const auto opened = Core::Open(store, world.clock, world.random, {});
  REQUIRE_FALSE(opened);
  CHECK(opened.error().code == StatusCode::kDataLoss);
}

TEST_CASE("a journal row with more in it than its records is damaged") {
  World world;
  world.Apply({"e1", "ana", "email sent", kStart, {}, {}, CreateMode::kCreateIfMissing, ""});
  auto row = world.store->ReadJournal(1);
  REQUIRE(row);
  JournalRow again = *row;
  again.first = 2;
  again.bytes += '\0';
  REQUIRE(world.store->Append(std::span(&again, 1), nullptr).ok());
  const auto opened = Core::Open(*world.store, world.clock, world.random, {});
  REQUIRE_FALSE(opened);
  CHECK(opened.error().code == StatusCode::kDataLoss);
}

TEST_CASE("timers of rules that a deployment brings run from the beginning of the stay") {
  World world;
  world.Deploy("status\n  start New\n  process Open\n");
  world.Apply({"e1", "ana", "contact updated", kStart, {}, {{"status", "New"}}, CreateMode::kCreateIfMissing, ""});
  world.Apply({"e2", "old", "contact updated", kStart, {}, {{"status", "New"}}, CreateMode::kCreateIfMissing, ""});
  world.clock.Set(kStart + 2 * kDay);
  world.Deploy("status\n  start New\n  process Open\nafter 3 days in status New set status Open\n");
  CHECK(world.view().stats().timers == 2);
  CHECK(world.AdvanceTo(kStart + 3 * kDay - 1) == 0);
  CHECK(world.AdvanceTo(kStart + 3 * kDay) == 2);
}

TEST_CASE("a deployment against a revision that is no longer the running one is refused") {
  World world;
  Deployment late = MakeDeployment(*world.core, "on SQL set status New\n");
  world.Deploy("on MQL set status New\n");
  const Status status = world.core->Deploy(std::move(late));
  CHECK(status.code == StatusCode::kAborted);
  CHECK(world.view().revision() == 1);
  CHECK(world.core->failure().ok());
}

TEST_CASE("the revisions of the past keep their programs") {
  World world;
  world.Deploy("on SQL set status New\n");
  world.Deploy("on MQL set status New\n");
  world.Restart();
  CHECK(world.view().revision() == 2);
  REQUIRE(world.core->programs().Deployed().size() == 2);
  CHECK(world.core->programs().Deployed()[0].files[0].text == "on SQL set status New\n");
  CHECK(world.core->programs().Of(0) != nullptr);
  CHECK(world.core->programs().Of(1) != nullptr);
  CHECK(world.core->programs().Of(3) == nullptr);
}

}  // namespace
}  // namespace stagecraft::runtime::tests
