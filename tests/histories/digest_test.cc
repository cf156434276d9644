// The same history gives the same data folder, to the last row: however events are cut into batches, how many threads send them, when the
// engine starts again, when checkpoints are written, and where the machine stands (product.md, B7). STAGECRAFT_SEEDS=2000 plays more
// histories, STAGECRAFT_FIRST_SEED says where they begin.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include "tests/histories/folder_player.h"
#include "tests/histories/machine.h"
#include "tests/reference/control_history.h"
#include "tests/reference/outbox_history.h"
#include "tests/reference/people_history.h"

namespace stagecraft::runtime {
namespace {

constexpr Micros kStart = 1'790'845'200'000'000;
constexpr int kSteps = 40;
constexpr std::uint64_t kSeeds = 40;

std::vector<Manner> Manners() {
  std::vector<Manner> manners(7);
  manners[0] = {"in large batches", 1'000};
  manners[1] = {"seven by seven", 7};
  manners[2] = {"by three threads", 3, 3};
  manners[3] = {"with a restart after every second step", 2, 1, 2};
  manners[4] = {"with restarts that find no checkpoint", 1'000, 1, 3, true};
  manners[5] = {"with a checkpoint all the time", 2, 2, 5};
  manners[5].options.checkpoint_records = 1;
  manners[5].options.batch_events_max = 2;
  manners[6] = {"with a checkpoint now and then, and compactions that find nothing", 1, 1, 9, false, true};
  manners[6].options.checkpoint_records = 7;
  return manners;
}

// Of one subject after the other.
reference::History HistoryOf(std::uint64_t seed) {
  constexpr std::pair<Slice, Subject> kSubjects[] = {{Slice::kAll, Subject::kNone},         {Slice::kRuns, Subject::kNone},
                                                     {Slice::kDeployments, Subject::kNone}, {Slice::kDeployments, Subject::kStanding},
                                                     {Slice::kRuns, Subject::kCompanies},   {Slice::kRuns, Subject::kDeals}};
  constexpr std::uint64_t kOthers = 3;
  const std::uint64_t kind = seed % (std::size(kSubjects) + kOthers);
  if (kind == std::size(kSubjects)) return reference::PeopleHistory(seed, false);
  if (kind == std::size(kSubjects) + 1) return reference::OutboxHistory(seed);
  if (kind == std::size(kSubjects) + 2) return reference::ControlHistory(seed);
  const auto [slice, subject] = kSubjects[kind];
  RandomHistory random(seed, slice, subject);
  reference::History history;
  history.start = kStart;
  history.script = random.Script();
  RandomScript script = history.script;
  for (int i = 0; i < kSteps; ++i) {
    if (std::optional<RandomStep> step = random.SubjectStep()) {
      history.steps.push_back(std::move(*step));
    } else if (slice == Slice::kDeployments && random.Below(8) == 0) {
      history.steps.push_back(random.DeployStep(script));
      script = history.steps.back().deploys->script;
    } else {
      history.steps.push_back(random.EngineStep(false));
    }
  }
  return history;
}

// The ids of an erased contact's events are known from the checkpoint alone (docs/semantics.md, E12).
bool MayLoseCheckpoints(const reference::History& history) {
  return std::none_of(history.steps.begin(), history.steps.end(),
                      [](const RandomStep& step) { return step.standing && step.standing->kind == RandomStanding::Kind::kErase; });
}

// What people say to the engine itself happens when it hears of it; events have a time of their own.
bool TellsOfEventsOnly(const reference::History& history) {
  return std::all_of(history.steps.begin(), history.steps.end(),
                     [](const RandomStep& step) { return step.event || step.again != 0 || step.passes != 0 || step.clock_back != 0; });
}

// The first line that is not the same; empty: there is none.
std::string Difference(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  for (std::size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
    const std::string left = i < a.size() ? a[i] : "nothing";
    const std::string right = i < b.size() ? b[i] : "nothing";
    if (left != right) return "line " + std::to_string(i) + "\n" + left + "\n" + right;
  }
  return {};
}

std::string Difference(const PlayedFolder& a, const PlayedFolder& b) {
  return Difference(a.answers, b.answers) + Difference(a.rows, b.rows);
}

std::uint64_t FromEnvironment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::stoull(text);
}

}  // namespace

TEST_CASE("the same history gives the same data folder, however it comes in and whatever happens to the engine meanwhile") {
  const std::uint64_t first = FromEnvironment("STAGECRAFT_FIRST_SEED", 1);
  const std::uint64_t seeds = FromEnvironment("STAGECRAFT_SEEDS", kSeeds);
  std::size_t rows = 0, played = 0, mixed = 0, heard_later = 0;
  for (std::uint64_t seed = first; seed < first + seeds; ++seed) {
    INFO("seed " << seed);
    const reference::History history = HistoryOf(seed);
    const PlayedFolder one_by_one = PlayInFolder(history, {"one by one"});
    if (one_by_one.is_no_script) continue;
    ++played;
    rows += one_by_one.rows.size();
    for (const Manner& manner : Manners()) {
      if (manner.loses_checkpoints && !MayLoseCheckpoints(history)) continue;
      INFO(manner.name);
      CHECK(Difference(one_by_one, PlayInFolder(history, manner)) == "");
    }
    if (TellsOfEventsOnly(history)) {
      INFO("heard of a second later");
      ++heard_later;
      Manner later{"later"};
      later.hears_later = 1'000'000;
      CHECK(Difference(one_by_one, PlayInFolder(history, later)) == "");
    }
    {
      INFO("on a machine in Tokyo that writes numbers in another way, and whose clock is years ahead");
      const OtherMachine machine("Asia/Tokyo", 3LL * 366 * 86'400);
      CHECK(Difference(one_by_one, PlayInFolder(history, {"there"})) == "");
    }
    // Of what is sent at the same time the order is anybody's; the folder is that of what came in so, one after the other.
    INFO("a thread for each contact, at the same time");
    const PlayedFolder at_once = PlayInFolder(history, {"at once", 1, 0});
    Manner again{"once more, in the order in which it came in"};
    again.orders = at_once.orders;
    CHECK(Difference(at_once, PlayInFolder(history, again)) == "");
    mixed += at_once.orders != one_by_one.orders ? 1 : 0;
  }
  std::cout << "one history, one folder: " << played << " histories with " << rows << " rows; in " << mixed
            << " of them what was sent at once came in in another order\n";
  CHECK(played * 2 > seeds);
  CHECK(rows > 50 * played);
  CHECK(heard_later * 10 > seeds);
}

}  // namespace stagecraft::runtime
