// Runs the tests of a script (language.md, "In tests"): each in a world of its own, so that they can run side by side.
#ifndef STAGECRAFT_RUNTIME_SCENARIO_SCENARIO_H_
#define STAGECRAFT_RUNTIME_SCENARIO_SCENARIO_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "dsl/support/diagnostic.h"
#include "runtime/scenario/coverage.h"
#include "runtime/scenario/prepared.h"

namespace stagecraft::runtime {

// Something in a test that is not as it should be.
struct TestFailure {
  Code code = Code::kExpectationFailed;  // or kStepFailed
  Span span;                             // the expectation, or the step
  std::string expected;                  // as in the script; of a step: what was tried (`to wait`)
  std::string found;                     // what there is instead; why the step failed
};

// One thing that happened to the contact, and what came of it.
struct Happening {
  std::string at;                    // `Mon 2026-01-05 09:00`, in the workspace's time zone
  std::string title;                 // `email sent`; of what is given also `a contact`
  bool given = false;                // before the test began
  std::vector<std::string> changes;  // by the event itself; the last list may end with `… and 12 more`
  struct RuleRun {
    std::string rule;
    std::string file;
    std::uint32_t line = 0;
    std::vector<std::string> changes;
  };
  std::vector<RuleRun> rules;  // that fired or went on, in their order
};

// Stories are read by people, and an answer of the server or a report of the command line holds many of them.
inline constexpr std::size_t kHappeningsMax = 100;        // of a story
inline constexpr std::size_t kStoryBytesMax = 32U << 10;  // of a story, but for what happened last, which is always told
inline constexpr std::size_t kStoryLinesMax = 60;         // of one thing that happened: its rules and all the changes
inline constexpr std::size_t kStoryLineBytesMax = 500;
inline constexpr std::uint32_t kStoriesMax = 100;       // of a run: those of the first tests that fail
inline constexpr std::size_t kFailureBytesMax = 2'000;  // what is expected, and what is found

struct TestOutcome {
  std::uint32_t test = 0;  // of the suite
  bool ran = false;        // false: there was no time for it
  std::vector<TestFailure> failures;
  std::vector<Happening> timeline;  // of tests with failures: what happened last, oldest first
  std::uint32_t untold = 0;         // of tests with failures: how much happened before that
  double seconds = 0;

  bool passed() const { return ran && failures.empty(); }
};

struct TestRunOptions {
  std::string filter;          // only tests in whose name this stands, whatever the letter case; empty: all
  std::uint32_t jobs = 0;      // threads; 0: as many as the machine has
  bool stop_at_first = false;  // nobody asks for more than whether there is a failure
  // Asked whenever something has happened in a test, from several threads: true ends the run.
  std::function<bool()> cancelled = {};
  // Seconds of some clock, for TestOutcome::seconds; absent: nobody asks.
  std::function<double()> seconds = {};
};

struct TestReport {
  std::vector<TestOutcome> outcomes;  // of the tests that the filter let through, in the order of the suite
  std::uint32_t failed = 0;
  std::uint32_t not_run = 0;
};

// Thread-safe. `counts`: gets what was seen to happen; may be null.
TestReport RunTests(const Prepared& prepared, const TestRunOptions& options, CoverageCounts* counts);

// The same as a finding, for who lists findings: `expected status New, but status is Open`.
Diagnostic DiagnosticOf(const TestFailure& failure);
std::vector<Diagnostic> DiagnosticsOf(const TestReport& report);

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_SCENARIO_SCENARIO_H_
