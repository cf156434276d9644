// What nobody has damaged is clean, whatever has happened: random scripts and histories, deployments, checkpoints and restarts in between.
#include <catch2/catch.hpp>
#include <cstdlib>

#include "runtime/store/memory_store.h"
#include "runtime/verify/verify.h"
#include "tests/verify/damaged_folder.h"
#include "tests/verify/play.h"

namespace stagecraft::runtime {

TEST_CASE("an empty store is clean") {
  const std::unique_ptr<Store> store = NewMemoryStore();
  const auto report = Verify(*store);
  REQUIRE(report);
  CHECK(tests::Told(*report) == "");
}

TEST_CASE("random histories leave nothing to find") {
  const char* text = std::getenv("STAGECRAFT_SEEDS");
  const std::uint64_t seeds = text == nullptr ? 40 : std::stoull(text);
  Sequence records = 0;
  std::uint64_t revisions = 0;
  std::ptrdiff_t given_up = 0;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    INFO("seed " << seed);
    tests::Play play(seed);
    play.Run(60);
    const auto report = Verify(play.store());
    REQUIRE(report);
    CHECK(tests::Told(*report) == "");
    CHECK(report->revisions == play.revision());
    records += report->records;
    revisions += report->revisions;
    given_up += play.given_up();
  }
  CHECK(given_up > 0);
  CHECK(records > static_cast<Sequence>(seeds) * 20);
  CHECK(revisions > seeds * 2);
}

}  // namespace stagecraft::runtime
