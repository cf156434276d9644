#include "cli/doctor_checks.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/magic.h>
#include <stagecraft/v1/admin_service.grpc.pb.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/timex.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

#include "cli/client.h"
#include "runtime/engine/world.h"
#include "runtime/store/sqlite/access_file.h"

namespace stagecraft::cli {
namespace {

namespace fs = std::filesystem;
namespace wire = ::stagecraft::v1;

constexpr std::int64_t kMicrosPerDay = 86'400'000'000;
constexpr std::uint64_t kMegabyte = 1'000'000;

void Add(std::vector<Finding>& findings, Health health, std::string what, std::string found, std::string remedy = {}) {
  findings.push_back({health, std::move(what), std::move(found), std::move(remedy)});
}

bool IsInPath(std::string_view program) {
  const char* variable = std::getenv("PATH");
  std::string_view path = variable == nullptr ? "" : variable;
  while (!path.empty()) {
    const std::string_view folder = path.substr(0, path.find(':'));
    if (::access(fmt::format("{}/{}", folder, program).c_str(), X_OK) == 0) return true;
    path.remove_prefix(std::min(folder.size() + 1, path.size()));
  }
  return false;
}

// ---- the data folder ----------------------------------------------------------------------------------------------

void CheckRights(const std::string& folder, std::vector<Finding>& findings) {
  struct stat access {};
  const std::string file = folder + "/access.db";
  if (::stat(file.c_str(), &access) != 0) return;  // an older version's folder, or one that we may not look into
  constexpr mode_t kOthers = S_IRWXG | S_IRWXO;
  if ((access.st_mode & kOthers) == 0) return;
  Add(findings, Health::kWrong, "rights",
      fmt::format("others may use `{}` (mode {:o}), which has the tokens", file, access.st_mode & 07777U),
      fmt::format("chmod 600 {}", file));
}

void CheckFileSystem(const std::string& folder, std::vector<Finding>& findings) {
  struct statfs system {};
  if (::statfs(folder.c_str(), &system) != 0) return;
  constexpr std::array<long, 5> kRemote = {NFS_SUPER_MAGIC, 0x517B, 0xFF534D42, CEPH_SUPER_MAGIC,
                                           AFS_SUPER_MAGIC};  // NFS, SMB, CIFS, Ceph, AFS
  const auto type = static_cast<long>(system.f_type);
  if (std::find(kRemote.begin(), kRemote.end(), type) != kRemote.end()) {
    Add(findings, Health::kWrong, "disk", "the folder is on another machine's disk, whose locks and syncs are not sure",
        "put it on a disk of this machine");
  } else if (type == TMPFS_MAGIC) {
    Add(findings, Health::kAdvice, "disk", "the folder is in memory: it is gone with a restart of the machine", "put it on a disk");
  }
  std::uint64_t bytes = 0;
  std::error_code ignored;  // files come and go while a server runs
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    const auto size = entry.file_size(ignored);
    if (!ignored) bytes += size;
  }
  const std::uint64_t room = static_cast<std::uint64_t>(system.f_bavail) * static_cast<std::uint64_t>(system.f_bsize);
  const std::string found = fmt::format("{} MB of data, {} MB free", (bytes + kMegabyte - 1) / kMegabyte, room / kMegabyte);
  constexpr std::uint64_t kRoomMin = 200 * kMegabyte;
  constexpr std::uint64_t kRoomAdvised = 2'000 * kMegabyte;
  if (room < kRoomMin) {
    Add(findings, Health::kWrong, "room", found, "make room: a server whose disk is full stops");
  } else if (room < std::max(2 * bytes, kRoomAdvised)) {
    Add(findings, Health::kAdvice, "room", found, "a backup and a compaction take up to twice the data for a while");
  } else {
    Add(findings, Health::kGood, "room", found);
  }
}

// How long a sync takes, on a file without a name; seconds. Nothing: it cannot be made here.
std::optional<double> SyncSeconds(const std::string& folder) {
  const int file = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (file == -1) return std::nullopt;
  constexpr int kTimes = 21;
  constexpr std::array<char, 4096> kPage{};
  std::vector<double> seconds;
  for (int i = 0; i < kTimes; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    if (::pwrite(file, kPage.data(), kPage.size(), static_cast<off_t>(kPage.size()) * i) != static_cast<ssize_t>(kPage.size()) ||
        ::fdatasync(file) != 0) {
      break;
    }
    seconds.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
  }
  ::close(file);
  if (seconds.size() < kTimes) return std::nullopt;
  std::sort(seconds.begin(), seconds.end());
  return seconds[kTimes / 2];
}

void CheckSync(const std::string& folder, std::vector<Finding>& findings) {
  const auto seconds = SyncSeconds(folder);
  if (!seconds) {
    Add(findings, Health::kAdvice, "sync", "how fast the disk is cannot be seen from here", "look as the server's user");
    return;
  }
  constexpr double kMillis = 1e3;
  constexpr double kSlow = 0.02;
  constexpr double kTooFast = 0.00001;
  const std::string found = fmt::format("{:.2f} ms for a sync, which each single event waits for", *seconds * kMillis);
  if (*seconds > kSlow) {
    Add(findings, Health::kAdvice, "sync", found, "a disk with a safe cache takes less than 2 ms; events in batches share one sync");
  } else if (*seconds < kTooFast) {
    Add(findings, Health::kAdvice, "sync", found, "so fast is no disk that keeps what it is given: a power cut may lose data");
  } else {
    Add(findings, Health::kGood, "sync", found);
  }
}

void CheckTokens(const std::string& folder, std::vector<Finding>& findings) {
  auto access = runtime::OpenAccessFileToLook(folder);
  if (!access) return;  // none was ever made
  const auto tokens = (*access)->ReadTokens();
  if (!tokens) {
    Add(findings, Health::kWrong, "tokens", tokens.error().message, "`stagecraft verify` says more");
    return;
  }
  const runtime::Micros now = runtime::SystemClock().Now();
  constexpr std::int64_t kSoonDays = 14;
  std::size_t in_force = 0;
  for (const runtime::AccessToken& token : *tokens) {
    if (token.revoked_at != 0 || (token.expires_at != 0 && token.expires_at <= now)) continue;
    ++in_force;
    if (token.expires_at == 0 || token.expires_at > now + kSoonDays * kMicrosPerDay) continue;
    Add(findings, Health::kAdvice, "tokens",
        fmt::format("{} of {} is worth nothing in {} days", token.id, token.holder, (token.expires_at - now) / kMicrosPerDay),
        "make a new one in time: `stagecraft token create`");
  }
  Add(findings, Health::kGood, "tokens",
      tokens->empty() ? "none: whoever reaches the server may do everything" : fmt::format("{} in force, of {}", in_force, tokens->size()));
}

// ---- the server ---------------------------------------------------------------------------------------------------

void CheckInfo(const wire::GetServerInfoResponse& info, std::vector<Finding>& findings) {
  if (info.version() == STAGECRAFT_VERSION) {
    Add(findings, Health::kGood, "server", fmt::format("version {}, since {}", info.version(), TimeText(info.start_time())));
  } else {
    Add(findings, Health::kAdvice, "server", fmt::format("version {}, this is {}", info.version(), STAGECRAFT_VERSION), "use the same");
  }
  if (info.under_maintenance()) {
    Add(findings, Health::kAdvice, "maintenance", "the server refuses changes: " + info.maintenance_note(), "`stagecraft maintenance off`");
  }
  if (info.revision() == 0) Add(findings, Health::kAdvice, "scripts", "none are deployed", "`stagecraft deploy`");
  const auto advise = [&](std::int64_t count, const char* what, const char* found, const char* remedy) {
    if (count > 0) Add(findings, Health::kAdvice, what, fmt::format("{} {}", count, found), remedy);
  };
  advise(info.failed_action_count(), "failures", "actions of rules could not be done", "`stagecraft runs --state failed`");
  advise(info.failed_event_count(), "failures", "events whose rules did not come to an end", "`stagecraft events failed`");
  advise(info.dead_delivery_count(), "deliveries", "were given up", "`stagecraft deliveries --state dead`");
}

void CheckStats(const wire::GetStatsResponse& stats, std::vector<Finding>& findings) {
  constexpr std::int64_t kManyWait = 50'000;
  constexpr std::int64_t kLongSeconds = 3'600;
  constexpr std::int32_t kSlowNanos = 100'000'000;
  if (stats.waiting_event_count() > kManyWait) {
    Add(findings, Health::kAdvice, "inbox", fmt::format("{} events wait to be decided", stats.waiting_event_count()),
        "docs/operations.md#stagecraftinboxfull");
  }
  if (stats.oldest_delivery_age().seconds() > kLongSeconds) {
    Add(findings, Health::kAdvice, "deliveries",
        fmt::format("{} are open, the oldest for {} hours", stats.open_delivery_count(),
                    stats.oldest_delivery_age().seconds() / kLongSeconds),
        "`stagecraft deliveries --state waiting`");
  }
  if (stats.commit_time_p99().seconds() > 0 || stats.commit_time_p99().nanos() > kSlowNanos) {
    Add(findings, Health::kAdvice, "commits", "one in a hundred takes longer than 0.1 s", "docs/operations.md#stagecraftcommitsslow");
  }
}

}  // namespace

