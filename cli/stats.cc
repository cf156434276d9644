#include <fmt/format.h>
#include <google/protobuf/util/time_util.h>
#include <stagecraft/v1/admin_service.grpc.pb.h>

#include <string>

#include "cli/client.h"
#include "cli/table.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "dsl/support/show.h"

namespace stagecraft::cli {
namespace {

namespace wire = ::stagecraft::v1;
using google::protobuf::util::TimeUtil;

std::string Bytes(std::int64_t bytes) {
  constexpr std::int64_t kKilobyte = 1'000;
  constexpr std::int64_t kMegabyte = 1'000'000;
  if (bytes < kMegabyte) return fmt::format("{} kB", (bytes + kKilobyte - 1) / kKilobyte);
  return fmt::format("{:.1f} MB", static_cast<double>(bytes) / static_cast<double>(kMegabyte));
}

std::string Millis(bool has, const google::protobuf::Duration& time) {
  constexpr double kMicrosPerMilli = 1e3;
  return has ? fmt::format("{:g} ms", static_cast<double>(TimeUtil::DurationToMicroseconds(time)) / kMicrosPerMilli) : std::string("-");
}

void Print(const wire::GetServerInfoResponse& info, const wire::GetStatsResponse& stats) {
  const auto line = [](const char* what, const std::string& value) { PrintLine(stdout, fmt::format("{:<12}{}", what, value)); };
  line("server", fmt::format("version {}, since {}", info.version(), TimeText(info.start_time())));
  if (info.under_maintenance()) {
    line("", info.maintenance_note().empty() ? "under maintenance" : "under maintenance: " + info.maintenance_note());
  }
  line("revision", info.revision() == 0 ? "nothing is deployed" : std::to_string(info.revision()));
  const auto counted = [](std::int64_t count, const char* thing) { return Counted(static_cast<std::uint64_t>(count), thing); };
  line("holds",
       fmt::format("{}, {}, {}, {}; {}", counted(info.contact_count(), "contact"), counted(stats.task_count(), "task"),
                   counted(stats.deal_count(), "deal"), counted(stats.timer_count(), "timer"), counted(info.record_count(), "record")));
  line("events",
       fmt::format("{} applied, {} known, {} rejected, {} failed; {} wait", stats.applied_event_count(), stats.duplicate_event_count(),
                   stats.rejected_event_count(), stats.failed_event_count(), stats.waiting_event_count()));
  line("commits", fmt::format("half within {}, 99 of 100 within {}", Millis(stats.has_commit_time_p50(), stats.commit_time_p50()),
                              Millis(stats.has_commit_time_p99(), stats.commit_time_p99())));
  line("deliveries", fmt::format("{} open, the oldest for {} s; {} dead", stats.open_delivery_count(),
                                 stats.oldest_delivery_age().seconds(), info.dead_delivery_count()));
  line("failed",
       fmt::format("{}, {}, not mended yet", counted(info.failed_action_count(), "action"), counted(info.failed_event_count(), "event")));
  line("disk", fmt::format("journal {}, checkpoint {}, logs {}", Bytes(stats.journal_bytes()), Bytes(stats.checkpoint_bytes()),
                           Bytes(stats.wal_bytes())));
  if (stats.rules().empty()) return;
  constexpr int kRulesShown = 10;
  Table table({"fired", "rule", "file"});
  for (const wire::RuleFirings& rule : stats.rules()) {
    if (table.size() < kRulesShown) table.Add({static_cast<std::int64_t>(rule.count()), rule.rule(), rule.file()});
  }
  fmt::print("\n{}", table.Text({TerminalWidth(), HasColour(stdout)}));
}

}  // namespace

int Stats(const StatsOptions& options) {
  const auto stub = wire::AdminService::NewStub(Connect(options.remote));
  wire::GetServerInfoResponse info;
  if (const auto status = stub->GetServerInfo(CallContext().get(), {}, &info); !status.ok()) return ReportCall(status, options.remote);
  wire::GetStatsResponse stats;
  if (const auto status = stub->GetStats(CallContext().get(), {}, &stats); !status.ok()) return ReportCall(status, options.remote);
  if (options.json) {
    fmt::print("{}", ToJson(stats));
  } else {
    Print(info, stats);
  }
  return kDone;
}

int SetMaintenance(const MaintenanceOptions& options) {
  const auto stub = wire::AdminService::NewStub(Connect(options.remote));
  wire::SetMaintenanceRequest request;
  request.set_enabled(options.on);
  request.set_note(options.note);
  wire::SetMaintenanceResponse response;
  if (const auto status = stub->SetMaintenance(CallContext().get(), request, &response); !status.ok())
    return ReportCall(status, options.remote);
  PrintLine(stdout, options.on ? "under maintenance: what is asked is answered, nothing is changed" : "maintenance is over");
  return kDone;
}

}  // namespace stagecraft::cli
