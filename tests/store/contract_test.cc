// What store.h promises, on every implementation.
#include <atomic>
#include <catch2/catch.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <thread>

#include "runtime/store/memory_store.h"
#include "runtime/store/sqlite/sqlite_store.h"
#include "tests/store/recovered.h"
#include "tests/store/temp_folder.h"

namespace stagecraft::runtime {
namespace {

// A place that a store can be opened on again and again, as a server does that restarts.
class Place {
 public:
  virtual ~Place() = default;
  virtual Store& Reopen() = 0;
};

class MemoryPlace final : public Place {
 public:
  Store& Reopen() override { return *store_; }

 private:
  std::unique_ptr<Store> store_ = NewMemoryStore();
};

class SqlitePlace final : public Place {
 public:
  Store& Reopen() override {
    store_.reset();
    auto opened = OpenSqliteStore(folder_.path() + "/made/on the spot");
    if (!opened) FAIL(opened.error().message);
    store_ = std::move(*opened);
    return *store_;
  }

 private:
  stagecraft::tests::TempFolder folder_;
  std::unique_ptr<Store> store_;
};

using stagecraft::runtime::tests::Recovered;

Recovered RecoverAll(Store& store) {
  Recovered out = stagecraft::runtime::tests::RecoverAll(store);
  REQUIRE(out.status.message.empty());
  return out;
}

std::vector<Sequence> Firsts(const std::vector<JournalRow>& rows) {
  std::vector<Sequence> firsts;
  for (const JournalRow& row : rows) firsts.push_back(row.first);
  return firsts;
}

std::vector<JournalRow> ThreeRows() { return {{1, 3, std::string("a\0b", 3)}, {4, 1, ""}, {5, 10, std::string(100'000, 'x')}}; }

Revision SomeRevision(std::uint32_t number) {
  return {number,    1'700'000'000'000'000 + number, "mika@acme.example", "note", {{"b.stage", "on SQL set status New\n"}, {"a.stage", ""}},
          "{layout}"};
}

void ForEachStore(const std::function<void(Place&)>& test) {
  SECTION("memory") {
    MemoryPlace place;
    test(place);
  }
  SECTION("sqlite") {
    SqlitePlace place;
    test(place);
  }
}

TEST_CASE("a new store is empty") {
  ForEachStore([](Place& place) {
    const Recovered all = RecoverAll(place.Reopen());
    CHECK(all.revisions.empty());
    CHECK(all.checkpoint.empty());
    CHECK(all.journal.empty());
    CHECK(place.Reopen().ReadJournal(1).error().code == StatusCode::kNotFound);
  });
}

TEST_CASE("what was appended is there after reopening") {
  ForEachStore([](Place& place) {
    const std::vector<JournalRow> rows = ThreeRows();
    const Revision revision = SomeRevision(1);
    REQUIRE(place.Reopen().Append(rows, &revision).ok());
    const Recovered all = RecoverAll(place.Reopen());
    REQUIRE(all.journal.size() == 3);
    for (std::size_t i = 0; i < 3; ++i) {
      CHECK(all.journal[i].first == rows[i].first);
      CHECK(all.journal[i].count == rows[i].count);
      CHECK(all.journal[i].bytes == rows[i].bytes);
    }
    REQUIRE(all.revisions.size() == 1);
    CHECK(all.revisions[0].number == 1);
    CHECK(all.revisions[0].deployed_at == revision.deployed_at);
    CHECK(all.revisions[0].author == revision.author);
    CHECK(all.revisions[0].note == revision.note);
    CHECK(all.revisions[0].layout == revision.layout);
    REQUIRE(all.revisions[0].files.size() == 2);
    CHECK(all.revisions[0].files[0].name == "b.stage");
    CHECK(all.revisions[0].files[0].text == "on SQL set status New\n");
    CHECK(all.revisions[0].files[1].name == "a.stage");
  });
}

TEST_CASE("revisions come back in ascending order") {
  ForEachStore([](Place& place) {
    Store& store = place.Reopen();
    for (std::uint32_t number = 0; number < 12; ++number) {
      const Revision revision = SomeRevision(number);
      REQUIRE(store.Append({}, &revision).ok());
    }
    const Recovered all = RecoverAll(place.Reopen());
    REQUIRE(all.revisions.size() == 12);
    for (std::uint32_t number = 0; number < 12; ++number) CHECK(all.revisions[number].number == number);
  });
}

TEST_CASE("a record is found by the row that holds it") {
  ForEachStore([](Place& place) {
    Store& store = place.Reopen();
    REQUIRE(store.Append(ThreeRows(), nullptr).ok());
    const auto first_of = [&](Sequence sequence) { return store.ReadJournal(sequence).value().first; };
    CHECK(first_of(1) == 1);
    CHECK(first_of(3) == 1);
    CHECK(first_of(4) == 4);
    CHECK(first_of(5) == 5);
    CHECK(first_of(14) == 5);
    CHECK(store.ReadJournal(15).error().code == StatusCode::kNotFound);
    CHECK(store.ReadJournal(0).error().code == StatusCode::kNotFound);
  });
}

TEST_CASE("a scan begins with the row that holds the record and ends when it is told") {
  ForEachStore([](Place& place) {
    Store& store = place.Reopen();
    std::vector<JournalRow> rows;
    for (Sequence first = 1; first <= 401; first += 2) rows.push_back({first, 2, "r"});
    REQUIRE(store.Append(rows, nullptr).ok());
    std::vector<JournalRow> seen;
    REQUIRE(store
                .ScanJournal(4,
                             [&](const JournalRow& row) {
                               seen.push_back(row);
                               return true;
                             })
                .ok());
    CHECK(seen.size() == 200);
    CHECK(seen.front().first == 3);
    CHECK(seen.back().first == 401);
    seen.clear();
    REQUIRE(store
                .ScanJournal(1,
                             [&](const JournalRow& row) {
                               seen.push_back(row);
                               return seen.size() < 2;
                             })
                .ok());
    CHECK(Firsts(seen) == std::vector<Sequence>{1, 3});
  });
}

TEST_CASE("a checkpoint row replaces the one of the same kind and key") {
  ForEachStore([](Place& place) {
    Store& store = place.Reopen();
    REQUIRE(store
                .WriteCheckpoint(
                    {{{CheckpointKind::kTask, 1, "task"}, {CheckpointKind::kContact, 2, "old"}, {CheckpointKind::kContact, 1, "one"}}, {}})
                .ok());
    REQUIRE(store.WriteCheckpoint({{{CheckpointKind::kContact, 2, std::string("n\0w", 3)}, {CheckpointKind::kEngine, 0, ""}}, {}}).ok());
    const Recovered all = RecoverAll(place.Reopen());
    REQUIRE(all.checkpoint.size() == 4);
    CHECK(all.checkpoint[0].bytes == "one");
    CHECK(all.checkpoint[1].bytes == std::string("n\0w", 3));
    CHECK(all.checkpoint[2].kind == CheckpointKind::kTask);
    CHECK(all.checkpoint[3].kind == CheckpointKind::kEngine);
  });
}

TEST_CASE("recovery begins behind what the checkpoint is complete through") {
  ForEachStore([](Place& place) {
    Store& store = place.Reopen();
    REQUIRE(store.Append(ThreeRows(), nullptr).ok());
    SECTION("not said yet: the whole journal") {
      REQUIRE(store.WriteCheckpoint({{{CheckpointKind::kContact, 0, "c"}}, std::nullopt}).ok());
      CHECK(Firsts(RecoverAll(place.Reopen()).journal) == std::vector<Sequence>{1, 4, 5});
    }
    SECTION("the end of a row") {
      REQUIRE(store.WriteCheckpoint({{}, 4}).ok());
      CHECK(Firsts(RecoverAll(place.Reopen()).journal) == std::vector<Sequence>{5});
    }
    SECTION("within a row, which is visited whole") {
      REQUIRE(store.WriteCheckpoint({{}, 2}).ok());
      CHECK(Firsts(RecoverAll(place.Reopen()).journal) == std::vector<Sequence>{1, 4, 5});
    }
    SECTION("everything") {
      REQUIRE(store.WriteCheckpoint({{}, 14}).ok());
      CHECK(RecoverAll(place.Reopen()).journal.empty());
    }
  });
}

TEST_CASE("a visitor that fails ends the recovery with its failure") {
  ForEachStore([](Place& place) {
    Store& store = place.Reopen();
    REQUIRE(store.Append(ThreeRows(), nullptr).ok());
    int visited = 0;
    Store::Recovery visitor;
    visitor.on_revision = [](const Revision&) { return Status{}; };
    visitor.on_checkpoint = [](CheckpointRow&&) { return Status{}; };
    visitor.on_journal = [&](const JournalRow&) {
      ++visited;
      return Status{StatusCode::kDataLoss, reasons::kDataDamaged, "damaged", {}};
    };
    CHECK(store.Recover(visitor).code == StatusCode::kDataLoss);
    CHECK(visited == 1);
  });
}

TEST_CASE("readers see every append that has returned, also while others append") {
  ForEachStore([](Place& place) {
    Store& store = place.Reopen();
    constexpr Sequence kRows = 200;
    std::atomic<Sequence> appended = 0;
    std::atomic<int> missed = 0;
    std::thread reader([&] {
      for (Sequence seen = 0; seen < kRows;) {
        seen = appended.load();
        if (seen > 0 && !store.ReadJournal(seen)) ++missed;
      }
    });
    for (Sequence sequence = 1; sequence <= kRows; ++sequence) {
      const JournalRow row{sequence, 1, "r"};
      if (!store.Append({&row, 1}, nullptr).ok()) ++missed;
      appended = sequence;
    }
    reader.join();
    CHECK(missed == 0);
  });
}

}  // namespace
}  // namespace stagecraft::runtime
