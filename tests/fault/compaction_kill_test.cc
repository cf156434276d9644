// `stagecraft compact` is killed (-9) after some of its bytes are written, wherever that is: the folder opens, is clean, knows what it knew
// and why, and the next compaction comes to an end. STAGECRAFT_ROUNDS=200 kills it that often.
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "runtime/engine/core.h"
#include "runtime/engine/simulated.h"
#include "runtime/store/sqlite/sqlite_store.h"
#include "runtime/verify/verify.h"
#include "tests/store/temp_folder.h"
#include "tests/verify/known.h"

namespace stagecraft::runtime::tests {
namespace {

using stagecraft::tests::TempFolder;

constexpr Micros kLongAgo = 1'577'836'800'000'000;  // 2020
constexpr int kEvents = 1'500;
constexpr const char* kScript = "counter mails of email sent\non email sent set status New\nafter 2 days in status New set status Open\n";
constexpr const char* kForgotten = "title 57 ";  // neither the first nor the last of its contact
constexpr std::uint64_t kNever = std::numeric_limits<std::uint64_t>::max();

// A folder that a server has left long ago.
struct Opened {
  explicit Opened(const std::string& folder) {
    auto opened = OpenSqliteStore(folder);
    if (!opened) FAIL(opened.error().message);
    store = std::move(*opened);
    auto made = Core::Open(*store, clock, random, {});
    if (!made) FAIL(made.error().message);
    core = std::move(*made);
  }

  ManualClock clock{kLongAgo};
  SeededRandom random{1};
  std::unique_ptr<Store> store;
  std::unique_ptr<Core> core;
};

void Fill(const std::string& folder) {
  const Opened opened(folder);
  Core& core = *opened.core;
  CompileResult compiled = Compile({Source("old.stage", kScript)}, core.view().program().layout);
  REQUIRE(compiled.program != nullptr);
  Deployment deployment;
  deployment.revision = {1, 0, "", "", {{"old.stage", kScript}}, ir::EncodeLayout(compiled.program->layout)};
  deployment.program = std::move(compiled.program);
  REQUIRE(core.Deploy(std::move(deployment)).ok());
  std::vector<EventResult> results;
  for (int i = 0; i < kEvents; ++i) {
    const std::string id = "e" + std::to_string(i);
    const std::string contact = "c" + std::to_string(i % 40);
    const std::string title = "title " + std::to_string(i) + " " + std::string(static_cast<std::size_t>(100 + i % 300), 't');
    const NamedInput property{"job title", std::string_view(title)};
    EventInput event;
    event.id = id;
    event.contact = contact;
    event.type = "email sent";
    event.create = CreateMode::kCreateIfMissing;
    event.properties = {&property, 1};
    core.Process({&event, 1}, results);
    if (i % 100 == 0) REQUIRE(core.Commit().ok());
  }
  REQUIRE(core.Commit().ok());
  for (const EventResult& result : results) REQUIRE(result.state == EventState::kApplied);
}

struct Outcome {
  bool killed = false;
  int exit_code = -1;
  std::uint64_t written = 0;  // bytes, at the last look
};

// What the process has written so far; nothing less than the last time.
std::uint64_t WrittenBy(pid_t process) {
  std::ifstream io("/proc/" + std::to_string(process) + "/io");
  std::uint64_t bytes = 0;
  for (std::string word; io >> word;) {
    if (word == "wchar:") io >> bytes;
  }
  return bytes;
}

bool HasEnded(pid_t process) {
  siginfo_t info{};
  REQUIRE(waitid(P_PID, static_cast<id_t>(process), &info, WEXITED | WNOHANG | WNOWAIT) == 0);
  return info.si_pid != 0;
}

// Runs `stagecraft compact` and kills it once it has written so many bytes.
Outcome Compact(const std::string& folder, std::uint64_t kill_at) {
  std::vector<std::string> words = {STAGECRAFT_BINARY, "compact", folder, "--keep", "1y"};
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  pid_t process = 0;
  REQUIRE(posix_spawn(&process, STAGECRAFT_BINARY, &actions, nullptr, arguments.data(), environ) == 0);
  posix_spawn_file_actions_destroy(&actions);
  Outcome outcome;
  while (!HasEnded(process)) {
    outcome.written = std::max(outcome.written, WrittenBy(process));
    if (outcome.written >= kill_at) kill(process, SIGKILL);
  }
  int status = 0;
  REQUIRE(waitpid(process, &status, 0) == process);
  outcome.killed = WIFSIGNALED(status);
  if (WIFEXITED(status)) outcome.exit_code = WEXITSTATUS(status);
  return outcome;
}

std::map<std::string, std::string> KnownIn(const std::string& folder) {
  const Opened opened(folder);
  const auto report = Verify(*opened.store);
  REQUIRE(report);
  for (const Finding& finding : report->findings()) FAIL_CHECK(NameOf(finding.invariant) << ": " << finding.what);
  return Known(*opened.core, *opened.store);
}

bool HasText(const std::string& folder, const std::string& text) {
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    std::ifstream in(file.path(), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    if (bytes.find(text) != std::string::npos) return true;
  }
  return false;
}

int Rounds() {
  const char* rounds = std::getenv("STAGECRAFT_ROUNDS");
  return rounds == nullptr ? 12 : std::stoi(rounds);
}

}  // namespace

TEST_CASE("kill -9 in the middle of a compaction: the folder is as good as before, and can be compacted") {
  const TempFolder prepared;
  Fill(prepared.path());
  const auto before = KnownIn(prepared.path());
  REQUIRE(HasText(prepared.path(), kForgotten));
  const auto copy_to = [&](const TempFolder& folder) {
    std::filesystem::copy(prepared.path(), folder.path(), std::filesystem::copy_options::recursive);
  };
  std::uint64_t all = 0;
  {
    const TempFolder folder;
    copy_to(folder);
    const Outcome calm = Compact(folder.path(), kNever);
    REQUIRE(calm.exit_code == 0);
    all = calm.written;
    REQUIRE(all > 0);
  }
  std::mt19937_64 random(20261122);  // NOLINT(cert-msc51-cpp): the same places each time
  int killed = 0;
  for (int round = 0; round < Rounds(); ++round) {
    const TempFolder folder;
    copy_to(folder);
    const std::uint64_t kill_at = 1 + random() % all;
    INFO("killed after " << kill_at << " of " << all << " bytes");
    killed += Compact(folder.path(), kill_at).killed ? 1 : 0;
    CHECK(Difference(before, KnownIn(folder.path())) == "");
    CHECK(Compact(folder.path(), kNever).exit_code == 0);
    CHECK(Difference(before, KnownIn(folder.path())) == "");
    CHECK_FALSE(HasText(folder.path(), kForgotten));
  }
  CHECK(killed * 2 > Rounds());
}

}  // namespace stagecraft::runtime::tests
