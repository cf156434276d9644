// What happens, from a cursor on, over a stream that is begun again when it breaks: nothing is missed.
#ifndef STAGECRAFT_CLIENT_CHANGE_WATCHER_H_
#define STAGECRAFT_CLIENT_CHANGE_WATCHER_H_

#include <grpcpp/channel.h>
#include <stagecraft/v1/event_service.grpc.pb.h>

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "client/backoff.h"
#include "client/status.h"

namespace stagecraft::client {

class ChangeStream;

struct WatchOptions {
  std::string cursor;                           // where to go on: what was kept of an earlier watcher. Empty: with what comes next
  std::string filter;                           // only contacts that meet this condition, in the language. Empty: all
  std::string contact;                          // only this one. Empty: all
  std::chrono::milliseconds silence{60'000};    // a stream on which nothing comes for so long is begun anew; the server speaks every 15 s
  std::chrono::milliseconds patience{300'000};  // Next says what is wrong when there has been no stream for so long
  // Why the stream ended that is begun again now. On the thread of Next, and must not call the watcher.
  std::function<void(const Status&)> on_break;
};

// One thread calls Next; the other methods may be called on any.
class ChangeWatcher {
 public:
  // Begins at once; errors come with Next.
  explicit ChangeWatcher(const std::shared_ptr<grpc::ChannelInterface>& channel, WatchOptions options = {});
  ~ChangeWatcher();
  ChangeWatcher(const ChangeWatcher&) = delete;
  ChangeWatcher& operator=(const ChangeWatcher&) = delete;

  // The next changes in the order of the journal, with the cursor behind them. Without changes when nothing came for `wait`, or the server
  // sent a cursor alone. Each change comes once. Who keeps the cursor after handling the changes, and begins with it the next time,
  // misses nothing; what was handled and not kept comes again then. Without a cursor to begin with, that holds from the first answer
  // that has one.
  //
  // Errors: those of WatchChanges that are for good (INVALID_CURSOR, CURSOR_AHEAD, INVALID_FILTER, CONTACT_NOT_FOUND, a token that is not
  // valid …), then the same each time; why there is no stream, each time `patience` is over, and it goes on trying; CANCELLED after Stop.
  Result<v1::WatchChangesResponse> Next(std::chrono::milliseconds wait);

  // Behind what Next gave last.
  std::string cursor() const;

  // Makes Next answer CANCELLED, now and from then on.
  void Stop();

 private:
  using Clock = std::chrono::steady_clock;

  // All: with mutex_ held, which they let go while they talk to gRPC or call back.
  void Open(std::unique_lock<std::mutex>& lock);
  Status CloseStream(std::unique_lock<std::mutex>& lock, bool cancel);
  void TakeEnd(std::unique_lock<std::mutex>& lock, Status status);
  v1::WatchChangesResponse TakeAnswer(std::unique_lock<std::mutex>& lock);

  const std::unique_ptr<v1::EventService::Stub> stub_;
  const WatchOptions options_;
  Backoff backoff_;

  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  std::unique_ptr<ChangeStream> stream_;  // nullptr: between two
  std::string cursor_;
  Clock::time_point heard_;    // the last word of the server on this stream, or its beginning
  Clock::time_point tried_;    // the last word of the server at all, or the last complaint
  Clock::time_point open_at_;  // when to begin the next stream
  Status end_;                 // not OK: for good
  Status break_;               // why the last stream ended
  bool stopped_ = false;
};

}  // namespace stagecraft::client

#endif  // STAGECRAFT_CLIENT_CHANGE_WATCHER_H_
