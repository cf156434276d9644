// What is sent to the world outside: which of it is open, and what came of it; and which notifications were read.
#include <algorithm>
#include <utility>

#include "runtime/engine/core.h"
#include "runtime/model/reasons.h"

namespace stagecraft::runtime {

void Core::AddDispatches(const Effect& effect) {
  ForEachNewDispatch(record_, effect, [this](const Dispatch& dispatch) {
    items_.dispatches.Add(dispatch);
    ++dispatch_states_[static_cast<std::size_t>(dispatch.state)];
  });
}

void Core::RouteNotifications() {
  for (Effect& effect : record_.effects) {
    if (effect.kind == EffectKind::kNotified) effect.detail = options_.notification_routes;
  }
}

void Core::CountDispatches() {
  dispatch_states_ = {};
  for (const Dispatch& dispatch : items_.dispatches.all()) ++dispatch_states_[static_cast<std::size_t>(dispatch.state)];
}

void Core::BeginOutcomes() {
  MoveClock();
  record_ = {};
  record_.kind = RecordKind::kDeliveryOutcome;
  record_.sequence = last_sequence_ + 1;
  record_.revision = revision_;
  record_.contact = kNoContact;
  record_.received_at = now_;
  record_.occurred_at = now_;
}

void Core::PutOutcome(const Dispatch& outcome, Dispatch& dispatch) {
  Effect& effect = record_.effects.emplace_back();
  runtime::PutOutcome(outcome, effect);
  --dispatch_states_[static_cast<std::size_t>(dispatch.state)];
  TakeOutcome(effect, dispatch);
  ++dispatch_states_[static_cast<std::size_t>(dispatch.state)];
}

const Dispatch* Core::FindDispatch(std::int64_t id) const {
  const Dispatch* dispatch = items_.dispatches.Find(id);
  if (dispatch == nullptr || contacts_[dispatch->contact].contact.departure().standing == Standing::kErased) return nullptr;
  return dispatch;
}

void Core::PutOutcomes(std::span<const Dispatch> outcomes) {
  BeginOutcomes();
  for (const Dispatch& outcome : outcomes) {
    // What a receiver has answered may name the contact: nothing of it is kept of one that was erased meanwhile.
    if (FindDispatch(outcome.id) != nullptr) PutOutcome(outcome, *items_.dispatches.Change(outcome.id));
  }
  if (record_.effects.empty()) return;
  packer_.Add(record_);
  last_sequence_ = record_.sequence;
}

Status Core::RetryDispatch(std::int64_t id) {
  const Dispatch* known = FindDispatch(id);
  if (known == nullptr) {
    return {StatusCode::kNotFound, reasons::kDeliveryNotFound, "there is no delivery `" + std::to_string(id) + "`", {}};
  }
  if (known->state == DispatchState::kSent || known->state == DispatchState::kSentDry) {
    return {StatusCode::kFailedPrecondition,
            reasons::kAlreadySent,
            "the delivery `" + std::to_string(id) + "` was sent; only one that waits or is dead can be tried again",
            {}};
  }
  Dispatch again = *known;
  again.state = DispatchState::kPending;
  again.attempts = 0;
  again.next_at = 0;
  PutOutcomes({&again, 1});
  reopened_.push_back(id);
  return {};
}

Status Core::MarkRead(std::span<const std::int64_t> notifications, bool read, std::string_view actor) {
  MoveClock();
  std::vector<Effect> effects;
  for (const std::int64_t id : notifications) {
    const Notification* known = items_.notifications.Find(id);
    if (known == nullptr || contacts_[known->contact].contact.departure().standing == Standing::kErased) {
      return {StatusCode::kNotFound, reasons::kNotificationNotFound, "there is no notification `" + std::to_string(id) + "`", {}};
    }
    const bool is_said = std::any_of(effects.begin(), effects.end(), [id](const Effect& effect) { return effect.number == id; });
    if ((known->read_at != 0) == read || is_said) continue;
    Effect& effect = effects.emplace_back();
    effect.kind = EffectKind::kNotificationRead;
    effect.number = id;
    effect.detail = read ? 1 : 0;
  }
  if (effects.empty()) return {};
  BeginShared(RecordKind::kReading, revision_, actor);
  record_.effects = std::move(effects);
  for (const Effect& effect : record_.effects) FoldReading(effect, record_.occurred_at, items_.notifications);
  packer_.Add(record_);
  return {};
}

void Core::TakeOpened(std::vector<std::int64_t>& opened) {
  opened.swap(reopened_);
  reopened_.clear();
  for (; announced_ < items_.dispatches.size(); ++announced_) opened.push_back(items_.dispatches[announced_].id);
}

}  // namespace stagecraft::runtime
