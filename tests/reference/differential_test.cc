// The engine against the reference interpreter: the same random scripts and events must come to the same, record by record and value by
// value. STAGECRAFT_SEEDS=2000 compares more histories of each slice (with STAGECRAFT_FIRST_SEED=2001 those behind them, so
// that several processes may share a million), STAGECRAFT_SEED=17 only that one.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/reference/compare.h"
#include "tests/reference/control_history.h"
#include "tests/reference/outbox_history.h"
#include "tests/reference/people_history.h"

namespace stagecraft::reference {
namespace {

using runtime::Slice;
using runtime::Subject;

constexpr int kSteps = 40;
// Of each slice: 10 000 histories in all take an optimized build about half a minute of one processor.
#ifdef NDEBUG
constexpr std::uint64_t kSeeds = 2'000;
#else
constexpr std::uint64_t kSeeds = 60;
#endif
// Of each subject: half as much, since most of it is of the slices below.
constexpr std::uint64_t kSubjectSeeds = kSeeds / 2;
constexpr std::uint64_t kTellingSeeds = 500;
constexpr std::size_t kShrunkMax = 5;  // of a slice: the others are most likely the same again

// What a slice is to show: a subject, and what must be found in the histories' records, else nothing would be compared.
struct About {
  Subject subject = Subject::kNone;
  std::vector<std::string> words = {};
};

History RandomHistoryOf(std::uint64_t seed, Slice slice, Subject subject) {
  runtime::RandomHistory random(seed, slice, subject);
  History history;
  history.script = random.Script();
  history.start = StartOf(seed);
  const bool restarts = seed % 5 == 0;
  runtime::RandomScript script = history.script;
  for (int i = 0; i < kSteps; ++i) {
    if (std::optional<runtime::RandomStep> step = random.SubjectStep()) {
      history.steps.push_back(std::move(*step));
    } else if (slice >= Slice::kDeployments && random.Below(8) == 0) {
      history.steps.push_back(random.DeployStep(script));
      script = history.steps.back().deploys->script;
    } else {
      history.steps.push_back(random.EngineStep(restarts));
    }
  }
  return history;
}

std::uint64_t FromEnvironment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::stoull(text);
}

using MakeHistory = std::function<History(std::uint64_t)>;

// `words`: what records must have said somewhere, or the histories do not reach what they are about.
void CompareHistories(const MakeHistory& make, const char* name, std::uint64_t otherwise, bool deploys,
                      const std::vector<std::string>& words) {
  const std::uint64_t only = FromEnvironment("STAGECRAFT_SEED", 0);
  const std::uint64_t seeds = FromEnvironment("STAGECRAFT_SEEDS", otherwise);
  std::size_t same = 0, different = 0, left_out = 0, long_ones = 0, records = 0, failed = 0, repeated = 0, deployed = 0;
  std::map<std::string, std::size_t> told;
  const std::uint64_t first = FromEnvironment("STAGECRAFT_FIRST_SEED", 1);
  for (std::uint64_t seed = only != 0 ? only : first; seed < (only != 0 ? only + 1 : first + seeds); ++seed) {
    const History history = make(seed);
    const Comparison comparison = Compare(history);
    records += comparison.records;
    failed += comparison.failed;
    repeated += comparison.repeated;
    deployed += comparison.deployed;
    same += comparison.result == Comparison::Result::kSame ? 1 : 0;
    left_out += comparison.result == Comparison::Result::kNoScript ? 1 : 0;
    long_ones += comparison.result == Comparison::Result::kTooLong ? 1 : 0;
    if (comparison.result == Comparison::Result::kUnsupported) FAIL_CHECK("the reference does not know: " << comparison.difference);
    for (const std::string& line : comparison.told) {
      for (const std::string& word : words) told[word] += line.find(word) != std::string::npos ? 1 : 0;
    }
    if (comparison.result != Comparison::Result::kDifferent) continue;
    if (++different > kShrunkMax) {
      FAIL_CHECK("seed " << seed << " as well");
      continue;
    }
    const History shrunk = Shrink(history);
    FAIL_CHECK("seed " << seed << "\n" << Describe(shrunk) << Compare(shrunk).difference);
  }
  std::cout << name << ": " << same << " histories with " << records << " records (" << failed << " failed events, " << repeated
            << " that came again, " << deployed << " deployments) agree, " << different << " differ, " << left_out << " were no scripts, "
            << long_ones << " too long\n";
  for (const std::string& word : words) std::cout << "  " << word << ": " << told[word] << "\n";
  if (only != 0) return;
  // Else nothing would be compared.
  CHECK(left_out * 4 < seeds);
  CHECK(long_ones * 1'000 <= seeds);
  CHECK(records > 10 * seeds);
  CHECK(repeated > seeds);
  if (deploys) CHECK(deployed > seeds);
  // A few histories may well miss what is rare.
  if (seeds < kTellingSeeds) return;
  for (const std::string& word : words) CHECK(told[word] * 20 > seeds);
}

void CompareSlice(Slice slice, const char* name, const About& about = {}) {
  CompareHistories([&](std::uint64_t seed) { return RandomHistoryOf(seed, slice, about.subject); }, name,
                   about.subject == Subject::kNone ? kSeeds : kSubjectSeeds, slice >= Slice::kDeployments, about.words);
}

}  // namespace

TEST_CASE("rounds as the reference has them") { CompareSlice(Slice::kRounds, "rounds"); }
TEST_CASE("derived values as the reference has them") { CompareSlice(Slice::kDerived, "derived values"); }
TEST_CASE("timers as the reference has them") { CompareSlice(Slice::kTimers, "timers"); }
TEST_CASE("runs as the reference has them") { CompareSlice(Slice::kRuns, "runs"); }
TEST_CASE("all of the language as the reference has it") { CompareSlice(Slice::kAll, "all of it"); }
TEST_CASE("deployments as the reference has them") { CompareSlice(Slice::kDeployments, "deployments"); }

TEST_CASE("contacts deleted, restored, merged and erased as the reference has them") {
  CompareSlice(Slice::kDeployments, "standing changes",
               {Subject::kStanding, {"deleted", "restored", "takes in", "erased", "ends (departed)", "unset → "}});
}

TEST_CASE("companies as the reference has them") {
  CompareSlice(
      Slice::kRuns, "companies",
      {Subject::kCompanies,
       {" made", "company acme: ", "company bolt: ", "company id: ", "company tier: ", "company employees: ", "refused (late): company"}});
}

TEST_CASE("deals as the reference has them") {
  CompareSlice(
      Slice::kRuns, "deals",
      {Subject::kDeals, {"in Sales at", "in Renewals at", ", won", ", lost", "open deals: ", "deal amount: ", "no open deal", "takes in"}});
}

TEST_CASE("companies over deployments as the reference has them") {
  CompareSlice(Slice::kDeployments, "companies over deployments", {Subject::kCompanies, {" made", "company acme: ", "company tier: "}});
}

TEST_CASE("deals over deployments as the reference has them") {
  CompareSlice(Slice::kDeployments, "deals over deployments", {Subject::kDeals, {"in Sales at", "in Renewals at", ", won", "takes in"}});
}

TEST_CASE("people and tasks as the reference has them") {
  CompareHistories(
      [](std::uint64_t seed) { return PeopleHistory(seed, false); }, "people and tasks", kSubjectSeeds, false,
      {"turn of", "turn lost by", "least has", "account of", "is away until", "is deactivated", " has 1 of 1", "refused (nobody free)",
       "refused (deactivated)", "task \"", "completion of", "opening of", "title of", "assignee of", "due time of", "\"task due at"});
}

TEST_CASE("people and tasks over deployments as the reference has them") {
  CompareHistories([](std::uint64_t seed) { return PeopleHistory(seed, true); }, "people and tasks over deployments", kSubjectSeeds, true,
                   {"turn of", "least has", "is away until", "is deactivated", "refused (nobody free)", "task \"", "completion of",
                    "assignee of", "\"task due at"});
}

TEST_CASE("what fails and what leaves the house as the reference has it") {
  CompareHistories(OutboxHistory, "what fails and what leaves the house", kSubjectSeeds, false,
                   {"refused (nobody there)", "refused (nobody free)", "refused (deactivated)", "refused (not set)", "goes on (lost)",
                    "ends (lost)", "refused (divided by zero)", "refused (out of range)", "refused (no open deal)", "is tried again",
                    "event", "event tried at", "mended", "e-mail \"", "webhook \"", "notified", "state 1 after", "state 4 after"});
}

TEST_CASE("what people do to rules and runs as the reference has it") {
  CompareHistories(
      ControlHistory, "what people do to rules and runs", kSubjectSeeds, false,
      {"is off", "is on", "ends (by hand)", "starts `", "refused (disabled)", "refused (already running)", "`Hand`", "`by Hand`"});
}

}  // namespace stagecraft::reference
