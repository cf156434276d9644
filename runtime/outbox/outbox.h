// What is to be sent next, and what follows from what came of it. A plain machine for one thread: the clock's time is handed in, and what
// it knows of the deliveries is the engine's state, so that after a restart it goes on where it was.
#ifndef STAGECRAFT_RUNTIME_OUTBOX_OUTBOX_H_
#define STAGECRAFT_RUNTIME_OUTBOX_OUTBOX_H_

#include <cstdint>
#include <map>
#include <optional>
#include <queue>
#include <span>
#include <string>
#include <unordered_set>
#include <vector>

#include "runtime/engine/view.h"
#include "runtime/engine/world.h"
#include "runtime/outbox/channel.h"

namespace stagecraft::runtime {

struct OutboxOptions {
  // After this many attempts a delivery is dead. With the times below the last one comes about three days after the first.
  std::uint32_t attempts_max = 12;
  Micros first_retry = 10'000'000;               // from the first attempt to the second; each time after that is four times as long,
  Micros longest_retry = 14LL * 3600'000'000;    // up to this; all of them give or take a quarter, by chance
  Micros retry_after_max = 24LL * 3600'000'000;  // a receiver that asks to be left alone for longer is asked again after this
  std::uint32_t per_destination = 4;             // on their way to one destination at the same time
  // A destination at which this many attempts have failed in a row rests. Then one delivery is tried: when it gets through all is as it
  // was, otherwise it rests twice as long.
  std::uint32_t failures_to_rest = 5;
  Micros first_rest = 30'000'000;
  Micros longest_rest = 10LL * 60'000'000;
};

// A delivery that is on its way.
struct Job {
  Dispatch before;
  std::string destination;
  Outgoing message;
};

class Outbox {
 public:
  // `random` must outlive the outbox.
  Outbox(const OutboxOptions& options, Random& random) : options_(options), random_(random) {}

  // Takes up all that is open of `count` dispatches of the view, from the one at `place` on. For the start.
  void OpenFrom(const View& view, std::size_t place, std::size_t count, Micros now);
  // Takes up those that have become open (Engine::WatchDispatches). One that somebody wants tried again ends the rest of its destination.
  void Open(const View& view, std::span<const std::int64_t> ids, Micros now);

  // The next at most `count` that are due, destinations in turn. They are on their way until Recorded.
  std::vector<Job> Take(const View& view, Micros now, std::size_t count);
  // When Take has something at the earliest, as far as is known; nothing: not before Open, Finish or Recorded.
  std::optional<Micros> NextDue() const;

  // What is so of the delivery from now on, to be given to Engine::PutOutcomes.
  Dispatch Finish(const Job& job, const SendResult& result, Micros now);
  // It was cut off: as if it had not been tried.
  void Cut(const Job& job);
  // These outcomes are in the engine's state.
  void Recorded(std::span<const Dispatch> outcomes, std::span<const Job> jobs);

  // Attempts at the destination have failed in a row: it rests, and is probed in between.
  bool IsDown(const std::string& destination) const;

 private:
  struct Due {
    Micros at = 0;
    std::int64_t id = 0;
    friend bool operator>(const Due& a, const Due& b) { return a.at != b.at ? a.at > b.at : a.id > b.id; }
  };
  // Entries are hints: whether a delivery is to be sent is read from the view when its turn comes.
  struct Destination {
    std::priority_queue<Due, std::vector<Due>, std::greater<>> queue;
    std::uint32_t under_way = 0;
    std::uint32_t failures = 0;  // in a row
    std::uint32_t rests = 0;     // in a row
    Micros rests_until = 0;
  };

  void Open(const View& view, const Dispatch& dispatch, Micros now);
  bool HasRoom(const Destination& destination) const;
  std::optional<Job> TakeFrom(const View& view, const std::string& name, Destination& destination, Micros now);
  void NoteFailure(Destination& destination, const SendResult& result, Micros now);
  Micros Spread(Micros time);
  Micros RetryIn(std::uint32_t attempts);

  const OutboxOptions options_;
  Random& random_;
  std::map<std::string, Destination> destinations_;
  std::string last_served_;
  std::unordered_set<std::int64_t> under_way_;
  std::int64_t newest_ = 0;
};

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_OUTBOX_OUTBOX_H_
