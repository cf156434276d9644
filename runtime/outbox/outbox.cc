#include "runtime/outbox/outbox.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "runtime/outbox/message.h"

namespace stagecraft::runtime {
namespace {

constexpr Micros kRetryFactor = 4;
constexpr Micros kRestFactor = 2;

// `first` × `factor`^`times`, at most `most`.
Micros Grown(Micros first, Micros factor, std::uint32_t times, Micros most) {
  Micros time = std::min(first, most);
  for (; times > 0 && time < most; --times) time = time > most / factor ? most : time * factor;
  return time;
}

}  // namespace

void Outbox::OpenFrom(const View& view, std::size_t place, std::size_t count, Micros now) {
  const std::vector<Dispatch>& all = view.dispatches();
  const std::size_t end = std::min(all.size(), place + count);
  for (; place < end; ++place) {
    newest_ = std::max(newest_, all[place].id);
    if (IsOpen(all[place].state)) Open(view, all[place], now);
  }
}

void Outbox::Open(const View& view, std::span<const std::int64_t> ids, Micros now) {
  for (const std::int64_t id : ids) {
    const Dispatch* dispatch = FindById(view.dispatches(), id);
    if (dispatch == nullptr || !IsOpen(dispatch->state)) continue;
    Open(view, *dispatch, now);
    // New ones come in the order of their ids: this one was there already.
    if (id <= newest_) destinations_[DestinationOf(view, *dispatch)].rests_until = 0;
    newest_ = std::max(newest_, id);
  }
}

void Outbox::Open(const View& view, const Dispatch& dispatch, Micros now) {
  const Micros at = dispatch.state == DispatchState::kWaiting ? dispatch.next_at : now;
  destinations_[DestinationOf(view, dispatch)].queue.push({at, dispatch.id});
}

bool Outbox::HasRoom(const Destination& destination) const {
  return destination.under_way < (destination.rests > 0 ? 1 : options_.per_destination);
}

std::vector<Job> Outbox::Take(const View& view, Micros now, std::size_t count) {
  std::vector<Job> jobs;
  std::size_t passed_over = 0;
  auto next = destinations_.upper_bound(last_served_);
  while (jobs.size() < count && passed_over < destinations_.size()) {
    if (next == destinations_.end()) next = destinations_.begin();
    auto job = TakeFrom(view, next->first, next->second, now);
    if (job) {
      last_served_ = next->first;
      jobs.push_back(std::move(*job));
      passed_over = 0;
    } else {
      ++passed_over;
    }
    ++next;
  }
  return jobs;
}

std::optional<Job> Outbox::TakeFrom(const View& view, const std::string& name, Destination& destination, Micros now) {
  if (!HasRoom(destination) || now < destination.rests_until) return std::nullopt;
  while (!destination.queue.empty() && destination.queue.top().at <= now) {
    const Due due = destination.queue.top();
    destination.queue.pop();
    const Dispatch* dispatch = FindById(view.dispatches(), due.id);
    const bool is_due = dispatch != nullptr && IsOpen(dispatch->state) && dispatch->next_at <= now;
    if (!is_due || !under_way_.insert(due.id).second) continue;
    ++destination.under_way;
    return Job{*dispatch, name, MessageOf(view, *dispatch)};
  }
  return std::nullopt;
}

std::optional<Micros> Outbox::NextDue() const {
  std::optional<Micros> next;
  for (const auto& [name, destination] : destinations_) {
    if (destination.queue.empty() || !HasRoom(destination)) continue;
    const Micros at = std::max(destination.queue.top().at, destination.rests_until);
    if (!next || at < *next) next = at;
  }
  return next;
}

Dispatch Outbox::Finish(const Job& job, const SendResult& result, Micros now) {
  Destination& destination = destinations_[job.destination];
  --destination.under_way;
  Dispatch after = job.before;
  ++after.attempts;
  after.tried_at = now;
  after.next_at = 0;
  after.error = result.error;
  if (result.end == SendEnd::kFailed) {
    NoteFailure(destination, result, now);
    if (after.attempts >= options_.attempts_max) {
      after.state = DispatchState::kDead;
      after.error = fmt::format("given up after {} attempts: {}", after.attempts, result.error);
    } else {
      after.state = DispatchState::kWaiting;
      const Micros asked = std::min(result.retry_after.value_or(0), options_.retry_after_max);
      after.next_at = now + std::max(RetryIn(after.attempts), asked);
    }
    return after;
  }
  // Whoever refuses one delivery is there to take others.
  destination.failures = destination.rests = 0;
  destination.rests_until = 0;
  after.state = result.end == SendEnd::kRefused   ? DispatchState::kDead
                : result.end == SendEnd::kSentDry ? DispatchState::kSentDry
                                                  : DispatchState::kSent;
  return after;
}

void Outbox::NoteFailure(Destination& destination, const SendResult& result, Micros now) {
  if (result.retry_after) {
    destination.rests_until = std::max(destination.rests_until, now + std::min(*result.retry_after, options_.retry_after_max));
    return;
  }
  ++destination.failures;
  // Those that were on their way when it went to rest say nothing new.
  if (now < destination.rests_until || (destination.rests == 0 && destination.failures < options_.failures_to_rest)) return;
  destination.rests_until = now + Spread(Grown(options_.first_rest, kRestFactor, destination.rests, options_.longest_rest));
  ++destination.rests;
}

void Outbox::Cut(const Job& job) {
  --destinations_[job.destination].under_way;
  under_way_.erase(job.before.id);
}

void Outbox::Recorded(std::span<const Dispatch> outcomes, std::span<const Job> jobs) {
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    under_way_.erase(outcomes[i].id);
    if (outcomes[i].state == DispatchState::kWaiting) destinations_[jobs[i].destination].queue.push({outcomes[i].next_at, outcomes[i].id});
  }
}

bool Outbox::IsDown(const std::string& destination) const {
  const auto found = destinations_.find(destination);
  return found != destinations_.end() && found->second.rests > 0;
}

// Within a quarter of `time`, so that what failed together is not tried again together.
Micros Outbox::Spread(Micros time) {
  const Micros half = time / 2;
  if (half == 0) return time;
  return time - time / 4 + static_cast<Micros>(random_.Next() % static_cast<std::uint64_t>(half));
}

Micros Outbox::RetryIn(std::uint32_t attempts) {
  return Spread(Grown(options_.first_retry, kRetryFactor, attempts - 1, options_.longest_retry));
}

}  // namespace stagecraft::runtime
