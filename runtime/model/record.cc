// The packed form of a record, in codec.h's primitives:
//
//   size of what follows
//   kind, previous, revision, contact, received at, occurred at (relative to received at)
//   kEvent: event id, content, event.  kCompany: event id, content.  kTimer, kEnrolment: rule + 1 (0: kNoRule).
//   kRetry: event + 1 (0: kNoEvent)
//   actor
//   count of fields,  each: field, value
//   count of effects, each: kind, mask of the members that differ from their default, then those members in the order of the mask's bits
//   counts of tasks and of notifications, each followed by them
//   of kind kScrubbed nothing follows but zeros
//   only when one of these is not 0: run, counts of deals and of deliveries, each followed by them, failure
//
// Times within effects are relative to the record's own time: most are equal to it and take no byte at all.
#include "runtime/model/record.h"

#include "runtime/model/codec_effect.h"

namespace stagecraft::runtime {
namespace {

constexpr unsigned kBy = 1;
constexpr unsigned kTarget = 2;
constexpr unsigned kNumber = 4;
constexpr unsigned kBefore = 8;
constexpr unsigned kAfter = 16;
constexpr unsigned kAction = 32;
constexpr unsigned kTrigger = 64;  // up to here the mask takes one byte
constexpr unsigned kDetail = 128;
constexpr unsigned kNumberBefore = 256;
constexpr unsigned kText = 512;
constexpr std::uint64_t kMembersAll = 1023;

bool NumberIsTime(EffectKind kind) {
  switch (kind) {
    case EffectKind::kContactCreated:
    case EffectKind::kTracked:
    case EffectKind::kTimerArmed:
    case EffectKind::kEntered:
    case EffectKind::kContacted:
    case EffectKind::kCompanyMade:
    case EffectKind::kCompanySet:
      return true;
    default:
      return false;
  }
}

bool HasRule(RecordKind kind) { return kind == RecordKind::kTimer || kind == RecordKind::kEnrolment; }

bool IsDefault(const Value& value) { return !value.set && value.number == 0 && value.text.empty(); }

// `base`: what `number` is when nothing is said.
unsigned MembersOf(const Effect& effect, std::int64_t base) {
  unsigned mask = 0;
  const auto add = [&mask](bool differs, unsigned member) { mask |= differs ? member : 0U; };
  add(effect.by != kByEvent, kBy);
  add(effect.target != 0, kTarget);
  add(effect.number != base, kNumber);
  add(!IsDefault(effect.before), kBefore);
  add(!IsDefault(effect.after), kAfter);
  add(effect.action != 0, kAction);
  add(effect.trigger != kByEvent, kTrigger);
  add(effect.detail != 0, kDetail);
  add(effect.number_before != 0, kNumberBefore);
  add(!effect.text.empty(), kText);
  return mask;
}

void PutEffect(Writer& writer, const Effect& effect, Micros occurred_at) {
  const std::int64_t base = NumberIsTime(effect.kind) ? occurred_at : 0;
  const unsigned mask = MembersOf(effect, base);
  writer.Byte(static_cast<std::uint8_t>(effect.kind));
  writer.Unsigned(mask);
  if ((mask & kBy) != 0) writer.Unsigned(effect.by);
  if ((mask & kTarget) != 0) writer.Unsigned(effect.target);
  if ((mask & kNumber) != 0) writer.Relative(effect.number, base);
  if ((mask & kBefore) != 0) PutValue(writer, effect.before);
  if ((mask & kAfter) != 0) PutValue(writer, effect.after);
  if ((mask & kAction) != 0) writer.Unsigned(effect.action);
  if ((mask & kTrigger) != 0) writer.Unsigned(effect.trigger);
  if ((mask & kDetail) != 0) writer.Byte(effect.detail);
  if ((mask & kNumberBefore) != 0) writer.Signed(effect.number_before);
  if ((mask & kText) != 0) writer.Text(effect.text);
}

void GetEffect(Reader& reader, Micros occurred_at, Effect& out) {
  const std::uint8_t kind = reader.Byte();
  if (kind < static_cast<std::uint8_t>(EffectKind::kContactCreated) || kind > static_cast<std::uint8_t>(kEffectKindLast)) reader.Fail();
  out.kind = static_cast<EffectKind>(kind);
  const std::int64_t base = NumberIsTime(out.kind) ? occurred_at : 0;
  const std::uint64_t mask = reader.Unsigned();
  if (mask > kMembersAll) reader.Fail();
  out.by = (mask & kBy) != 0 ? reader.Bounded<std::uint32_t>() : kByEvent;
  out.target = (mask & kTarget) != 0 ? reader.Bounded<std::uint32_t>() : 0;
  out.number = (mask & kNumber) != 0 ? reader.Relative(base) : base;
  if ((mask & kBefore) != 0) GetValue(reader, out.before);
  if ((mask & kAfter) != 0) GetValue(reader, out.after);
  out.action = (mask & kAction) != 0 ? reader.Bounded<std::uint16_t>() : std::uint16_t{0};
  out.trigger = (mask & kTrigger) != 0 ? reader.Bounded<std::uint32_t>() : kByEvent;
  out.detail = (mask & kDetail) != 0 ? reader.Byte() : std::uint8_t{0};
  out.number_before = (mask & kNumberBefore) != 0 ? reader.Signed() : 0;
  if ((mask & kText) != 0) out.text = reader.Text();
}

template <typename T>
void PutItems(Writer& writer, const std::vector<T>& items, void (*put)(Writer&, const T&)) {
  writer.Unsigned(items.size());
  for (const T& item : items) put(writer, item);
}

void PutBody(Writer& writer, const Record& record) {
  writer.Byte(static_cast<std::uint8_t>(record.kind));
  writer.Signed(record.previous);
  writer.Unsigned(record.revision);
  writer.Unsigned(record.contact);
  writer.Signed(record.received_at);
  writer.Relative(record.occurred_at, record.received_at);
  if (record.kind == RecordKind::kEvent || record.kind == RecordKind::kCompany) {
    writer.Text(record.event_id);
    writer.Unsigned(record.content);
  }
  if (record.kind == RecordKind::kEvent) writer.Unsigned(record.event);
  if (HasRule(record.kind)) writer.Unsigned(record.rule == kNoRule ? 0 : std::uint64_t{record.rule} + 1);
  if (record.kind == RecordKind::kRetry) writer.Unsigned(record.event == kNoEvent ? 0 : std::uint64_t{record.event} + 1);
  writer.Text(record.actor);
  writer.Unsigned(record.fields.size());
  for (const RecordedField& field : record.fields) {
    writer.Unsigned(field.field);
    PutValue(writer, field.value);
  }
  writer.Unsigned(record.effects.size());
  for (const Effect& effect : record.effects) PutEffect(writer, effect, record.occurred_at);
  PutItems(writer, record.tasks, PutTask);
  PutItems(writer, record.notifications, PutNotification);
  for (std::uint32_t i = 0; i < record.padding; ++i) writer.Byte(0);
  if (record.run == 0 && record.deals.empty() && record.deliveries.empty() && record.failure == 0) return;
  writer.Unsigned(record.run);
  PutItems(writer, record.deals, PutDeal);
  PutItems(writer, record.deliveries, PutDelivery);
  if (record.failure != 0) writer.Signed(record.failure);
}

// 0 stands for 0xFFFF'FFFF, which is kNoRule and kNoEvent; others are one more than they are.
std::uint32_t GetNumberOrNone(Reader& reader) {
  const std::uint64_t number = reader.Unsigned();
  if (number > kNoRule) reader.Fail();
  return number == 0 ? kNoRule : static_cast<std::uint32_t>(number - 1);
}

void GetHeader(Reader& reader, Record& out) {
  const std::uint8_t kind = reader.Byte();
  if (kind < static_cast<std::uint8_t>(RecordKind::kEvent) || kind > static_cast<std::uint8_t>(kRecordKindLast)) reader.Fail();
  out.kind = static_cast<RecordKind>(kind);
  out.previous = reader.Signed();
  out.revision = reader.Bounded<std::uint32_t>();
  out.contact = reader.Bounded<std::uint32_t>();
  out.received_at = reader.Signed();
  out.occurred_at = reader.Relative(out.received_at);
  out.event_id.clear();
  out.content = 0;
  out.event = 0;
  out.rule = 0;
  out.run = 0;
  out.padding = 0;
  out.failure = 0;
  if (out.kind == RecordKind::kEvent || out.kind == RecordKind::kCompany) {
    out.event_id = reader.Text();
    out.content = reader.Unsigned();
  }
  if (out.kind == RecordKind::kEvent) out.event = reader.Bounded<std::uint32_t>();
  if (HasRule(out.kind)) out.rule = GetNumberOrNone(reader);
  if (out.kind == RecordKind::kRetry) out.event = GetNumberOrNone(reader);
  out.actor = reader.Text();
}

// Reads a count and as many items. Grows item by item: a damaged count must not reserve sizeof(T) for each byte that is left.
template <typename T, typename Get>
void GetItems(Reader& reader, std::vector<T>& out, const Get& get) {
  out.clear();
  for (std::size_t count = reader.Count(); count > 0 && reader.ok(); --count) get(out.emplace_back());
}

// Whether effects are owed to effects before them, and speak of tasks and the like that are there: readers of a record
// follow these without looking.
bool PointsWithin(const Record& record) {
  const auto is_place = [](std::int64_t number, std::size_t size) { return number >= 0 && static_cast<std::size_t>(number) < size; };
  for (std::uint32_t i = 0; i < record.effects.size(); ++i) {
    const Effect& effect = record.effects[i];
    if ((effect.by != kByEvent && effect.by >= i) || (effect.trigger != kByEvent && effect.trigger >= i)) return false;
    if (effect.kind == EffectKind::kTaskCreated && !is_place(effect.number, record.tasks.size())) return false;
    if (effect.kind == EffectKind::kNotified && !is_place(effect.number, record.notifications.size())) return false;
    if (effect.kind == EffectKind::kDealCreated && !is_place(effect.number, record.deals.size())) return false;
    if (effect.kind == EffectKind::kSent && !is_place(effect.number, record.deliveries.size())) return false;
  }
  return true;
}

}  // namespace

void EncodeRecord(const Record& record, std::string& out) {
  thread_local std::string body;
  body.clear();
  {
    Writer writer(body);
    PutBody(writer, record);
  }
  Writer writer(out);
  writer.Text(body);
}

bool DecodeRecord(std::string_view bytes, std::size_t& offset, Record& out) {
  if (offset > bytes.size()) return false;
  Reader outer(bytes.substr(offset));
  Reader reader(outer.Text());
  if (!outer.ok()) return false;
  GetHeader(reader, out);
  GetItems(reader, out.fields, [&](RecordedField& field) {
    field.field = reader.Bounded<std::uint32_t>();
    GetValue(reader, field.value);
  });
  GetItems(reader, out.effects, [&](Effect& effect) { GetEffect(reader, out.occurred_at, effect); });
  GetItems(reader, out.tasks, [&](Task& task) { GetTask(reader, task); });
  GetItems(reader, out.notifications, [&](Notification& notification) { GetNotification(reader, notification); });
  out.deals.clear();
  out.deliveries.clear();
  if (out.kind == RecordKind::kScrubbed) {
    for (; reader.ok() && !reader.AtEnd(); ++out.padding) {
      if (reader.Byte() != 0) reader.Fail();
    }
  } else if (reader.ok() && !reader.AtEnd()) {
    out.run = reader.Bounded<std::uint32_t>();
    GetItems(reader, out.deals, [&](Deal& deal) { GetDeal(reader, deal); });
    GetItems(reader, out.deliveries, [&](Delivery& delivery) { GetDelivery(reader, delivery); });
    if (reader.ok() && !reader.AtEnd()) out.failure = reader.Signed();
  }
  if (!reader.ok() || !reader.AtEnd() || !PointsWithin(out)) return false;
  offset += outer.offset();
  return true;
}

}  // namespace stagecraft::runtime
