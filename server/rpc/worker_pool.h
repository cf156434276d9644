// A few threads for calls that wait or compute, so that gRPC's own threads, of which there are two on a small machine, never do.
#ifndef STAGECRAFT_SERVER_RPC_WORKER_POOL_H_
#define STAGECRAFT_SERVER_RPC_WORKER_POOL_H_

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace stagecraft::server {

// Thread-safe.
class WorkerPool {
 public:
  WorkerPool(std::uint32_t threads, std::size_t waiting_max);
  // Does what is waiting, then stops.
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // False, and `job` is not taken, when too many are waiting. `job` must not throw.
  bool Submit(std::function<void()> job);

 private:
  void Run();

  const std::size_t waiting_max_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> waiting_;  // guarded by mutex_
  bool stopping_ = false;                      // guarded by mutex_
  std::vector<std::thread> threads_;
};

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_RPC_WORKER_POOL_H_
