// The same history gives the same data folder, to the last row: however events are cut into batches, how many threads send them, when the
// engine starts again, how large the parts of a checkpoint are and where the machine stands (product.md, B7).
#include <catch2/catch.hpp>
#include <condition_variable>
#include <cstdlib>
#include <ctime>
#include <map>
#include <memory>
#include <mutex>
#include <thread>

#include "dsl/compile.h"
#include "runtime/engine/checkpoint.h"
#include "runtime/engine/engine.h"
#include "runtime/engine/row_packer.h"
#include "runtime/engine/simulated.h"
#include "runtime/store/sqlite/sqlite_store.h"
#include "tests/store/temp_folder.h"
#include "tests/support/random_history.h"

namespace stagecraft::runtime {
namespace {

constexpr Micros kStart = 1'790'845'200'000'000;

// How a history is played; none of it may matter.
struct Manner {
  std::string name;
  std::size_t batch = 1;     // events of a submission
  std::size_t threads = 1;   // that send them, in order
  std::size_t restarts = 0;  // after so many groups; 0: never
  bool loses_checkpoints = false;
  EngineOptions options = {};
  const char* zone = "UTC";  // of the machine
};

std::vector<Manner> Manners() {
  std::vector<Manner> manners(7);
  manners[0].name = "one by one";
  manners[1] = {"in large batches", 1'000};
  manners[2] = {"by three threads", 3, 3};
  manners[3] = {"with a restart after each group", 2, 1, 1};
  manners[4] = {"with restarts that find no checkpoint", 1'000, 1, 3, true};
  manners[5] = {"with a checkpoint all the time", 2, 2, 5};
  manners[5].options.checkpoint_records = 1;
  manners[5].options.batch_events_max = 2;
  manners[6] = {"in Tokyo", 1};
  manners[6].zone = "Asia/Tokyo";
  return manners;
}

// Events of one moment of the engine's clock.
struct Group {
  Micros at = kStart;
  std::string deploys;  // a script; empty: none
  std::vector<const PlayedEvent*> events;
};

struct History {
  std::vector<std::unique_ptr<PlayedEvent>> events;
  std::vector<Group> groups;
};

bool Compiles(const std::string& script) {
  std::vector<Source> sources;
  sources.emplace_back("random.stage", script);
  return Compile(std::move(sources)).program != nullptr;
}

std::string ScriptThatCompiles(RandomHistory& random) {
  for (;;) {
    std::string script = random.Script().Text();
    if (Compiles(script)) return script;
  }
}

// Every tenth event comes twice, and every fifteenth takes the id of another.
History RandomGroups(std::uint64_t seed) {
  constexpr int kSteps = 70;
  RandomHistory random(seed);
  History history;
  std::map<std::string, Micros> created;
  history.groups.emplace_back().deploys = ScriptThatCompiles(random);
  for (int i = 0; i < kSteps; ++i) {
    const RandomStep step = random.Step();
    if (!step.event.has_value()) {
      const Micros at = history.groups.back().at + step.passes;
      history.groups.emplace_back().at = at;
      continue;
    }
    Group& group = history.groups.back();
    const auto known = created.find(step.event->contact);
    const auto created_at = known == created.end() ? std::nullopt : std::optional(known->second);
    const std::string id = "event " + std::to_string(i % 15 == 14 ? i - 10 : i);
    history.events.push_back(std::make_unique<PlayedEvent>(*step.event, group.at, created_at, id));
    created.try_emplace(step.event->contact, history.events.back()->input().occurred_at);
    group.events.push_back(history.events.back().get());
    if (i % 10 == 9) group.events.push_back(history.events[history.events.size() / 2].get());
  }
  history.groups[history.groups.size() / 2].deploys = ScriptThatCompiles(random);
  return history;
}

class ForgetfulStore final : public Store {
 public:
  explicit ForgetfulStore(std::unique_ptr<Store> inner) : inner_(std::move(inner)) {}

  Status Append(std::span<const JournalRow> rows, const Revision* revision) override { return inner_->Append(rows, revision); }
  Status WriteCheckpoint(const CheckpointBatch&) override { return {}; }
  Status RewriteJournal(std::span<const JournalRow> rows) override { return inner_->RewriteJournal(rows); }
  Status ForgetReplaced() override { return inner_->ForgetReplaced(); }
  Status KeepBase() override { return inner_->KeepBase(); }
  Status Shrink() override { return inner_->Shrink(); }
  Status Inspect(const Inspection& visitor) override { return inner_->Inspect(visitor); }
  Status Backup(const TakePart& take) override { return inner_->Backup(take); }
  Status Recover(const Recovery& visitor) override { return inner_->Recover(visitor); }
  Result<JournalRow> ReadJournal(Sequence sequence) override { return inner_->ReadJournal(sequence); }
  Status ScanJournal(Sequence from, const std::function<bool(const JournalRow&)>& visit) override {
    return inner_->ScanJournal(from, visit);
  }

 private:
  std::unique_ptr<Store> inner_;
};

// The seed of the table of ids is kept with it.
class SameRandom final : public Random {
 public:
  std::uint64_t Next() override { return 42; }
};

class Batch final : public Submission {
 public:
  explicit Batch(std::vector<EventInput> events) : events_(std::move(events)) {}

  std::span<const EventInput> Events() const override { return events_; }
  void Done(std::span<const EventResult> results, const Status& failure) override {
    const std::lock_guard lock(mutex_);
    for (const EventResult& result : results) {
      answers_.push_back(std::to_string(static_cast<int>(result.state)) + " " + std::to_string(result.sequence) + " " +
                         std::to_string(result.changes) + " " + std::to_string(result.rules_fired) + " " + result.status.reason);
    }
    if (!failure.ok()) answers_.push_back(failure.message);
    done_ = true;
    changed_.notify_all();
  }
  std::vector<std::string> Wait() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return done_; });
    return answers_;
  }

