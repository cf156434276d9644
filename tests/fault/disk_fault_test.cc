// The disk fails, fills up, tears a write or loses power at some call of a workload (events with rules and waits, deployments, checkpoints,
// restarts, compactions). Afterwards the folder opens, `verify` is clean, what was acknowledged is there, and after everything was done
// once more the state and its explanations are those of an undisturbed run. A sample of the calls, half of them within compactions; with
// STAGECRAFT_TORTURE=1 every call, and more ways for the power to go.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <iostream>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "runtime/compact/compaction.h"
#include "runtime/engine/core.h"
#include "runtime/engine/simulated.h"
#include "runtime/store/sqlite/sqlite_store.h"
#include "runtime/verify/verify.h"
#include "tests/fault/crash_events.h"
#include "tests/fault/digest.h"
#include "tests/fault/fault_vfs.h"
#include "tests/store/temp_folder.h"
#include "tests/verify/known.h"

namespace stagecraft::runtime::tests {
namespace {

using stagecraft::tests::Fault;
using stagecraft::tests::FaultDisk;
using stagecraft::tests::TempFolder;

constexpr int kEventsPerBatch = 20;
constexpr int kTitlesPerBatch = 10;

struct Step {
  enum class Kind { kDeploy, kEvents, kCheckpoint, kRestart, kCompact } kind;
  int number = 0;  // of the revision; of the batch
};

using Kind = Step::Kind;

constexpr Step kSteps[] = {{Kind::kDeploy, 1}, {Kind::kEvents, 0}, {Kind::kEvents, 1},  {Kind::kCheckpoint}, {Kind::kEvents, 2},
                           {Kind::kRestart},   {Kind::kEvents, 3}, {Kind::kDeploy, 2},  {Kind::kEvents, 4},  {Kind::kCheckpoint},
                           {Kind::kCompact},   {Kind::kEvents, 5}, {Kind::kCheckpoint}, {Kind::kEvents, 6},  {Kind::kRestart},
                           {Kind::kEvents, 7}, {Kind::kCompact},   {Kind::kEvents, 8},  {Kind::kCheckpoint}};

// The deployments of all runs, compiled once.
const Deployment& DeploymentOf(int number) {
  static const std::vector<Deployment> deployments = [] {
    std::vector<Deployment> made;
    ir::Layout layout = Compile({}).program->layout;
    for (const std::string more : {"", "list \"Warm\" when score >= 5\non joining \"Warm\" create task \"Look\" for owner\n"}) {
      Deployment& deployment = made.emplace_back();
      deployment.revision.number = static_cast<std::uint32_t>(made.size());
      deployment.revision.files = {{"crash.stage", kCrashScript + more}};
      deployment.program = Compile(SourcesOf(deployment.revision.files), layout).program;
      layout = deployment.program->layout;
      deployment.revision.layout = ir::EncodeLayout(layout);
    }
    return made;
  }();
  return deployments[static_cast<std::size_t>(number) - 1];
}

// An engine on a folder that goes through the steps as a server and its clients would.
class Player {
 public:
  explicit Player(std::string folder) : folder_(std::move(folder)) {}

  // Ends at the first step that fails, as a server does. `before`: told of each step.
  Status Play(const std::function<void(const Step&)>& before = [](const Step&) {}) {
    Status status = Restart();
    for (const Step& step : kSteps) {
      if (!status.ok()) return status;
      before(step);
      status = Do(step);
    }
    return status;
  }

  Status Restart() {
    Close();
    auto store = OpenSqliteStore(folder_);
    if (!store) return store.error();
    store_ = std::move(*store);
    auto core = Core::Open(*store_, clock_, random_, {});
    if (!core) return core.error();
    core_ = std::move(*core);
    return {};
  }

  void Close() {
    core_.reset();
    store_.reset();
  }

  Store& store() { return *store_; }
  std::map<std::string, std::string> Known() { return tests::Known(*core_, *store_); }
  const View& view() const { return core_->view(); }
  int acknowledged_batches() const { return acknowledged_batches_; }
  int acknowledged_revision() const { return acknowledged_revision_; }
  // Of the last batch: events that were there already.
  int duplicates() const { return duplicates_; }
  std::uint64_t forgotten() const { return forgotten_; }

