// Taking old history out of the journal changes nothing that is so now, nor why it is.
#include "runtime/compact/compaction.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <map>

#include "runtime/store/sqlite/sqlite_store.h"
#include "runtime/verify/verify.h"
#include "tests/store/temp_folder.h"
#include "tests/verify/damaged_folder.h"
#include "tests/verify/known.h"
#include "tests/verify/play.h"

namespace stagecraft::runtime::tests {
namespace {

constexpr Micros kEverythingIsOld = std::numeric_limits<Micros>::max();

std::string VerdictOn(Store& store) {
  const auto report = Verify(store);
  REQUIRE(report);
  return Told(*report);
}

// Fails after so many rewritings of the journal, or when it is to shrink.
class FailingStore final : public Store {
 public:
  FailingStore(Store& inner, int rewritings) : inner_(inner), left_(rewritings) {}
  static FailingStore ThatDoesNotShrink(Store& inner) { return {inner, -1, true}; }

  Status Append(std::span<const JournalRow> rows, const Revision* revision) override { return inner_.Append(rows, revision); }
  Status WriteCheckpoint(const CheckpointBatch& batch) override { return inner_.WriteCheckpoint(batch); }
  Status RewriteJournal(std::span<const JournalRow> rows) override {
    if (left_-- == 0) return BrokenOff();
    return inner_.RewriteJournal(rows);
  }
  Status ForgetReplaced() override { return inner_.ForgetReplaced(); }
  Status KeepBase() override { return inner_.KeepBase(); }
  Status Shrink() override { return shrinks_not_ ? BrokenOff() : inner_.Shrink(); }
  Status Recover(const Recovery& visitor) override { return inner_.Recover(visitor); }
  Status Inspect(const Inspection& visitor) override { return inner_.Inspect(visitor); }
  Status Backup(const TakePart& take) override { return inner_.Backup(take); }
  Result<JournalRow> ReadJournal(Sequence sequence) override { return inner_.ReadJournal(sequence); }
  Status ScanJournal(Sequence from, const std::function<bool(const JournalRow&)>& visit) override {
    return inner_.ScanJournal(from, visit);
  }

 private:
  FailingStore(Store& inner, int rewritings, bool shrinks_not) : inner_(inner), left_(rewritings), shrinks_not_(shrinks_not) {}
  static Status BrokenOff() { return {StatusCode::kUnavailable, reasons::kStoreIo, "broken off", {}}; }

  Store& inner_;
  int left_;
  bool shrinks_not_ = false;
};

}  // namespace

TEST_CASE("compaction changes neither what is so now nor why it is") {
  std::uint64_t forgotten = 0;
  std::uint64_t needed = 0;
  for (std::uint64_t seed = 1; seed <= 25; ++seed) {
    INFO("seed " << seed);
    Play play(seed);
    play.Run(50);
    const auto before = Known(play.core(), play.store());
    const auto planned = PlanCompaction(play.core(), play.store(), kEverythingIsOld);
    REQUIRE(planned);
    {
      // Broken off, it leaves nothing half done.
      FailingStore failing(play.store(), 1);
      static_cast<void>(CompactJournal(play.core(), failing, kEverythingIsOld));
      play.Restart();
      CHECK(VerdictOn(play.store()) == "");
      CHECK(Difference(before, Known(play.core(), play.store())) == "");
    }
    const auto done = CompactJournal(play.core(), play.store(), kEverythingIsOld);
    if (!done) FAIL(done.error().message);
    forgotten += planned->forgotten;
    needed += done->needed;
    CHECK(Difference(before, Known(play.core(), play.store())) == "");
    play.Restart();
    CHECK(Difference(before, Known(play.core(), play.store())) == "");
    CHECK(VerdictOn(play.store()) == "");
    play.Run(30);
    CHECK(VerdictOn(play.store()) == "");
    const auto after = Known(play.core(), play.store());
    REQUIRE(CompactJournal(play.core(), play.store(), kEverythingIsOld));
    CHECK(Difference(after, Known(play.core(), play.store())) == "");
    play.Restart();
    CHECK(Difference(after, Known(play.core(), play.store())) == "");
    CHECK(VerdictOn(play.store()) == "");
  }
  CHECK(forgotten > 100);
  CHECK(needed > 100);
}

TEST_CASE("what is younger than it is to be kept stays") {
  Play play(3);
  play.Run(50);
  const auto done = CompactJournal(play.core(), play.store(), kPlayStart);
  REQUIRE(done);
  CHECK(done->records > 20);
  CHECK(done->forgotten == 0);
  CHECK(done->needed == 0);
}

namespace {

// A contact with a long story, in a folder.
class Folder {
 public:
  Folder() { Open(); }

