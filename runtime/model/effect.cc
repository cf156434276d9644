// Packed forms, in codec.h's primitives:
//   value         flags (1 set, 2 number follows, 4 text follows), [number], [text]
//   task          id, contact, title, assignee, created at, flags (1 completed, 2 due follows), [due relative to created], priority, cause
//   notification  id, contact, recipient, text, created at, cause
//   deal          id, contact, name, pipeline, stage, flags (1 amount follows), [amount], created at, cause
//   delivery      id, contact, kind, name, recipient, subject, body, count of payload, each: name, type, flags (1 set), text;
//                 created at, cause
#include "runtime/model/codec_effect.h"

namespace stagecraft::runtime {
namespace {

constexpr std::uint8_t kValueSet = 1;
constexpr std::uint8_t kValueNumber = 2;
constexpr std::uint8_t kValueText = 4;

constexpr std::uint8_t kTaskCompleted = 1;
constexpr std::uint8_t kTaskDue = 2;

constexpr std::uint8_t kDealAmount = 1;

template <typename T, typename Put>
void Encode(const T& item, const Put& put, std::string& out) {
  Writer writer(out);
  put(writer, item);
}

template <typename T, typename Get>
std::optional<T> Decode(std::string_view bytes, const Get& get) {
  Reader reader(bytes);
  T item;
  get(reader, item);
  if (!reader.ok() || !reader.AtEnd()) return std::nullopt;
  return item;
}

}  // namespace

void PutValue(Writer& writer, const Value& value) {
  writer.Byte(static_cast<std::uint8_t>((value.set ? kValueSet : 0) | (value.number != 0 ? kValueNumber : 0) |
                                        (value.text.empty() ? 0 : kValueText)));
  if (value.number != 0) writer.Signed(value.number);
  if (!value.text.empty()) writer.Text(value.text);
}

void GetValue(Reader& reader, Value& out) {
  const std::uint8_t flags = reader.Byte();
  out.set = (flags & kValueSet) != 0;
  out.number = (flags & kValueNumber) != 0 ? reader.Signed() : 0;
  out.text.assign((flags & kValueText) != 0 ? reader.Text() : std::string_view());
}

void PutTask(Writer& writer, const Task& task) {
  writer.Signed(task.id);
  writer.Unsigned(task.contact);
  writer.Text(task.title);
  writer.Text(task.assignee);
  writer.Signed(task.created_at);
  writer.Byte(static_cast<std::uint8_t>((task.completed ? kTaskCompleted : 0) | (task.due_at ? kTaskDue : 0)));
  if (task.due_at) writer.Relative(*task.due_at, task.created_at);
  writer.Byte(task.priority);
  writer.Signed(task.cause);
}

void GetTask(Reader& reader, Task& out) {
  out.id = reader.Signed();
  out.contact = reader.Bounded<std::uint32_t>();
  out.title = reader.Text();
  out.assignee = reader.Text();
  out.created_at = reader.Signed();
  const std::uint8_t flags = reader.Byte();
  out.completed = (flags & kTaskCompleted) != 0;
  out.due_at.reset();
  if ((flags & kTaskDue) != 0) out.due_at = reader.Relative(out.created_at);
  out.priority = reader.Byte();
  out.cause = reader.Signed();
}

void PutNotification(Writer& writer, const Notification& notification) {
  writer.Signed(notification.id);
  writer.Unsigned(notification.contact);
  writer.Text(notification.recipient);
  writer.Text(notification.text);
  writer.Signed(notification.created_at);
  writer.Signed(notification.cause);
}

void GetNotification(Reader& reader, Notification& out) {
  out.id = reader.Signed();
  out.contact = reader.Bounded<std::uint32_t>();
  out.recipient = reader.Text();
  out.text = reader.Text();
  out.created_at = reader.Signed();
  out.cause = reader.Signed();
}

void PutDeal(Writer& writer, const Deal& deal) {
  writer.Signed(deal.id);
  writer.Unsigned(deal.contact);
  writer.Text(deal.name);
  writer.Text(deal.pipeline);
  writer.Text(deal.stage);
  writer.Byte(deal.amount ? kDealAmount : std::uint8_t{0});
  if (deal.amount) writer.Signed(*deal.amount);
  writer.Signed(deal.created_at);
  writer.Signed(deal.cause);
}

void GetDeal(Reader& reader, Deal& out) {
  out.id = reader.Signed();
  out.contact = reader.Bounded<std::uint32_t>();
  out.name = reader.Text();
  out.pipeline = reader.Text();
  out.stage = reader.Text();
  out.amount.reset();
  if ((reader.Byte() & kDealAmount) != 0) out.amount = reader.Signed();
  out.created_at = reader.Signed();
  out.cause = reader.Signed();
}

void PutDelivery(Writer& writer, const Delivery& delivery) {
  writer.Signed(delivery.id);
  writer.Unsigned(delivery.contact);
  writer.Byte(static_cast<std::uint8_t>(delivery.kind));
  writer.Text(delivery.name);
  writer.Text(delivery.recipient);
  writer.Text(delivery.subject);
  writer.Text(delivery.body);
  writer.Unsigned(delivery.payload.size());
  for (const PayloadItem& item : delivery.payload) {
    writer.Text(item.name);
    writer.Byte(static_cast<std::uint8_t>(item.type));
    writer.Byte(item.set ? 1 : 0);
    writer.Text(item.text);
  }
  writer.Signed(delivery.created_at);
  writer.Signed(delivery.cause);
}

void GetDelivery(Reader& reader, Delivery& out) {
  out.id = reader.Signed();
  out.contact = reader.Bounded<std::uint32_t>();
  const std::uint8_t kind = reader.Byte();
  if (kind > static_cast<std::uint8_t>(DeliveryKind::kWebhook)) reader.Fail();
  out.kind = static_cast<DeliveryKind>(kind);
  out.name = reader.Text();
  out.recipient = reader.Text();
  out.subject = reader.Text();
  out.body = reader.Text();
  out.payload.clear();
  for (std::size_t count = reader.Count(); count > 0 && reader.ok(); --count) {
    PayloadItem& item = out.payload.emplace_back();
    item.name = reader.Text();
    const std::uint8_t type = reader.Byte();
    if (type > static_cast<std::uint8_t>(ir::Type::kTime)) reader.Fail();
    item.type = static_cast<ir::Type>(type);
    item.set = reader.Byte() != 0;
    item.text = reader.Text();
  }
  out.created_at = reader.Signed();
  out.cause = reader.Signed();
}

void EncodeTask(const Task& task, std::string& out) { Encode(task, PutTask, out); }
void EncodeNotification(const Notification& notification, std::string& out) { Encode(notification, PutNotification, out); }
void EncodeDeal(const Deal& deal, std::string& out) { Encode(deal, PutDeal, out); }
void EncodeDelivery(const Delivery& delivery, std::string& out) { Encode(delivery, PutDelivery, out); }

std::optional<Task> DecodeTask(std::string_view bytes) { return Decode<Task>(bytes, GetTask); }
std::optional<Notification> DecodeNotification(std::string_view bytes) { return Decode<Notification>(bytes, GetNotification); }
std::optional<Deal> DecodeDeal(std::string_view bytes) { return Decode<Deal>(bytes, GetDeal); }
std::optional<Delivery> DecodeDelivery(std::string_view bytes) { return Decode<Delivery>(bytes, GetDelivery); }

}  // namespace stagecraft::runtime