 private:
  Status Do(const Step& step) {
    switch (step.kind) {
      case Kind::kDeploy:
        return Deploy(step.number);
      case Kind::kEvents:
        return Send(step.number);
      case Kind::kCheckpoint:
        return Checkpoint();
      case Kind::kRestart:
        return Restart();
      case Kind::kCompact:
        return Compact();
    }
    return {};
  }

  Status Deploy(int number) {
    if (core_->view().revision() >= static_cast<std::uint32_t>(number)) return {};
    Status status = core_->Deploy(DeploymentOf(number));
    if (status.ok()) acknowledged_revision_ = number;
    return status;
  }

  Status Send(int batch) {
    const CrashEvents events(batch * kEventsPerBatch, kEventsPerBatch);
    std::vector<EventResult> results;
    core_->Process(events.inputs(), results);
    for (int i = 0; i < kTitlesPerBatch; ++i) SetTitle(std::to_string(batch * kTitlesPerBatch + i));
    if (Status status = core_->Commit(); !status.ok()) return status;
    acknowledged_batches_ = batch + 1;
    duplicates_ += static_cast<int>(
        std::count_if(results.begin(), results.end(), [](const EventResult& result) { return result.state == EventState::kDuplicate; }));
    return {};
  }

  // What nobody needs to know when the next title is there.
  void SetTitle(const std::string& title) {
    const NamedInput property{"job title", std::string_view(title)};
    const std::string id = "title-" + title;
    EventInput event;
    event.id = id;
    event.contact = "title";
    event.type = "contact updated";
    event.occurred_at = kCrashStart;
    event.create = CreateMode::kCreateIfMissing;
    event.properties = {&property, 1};
    std::vector<EventResult> results;
    core_->Process({&event, 1}, results);
  }

  Status Checkpoint() {
    CheckpointBatch batch;
    while (core_->NextCheckpoint(true, batch)) {
      if (Status status = store_->WriteCheckpoint(batch); !status.ok()) return status;
    }
    return {};
  }

  Status Compact() {
    const auto report = CompactJournal(*core_, *store_, std::numeric_limits<Micros>::max());
    if (!report) return report.error();
    forgotten_ += report->forgotten;
    return {};
  }

