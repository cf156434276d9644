// Packed forms, in codec.h's primitives:
//   value         flags (1 set, 2 number follows, 4 text follows), [number], [text]
//   task          id, contact, title, assignee, created at, flags (1 completed; 2 due, 4 reminder, 8 state at, 16 edited at follow),
//                 [due, reminder, state at, edited at, each relative to created], priority, cause
//   notification  id, contact, recipient, text, created at, cause
//   deal          id, contact, name, pipeline, stage, flags (1 amount follows), [amount], created at, cause
//                 in the checkpoint also: state, flags (1 deleted, 2 close date follows), owner, [close date], count of stages, each:
//                 stage, at, record; changed by, count of members, each: said at. Older checkpoints end before it
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
constexpr std::uint8_t kTaskRemind = 4;
constexpr std::uint8_t kTaskStateAt = 8;
constexpr std::uint8_t kTaskEditedAt = 16;

constexpr std::uint8_t kDealAmount = 1;
constexpr std::uint8_t kDeliveryTrace = 0x80;  // beside its kind
constexpr std::uint8_t kDealDeleted = 1;
constexpr std::uint8_t kDealCloseDate = 2;

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

Value MemberOf(const Deal& deal, DealMember member) {
  const auto text = [](const std::string& from) { return Value{!from.empty(), 0, from}; };
  const auto number = [](const std::optional<std::int64_t>& from) { return Value{from.has_value(), from.value_or(0), {}}; };
  switch (member) {
    case DealMember::kName:
      return text(deal.name);
    case DealMember::kAmount:
      return number(deal.amount);
    case DealMember::kOwner:
      return text(deal.owner);
    case DealMember::kCloseDate:
      return number(deal.close_date);
    case DealMember::kDeleted:
      return Value{deal.deleted, deal.deleted ? 1 : 0, {}};
  }
  return {};
}

void SetMember(Deal& deal, DealMember member, const Value& value, Micros at) {
  const std::optional<std::int64_t> number = value.set ? std::optional(value.number) : std::nullopt;
  switch (member) {
    case DealMember::kName:
      deal.name = value.text;
      break;
    case DealMember::kAmount:
      deal.amount = number;
      break;
    case DealMember::kOwner:
      deal.owner = value.text;
      break;
    case DealMember::kCloseDate:
      deal.close_date = number;
      break;
    case DealMember::kDeleted:
      deal.deleted = value.set;
      break;
  }
  deal.said_at[static_cast<std::size_t>(member)] = at;
}

