#include "server/rpc/operations.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "runtime/engine/view.h"
#include "runtime/model/reasons.h"
#include "server/rpc/enrolment_convert.h"
#include "server/rpc/limits.h"
#include "server/rpc/names.h"
#include "server/rpc/status_map.h"
#include "server/rpc/time_convert.h"

namespace stagecraft::server {
namespace {

constexpr std::string_view kEnrolmentMark = "enrolment-";

std::string_view PrefixOf(v1::OperationKind kind) { return kind == v1::OPERATION_KIND_BACKUP ? "backup-" : "import-"; }

// The method that begins such operations.
const char* MethodOf(v1::OperationKind kind) {
  switch (kind) {
    case v1::OPERATION_KIND_IMPORT_CONTACTS:
      return "ImportContacts";
    case v1::OPERATION_KIND_IMPORT_COMPANIES:
      return "ImportCompanies";
    case v1::OPERATION_KIND_ENROLMENT:
      return "DeployScripts";
    default:
      return "Backup";
  }
}

// The deployment whose enrolment the name means; nothing: it means none.
std::optional<std::uint32_t> RevisionOf(std::string_view name) {
  const std::string_view id = IdOf(kOperations, name);
  if (!id.starts_with(kEnrolmentMark)) return std::nullopt;
  return NumberIn<std::uint32_t>(id.substr(kEnrolmentMark.size()));
}

runtime::Status CheckName(std::string_view name) {
  const std::string_view id = IdOf(kOperations, name);
  if (!id.empty() && id.find('/') == std::string_view::npos) return {};
  return InvalidField("name", runtime::reasons::kInvalidName,
                      "`" + std::string(name) + "` is no operation; expected `operations/{operation}`, from an answer");
}

runtime::Status NoSuchOperation(std::string_view name) {
  return {runtime::StatusCode::kNotFound, runtime::reasons::kOperationNotFound,
          "there is no operation `" + std::string(IdOf(kOperations, name)) + "`, or it has been over for so long that it is not kept"};
}

void SetResult(const grpc::Status& status, const google::protobuf::Message& result, Operation& out) {
  out.set_done(true);
  if (status.ok()) {
    out.mutable_response()->PackFrom(result);
    return;
  }
  google::rpc::Status& error = *out.mutable_error();
  if (!error.ParseFromString(status.error_details())) error.Clear();
  error.set_code(static_cast<int>(status.error_code()));
  error.set_message(status.error_message());
  error.add_details()->PackFrom(result);
}

// But for who began it.
v1::OperationMetadata MetadataOf(const runtime::Enrolment& enrolment) {
  v1::OperationMetadata metadata;
  metadata.set_kind(v1::OPERATION_KIND_ENROLMENT);
  metadata.set_deployment(NameOf(kDeployments, std::to_string(enrolment.revision)));
  FillTimestamp(enrolment.at, *metadata.mutable_create_time());
  metadata.set_done_count(enrolment.next);
  metadata.set_total_count(enrolment.end);
  metadata.set_cancel_requested(enrolment.is_given_up);
  return metadata;
}

// The enrolments, or that of one deployment.
runtime::Result<std::vector<Operation>> EnrolmentsOf(runtime::Engine& engine, std::optional<std::uint32_t> revision) {
  std::vector<std::pair<runtime::Enrolment, v1::Enrolment>> found;
  runtime::Status status = engine.Read([&](const runtime::View& view) {
    for (const runtime::Enrolment& each : view.rule_states().enrolments) {
      if (!revision || each.revision == *revision) FillEnrolment(view, each, found.emplace_back(each, v1::Enrolment()).second);
    }
  });
  if (!status.ok()) return tl::unexpected(std::move(status));
  if (found.empty()) return std::vector<Operation>();
  std::vector<Operation> operations;
  const std::vector<runtime::Revision> revisions = engine.Revisions();
  for (const auto& [enrolment, told] : found) {
    v1::OperationMetadata metadata = MetadataOf(enrolment);
    for (const runtime::Revision& each : revisions) {
      if (each.number == enrolment.revision) metadata.set_actor(each.author);
    }
    Operation& operation = operations.emplace_back();
    operation.set_name(EnrolmentOperation(enrolment.revision));
    operation.mutable_metadata()->PackFrom(metadata);
    if (enrolment.IsDone())
      SetResult(ToGrpcStatus(enrolment.is_given_up ? OperationCancelled("the enrolment") : runtime::Status()), told, operation);
  }
  return operations;
}

}  // namespace

CallOperation::CallOperation(std::string name, v1::OperationKind kind, std::string actor, const runtime::Clock& clock, ChangeFeed& feed)
    : name_(std::move(name)), kind_(kind), clock_(clock), feed_(feed) {
  state_.set_name(name_);
  metadata_.set_kind(kind);
  metadata_.set_actor(std::move(actor));
  FillTimestamp(clock_.Now(), *metadata_.mutable_create_time());
  *metadata_.mutable_update_time() = metadata_.create_time();
}

void CallOperation::SetActor(std::string actor) {
  const std::lock_guard lock(mutex_);
  metadata_.set_actor(std::move(actor));
}

void CallOperation::SetProgress(std::int64_t done, std::int64_t failed) {
  const std::lock_guard lock(mutex_);
  metadata_.set_done_count(done);
  metadata_.set_failed_count(failed);
  FillTimestamp(clock_.Now(), *metadata_.mutable_update_time());
}

void CallOperation::OnCancel(std::function<void()> react) {
  const std::lock_guard lock(mutex_);
  on_cancel_ = std::move(react);
}

void CallOperation::End(const grpc::Status& status, const google::protobuf::Message& result) {
  {
    const std::lock_guard lock(mutex_);
    FillTimestamp(clock_.Now(), *metadata_.mutable_update_time());
    *metadata_.mutable_end_time() = metadata_.update_time();
    SetResult(status, result, state_);
    on_cancel_ = nullptr;
  }
  feed_.Wake();  // who waits for it
}

bool CallOperation::IsOver() const {
  const std::lock_guard lock(mutex_);
  return state_.done();
}

void CallOperation::Cancel() {
  std::function<void()> react;
  {
    const std::lock_guard lock(mutex_);
    if (state_.done()) return;
    is_cancel_requested_ = true;
    metadata_.set_cancel_requested(true);
    react = std::exchange(on_cancel_, nullptr);
  }
  if (react) react();
}

Operation CallOperation::State() const {
  const std::lock_guard lock(mutex_);
  Operation state = state_;
  state.mutable_metadata()->PackFrom(metadata_);
  return state;
}

runtime::Status OperationCancelled(const std::string& what) {
  return {runtime::StatusCode::kCancelled, runtime::reasons::kOperationCancelled,
          "somebody has ended " + what + " (CancelOperation); what it had done stays done"};
}

std::shared_ptr<CallOperation> Operations::Begin(v1::OperationKind kind, const Caller& caller) {
  auto begun =
      std::make_shared<CallOperation>(NameOf(kOperations, std::string(PrefixOf(kind)) + ids_.Next()), kind, caller.holder, clock_, feed_);
  const std::lock_guard lock(mutex_);
  const auto is_over = [](const auto& each) { return each->IsOver(); };
  if (std::count_if(of_calls_.begin(), of_calls_.end(), is_over) >= limits::kOperationsKept)
    of_calls_.erase(std::find_if(of_calls_.begin(), of_calls_.end(), is_over));
  of_calls_.push_back(begun);
  return begun;
}

std::shared_ptr<CallOperation> Operations::Find(std::string_view name) const {
  const std::string_view id = IdOf(kOperations, name);
  const std::lock_guard lock(mutex_);
  const auto found =
      std::find_if(of_calls_.begin(), of_calls_.end(), [id](const auto& each) { return IdOf(kOperations, each->name()) == id; });
  return found == of_calls_.end() ? nullptr : *found;
}

runtime::Result<Operation> Operations::Get(std::string_view name) {
  if (runtime::Status status = CheckName(name); !status.ok()) return tl::unexpected(std::move(status));
  if (const auto of_call = Find(name)) return of_call->State();
  if (const auto revision = RevisionOf(name)) {
    auto enrolments = EnrolmentsOf(engine_, *revision);
    if (!enrolments) return tl::unexpected(std::move(enrolments.error()));
    if (!enrolments->empty()) return std::move(enrolments->front());
  }
  return tl::unexpected(NoSuchOperation(name));
}

runtime::Result<bool> Operations::IsOver(std::string_view name) {
  if (runtime::Status status = CheckName(name); !status.ok()) return tl::unexpected(std::move(status));
  if (const auto of_call = Find(name)) return of_call->IsOver();
  std::optional<bool> is_over;
  if (const auto revision = RevisionOf(name)) {
    runtime::Status status = engine_.Read([&](const runtime::View& view) {
      if (const runtime::Enrolment* enrolment = FindEnrolment(view, *revision)) is_over = enrolment->IsDone();
    });
    if (!status.ok()) return tl::unexpected(std::move(status));
  }
  if (is_over) return *is_over;
  return tl::unexpected(NoSuchOperation(name));
}

runtime::Status Operations::Cancel(std::string_view name, const Caller& caller, const std::function<void(const std::string&)>& found) {
  const auto of_call = Find(name);
  const auto revision = RevisionOf(name);
  if (!of_call) {
    if (const auto is_over = IsOver(name); !is_over) return is_over.error();
    if (!revision) return NoSuchOperation(name);  // it was over, and has just been forgotten
  }
  found(NameOf(kOperations, IdOf(kOperations, name)));
  const Permission* begins = PermissionOf(MethodOf(of_call ? of_call->kind() : v1::OPERATION_KIND_ENROLMENT));
  if (runtime::Status status = CheckPermission(caller, *begins); !status.ok()) return status;
  if (!of_call) return engine_.StopEnrolment(*revision, caller.holder);
  of_call->Cancel();
  return {};
}

runtime::Result<std::vector<Operation>> Operations::List() {
  auto operations = EnrolmentsOf(engine_, std::nullopt);
  if (!operations) return operations;
  std::vector<std::shared_ptr<CallOperation>> of_calls;
  {
    const std::lock_guard lock(mutex_);
    of_calls.assign(of_calls_.begin(), of_calls_.end());
  }
  for (const auto& each : of_calls) operations->push_back(each->State());
  return operations;
}

std::string EnrolmentOperation(std::uint32_t revision) {
  return NameOf(kOperations, std::string(kEnrolmentMark) + std::to_string(revision));
}

}  // namespace stagecraft::server
