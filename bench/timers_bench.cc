// A contact each with an armed timer, on a data folder: what they take of memory, how long a start takes, and how they catch up after a
// week in which nobody ran the engine while new events come in. TIMERS_BENCH_CONTACTS (default 1000000).
#include <fmt/format.h>
#include <time.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "bench/check.h"
#include "dsl/compile.h"
#include "runtime/engine/core.h"
#include "runtime/engine/simulated.h"
#include "runtime/store/sqlite/sqlite_store.h"

namespace stagecraft::runtime {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr Micros kStart = 1'767'225'600'000'000;
constexpr Micros kHour = 3'600'000'000;
constexpr Micros kWeek = kHour * 24 * 7;
constexpr std::uint32_t kFiredAtATime = 1'024;  // as the engine's thread does between the events of two steps
constexpr std::uint32_t kBatch = 1'024;
const char kScript[] = "after 3 days in status New set status Open\n";

double SecondsSince(SteadyClock::time_point start) { return std::chrono::duration<double>(SteadyClock::now() - start).count(); }

double ResidentMegabytes() {
  std::ifstream statm("/proc/self/statm");
  std::uint64_t all = 0, resident = 0;
  statm >> all >> resident;
  return static_cast<double>(resident) * 4096 / 1e6;
}

struct World {
  explicit World(const std::string& folder, Micros now) : clock(now) {
    auto opened = OpenSqliteStore(folder);
    if (!opened) Die(opened.error().message);
    store = std::move(*opened);
    auto made = Core::Open(*store, clock, random, {});
    if (!made) Die(made.error().message);
    core = std::move(*made);
  }

  EventResult Apply(const std::string& id, const std::string& contact, std::vector<NamedInput> properties) {
    EventInput input;
    input.id = id;
    input.contact = contact;
    input.type = "contact updated";
    input.properties = properties;
    input.create = CreateMode::kCreateIfMissing;
    results.clear();
    core->Process({&input, 1}, results);
    CheckOk(results.front().status);
    return results.front();
  }
  void Checkpoint() {
    CheckpointBatch batch;
    while (core->NextCheckpoint(true, batch)) CheckOk(store->WriteCheckpoint(batch));
  }

  ManualClock clock;
  SeededRandom random{1};
  std::unique_ptr<Store> store;
  std::unique_ptr<Core> core;
  std::vector<EventResult> results;
};

void Fill(World& world, std::uint32_t contacts) {
  CompileResult compiled = Compile({Source("bench.stage", kScript)}, world.core->view().program().layout);
  if (compiled.program == nullptr) Die("the rule does not compile");
  Deployment deployment;
  deployment.revision = {world.core->view().revision() + 1,         0, "", "", {{"bench.stage", kScript}},
                         ir::EncodeLayout(compiled.program->layout)};
  deployment.program = std::move(compiled.program);
  CheckOk(world.core->Deploy(std::move(deployment)));
  for (std::uint32_t i = 0; i < contacts; ++i) {
    world.clock.Advance(1'000);
    const std::string contact = "contact-" + std::to_string(i);
    world.Apply(contact, contact, {{"status", std::string_view("New")}});
    if (i % kBatch == 0) CheckOk(world.core->Commit());
  }
  CheckOk(world.core->Commit());
}

void CatchUp(World& world, std::uint32_t contacts) {
  const SteadyClock::time_point start = SteadyClock::now();
  std::vector<double> steps;
  std::uint64_t fired = 0;
  for (std::uint32_t live = 0; fired < contacts; ++live) {
    const SteadyClock::time_point step = SteadyClock::now();
    world.Apply("live-" + std::to_string(live), "live", {});
    const std::uint32_t now_fired = world.core->FireDue(kFiredAtATime);
    CheckOk(world.core->Commit());
    if (now_fired == 0) Die("timers are missing");
    fired += now_fired;
    steps.push_back(SecondsSince(step));
  }
  const double seconds = SecondsSince(start);
  std::sort(steps.begin(), steps.end());
  fmt::print("catching up   {:.0f} timers a second; an event waits {:.1f} ms (median), {:.1f} ms (longest) while {} timers fire\n",
             static_cast<double>(fired) / seconds, steps[steps.size() / 2] * 1e3, steps.back() * 1e3, kFiredAtATime);
}

void Measure(const std::string& folder, std::uint32_t contacts) {
  {
    World world(folder, kStart);
    const double before = ResidentMegabytes();
    Fill(world, contacts);
    fmt::print("memory        {:.0f} bytes a contact with its timer\n", (ResidentMegabytes() - before) * 1e6 / contacts);
  }
  SteadyClock::time_point start = SteadyClock::now();
  {
    World world(folder, kStart + kWeek);
    fmt::print("start         {:.2f} s from the journal alone\n", SecondsSince(start));
    world.Checkpoint();
  }
  start = SteadyClock::now();
  World world(folder, kStart + kWeek);
  fmt::print("start         {:.2f} s from a checkpoint\n", SecondsSince(start));
  world.clock.Advance(EngineOptions().allowed_lateness);
  CatchUp(world, contacts);
}

}  // namespace
}  // namespace stagecraft::runtime

int main() {
  const char* text = std::getenv("TIMERS_BENCH_CONTACTS");
  const auto contacts = static_cast<std::uint32_t>(text == nullptr ? 1'000'000 : std::strtoul(text, nullptr, 10));
  std::string folder = (std::filesystem::temp_directory_path() / "timers-bench-XXXXXX").string();
  if (mkdtemp(folder.data()) == nullptr) return 1;
  stagecraft::runtime::Measure(folder, contacts);
  std::filesystem::remove_all(folder);
  return 0;
}
