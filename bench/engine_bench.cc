// The engine in process, without the network: what deciding an event costs, and how many a second are durable. One line a
// figure, "name value unit".
//   engine_bench [RULES…]     numbers of rules; default 10 1000 10000
// BENCH_SECONDS: length of a measurement (default 2). BENCH_CONTACTS: default 100000. BENCH_RULES: of the durable figure,
// default 1000.
#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <ctime>
#include <deque>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "bench/check.h"
#include "bench/workload.h"
#include "runtime/engine/core.h"
#include "runtime/engine/simulated.h"
#include "runtime/store/memory_store.h"
#include "runtime/store/sqlite/sqlite_store.h"

namespace stagecraft::bench {
namespace {

using namespace runtime;  // NOLINT: the bench is about it
using SteadyClock = std::chrono::steady_clock;

constexpr std::uint32_t kBatch = 1'024;
constexpr Micros kStart = 1'767'225'600'000'000;

double SecondsSince(SteadyClock::time_point start) { return std::chrono::duration<double>(SteadyClock::now() - start).count(); }

double Setting(const char* name, double otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::atof(text);
}

// Batches of generated events that own their texts; made ahead, so that making them is not measured.
class Batches {
 public:
  Batches(std::uint32_t contacts, std::uint32_t count) {
    Rng rng(1);
    std::uint64_t number = 0;
    for (std::uint32_t b = 0; b < count; ++b) {
      std::vector<EventInput>& batch = batches_.emplace_back();
      for (std::uint32_t i = 0; i < kBatch; ++i) {
        const GeneratedEvent generated = NextEvent(rng, contacts);
        EventInput input;
        input.id = texts_.emplace_back(fmt::format("bench-{:018}", number++));
        input.contact = texts_.emplace_back(ContactId(generated.contact));
        input.type = TypeName(generated.type);
        input.occurred_at = kStart + static_cast<Micros>(number);
        if (!generated.attribute.empty()) {
          fields_.push_back({AttributeField(generated.type), generated.attribute});
          input.fields = {&fields_.back(), 1};
        }
        batch.push_back(input);
      }
    }
  }

  const std::vector<std::vector<EventInput>>& batches() const { return batches_; }