  void Open() {
    core_.reset();
    store_.reset();
    auto store = OpenSqliteStore(folder_.path());
    if (!store) FAIL(store.error().message);
    store_ = std::move(*store);
    auto core = Core::Open(*store_, clock_, random_, {});
    if (!core) FAIL(core.error().message);
    core_ = std::move(*core);
  }
  void Close() {
    core_.reset();
    store_.reset();
  }
  EventState Set(const std::string& id, const std::string& contact, const std::string& value) {
    const NamedInput property{"job title", std::string_view(value)};
    EventInput event;
    event.id = id;
    event.contact = contact;
    event.type = "email sent";
    event.occurred_at = kPlayStart;
    event.create = CreateMode::kCreateIfMissing;
    event.properties = {&property, 1};
    std::vector<EventResult> results;
    core_->Process({&event, 1}, results);
    REQUIRE(core_->Commit().ok());
    return results[0].state;
  }
  std::uint64_t Compact() {
    auto done = CompactJournal(*core_, *store_, kEverythingIsOld);
    if (!done) FAIL(done.error().message);
    return done->forgotten;
  }
  void Erase(const std::string& contact) {
    Sequence record = 0;
    REQUIRE(core_->Erase({contact, "mika", 0}, record).ok());
    REQUIRE(core_->Commit().ok());
    CheckpointBatch batch;
    while (core_->NextCheckpoint(true, batch)) REQUIRE(store_->WriteCheckpoint(batch).ok());
    const std::vector<Erasure> ready = core_->NextErasures();
    REQUIRE(ready.size() == 1);
    REQUIRE(Scrub(*store_, ready).message.empty());
    core_->NoteScrubbed(ready);
    REQUIRE(core_->Commit().ok());
  }
  std::map<std::string, std::string> Known() { return tests::Known(*core_, *store_); }
  std::string Verdict() {
    Close();
    const auto store = OpenSqliteStoreToLook(folder_.path());
    REQUIRE(store);
    return VerdictOn(**store);
  }
  bool Has(const std::string& text) const {
    for (const auto& file : std::filesystem::directory_iterator(folder_.path())) {
      std::ifstream in(file.path(), std::ios::binary);
      const std::string bytes{std::istreambuf_iterator<char>(in), {}};
      if (bytes.find(text) != std::string::npos) return true;
    }
    return false;
  }
  std::uintmax_t JournalBytes() const { return std::filesystem::file_size(folder_.path() + "/journal.db"); }
  const std::string& path() const { return folder_.path(); }
  Core& core() { return *core_; }
  Store& store() { return *store_; }

