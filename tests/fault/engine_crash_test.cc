// An engine that is killed, by a failpoint or from outside: what was acknowledged is there once, and the state is what the
// journal says.
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdio>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "runtime/engine/core.h"
#include "runtime/engine/simulated.h"
#include "runtime/store/sqlite/sqlite_store.h"
#include "tests/fault/crash_events.h"
#include "tests/fault/digest.h"
#include "tests/store/temp_folder.h"

namespace stagecraft::runtime::tests {
namespace {

constexpr int kEventsPerBatch = 20;

struct Outcome {
  int acknowledged = -1;  // events; -1: not even the deployment
  int exit_code = -1;     // -1: killed
};

// Runs the child on the folder. `failpoint`: may be empty. `kill_after`: kills it once so many events are acknowledged;
// negative: never.
Outcome RunChild(const std::string& folder, int batches, const std::string& failpoint, int kill_after) {
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_addclose(&actions, ends[0]);
  posix_spawn_file_actions_addclose(&actions, ends[1]);
  std::vector<std::string> words = {ENGINE_CRASH_CHILD, folder, std::to_string(batches), std::to_string(kEventsPerBatch)};
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  std::string setting = "STAGECRAFT_FAILPOINT=" + failpoint;
  char* environment[] = {setting.data(), nullptr};
  pid_t child = 0;
  REQUIRE(posix_spawn(&child, ENGINE_CRASH_CHILD, &actions, nullptr, arguments.data(), environment) == 0);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);

  Outcome outcome;
  FILE* answers = fdopen(ends[0], "r");
  for (int events = 0; std::fscanf(answers, "%d", &events) == 1;) {
    outcome.acknowledged = events;
    if (kill_after >= 0 && events >= kill_after) kill(child, SIGKILL);
  }
  std::fclose(answers);
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  if (WIFEXITED(status)) outcome.exit_code = WEXITSTATUS(status);
  return outcome;
}

struct Opened {
  explicit Opened(const std::string& folder) {
    auto opened_store = OpenSqliteStore(folder);
    if (!opened_store) FAIL(opened_store.error().message);
    store = std::move(*opened_store);
    auto opened = Core::Open(*store, clock, random, {});
    if (!opened) FAIL(opened.error().message);
    core = std::move(*opened);
  }

  ManualClock clock{kCrashNow};
  SeededRandom random{2};
  std::unique_ptr<Store> store;
  std::unique_ptr<Core> core;
};

// Of the runs that wait and the timers that are armed, and of what came of those that were.
struct Progress {
  std::size_t runs = 0;
  std::size_t timers = 0;
  std::size_t deliveries = 0;
};

Progress ProgressOf(const View& view) {
  Progress progress;
  for (std::uint32_t number = 0; number < view.stats().contacts; ++number) {
    progress.runs += view.ContactAt(number)->runs().size();
    progress.timers += view.ContactAt(number)->timers().size();
  }
  progress.deliveries = view.tasks().size() + view.notifications().size();
  return progress;
}

void CheckEventsAreThereOnce(Store& store, int acknowledged) {
  std::set<std::string> ids;
  int twice = 0;
  Record record;
  REQUIRE(store
              .ScanJournal(1,
                           [&](const JournalRow& row) {
                             return VisitRecords(row, record,
                                                 [&](const Record& one) {
                                                   if (one.kind == RecordKind::kEvent && !ids.insert(one.event_id).second) ++twice;
                                                   return true;
                                                 })
                                 .ok();
                           })
              .ok());
  CHECK(twice == 0);
  int missing = 0;
  for (int number = 0; number < acknowledged; ++number) missing += ids.count("event-" + std::to_string(number)) == 0 ? 1 : 0;
  CHECK(missing == 0);
}

// What must hold of a folder whose process was killed after it had acknowledged so many events.
void CheckFolder(const std::string& folder, int acknowledged) {
  const stagecraft::tests::TempFolder copy;
  std::filesystem::copy(folder, copy.path(), std::filesystem::copy_options::recursive);
  for (const char* file : {"state.db", "state.db-wal", "state.db-shm"}) std::filesystem::remove(copy.path() + "/" + file);
  Opened from_checkpoint(folder);
  const Opened from_journal(copy.path());
  CHECK(Digest(from_checkpoint.core->view()) == Digest(from_journal.core->view()));
  CheckEventsAreThereOnce(*from_checkpoint.store, acknowledged);
  // Twenty days of events: sequences, waits and SLAs are open, and some have passed.
  if (acknowledged >= 300) {
    const Progress progress = ProgressOf(from_checkpoint.core->view());
    CHECK(progress.runs >= 100);
    CHECK(progress.timers > 0);
    CHECK(progress.deliveries >= 100);
  }

  // Sent again, as a client does that got no answer: what was acknowledged is known.
  const CrashEvents events(0, std::max(acknowledged, 1));
  std::vector<EventResult> results;
  from_checkpoint.core->Process(events.inputs(), results);
  int unknown = 0;
  for (int i = 0; i < acknowledged; ++i) unknown += results[static_cast<std::size_t>(i)].state == EventState::kDuplicate ? 0 : 1;
  CHECK(unknown == 0);
}

TEST_CASE("an engine killed from outside loses nothing that it acknowledged") {
  const int kill_after = GENERATE(0, 20, 300, 1'000, 2'500);
  CAPTURE(kill_after);
  const stagecraft::tests::TempFolder folder;
  const Outcome outcome = RunChild(folder.path(), 100'000, "", kill_after);
  CHECK(outcome.exit_code == -1);
  CHECK(outcome.acknowledged >= kill_after);
  CheckFolder(folder.path(), outcome.acknowledged);
}

TEST_CASE("an engine that ends by itself leaves a folder that needs no folding") {
  const stagecraft::tests::TempFolder folder;
  const Outcome outcome = RunChild(folder.path(), 30, "", -1);
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.acknowledged == 30 * kEventsPerBatch);
  CheckFolder(folder.path(), outcome.acknowledged);
}

TEST_CASE("an engine killed at a failpoint loses nothing that it acknowledged") {
  const std::string failpoint =
      GENERATE(as<std::string>(), "before-append:2", "before-append:40", "after-append-before-answer:2", "after-append-before-answer:40",
               "mid-checkpoint:1", "mid-checkpoint:4", "after-checkpoint:1", "after-checkpoint:3");
  CAPTURE(failpoint);
  const stagecraft::tests::TempFolder folder;
  const Outcome outcome = RunChild(folder.path(), 100'000, failpoint, -1);
  CHECK(outcome.exit_code == 137);
  CheckFolder(folder.path(), std::max(outcome.acknowledged, 0));
}

TEST_CASE("a folder survives one crash after the other") {
  const stagecraft::tests::TempFolder folder;
  int acknowledged = 0;
  for (const char* failpoint : {"before-append:9", "mid-checkpoint:2", "after-append-before-answer:30", "after-checkpoint:2"}) {
    const Outcome outcome = RunChild(folder.path(), 100'000, failpoint, -1);
    CHECK(outcome.exit_code == 137);
    acknowledged = std::max(acknowledged, outcome.acknowledged);
    CheckFolder(folder.path(), acknowledged);
  }
}

}  // namespace
}  // namespace stagecraft::runtime::tests
