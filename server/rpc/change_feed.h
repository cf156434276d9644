// Tells those who watch what has been committed. One thread reads the journal for all of them; the engine only says how far it is.
#ifndef STAGECRAFT_SERVER_RPC_CHANGE_FEED_H_
#define STAGECRAFT_SERVER_RPC_CHANGE_FEED_H_

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "runtime/engine/engine.h"

namespace stagecraft::server {

// Somebody who watches. All but Changed, Tick and Offer: from any thread.
class Watch {
 public:
  virtual ~Watch() = default;
  // The next record that it wants, where it can take some now; 0: not now.
  virtual runtime::Sequence Wants() = 0;
  // Records from the one that it wants on, in the order of the journal; what `Read` of the engine shows is at least as new.
  virtual void Offer(std::span<const runtime::Record> records) = 0;
  // Comes when something was committed, and by Wake.
  virtual void Changed() {}
  // Comes every second or so.
  virtual void Tick(std::chrono::steady_clock::time_point now) = 0;
  // It gets nothing any more, and is told why.
  virtual void End(const runtime::Status& why) = 0;
};

// Thread-safe.
class ChangeFeed {
 public:
  // `engine` must outlive it.
  explicit ChangeFeed(runtime::Engine& engine);
  ~ChangeFeed();
  ChangeFeed(const ChangeFeed&) = delete;
  ChangeFeed& operator=(const ChangeFeed&) = delete;

  // RESOURCE_EXHAUSTED (TOO_MANY_STREAMS); UNAVAILABLE once Drain was called.
  runtime::Status Add(std::shared_ptr<Watch> watch);
  void Remove(const Watch& watch);
  // Somebody wants records who did not before, or waits for what has changed.
  void Wake();
  // Ends all.
  void Drain();

 private:
  void Run();
  // Whether somebody wants more at once.
  bool Round();
  // Records from `from` on, some hundreds at most; empty: they cannot be read.
  std::span<const runtime::Record> Read(runtime::Sequence from);

  runtime::Engine& engine_;
  std::mutex mutex_;  // guards what follows, up to thread_
  std::condition_variable wake_;
  bool woken_ = false;
  bool draining_ = false;
  bool stopping_ = false;
  runtime::Sequence committed_ = 0;
  std::vector<std::shared_ptr<Watch>> watches_;

  // The thread's own.
  runtime::Sequence durable_ = 0;
  std::vector<runtime::Record> records_;  // read last: most want the same ones
  std::chrono::steady_clock::time_point ticked_at_;

  std::thread thread_;  // last: it uses all of the above
};

// What clients go on with: `next` is the first record that they have not seen.
std::string MakeCursor(runtime::Sequence next);
// INVALID_ARGUMENT (INVALID_CURSOR).
runtime::Result<runtime::Sequence> ReadCursor(std::string_view cursor);

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_RPC_CHANGE_FEED_H_