  const std::string folder_;
  ManualClock clock_{kCrashNow};
  SeededRandom random_{1};
  std::unique_ptr<Store> store_;
  std::unique_ptr<Core> core_;
  int acknowledged_batches_ = 0;
  int acknowledged_revision_ = 0;
  int duplicates_ = 0;
  std::uint64_t forgotten_ = 0;
};

// What an undisturbed run comes to, and the calls that it makes.
struct Undisturbed {
  std::string digest;
  std::map<std::string, std::string> known;
  std::vector<int> of_compaction;  // calls
  int played = 0;                  // calls until all was acknowledged
  int calls = 0;                   // with those of closing the folder
};

const Undisturbed& UndisturbedRun() {
  static const Undisturbed run = [] {
    const TempFolder folder;
    Undisturbed made;
    Player player(folder.path());
    const FaultDisk disk(folder.path(), Fault::kNone, 0);
    bool is_compacting = false;
    int calls = 0;
    const Status status = player.Play([&](const Step& step) {
      for (int call = calls + 1; is_compacting && call <= disk.calls(); ++call) made.of_compaction.push_back(call);
      calls = disk.calls();
      is_compacting = step.kind == Kind::kCompact;
    });
    REQUIRE(status.message.empty());
    CHECK(player.forgotten() > 60);
    made.digest = Digest(player.view());
    made.known = player.Known();
    made.played = disk.calls();
    player.Close();
    made.calls = disk.calls();
    return made;
  }();
  return run;
}

// What must hold of a folder whose disk has failed, after so much was acknowledged.
void CheckFolder(const std::string& folder, const Player& before) {
  const FaultDisk quick(folder, Fault::kNone, 0);  // which need not wait for the machine's disk
  Player player(folder);
  REQUIRE(player.Restart().message.empty());
  CHECK(player.view().revision() >= static_cast<std::uint32_t>(before.acknowledged_revision()));
  const auto report = Verify(player.store());
  REQUIRE(report);
  for (const Finding& finding : report->findings()) FAIL_CHECK(NameOf(finding.invariant) << ": " << finding.what);
  // Sent again, as a client does that got no answer.
  REQUIRE(player.Play().message.empty());
  CHECK(player.duplicates() >= before.acknowledged_batches() * kEventsPerBatch);
  if (Digest(player.view()) != UndisturbedRun().digest) FAIL_CHECK("the state is not that of an undisturbed run");
  CHECK(Difference(UndisturbedRun().known, player.Known()) == "");
}

bool IsTorture() { return std::getenv("STAGECRAFT_TORTURE") != nullptr; }

// The calls to fail at: every one, or as many within compactions as elsewhere, spread evenly; other ones for each kind of fault.
std::vector<int> Calls(Fault fault) {
  constexpr std::size_t kSample = 12;
  std::vector<int> all;
  for (int call = 1; call <= UndisturbedRun().calls; ++call) all.push_back(call);
  if (IsTorture()) return all;
  std::vector<int> chosen;
  for (const std::vector<int>& from : {all, UndisturbedRun().of_compaction}) {
    const std::size_t step = std::max<std::size_t>(1, from.size() / kSample);
    for (std::size_t at = static_cast<std::size_t>(fault) * 7 % step; at < from.size(); at += step) chosen.push_back(from[at]);
  }
  return chosen;
}

void FailAtEachCall(Fault fault, const char* name) {
  int failed = 0;
  const std::vector<int> calls = Calls(fault);
  for (const int at : calls) {
    INFO("call " << at);
    const TempFolder folder;
    Player player(folder.path());
    {
      const FaultDisk disk(folder.path(), fault, at);
      failed += player.Play().ok() ? 0 : 1;
      player.Close();
    }
    CheckFolder(folder.path(), player);
  }
  std::cout << name << ": at " << calls.size() << " of " << UndisturbedRun().calls << " calls; " << failed << " runs ended there\n";
  CHECK(failed * 4 > static_cast<int>(calls.size()));
}

void CutAtEachCall(Fault fault, const char* name) {
  const std::uint64_t seeds = IsTorture() ? 5 : 1;
  const std::vector<int> calls = Calls(fault);
  for (const int at : calls) {
    const TempFolder folder;
    Player player(folder.path());
    std::vector<std::unique_ptr<TempFolder>> survivors;
    {
      const FaultDisk disk(folder.path(), fault, at);
      CHECK_FALSE((player.Play().ok() && at + 20 < UndisturbedRun().played));
      player.Close();
      for (std::uint64_t seed = 0; seed < seeds; ++seed) {
        survivors.push_back(std::make_unique<TempFolder>());
        disk.CopySurvivors(survivors.back()->path(), static_cast<std::uint64_t>(at) * 1'000 + seed);
      }
    }
    for (std::uint64_t seed = 0; seed < seeds; ++seed) {
      INFO("call " << at << ", seed " << seed);
      CheckFolder(survivors[seed]->path(), player);
    }
  }
  std::cout << name << ": at " << calls.size() << " of " << UndisturbedRun().calls << " calls, with " << seeds << " outcomes each\n";
}

}  // namespace

TEST_CASE("a disk that fails once") { FailAtEachCall(Fault::kOneError, "one error"); }
TEST_CASE("a disk that fails from some moment on") { FailAtEachCall(Fault::kOnlyErrors, "only errors"); }
TEST_CASE("a disk that fills up at some call") { FailAtEachCall(Fault::kFull, "full"); }
TEST_CASE("the power is cut at some call") { CutAtEachCall(Fault::kPowerCut, "power cut"); }
TEST_CASE("the power is cut in the middle of a write") { CutAtEachCall(Fault::kTornWrite, "torn write"); }

}  // namespace stagecraft::runtime::tests
