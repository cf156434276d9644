#include "runtime/outbox/message.h"

#include <absl/time/time.h>
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "dsl/support/check.h"
#include "dsl/support/show.h"
#include "runtime/model/contact.h"

namespace stagecraft::runtime {
namespace {

// Mail programs show no more of a subject.
constexpr std::size_t kSubjectBytesMax = 120;

std::string Json(std::string_view text) { return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace); }

// Numbers are written as they are kept, with all their digits, which a double would not hold.
std::string ValueJson(const PayloadItem& item) {
  if (!item.set) return "null";
  switch (item.type) {
    case ir::Type::kTruth:
      return item.text == "yes" ? "true" : "false";
    case ir::Type::kNumber:
    case ir::Type::kMoney:
      return item.text;
    case ir::Type::kOption:
    case ir::Type::kText:
    case ir::Type::kUser:
    case ir::Type::kDate:
    case ir::Type::kTime:
      return Json(item.text);
  }
  return "null";
}

std::string WebhookJson(const Outgoing& message, const Delivery& delivery, const Contact& contact) {
  std::string data;
  for (const PayloadItem& item : delivery.payload) {
    data += fmt::format("{}{}:{}", data.empty() ? "" : ",", Json(item.name), ValueJson(item));
  }
  const std::string time = absl::FormatTime("%E4Y-%m-%d%ET%H:%M:%E*SZ", absl::FromUnixMicros(delivery.created_at), absl::UTCTimeZone());
  return fmt::format(R"({{"id":{},"type":{},"timestamp":{},"contact":{},"data":{{{}}}}})", Json(message.key), Json(delivery.name),
                     Json(time), Json(contact.id()), data);
}

// In a chat's own markup these three mean something.
std::string EscapedForChat(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else {
      out += c;
    }
  }
  return out;
}

void FillDelivery(const Delivery& delivery, const Contact& contact, Outgoing& out) {
  out.name = delivery.name;
  out.created_at = delivery.created_at;
  if (delivery.kind == DeliveryKind::kWebhook) {
    out.medium = Medium::kWebhook;
    out.text = WebhookJson(out, delivery, contact);
    return;
  }
  out.medium = Medium::kEmail;
  out.recipient = delivery.recipient;
  out.subject = delivery.subject;
  out.text = delivery.body;
}

void FillNotification(const Notification& notification, const Contact& contact, DispatchRoute route, Outgoing& out) {
  out.created_at = notification.created_at;
  if (route == DispatchRoute::kChat) {
    out.medium = Medium::kChat;
    out.text = fmt::format(R"({{"text":{}}})",
                           Json(EscapedForChat(fmt::format("{}: {} ({})", notification.recipient, notification.text, contact.id()))));
    return;
  }
  out.medium = Medium::kEmail;
  out.recipient = notification.recipient;
  out.subject = CutBytes(notification.text, kSubjectBytesMax);
  out.text = fmt::format("{}\n\ncontact: {}\n", notification.text, contact.id());
}

// The trace goes on with the dispatch as the span that called: all its attempts are that one.
std::string TraceOf(const Delivery& delivery, const Dispatch& dispatch) {
  if (delivery.trace.empty()) return {};
  constexpr std::size_t kTraceBegin = 3;  // VERSION-TRACE-PARENT-FLAGS
  constexpr std::size_t kTraceSize = 32;
  // Version 00 has one flag, that the trace is recorded: the lowest bit of the last digit.
  const bool is_recorded = std::string_view("13579bdf").find(delivery.trace.back()) != std::string_view::npos;
  return fmt::format("00-{}-{:016x}-0{}", delivery.trace.substr(kTraceBegin, kTraceSize), dispatch.id, is_recorded ? 1 : 0);
}

}  // namespace

std::string KeyOf(const View& view, const Dispatch& dispatch) { return fmt::format("dlv_{:x}_{}", view.founded_at(), dispatch.id); }

std::string DestinationOf(const View& view, const Dispatch& dispatch) {
  if (RouteOf(dispatch.id) == DispatchRoute::kChat) return "chat";
  if (RouteOf(dispatch.id) == DispatchRoute::kEmail) return "email";
  const Delivery* delivery = FindById(view.deliveries(), ItemOf(dispatch.id));
  STAGECRAFT_CHECK(delivery != nullptr);
  return delivery->kind == DeliveryKind::kWebhook ? "webhook " + delivery->name : "email";
}

Outgoing MessageOf(const View& view, const Dispatch& dispatch) {
  Outgoing out;
  out.key = KeyOf(view, dispatch);
  const Contact& contact = *view.ContactAt(dispatch.contact);
  const std::int64_t item = ItemOf(dispatch.id);
  if (RouteOf(dispatch.id) == DispatchRoute::kDelivery) {
    const Delivery& delivery = *FindById(view.deliveries(), item);
    FillDelivery(delivery, contact, out);
    out.trace = TraceOf(delivery, dispatch);
  } else {
    FillNotification(*FindById(view.notifications(), item), contact, RouteOf(dispatch.id), out);
  }
  return out;
}

}  // namespace stagecraft::runtime
