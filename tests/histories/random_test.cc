// Random scripts of the slice's sentences, random events: whatever happens, the journal must be enough and derived values never
// stale (FindFlaw). Unlike the unit test of the same idea this goes through the compiler and its indexes.
#include <catch2/catch.hpp>

#include "dsl/compile.h"
#include "tests/support/random_history.h"
#include "tests/support/simulation.h"

namespace stagecraft::runtime {
namespace {

constexpr Micros kStart = 1'790'845'200'000'000;

Status Play(const RandomStep& step, Simulation& simulation) {
  if (!step.event.has_value()) {
    simulation.AdvanceTo(simulation.now() + step.passes);
    return {};
  }
  const Contact* contact = simulation.Find(step.event->contact);
  const PlayedEvent event(*step.event, simulation.now(), contact == nullptr ? std::nullopt : std::optional(contact->created_at()));
  return simulation.Apply(event.input());
}

std::string Problems(const CompileResult& compiled) {
  std::string problems;
  for (const Diagnostic& diagnostic : compiled.diagnostics) problems += CodeName(diagnostic.code) + " " + diagnostic.message + "\n";
  return problems;
}

}  // namespace

TEST_CASE("random scripts: the journal is enough, and derived values are never stale") {
  int played = 0;
  int failed = 0;
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    INFO("seed " << seed);
    // Of all slices in turn: the smaller ones have more cascades that do not end.
    RandomHistory history(seed, static_cast<Slice>(seed % (static_cast<int>(Slice::kAll) + 1)));
    const std::string script = history.Script().Text();
    INFO(script);
    std::vector<Source> sources;
    sources.emplace_back("random.stage", script);
    const CompileResult compiled = Compile(std::move(sources));
    INFO(Problems(compiled));
    if (compiled.program == nullptr) continue;  // a cascade that the compiler has proven endless, or the like
    ++played;
    Simulation simulation(compiled.program, kStart);
    for (int step = 0; step < 50; ++step) {
      failed += Play(history.Step(), simulation).ok() ? 0 : 1;
      if (step % 10 == 0) REQUIRE(FindFlaw(simulation) == "");
    }
    REQUIRE(FindFlaw(simulation) == "");
  }
  CHECK(played > 100);
  CHECK(failed > 0);
}

}  // namespace stagecraft::runtime
