// Packed forms, in codec.h's primitives:
//   value         flags (1 set, 2 number follows, 4 text follows), [number], [text]
//   task          id, contact, title, assignee, created at, flags (1 completed, 2 due follows), [due relative to created], priority, cause
//   notification  id, contact, recipient, text, created at, cause
#include "runtime/model/codec_effect.h"

namespace stagecraft::runtime {
namespace {

constexpr std::uint8_t kValueSet = 1;
constexpr std::uint8_t kValueNumber = 2;
constexpr std::uint8_t kValueText = 4;

constexpr std::uint8_t kTaskCompleted = 1;
constexpr std::uint8_t kTaskDue = 2;

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

void EncodeTask(const Task& task, std::string& out) {
  Writer writer(out);
  PutTask(writer, task);
}

void EncodeNotification(const Notification& notification, std::string& out) {
  Writer writer(out);
  PutNotification(writer, notification);
}

std::optional<Task> DecodeTask(std::string_view bytes) {
  Reader reader(bytes);
  Task task;
  GetTask(reader, task);
  if (!reader.ok() || !reader.AtEnd()) return std::nullopt;
  return task;
}

std::optional<Notification> DecodeNotification(std::string_view bytes) {
  Reader reader(bytes);
  Notification notification;
  GetNotification(reader, notification);
  if (!reader.ok() || !reader.AtEnd()) return std::nullopt;
  return notification;
}

}  // namespace stagecraft::runtime
