// What takes a while, and may be looked at and ended meanwhile: imports and backups, which live with their calls, and enrolments, of which
// the engine knows. All of them as google.longrunning.Operation.
#ifndef STAGECRAFT_SERVER_RPC_OPERATIONS_H_
#define STAGECRAFT_SERVER_RPC_OPERATIONS_H_

#include <google/protobuf/message.h>
#include <grpcpp/support/status.h>

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "google/longrunning/operations.pb.h"
#include "runtime/engine/engine.h"
#include "runtime/engine/world.h"
#include "server/auth/gate.h"
#include "server/rpc/change_feed.h"
#include "server/rpc/id_source.h"
#include "stagecraft/v1/operation.pb.h"

namespace stagecraft::server {

namespace v1 = ::stagecraft::v1;
using google::longrunning::Operation;

// What the metadata of a call is called that tells the name of its operation.
inline constexpr const char* kOperationMetadata = "x-operation";

// An import or a backup, from the side of its call. Thread-safe.
class CallOperation {
 public:
  CallOperation(std::string name, v1::OperationKind kind, std::string actor, const runtime::Clock& clock, ChangeFeed& feed);

  const std::string& name() const { return name_; }
  v1::OperationKind kind() const { return kind_; }

  void SetActor(std::string actor);
  // Both counts are of all that was done so far.
  void SetProgress(std::int64_t done, std::int64_t failed);
  bool is_cancel_requested() const { return is_cancel_requested_.load(); }
  // Is called, once at most, when it is asked to end: is_cancel_requested() is true then.
  void OnCancel(std::function<void()> react);
  // `result`: its response or, when it failed, what came of it until then.
  void End(const grpc::Status& status, const google::protobuf::Message& result);

  bool IsOver() const;
  // Asks it to end; nothing when it is over.
  void Cancel();
  Operation State() const;

 private:
  const std::string name_;
  const v1::OperationKind kind_;
  const runtime::Clock& clock_;
  ChangeFeed& feed_;
  std::atomic<bool> is_cancel_requested_ = false;
  mutable std::mutex mutex_;  // guards what follows
  v1::OperationMetadata metadata_;
  Operation state_;  // but for its metadata
  std::function<void()> on_cancel_;
};

// CANCELLED (OPERATION_CANCELLED). `what`: `the import`.
runtime::Status OperationCancelled(const std::string& what);

// Thread-safe.
class Operations {
 public:
  // All must outlive it.
  Operations(runtime::Engine& engine, ChangeFeed& feed, IdSource& ids, const runtime::Clock& clock)
      : engine_(engine), feed_(feed), ids_(ids), clock_(clock) {}

  // `kind`: of an import, or a backup. It is kept until limits::kOperationsKept that began later are over.
  std::shared_ptr<CallOperation> Begin(v1::OperationKind kind, const Caller& caller);

  // INVALID_ARGUMENT (INVALID_NAME), NOT_FOUND (OPERATION_NOT_FOUND), also for those below.
  runtime::Result<Operation> Get(std::string_view name);
  runtime::Result<bool> IsOver(std::string_view name);
  // Asks it to end; nothing when it is over. Whoever may begin such an operation may end it: PERMISSION_DENIED. Calls `found` with the name
  // of one that there is.
  runtime::Status Cancel(std::string_view name, const Caller& caller, const std::function<void(const std::string&)>& found);
  // The newest first.
  runtime::Result<std::vector<Operation>> List();

 private:
  std::shared_ptr<CallOperation> Find(std::string_view name) const;

  runtime::Engine& engine_;
  ChangeFeed& feed_;
  IdSource& ids_;
  const runtime::Clock& clock_;
  mutable std::mutex mutex_;
  std::deque<std::shared_ptr<CallOperation>> of_calls_;  // in the order in which they began; guarded by mutex_
};

// The name of a deployment's enrolment.
std::string EnrolmentOperation(std::uint32_t revision);

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_RPC_OPERATIONS_H_
