// What every service needs, and the streams that are open.
#ifndef STAGECRAFT_SERVER_RPC_SERVICE_CONTEXT_H_
#define STAGECRAFT_SERVER_RPC_SERVICE_CONTEXT_H_

#include <atomic>
#include <chrono>
#include <mutex>
#include <unordered_set>

#include "runtime/engine/engine.h"
#include "server/rpc/id_source.h"
#include "server/rpc/maintenance.h"
#include "server/rpc/worker_pool.h"

namespace stagecraft::server {

// A call that goes on until it is told to end.
class Drainable {
 public:
  virtual ~Drainable() = default;
  // Answers what was taken, takes no more, ends with `why`. Must not block and not destroy the object before it returns.
  virtual void Drain(const runtime::Status& why) = 0;
};

// Thread-safe.
class OpenStreams {
 public:
  // False when draining has begun: the stream must end at once, and is not kept.
  bool Add(Drainable& stream) {
    const std::lock_guard lock(mutex_);
    if (draining_) return false;
    streams_.insert(&stream);
    return true;
  }
  void Remove(Drainable& stream) {
    const std::lock_guard lock(mutex_);
    streams_.erase(&stream);
  }
  // From now on there are none.
  void DrainAll(const runtime::Status& why) {
    const std::lock_guard lock(mutex_);
    draining_ = true;
    for (Drainable* stream : streams_) stream->Drain(why);
  }
  // Those that are open now.
  void EndAll(const runtime::Status& why) {
    const std::lock_guard lock(mutex_);
    for (Drainable* stream : streams_) stream->Drain(why);
  }

 private:
  std::mutex mutex_;
  std::unordered_set<Drainable*> streams_;
  bool draining_ = false;
};

class AuditLog;
class Gate;
class Operations;

struct ServiceContext {
  runtime::Engine& engine;
  Gate& gate;
  AuditLog* audit;  // nullptr: none is kept
  WorkerPool& workers;
  IdSource& ids;
  OpenStreams& streams;
  std::atomic<bool>& draining;
  Maintenance& maintenance;
  Operations& operations;
  std::chrono::milliseconds patience;    // with a caller that does not take what it is sent
  std::chrono::milliseconds order_time;  // ServerOptions::order_time
};

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_RPC_SERVICE_CONTEXT_H_