 private:
  const stagecraft::tests::TempFolder folder_;
  ManualClock clock_{kPlayStart};
  SeededRandom random_{1};
  std::unique_ptr<Store> store_;
  std::unique_ptr<Core> core_;
};

void Fill(Folder& folder) {
  for (int i = 0; i < 600; ++i) {
    const std::string n = std::to_string(i);
    folder.Set("a" + n, "zx.secret.zx", "zx.secret " + n + std::string(static_cast<std::size_t>(i % 90), 'q'));
    folder.Set("b" + n, "ben", "plain " + n + std::string(200, 'p'));
  }
}

}  // namespace

TEST_CASE("a compacted folder is smaller, and answers as before, and its checkpoint may be lost") {
  Folder folder;
  Fill(folder);
  const auto before = folder.Known();
  folder.Open();  // what is in the write-ahead log goes into the file
  const std::uintmax_t bytes = folder.JournalBytes();
  CHECK(folder.Compact() > 1'100);
  CHECK(folder.Verdict() == "");
  CHECK(folder.JournalBytes() < bytes / 2);
  const bool is_lost = GENERATE(false, true);
  if (is_lost) {
    for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(folder.path() + "/state.db" + suffix);
  }
  folder.Open();
  CHECK(Difference(before, folder.Known()) == "");
  CHECK(folder.Set("b3", "ben", "plain 3" + std::string(200, 'p')) == EventState::kDuplicate);
  CHECK(folder.Set("new", "ben", "plain") == EventState::kApplied);
  folder.Open();
  CHECK(folder.Compact() > 0);
  const auto after = folder.Known();
  CHECK(folder.Verdict() == "");
  folder.Open();
  CHECK(Difference(after, folder.Known()) == "");
}

TEST_CASE("E12: no byte of an erased contact is in a compacted folder, its base included") {
  Folder folder;
  Fill(folder);
  folder.Compact();
  CHECK(folder.Has("zx.secret"));
  folder.Erase("zx.secret.zx");
  CHECK_FALSE(folder.Has("zx.secret"));
  CHECK(folder.Verdict() == "");
}

TEST_CASE("what a compaction broken off at its end has left goes with the next one, or with an erasure") {
  Folder folder;
  Fill(folder);
  const auto before = folder.Known();
  FailingStore failing = FailingStore::ThatDoesNotShrink(folder.store());
  REQUIRE_FALSE(CompactJournal(folder.core(), failing, kEverythingIsOld));
  folder.Open();
  CHECK(Difference(before, folder.Known()) == "");
  SECTION("an erasure") {
    folder.Erase("zx.secret.zx");
    CHECK_FALSE(folder.Has("zx.secret"));
  }
  SECTION("the next one, which finds nothing else to do") {
    const std::uintmax_t bytes = folder.JournalBytes();
    CHECK(folder.Compact() == 0);
    CHECK(folder.JournalBytes() < bytes / 2);
    CHECK_FALSE(folder.Has("zx.secret 7"));
  }
  CHECK(folder.Verdict() == "");
}

TEST_CASE("E12: an erased contact stays erased in a folder that is compacted afterwards") {
  Folder folder;
  Fill(folder);
  folder.Erase("zx.secret.zx");
  const auto before = folder.Known();
  CHECK(folder.Compact() > 500);
  CHECK(Difference(before, folder.Known()) == "");
  CHECK_FALSE(folder.Has("zx.secret"));
  CHECK(folder.Verdict() == "");
  folder.Open();
  CHECK(folder.Compact() == 0);
  CHECK(Difference(before, folder.Known()) == "");
}

TEST_CASE("a backup of a compacted folder is as good as the folder, and can be compacted again") {
  Folder folder;
  Fill(folder);
  folder.Compact();
  auto known = folder.Known();
  Folder copy;
  copy.Close();
  for (const char* file : {"journal.db", "state.db"}) std::filesystem::remove(copy.path() + "/" + file);
  REQUIRE(folder.store()
              .Backup([&](const std::string& file, std::string_view bytes) {
                std::ofstream(copy.path() + "/" + file, std::ios::binary | std::ios::app) << bytes;
                return Status{};
              })
              .message.empty());
  CHECK(copy.Verdict() == "");
  for (int compactions = 0; compactions < 3; ++compactions) {
    INFO(compactions << " compactions of the copy");
    copy.Open();
    CHECK(Difference(known, copy.Known()) == "");
    CHECK(copy.Set("b3", "ben", "plain 3" + std::string(200, 'p')) == EventState::kDuplicate);
    // Nobody needs to know of the first.
    for (const char* name : {"one", "two"}) {
      copy.Set(name + std::to_string(compactions), "zx.secret.zx", name);
    }
    known = copy.Known();
    CHECK(copy.Compact() > 0);
    CHECK(copy.Verdict() == "");
  }
}

TEST_CASE("damage to the base is found") {
  Folder folder;
  Fill(folder);
  folder.Compact();
  folder.Close();
  const auto execute = [&](const std::string& sql) { ExecuteSql(folder.path() + "/journal.db", sql); };
  SECTION("of a row") {
    execute("UPDATE base_0 SET bytes = x'00' WHERE kind = 1 AND key = 1");
    CHECK(folder.Verdict().find("row 1, 1 of `base_0` is not what was written") != std::string::npos);
  }
  SECTION("of how far it goes") {
    execute("UPDATE base SET complete_through = 7");
    CHECK(folder.Verdict().find("the row of `base` is not what was written") != std::string::npos);
  }
  SECTION("it is gone") {
    execute("DELETE FROM base");
    CHECK(folder.Verdict().find("is forgotten, and no base has what it did") != std::string::npos);
  }
}

}  // namespace stagecraft::runtime::tests
