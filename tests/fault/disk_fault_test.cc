// The disk fails, fills up, tears a write or loses power at some call of a workload (events with rules and waits, deployments, checkpoints,
// restarts). Afterwards the folder opens, `verify` is clean, what was acknowledged is there, and after everything was sent once more the
// state is that of an undisturbed run. A sample of the calls; with STAGECRAFT_TORTURE=1 every call, and more ways for the power to go.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

#include "runtime/engine/core.h"
#include "runtime/engine/simulated.h"
#include "runtime/store/sqlite/sqlite_store.h"
#include "runtime/verify/verify.h"
#include "tests/fault/crash_events.h"
#include "tests/fault/digest.h"
#include "tests/fault/fault_vfs.h"
#include "tests/store/temp_folder.h"

namespace stagecraft::runtime::tests {
namespace {

using stagecraft::tests::Fault;
using stagecraft::tests::FaultDisk;
using stagecraft::tests::TempFolder;

constexpr int kEventsPerBatch = 20;

struct Step {
  enum class Kind { kDeploy, kEvents, kCheckpoint, kRestart } kind;
  int number = 0;  // of the revision; of the batch
};

using Kind = Step::Kind;

constexpr Step kSteps[] = {{Kind::kDeploy, 1}, {Kind::kEvents, 0},  {Kind::kEvents, 1}, {Kind::kCheckpoint}, {Kind::kEvents, 2},
                           {Kind::kRestart},   {Kind::kEvents, 3},  {Kind::kDeploy, 2}, {Kind::kEvents, 4},  {Kind::kCheckpoint},
                           {Kind::kEvents, 5}, {Kind::kCheckpoint}, {Kind::kEvents, 6}, {Kind::kRestart},    {Kind::kEvents, 7},
                           {Kind::kEvents, 8}, {Kind::kCheckpoint}};

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

  // Ends at the first step that fails, as a server does.
  Status Play() {
    Status status = Restart();
    for (const Step& step : kSteps) {
      if (!status.ok()) return status;
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
  const View& view() const { return core_->view(); }
  int acknowledged_batches() const { return acknowledged_batches_; }
  int acknowledged_revision() const { return acknowledged_revision_; }
  // Of the last batch: events that were there already.
  int duplicates() const { return duplicates_; }

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
    if (Status status = core_->Commit(); !status.ok()) return status;
    acknowledged_batches_ = batch + 1;
    duplicates_ += static_cast<int>(
        std::count_if(results.begin(), results.end(), [](const EventResult& result) { return result.state == EventState::kDuplicate; }));
    return {};
  }

  Status Checkpoint() {
    CheckpointBatch batch;
    while (core_->NextCheckpoint(true, batch)) {
      if (Status status = store_->WriteCheckpoint(batch); !status.ok()) return status;
    }
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
};

// What an undisturbed run comes to, and the calls that it makes.
struct Undisturbed {
  std::string digest;
  int played = 0;  // calls until all was acknowledged
  int calls = 0;   // with those of closing the folder
};

const Undisturbed& UndisturbedRun() {
  static const Undisturbed run = [] {
    const TempFolder folder;
    Undisturbed made;
    Player player(folder.path());
    const FaultDisk disk(folder.path(), Fault::kNone, 0);
    REQUIRE(player.Play().message.empty());
    made.digest = Digest(player.view());
    made.played = disk.calls();
    player.Close();
    made.calls = disk.calls();
    return made;
  }();
  return run;
}

// What must hold of a folder whose disk has failed, after so much was acknowledged.
void CheckFolder(const std::string& folder, const Player& before) {
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
}

bool IsTorture() { return std::getenv("STAGECRAFT_TORTURE") != nullptr; }

// The calls to fail at: every one, or so many of them, spread evenly; other ones for each kind of fault.
std::vector<int> Calls(Fault fault, int sample) {
  const int calls = UndisturbedRun().calls;
  const int step = IsTorture() ? 1 : std::max(1, calls / sample);
  std::vector<int> chosen;
  for (int at = 1 + (IsTorture() ? 0 : static_cast<int>(fault) * 7 % step); at <= calls; at += step) chosen.push_back(at);
  return chosen;
}

void FailAtEachCall(Fault fault, const char* name) {
  constexpr int kSample = 14;
  int failed = 0;
  const std::vector<int> calls = Calls(fault, kSample);
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
  constexpr int kSample = 14;
  const std::uint64_t seeds = IsTorture() ? 5 : 1;
  const std::vector<int> calls = Calls(fault, kSample);
  for (const int at : calls) {
    const TempFolder folder;
    Player player(folder.path());
    const FaultDisk disk(folder.path(), fault, at);
    CHECK_FALSE((player.Play().ok() && at + 20 < UndisturbedRun().played));
    player.Close();
    for (std::uint64_t seed = 0; seed < seeds; ++seed) {
      INFO("call " << at << ", seed " << seed);
      const TempFolder survivors;
      disk.CopySurvivors(survivors.path(), static_cast<std::uint64_t>(at) * 1'000 + seed);
      CheckFolder(survivors.path(), player);
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
