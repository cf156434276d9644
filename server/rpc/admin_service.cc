#include "server/rpc/admin_service.h"

#include <algorithm>
#include <string>
#include <utility>

#include "runtime/engine/view.h"
#include "server/rpc/blocking_call.h"
#include "server/rpc/part_writer.h"
#include "server/rpc/status_map.h"
#include "server/rpc/time_convert.h"

namespace stagecraft::server {
namespace {

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

}  // namespace

AdminService::AdminService(const ServiceContext& context, runtime::AccessStore* access)
    : context_(context), access_(access), started_at_(NowOf(context.engine)) {}

grpc::ServerUnaryReactor* AdminService::GetServerInfo(grpc::CallbackServerContext* call, const v1::GetServerInfoRequest*,
                                                      v1::GetServerInfoResponse* response) {
  return RunOnWorker(context_, call, "GetServerInfo", [this, response] {
    response->set_version(STAGECRAFT_VERSION);
    FillTimestamp(started_at_, *response->mutable_start_time());
    return ToGrpcStatus(context_.engine.Read([response](const runtime::View& view) {
      response->set_revision(view.revision());
      response->set_record_count(view.stats().last_sequence);
      response->set_contact_count(static_cast<std::int64_t>(view.stats().contacts));
      FillWhatFailed(view, *response);
    }));
  });
}

grpc::ServerWriteReactor<v1::BackupResponse>* AdminService::Backup(grpc::CallbackServerContext* call, const v1::BackupRequest*) {
  return RunParts<v1::BackupResponse>(context_, call, "Backup", [this](PartWriter<v1::BackupResponse>& writer) {
    if (copying_.exchange(true)) return UnderWay();
    const Release release(copying_);
    const auto take = [&writer](const std::string& file, std::string_view bytes) {
      writer.part().set_file(file);
      writer.part().set_data(bytes.data(), bytes.size());
      return writer.Send();
    };
    runtime::Status status = context_.engine.Backup(take);
    if (status.ok() && access_ != nullptr) status = access_->Backup(take);
    return ToGrpcStatus(status);
  });
}

}  // namespace stagecraft::server