void PutTask(Writer& writer, const Task& task) {
  writer.Signed(task.id);
  writer.Unsigned(task.contact);
  writer.Text(task.title);
  writer.Text(task.assignee);
  writer.Signed(task.created_at);
  writer.Byte(static_cast<std::uint8_t>((task.completed ? kTaskCompleted : 0) | (task.due_at ? kTaskDue : 0) |
                                        (task.remind_at ? kTaskRemind : 0) | (task.state_at != 0 ? kTaskStateAt : 0) |
                                        (task.edited_at != 0 ? kTaskEditedAt : 0)));
  if (task.due_at) writer.Relative(*task.due_at, task.created_at);
  if (task.remind_at) writer.Relative(*task.remind_at, task.created_at);
  if (task.state_at != 0) writer.Relative(task.state_at, task.created_at);
  if (task.edited_at != 0) writer.Relative(task.edited_at, task.created_at);
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
  out.remind_at.reset();
  if ((flags & kTaskRemind) != 0) out.remind_at = reader.Relative(out.created_at);
  out.state_at = (flags & kTaskStateAt) != 0 ? reader.Relative(out.created_at) : 0;
  out.edited_at = (flags & kTaskEditedAt) != 0 ? reader.Relative(out.created_at) : 0;
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

namespace {

// What effects have said of the deal since it was made.
void PutDealSince(Writer& writer, const Deal& deal) {
  writer.Byte(static_cast<std::uint8_t>(deal.state));
  writer.Byte(static_cast<std::uint8_t>((deal.deleted ? kDealDeleted : 0) | (deal.close_date ? kDealCloseDate : 0)));
  writer.Text(deal.owner);
  if (deal.close_date) writer.Signed(*deal.close_date);
  writer.Unsigned(deal.stages.size());
  for (const DealStage& stage : deal.stages) {
    writer.Text(stage.stage);
    writer.Signed(stage.at);
    writer.Signed(stage.record);
  }
  writer.Signed(deal.changed_by);
  writer.Unsigned(deal.said_at.size());
  for (const Micros at : deal.said_at) writer.Signed(at);
}

void GetDealSince(Reader& reader, Deal& out) {
  const std::uint8_t state = reader.Byte();
  if (state > static_cast<std::uint8_t>(DealState::kLost)) reader.Fail();
  out.state = static_cast<DealState>(state);
  const std::uint8_t flags = reader.Byte();
  out.deleted = (flags & kDealDeleted) != 0;
  out.owner = reader.Text();
  out.close_date.reset();
  if ((flags & kDealCloseDate) != 0) out.close_date = reader.Signed();
  out.stages.clear();
  for (std::size_t count = reader.Count(); count > 0 && reader.ok(); --count) {
    DealStage& stage = out.stages.emplace_back();
    stage.stage = reader.Text();
    stage.at = reader.Signed();
    stage.record = reader.Signed();
  }
  out.changed_by = reader.Signed();
  if (reader.Count() != out.said_at.size()) reader.Fail();
  for (Micros& at : out.said_at) at = reader.Signed();
}

}  // namespace

void PutDelivery(Writer& writer, const Delivery& delivery) {
  writer.Signed(delivery.id);
  writer.Unsigned(delivery.contact);
  writer.Byte(static_cast<std::uint8_t>(static_cast<std::uint8_t>(delivery.kind) | (delivery.trace.empty() ? 0 : kDeliveryTrace)));
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
  if (!delivery.trace.empty()) writer.Text(delivery.trace);
}

void GetDelivery(Reader& reader, Delivery& out) {
  out.id = reader.Signed();
  out.contact = reader.Bounded<std::uint32_t>();
  const std::uint8_t kind_and_flags = reader.Byte();
  const std::uint8_t kind = kind_and_flags & static_cast<std::uint8_t>(~kDeliveryTrace);
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
  out.trace.clear();
  if ((kind_and_flags & kDeliveryTrace) != 0) out.trace = reader.Text();
}

void EncodeTask(const Task& task, std::string& out) { Encode(task, PutTask, out); }
void EncodeNotification(const Notification& notification, std::string& out) {
  Encode(
      notification,
      [](Writer& writer, const Notification& whole) {
        PutNotification(writer, whole);
        if (whole.read_at != 0) writer.Signed(whole.read_at);
      },
      out);
}
void EncodeDeal(const Deal& deal, std::string& out) {
  Encode(
      deal,
      [](Writer& writer, const Deal& whole) {
        PutDeal(writer, whole);
        PutDealSince(writer, whole);
      },
      out);
}
void EncodeDelivery(const Delivery& delivery, std::string& out) { Encode(delivery, PutDelivery, out); }

std::optional<Task> DecodeTask(std::string_view bytes) { return Decode<Task>(bytes, GetTask); }
std::optional<Notification> DecodeNotification(std::string_view bytes) {
  return Decode<Notification>(bytes, [](Reader& reader, Notification& notification) {
    GetNotification(reader, notification);
    if (reader.ok() && !reader.AtEnd()) notification.read_at = reader.Signed();
  });
}
std::optional<Deal> DecodeDeal(std::string_view bytes) {
  return Decode<Deal>(bytes, [](Reader& reader, Deal& deal) {
    GetDeal(reader, deal);
    if (reader.ok() && !reader.AtEnd()) {
      GetDealSince(reader, deal);
    } else {
      deal.stages = {{deal.stage, deal.created_at, deal.cause}};
      deal.changed_by = deal.cause;
    }
  });
}
std::optional<Delivery> DecodeDelivery(std::string_view bytes) { return Decode<Delivery>(bytes, GetDelivery); }

}  // namespace stagecraft::runtime