 private:
  const std::vector<EventInput> events_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool done_ = false;
  std::vector<std::string> answers_;
};

class Player {
 public:
  Player(const History& history, const Manner& manner) : history_(history), manner_(manner) {}

  // What was answered, and what is in the folder then, a line each.
  std::vector<std::string> Play() {
    Open(manner_.loses_checkpoints);
    for (std::size_t i = 0; i < history_.groups.size(); ++i) {
      if (manner_.restarts != 0 && i % manner_.restarts == 0) Open(manner_.loses_checkpoints);
      PlayGroup(history_.groups[i]);
    }
    Open(false);
    REQUIRE(engine_->Settle().ok());
    engine_.reset();
    Dump();
    return std::move(lines_);
  }

 private:
  void Open(bool forgetful) {
    engine_.reset();
    store_.reset();
    auto store = OpenSqliteStore(folder_.path());
    REQUIRE(store);
    store_ = std::move(*store);
    if (forgetful) store_ = std::make_unique<ForgetfulStore>(std::move(store_));
    auto engine = Engine::Open(*store_, clock_, random_, manner_.options);
    if (!engine) FAIL(engine.error().message);
    engine_ = std::move(*engine);
  }

  void PlayGroup(const Group& group) {
    clock_.Set(group.at);
    REQUIRE(engine_->Settle().ok());
    if (!group.deploys.empty()) {
      const auto deployed = engine_->Deploy({{{"random.stage", group.deploys}}, "mika", "", 0});
      REQUIRE(deployed);
      lines_.push_back("deployed " + std::to_string(deployed->revision));
    }
    std::vector<std::unique_ptr<Batch>> batches;
    for (std::size_t first = 0; first < group.events.size(); first += manner_.batch) {
      std::vector<EventInput> inputs;
      for (std::size_t i = first; i < std::min(group.events.size(), first + manner_.batch); ++i) inputs.push_back(group.events[i]->input());
      batches.push_back(std::make_unique<Batch>(std::move(inputs)));
    }
    Send(batches);
    for (const auto& batch : batches) {
      for (std::string& answer : batch->Wait()) lines_.push_back(std::move(answer));
    }
  }