 private:
  std::deque<std::string> texts_;
  std::deque<NamedInput> fields_;
  std::vector<std::vector<EventInput>> batches_;
};

void DeployRules(Core& core, std::uint32_t rules) {
  const std::string script = MakeScript(rules);
  CompileResult compiled = Compile({Source("bench.stage", script)}, core.view().program().layout);
  if (compiled.program == nullptr) Die("the rules do not compile: " + compiled.diagnostics.front().message);
  Deployment deployment;
  deployment.revision = {core.view().revision() + 1, 0, "", "", {{"bench.stage", script}}, ir::EncodeLayout(compiled.program->layout)};
  deployment.program = std::move(compiled.program);
  CheckOk(core.Deploy(std::move(deployment)));
}

void CreateContacts(Core& core, std::uint32_t contacts) {
  std::vector<EventResult> results;
  for (std::uint32_t i = 0; i < contacts; ++i) {
    const GeneratedContact made = MakeContact(i);
    const std::vector<NamedInput> properties = {{"status", made.status},
                                                {"lifecycle", made.lifecycle},
                                                {"country", made.country},
                                                {"sector", made.sector},
                                                {"company employees", static_cast<double>(made.employees)},
                                                {"owner", std::string_view(made.owner)}};
    const std::string id = ContactId(i);
    EventInput input;
    input.id = id;
    input.contact = id;
    input.type = "contact created";
    input.occurred_at = kStart;
    input.properties = properties;
    input.create = CreateMode::kMustCreate;
    results.clear();
    core.Process({&input, 1}, results);
    CheckOk(results.front().status);
    if (i % kBatch == 0) CheckOk(core.Commit());
  }
  CheckOk(core.Commit());
}

double ProcessorSeconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

struct Figures {
  double rate = 0;       // events a second
  double cpu_event = 0;  // processor time an event, ns: the same also when other programs take their share
  double fired = 0;      // rules that fired, an event: each is work of its own
};

// Events through one core on `store`, a commit after each batch.
Figures Measure(Store& store, std::uint32_t rules, std::uint32_t contacts, const Batches& events) {
  ManualClock clock(kStart + 86'400'000'000);
  SeededRandom random(1);
  auto core = Core::Open(store, clock, random, {});
  if (!core) Die(core.error().message);
  DeployRules(**core, rules);
  CreateContacts(**core, contacts);
  std::vector<EventResult> results;
  std::uint64_t decided = 0;
  std::uint64_t fired = 0;
  const auto start = SteadyClock::now();
  const double processor_start = ProcessorSeconds();
  const double seconds = Setting("BENCH_SECONDS", 2);
  for (const std::vector<EventInput>& batch : events.batches()) {
    if (SecondsSince(start) > seconds) break;
    results.clear();
    (*core)->Process(batch, results);
    CheckOk(results.back().status);
    CheckOk((*core)->Commit());
    decided += batch.size();
    for (const EventResult& result : results) fired += result.rules_fired;
  }
  const auto count = static_cast<double>(decided);
  return {count / SecondsSince(start), (ProcessorSeconds() - processor_start) * 1e9 / count, static_cast<double>(fired) / count};
}

// Forgets the journal: what is measured is the deciding, not the memory.
class NoStore final : public Store {
 public:
  Status Append(std::span<const JournalRow>, const Revision*) override { return {}; }
  Status WriteCheckpoint(const CheckpointBatch&) override { return {}; }
  Status RewriteJournal(std::span<const JournalRow>) override { return {}; }
  Status ForgetReplaced() override { return {}; }
  Status KeepBase() override { return {}; }
  Status Shrink() override { return {}; }
  Status Recover(const Recovery&) override { return {}; }
  Status Inspect(const Inspection&) override { return {}; }
  Status Backup(const TakePart&) override { return {}; }
  Result<JournalRow> ReadJournal(Sequence sequence) override { return NoSuchRecord(sequence); }
  Status ScanJournal(Sequence, const std::function<bool(const JournalRow&)>&) override { return {}; }
};

double MeasureDurable(std::uint32_t rules, std::uint32_t contacts, const Batches& events) {
  std::string folder = (std::filesystem::current_path() / "engine_bench.XXXXXX").string();
  if (mkdtemp(folder.data()) == nullptr) Die("no folder for the journal could be made");
  double rate = 0;
  {
    auto store = OpenSqliteStore(folder);
    if (!store) Die(store.error().message);
    rate = Measure(**store, rules, contacts, events).rate;
  }
  std::filesystem::remove_all(folder);
  return rate;
}

void Run(const std::vector<std::uint32_t>& rule_counts) {
  const auto contacts = static_cast<std::uint32_t>(Setting("BENCH_CONTACTS", 100'000));
  const Batches events(contacts, 2'048);
  for (const std::uint32_t rules : rule_counts) {
    NoStore store;
    const Figures figures = Measure(store, rules, contacts, events);
    fmt::print("stagecraft.engine.rules{}.rate {:.6g} events/s\n", rules, figures.rate);
    fmt::print("stagecraft.engine.rules{}.event.cpu {:.6g} ns\n", rules, figures.cpu_event);
    fmt::print("stagecraft.engine.rules{}.event.fired {:.3g} rules\n", rules, figures.fired);
  }
  const auto rules = static_cast<std::uint32_t>(Setting("BENCH_RULES", 1'000));
  fmt::print("stagecraft.engine.durable.1x{}.rate {:.6g} events/s\n", kBatch, MeasureDurable(rules, contacts, events));
}

}  // namespace
}  // namespace stagecraft::bench

int main(int argc, char** argv) {
  std::vector<std::uint32_t> rule_counts;
  for (int i = 1; i < argc; ++i) rule_counts.push_back(static_cast<std::uint32_t>(std::atoi(argv[i])));
  if (rule_counts.empty()) rule_counts = {10, 1'000, 10'000};
  stagecraft::bench::Run(rule_counts);
  return 0;
}
