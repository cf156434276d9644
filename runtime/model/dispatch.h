// What came of sending: one Dispatch for each delivery, and for each route besides the list that a notification takes.
#ifndef STAGECRAFT_RUNTIME_MODEL_DISPATCH_H_
#define STAGECRAFT_RUNTIME_MODEL_DISPATCH_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/model/record.h"

namespace stagecraft::runtime {

enum class DispatchState : std::uint8_t {
  kPending,  // not tried yet, or to be tried at once because somebody said so
  kWaiting,  // the last attempt failed; tried again at `next_at`
  kSent,
  kSentDry,  // nothing left the house: the server was told not to send
  kDead,     // given up; somebody may have it tried again
};
inline constexpr std::size_t kDispatchStates = 5;

constexpr bool IsOpen(DispatchState state) { return state == DispatchState::kPending || state == DispatchState::kWaiting; }

// Where something goes.
enum class DispatchRoute : std::uint8_t {
  kDelivery,  // an e-mail or a webhook of a rule
  kEmail,     // a notification, by e-mail
  kChat,      // a notification, into the chat
};

// Bits of Effect::detail of kNotified, and of EngineOptions::notification_routes.
inline constexpr std::uint8_t kNotifyByEmail = 1;
inline constexpr std::uint8_t kNotifyByChat = 2;

struct Dispatch {
  std::int64_t id = 0;  // DispatchId: unique and stable for ever
  std::uint32_t contact = 0;
  DispatchState state = DispatchState::kPending;
  std::uint32_t attempts = 0;  // since it was made, or since somebody had it tried again
  Micros next_at = 0;          // kWaiting
  Micros tried_at = 0;         // the last attempt; 0: none
  std::string error;           // what went wrong with the last attempt, in one line of UTF-8

  friend bool operator==(const Dispatch&, const Dispatch&) = default;
};

// `item`: the id of a Delivery or a Notification. Grows with the item's id.
constexpr std::int64_t DispatchId(std::int64_t item, DispatchRoute route) { return item << 2 | static_cast<std::int64_t>(route); }
constexpr std::int64_t ItemOf(std::int64_t dispatch) { return dispatch >> 2; }
// The record that made the item.
constexpr Sequence SenderOf(std::int64_t dispatch) { return ItemOf(dispatch) >> 16; }
constexpr DispatchRoute RouteOf(std::int64_t dispatch) { return static_cast<DispatchRoute>(dispatch & 3); }

// Calls `visit` with each dispatch that an effect of the record makes, in the order of their ids.
template <typename Visit>
void ForEachNewDispatch(const Record& record, const Effect& effect, const Visit& visit) {
  const auto add = [&](std::int64_t item, DispatchRoute route) {
    Dispatch dispatch;
    dispatch.id = DispatchId(item, route);
    dispatch.contact = record.contact;
    visit(dispatch);
  };
  if (effect.kind == EffectKind::kSent) add(record.deliveries[static_cast<std::size_t>(effect.number)].id, DispatchRoute::kDelivery);
  if (effect.kind != EffectKind::kNotified || effect.detail == 0) return;
  const std::int64_t notification = record.notifications[static_cast<std::size_t>(effect.number)].id;
  if ((effect.detail & kNotifyByEmail) != 0) add(notification, DispatchRoute::kEmail);
  if ((effect.detail & kNotifyByChat) != 0) add(notification, DispatchRoute::kChat);
}

// The effect that says what is so of a dispatch now, and back. False when the effect does not say that.
void PutOutcome(const Dispatch& dispatch, Effect& effect);
bool TakeOutcome(const Effect& effect, Dispatch& dispatch);

// The packed form, for the checkpoint.
void EncodeDispatch(const Dispatch& dispatch, std::string& out);
// Nothing when the bytes are damaged.
std::optional<Dispatch> DecodeDispatch(std::string_view bytes);

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_MODEL_DISPATCH_H_