  // Each thread sends when its turn has come.
  void Send(const std::vector<std::unique_ptr<Batch>>& batches) {
    std::mutex mutex;
    std::condition_variable changed;
    std::size_t turn = 0;
    bool refused = false;
    std::vector<std::thread> threads;
    for (std::size_t t = 0; t < manner_.threads; ++t) {
      threads.emplace_back([&, t] {
        for (std::size_t i = t; i < batches.size(); i += manner_.threads) {
          std::unique_lock lock(mutex);
          changed.wait(lock, [&] { return turn == i; });
          refused = refused || !engine_->Submit(*batches[i]).ok();
          ++turn;
          changed.notify_all();
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    REQUIRE_FALSE(refused);
  }

  // All rows of all tables, without what says only how they came there: the cut of the journal into rows, and as of which record a row of
  // the checkpoint was written.
  void Dump() {
    store_.reset();
    auto store = OpenSqliteStore(folder_.path());
    REQUIRE(store);
    Store::Recovery visitor;
    visitor.on_revision = [this](const Revision& revision) {
      std::string line = "revision " + std::to_string(revision.number) + " " + std::to_string(revision.deployed_at) + revision.author;
      for (const Revision::File& file : revision.files) line += file.name + file.text;
      lines_.push_back(line + revision.layout);
      return Status{};
    };
    visitor.on_checkpoint = [this](CheckpointRow&& row) {
      Sequence through = 0;
      if (row.kind == CheckpointKind::kContact) {
        const auto contact = DecodeContactRow(row.bytes, through);
        REQUIRE(contact);
        row.bytes.clear();
        contact->Encode(row.bytes);
      }
      if (row.kind == CheckpointKind::kEngine) {
        auto engine = DecodeEngineRow(row.bytes);
        REQUIRE(engine);
        engine->through = 0;
        row.bytes = EncodeEngineRow(*engine);
      }
      lines_.push_back("checkpoint " + std::to_string(static_cast<int>(row.kind)) + " " + std::to_string(row.key) + " " + row.bytes);
      return Status{};
    };
    visitor.on_journal = [](const JournalRow&) { return Status{}; };
    REQUIRE((*store)->Recover(visitor).ok());
    Record scratch;
    const Status scanned = (*store)->ScanJournal(1, [&](const JournalRow& row) {
      return VisitRecords(row, scratch,
                          [&](const Record& record) {
                            std::string line = "record " + std::to_string(record.sequence) + " ";
                            EncodeRecord(record, line);
                            lines_.push_back(std::move(line));
                            return true;
                          })
          .ok();
    });
    REQUIRE(scanned.ok());
  }

  const History& history_;
  const Manner& manner_;
  const tests::TempFolder folder_;
  ManualClock clock_{kStart};
  SameRandom random_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<Engine> engine_;
  std::vector<std::string> lines_;
};

// The machine stands in `zone` for as long as this lives.
class StandsIn {
 public:
  explicit StandsIn(const char* zone) {
    setenv("TZ", zone, 1);
    tzset();
  }
  ~StandsIn() {
    unsetenv("TZ");
    tzset();
  }
  StandsIn(const StandsIn&) = delete;
  StandsIn& operator=(const StandsIn&) = delete;
};

std::string FirstDifference(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  for (std::size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
    const std::string left = i < a.size() ? a[i] : "nothing";
    const std::string right = i < b.size() ? b[i] : "nothing";
    if (left != right) return "line " + std::to_string(i) + "\n" + left + "\n" + right;
  }
  return {};
}

}  // namespace

TEST_CASE("the same history gives the same data folder, however it comes in and whatever happens to the engine meanwhile") {
  const std::vector<Manner> manners = Manners();
  std::size_t lines = 0;
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    INFO("seed " << seed);
    const History history = RandomGroups(seed);
    std::vector<std::string> first;
    for (const Manner& manner : manners) {
      INFO(manner.name);
      const StandsIn machine(manner.zone);
      const std::vector<std::string> played = Player(history, manner).Play();
      if (first.empty()) first = played;
      CHECK(FirstDifference(first, played) == "");
    }
    lines += first.size();
  }
  CHECK(lines > 1'000);
}

}  // namespace stagecraft::runtime
