// Applies batches of events to an engine on a data folder until it is killed, and says on standard output, by a line with
// the number of events so far, when a batch was acknowledged.
//   engine_crash_child FOLDER BATCHES EVENTS_PER_BATCH
#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include "runtime/engine/engine.h"
#include "runtime/engine/simulated.h"
#include "runtime/store/sqlite/sqlite_store.h"
#include "tests/fault/crash_events.h"

namespace {

using namespace stagecraft::runtime;  // NOLINT: a program of one page

int Fail(const std::string& what) {
  std::cerr << what << "\n";
  return 2;
}

int Run(const std::string& folder, int batches, int events_per_batch) {
  auto store = OpenSqliteStore(folder);
  if (!store) return Fail(store.error().message);
  ManualClock clock(tests::kCrashNow);
  SeededRandom random(1);
  EngineOptions options;
  options.checkpoint_records = 200;  // so that checkpoints are always under way
  auto engine = Engine::Open(**store, clock, random, options);
  if (!engine) return Fail(engine.error().message);
  const auto deployed = (*engine)->Deploy({{{"crash.stage", tests::kCrashScript}}, "", "", 0});
  if (!deployed || deployed->revision == 0) return Fail("the script was not deployed");
  std::cout << 0 << std::endl;
  for (int batch = 0; batch < batches; ++batch) {
    const tests::CrashEvents events(batch * events_per_batch, events_per_batch);
    const auto results = (*engine)->Apply(events.inputs());
    if (!results) return Fail(results.error().message);
    for (const EventResult& result : *results) {
      if (result.state == EventState::kRejected) return Fail(result.status.message);
    }
    std::cout << (batch + 1) * events_per_batch << std::endl;
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return Fail("usage: engine_crash_child FOLDER BATCHES EVENTS_PER_BATCH");
  return Run(argv[1], std::atoi(argv[2]), std::atoi(argv[3]));
}
