#include "server/rpc/admin_service.h"

#include <google/protobuf/util/time_util.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "runtime/engine/view.h"
#include "server/rpc/blocking_call.h"
#include "server/rpc/limits.h"
#include "server/rpc/operations.h"
#include "server/rpc/part_writer.h"
#include "server/rpc/status_map.h"
#include "server/rpc/time_convert.h"

namespace stagecraft::server {
namespace {

constexpr double kMicrosPerSecond = 1e6;

// Another backup may be made when the scope ends, however it ends.
class Release {
 public:
  explicit Release(std::atomic<bool>& copying) : copying_(copying) {}
  ~Release() { copying_ = false; }
  Release(const Release&) = delete;
  Release& operator=(const Release&) = delete;

 private:
  std::atomic<bool>& copying_;
};

grpc::Status UnderWay() {
  return ToGrpcStatus(runtime::Status{
      runtime::StatusCode::kResourceExhausted, "BACKUP_UNDER_WAY", "another backup is being made; wait until it is done", {}});
}

runtime::Micros NowOf(runtime::Engine& engine) {
  runtime::Micros now = 0;
  // Of an engine that has failed the time is not known, and nothing else either.
  static_cast<void>(engine.Read([&](const runtime::View& view) { now = view.now(); }));
  return now;
}

void FillWhatFailed(const runtime::View& view, v1::GetServerInfoResponse& out) {
  const auto open = [&view](runtime::Failure::Kind kind) {
    const std::vector<runtime::Failure>& all = view.failures();
    return std::count_if(all.begin(), all.end(), [&](const runtime::Failure& each) { return each.kind == kind && !each.is_closed; });
  };
  const std::vector<runtime::Dispatch>& sent = view.dispatches();
  out.set_failed_action_count(open(runtime::Failure::Kind::kAction));
  out.set_failed_event_count(open(runtime::Failure::Kind::kEvent));
  out.set_dead_delivery_count(
      std::count_if(sent.begin(), sent.end(), [](const runtime::Dispatch& each) { return each.state == runtime::DispatchState::kDead; }));
}

// The bound that `part` of all values are not beyond; nothing: there are none, or it is beyond all bounds.
template <std::size_t kBounds>
std::optional<double> Quantile(const runtime::Distribution<kBounds>& distribution, double part) {
  const auto& counts = distribution.counts();
  const auto all = static_cast<double>(std::accumulate(counts.begin(), counts.end(), std::uint64_t{0}));
  std::uint64_t so_far = 0;
  for (std::size_t i = 0; i < kBounds && all > 0; ++i) {
    so_far += counts[i];
    if (static_cast<double>(so_far) >= part * all) return distribution.bounds()[i];
  }
  return std::nullopt;
}

void FillDuration(double seconds, google::protobuf::Duration& out) {
  out = google::protobuf::util::TimeUtil::MicrosecondsToDuration(std::llround(seconds * kMicrosPerSecond));
}

void FillDone(const runtime::EngineFigures& figures, v1::GetStatsResponse& out) {
  const auto events = [&](runtime::EventState state) {
    return static_cast<std::int64_t>(figures.decided.events[static_cast<std::size_t>(state)]);
  };
  out.set_applied_event_count(events(runtime::EventState::kApplied));
  out.set_duplicate_event_count(events(runtime::EventState::kDuplicate));
  out.set_rejected_event_count(events(runtime::EventState::kRejected));
  out.set_failed_event_count(events(runtime::EventState::kFailed));
  out.set_waiting_event_count(static_cast<std::int64_t>(figures.inbox_events));
  out.set_record_count(static_cast<std::int64_t>(figures.decided.records));
  out.set_round_count(static_cast<std::int64_t>(figures.decided.rounds));
  if (const auto half = Quantile(figures.commit_seconds, 0.5)) FillDuration(*half, *out.mutable_commit_time_p50());
  if (const auto most = Quantile(figures.commit_seconds, 0.99)) FillDuration(*most, *out.mutable_commit_time_p99());
  out.set_journal_bytes(static_cast<std::int64_t>(figures.store.journal));
  out.set_checkpoint_bytes(static_cast<std::int64_t>(figures.store.checkpoint));
  out.set_wal_bytes(static_cast<std::int64_t>(figures.store.logs));
}

void FillFirings(const runtime::EngineFigures& figures, const ir::Program& program, v1::GetStatsResponse& out) {
  const auto fired = runtime::FiringsByRule(figures, program);
  std::vector<std::pair<std::uint64_t, const std::pair<std::string, std::string>*>> most;
  for (const auto& [rule, count] : fired) most.emplace_back(count, &rule);
  std::stable_sort(most.begin(), most.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  for (const auto& [count, rule] : std::span(most).first(std::min<std::size_t>(most.size(), limits::kPageSizeMax))) {
    v1::RuleFirings& added = *out.add_rules();
    added.set_rule(rule->first);
    added.set_file(rule->second);
    added.set_count(static_cast<std::int64_t>(count));
  }
}

void FillHeld(const runtime::View& view, v1::GetStatsResponse& out) {
  const runtime::EngineStats stats = view.stats();
  out.set_timer_count(static_cast<std::int64_t>(stats.timers));
  out.set_task_count(static_cast<std::int64_t>(stats.tasks));
  out.set_deal_count(static_cast<std::int64_t>(stats.deals));
  std::uint64_t open = 0;
  for (std::size_t state = 0; state < stats.dispatches.size(); ++state) {
    if (runtime::IsOpen(static_cast<runtime::DispatchState>(state))) open += stats.dispatches[state];
  }
  out.set_open_delivery_count(static_cast<std::int64_t>(open));
  FillDuration(static_cast<double>(runtime::OutboxAge(view)) / kMicrosPerSecond, *out.mutable_oldest_delivery_age());
}

}  // namespace

AdminService::AdminService(const ServiceContext& context, runtime::AccessStore* access)
    : context_(context), access_(access), started_at_(NowOf(context.engine)) {}

grpc::ServerUnaryReactor* AdminService::GetServerInfo(grpc::CallbackServerContext* call, const v1::GetServerInfoRequest*,
                                                      v1::GetServerInfoResponse* response) {
  return RunOnWorker(context_, call, "GetServerInfo", [this, response] {
    response->set_version(STAGECRAFT_VERSION);
    FillTimestamp(started_at_, *response->mutable_start_time());
    const auto maintenance = context_.maintenance.note();
    response->set_under_maintenance(maintenance.has_value());
    response->set_maintenance_note(maintenance.value_or(""));
    return ToGrpcStatus(context_.engine.Read([response](const runtime::View& view) {
      response->set_revision(view.revision());
      response->set_record_count(view.stats().last_sequence);
      response->set_contact_count(static_cast<std::int64_t>(view.stats().contacts));
      FillWhatFailed(view, *response);
    }));
  });
}

grpc::ServerUnaryReactor* AdminService::GetStats(grpc::CallbackServerContext* call, const v1::GetStatsRequest*,
                                                 v1::GetStatsResponse* response) {
  return RunOnWorker(context_, call, "GetStats", [this, response] {
    const runtime::EngineFigures figures = context_.engine.Figures();
    FillTimestamp(started_at_, *response->mutable_start_time());
    FillDone(figures, *response);
    return ToGrpcStatus(context_.engine.Read([&](const runtime::View& view) {
      FillFirings(figures, view.program(), *response);
      FillHeld(view, *response);
    }));
  });
}

grpc::ServerUnaryReactor* AdminService::SetMaintenance(grpc::CallbackServerContext* call, const v1::SetMaintenanceRequest* request,
                                                       v1::SetMaintenanceResponse*) {
  return RunOnWorker(context_, call, "SetMaintenance", [this, request] {
    if (runtime::Status status = CheckLength("", "note", request->note(), limits::kActorBytesMax); !status.ok())
      return ToGrpcStatus(status);
    context_.maintenance.Set(request->enabled() ? std::optional(request->note()) : std::nullopt);
    if (request->enabled()) context_.streams.EndAll(context_.maintenance.Check());
    spdlog::info(request->enabled() ? "under maintenance: nothing is changed" : "maintenance is over");
    return grpc::Status::OK;
  });
}

grpc::ServerWriteReactor<v1::BackupResponse>* AdminService::Backup(grpc::CallbackServerContext* call, const v1::BackupRequest*) {
  return RunParts<v1::BackupResponse>(context_, call, "Backup", [this](PartWriter<v1::BackupResponse>& writer, const AdmittedCall&) {
    if (copying_.exchange(true)) return UnderWay();
    const Release release(copying_);
    const auto operation = context_.operations.Begin(v1::OPERATION_KIND_BACKUP, writer.caller());
    writer.SendMetadata(kOperationMetadata, operation->name());
    v1::BackupSummary sent;
    const auto take = [&](const std::string& file, std::string_view bytes) {
      if (operation->is_cancel_requested()) return OperationCancelled("the backup");
      sent.set_file_count(sent.file_count() + (writer.part().file() == file ? 0 : 1));
      writer.part().set_file(file);
      writer.part().set_data(bytes.data(), bytes.size());
      runtime::Status status = writer.Send();
      if (!status.ok()) return status;
      sent.set_byte_count(sent.byte_count() + static_cast<std::int64_t>(bytes.size()));
      operation->SetProgress(sent.byte_count(), 0);
      return status;
    };
    runtime::Status status = context_.engine.Backup(take);
    if (status.ok() && access_ != nullptr) status = access_->Backup(take);
    const grpc::Status ended = ToGrpcStatus(status);
    operation->End(ended, sent);
    return ended;
  });
}

}  // namespace stagecraft::server