void CheckMachine(std::vector<Finding>& findings) {
  constexpr rlim_t kFilesAdvised = 4'096;
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) == 0) {
    const std::string found = fmt::format("{} may be open, each connection is one", files.rlim_cur);
    const bool is_enough = files.rlim_cur >= kFilesAdvised;
    Add(findings, is_enough ? Health::kGood : Health::kAdvice, "files", found,
        is_enough ? "" : "ulimit -n 65536 before the server is started");
  }
  timex clock{};
  if (::adjtimex(&clock) == TIME_ERROR) {
    Add(findings, Health::kAdvice, "clock", "nothing keeps this machine's clock right",
        "run an NTP client, such as systemd-timesyncd or chrony");
  } else {
    Add(findings, Health::kGood, "clock", "is kept right");
  }
  if (IsInPath("dot")) {
    Add(findings, Health::kGood, "graphviz", "is installed");
  } else {
    Add(findings, Health::kAdvice, "graphviz", "is not installed: `graph` draws no SVG", "apt-get install graphviz");
  }
}

void CheckFolder(const std::string& folder, std::vector<Finding>& findings) {
  std::error_code error;
  if (!fs::exists(folder + "/journal.db", error)) {
    Add(findings, Health::kWrong, "folder", fmt::format("there is no data folder `{}`{}", folder, error ? ": " + error.message() : ""),
        "check the path, and who may look into it");
    return;
  }
  CheckRights(folder, findings);
  CheckFileSystem(folder, findings);
  CheckSync(folder, findings);
  CheckTokens(folder, findings);
}

void CheckServer(const Remote& remote, std::vector<Finding>& findings) {
  const auto stub = wire::AdminService::NewStub(Connect(remote));
  wire::GetServerInfoResponse info;
  wire::GetStatsResponse stats;
  grpc::Status status = stub->GetServerInfo(CallContext().get(), {}, &info);
  if (status.ok()) status = stub->GetStats(CallContext().get(), {}, &stats);
  if (!status.ok()) {
    Trouble trouble = DescribeCall(status, remote);
    Add(findings, Health::kWrong, "server", std::move(trouble.what), std::move(trouble.advice));
    return;
  }
  CheckInfo(info, findings);
  CheckStats(stats, findings);
}

}  // namespace stagecraft::cli
