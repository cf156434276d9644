// Old history taken out of a large data folder: how long it takes, how much memory, and what it leaves. Contacts whose records lie all over
// the journal, seven of ten older than the period to be kept. COMPACTION_BENCH_CONTACTS (default 1000000; a power of ten).
#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "bench/check.h"
#include "dsl/compile.h"
#include "runtime/compact/compaction.h"
#include "runtime/engine/core.h"
#include "runtime/engine/simulated.h"
#include "runtime/store/sqlite/sqlite_store.h"

namespace stagecraft::runtime {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr Micros kStart = 1'767'225'600'000'000;
constexpr Micros kDay = 24 * 3'600'000'000;
// An event of each contact in each round. Each round goes through the contacts in steps of its own, so that neighbours in one are none in
// the next.
constexpr std::uint64_t kSteps[] = {1, 7'919, 17'389, 48'611, 104'729, 224'737, 350'377, 611'953, 746'773, 982'451};
constexpr int kRounds = std::size(kSteps);
constexpr int kOldRounds = 7;
constexpr std::uint32_t kBatch = 1'024;
const char kScript[] = R"(counter mails of email sent within 30 days
score
  +5 when mails >= 2
  +10 when status is Open
list "Warm" when score >= 15
on email sent set status New
after 3 days in status New set status Open
on joining "Warm" create task "Call {name}" for owner
)";

// Since it was made, by the clock on the wall and of the processor.
class Stopwatch {
 public:
  double seconds() const { return std::chrono::duration<double>(SteadyClock::now() - start_).count(); }
  double processor_seconds() const { return static_cast<double>(std::clock() - worked_) / CLOCKS_PER_SEC; }

 private:
  const SteadyClock::time_point start_ = SteadyClock::now();
  const std::clock_t worked_ = std::clock();
};

// The most that the process has taken so far.
double PeakMegabytes() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    double kilobytes = 0;
    if (word == "VmHWM:" && status >> kilobytes) return kilobytes / 1e3;
  }
  Die("/proc/self/status does not say how much memory was taken");
}

double ResidentMegabytes() {
  std::ifstream statm("/proc/self/statm");
  std::uint64_t all = 0, resident = 0;
  statm >> all >> resident;
  return static_cast<double>(resident) * 4096 / 1e6;
}

double MegabytesOf(const std::string& path) { return static_cast<double>(std::filesystem::file_size(path)) / 1e6; }

struct World {
  World(const std::string& folder, Micros now) : clock(now) {
    auto opened = OpenSqliteStore(folder);
    if (!opened) Die(opened.error().message);
    store = std::move(*opened);
    auto made = Core::Open(*store, clock, random, {});
    if (!made) Die(made.error().message);
    core = std::move(*made);
  }

  ManualClock clock;
  SeededRandom random{1};
  std::unique_ptr<Store> store;
  std::unique_ptr<Core> core;
};

void Deploy(Core& core) {
  CompileResult compiled = Compile({Source("bench.stage", kScript)}, core.view().program().layout);
  if (compiled.program == nullptr) Die("the script does not compile");
  Deployment deployment;
  deployment.revision = {core.view().revision() + 1, 0, "", "", {{"bench.stage", kScript}}, ir::EncodeLayout(compiled.program->layout)};
  deployment.program = std::move(compiled.program);
  CheckOk(core.Deploy(std::move(deployment)));
}

void Fill(World& world, std::uint32_t contacts) {
  Deploy(*world.core);
  std::vector<EventResult> results;
  for (int round = 0; round < kRounds; ++round) {
    for (std::uint32_t i = 0; i < contacts; ++i) {
      const std::string contact = "contact-" + std::to_string(i * kSteps[round] % contacts);
      const std::string id = std::to_string(round) + "/" + contact;
      EventInput input;
      input.id = id;
      input.contact = contact;
      input.type = "email sent";
      input.create = CreateMode::kCreateIfMissing;
      results.clear();
      world.core->Process({&input, 1}, results);
      CheckOk(results.front().status);
      if (i % kBatch == 0) CheckOk(world.core->Commit());
    }
    CheckOk(world.core->Commit());
    world.clock.Advance(kDay);
  }
}

void Measure(const std::string& folder, std::uint32_t contacts) {
  const std::string journal = folder + "/journal.db";
  {
    World world(folder, kStart);
    Fill(world, contacts);
  }
  World world(folder, kStart + kRounds * kDay);
  const double before = ResidentMegabytes();
  fmt::print("folder        {} records, {:.0f} MB in the journal; the engine takes {:.0f} MB\n", world.core->last_sequence(),
             MegabytesOf(journal), before);
  const Stopwatch first;
  const auto report = CompactJournal(*world.core, *world.store, kStart + kOldRounds * kDay);
  if (!report) Die(report.error().message);
  fmt::print(
      "compaction    {:.0f} s, {:.0f} s of a processor; at most {:.0f} MB beyond the engine's; {} records removed, {} older kept; {:.0f} "
      "MB in the journal\n",
      first.seconds(), first.processor_seconds(), PeakMegabytes() - before, report->forgotten, report->needed, MegabytesOf(journal));
  const Stopwatch again;
  const auto nothing = CompactJournal(*world.core, *world.store, kStart + kOldRounds * kDay);
  if (!nothing) Die(nothing.error().message);
  fmt::print("once more     {:.0f} s, {:.0f} s of a processor\n", again.seconds(), again.processor_seconds());
}

}  // namespace
}  // namespace stagecraft::runtime

int main() {
  const char* text = std::getenv("COMPACTION_BENCH_CONTACTS");
  const auto contacts = static_cast<std::uint32_t>(text == nullptr ? 1'000'000 : std::strtoul(text, nullptr, 10));
  std::string folder = (std::filesystem::temp_directory_path() / "compaction-bench-XXXXXX").string();
  if (mkdtemp(folder.data()) == nullptr) return 1;
  stagecraft::runtime::Measure(folder, contacts);
  std::filesystem::remove_all(folder);
  return 0;
}
