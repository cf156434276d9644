// The packed form, in codec.h's primitives:
//   id, contact, flags (1 of an event, 2 closed, 4 tried again), occurred at, revision
//   of an action: rule, action, reason, slot, source; flag 8: text
//   tried again: tried at, tried in
#include "runtime/model/failure.h"

#include "runtime/model/codec.h"

namespace stagecraft::runtime {
namespace {

constexpr unsigned kOfEvent = 1;
constexpr unsigned kClosed = 2;
constexpr unsigned kTried = 4;
constexpr unsigned kHasText = 8;

unsigned FlagsOf(const Failure& failure) {
  return (failure.kind == Failure::Kind::kEvent ? kOfEvent : 0U) | (failure.is_closed ? kClosed : 0U) |
         (failure.tried_in != 0 ? kTried : 0U) | (failure.text.empty() ? 0U : kHasText);
}

}  // namespace

void EncodeFailure(const Failure& failure, std::string& out) {
  Writer writer(out);
  writer.Signed(failure.id);
  writer.Unsigned(failure.contact);
  writer.Byte(static_cast<std::uint8_t>(FlagsOf(failure)));
  writer.Signed(failure.occurred_at);
  writer.Unsigned(failure.revision);
  if (failure.kind == Failure::Kind::kAction) {
    writer.Unsigned(failure.rule);
    writer.Unsigned(failure.action);
    writer.Byte(failure.reason);
    writer.Unsigned(failure.slot);
    writer.Signed(failure.source);
    if (!failure.text.empty()) writer.Text(failure.text);
  }
  if (failure.tried_in == 0) return;
  writer.Signed(failure.tried_at);
  writer.Signed(failure.tried_in);
}

std::optional<Failure> DecodeFailure(std::string_view bytes) {
  Reader reader(bytes);
  Failure failure;
  failure.id = reader.Signed();
  failure.contact = reader.Bounded<std::uint32_t>();
  const unsigned flags = reader.Byte();
  failure.kind = (flags & kOfEvent) != 0 ? Failure::Kind::kEvent : Failure::Kind::kAction;
  failure.is_closed = (flags & kClosed) != 0;
  failure.occurred_at = reader.Signed();
  failure.revision = reader.Bounded<std::uint32_t>();
  if (failure.kind == Failure::Kind::kAction) {
    failure.rule = reader.Bounded<std::uint32_t>();
    failure.action = reader.Bounded<std::uint32_t>();
    failure.reason = reader.Byte();
    failure.slot = reader.Bounded<std::uint32_t>();
    failure.source = reader.Signed();
    if ((flags & kHasText) != 0) failure.text = std::string(reader.Text());
  }
  if ((flags & kTried) != 0) {
    failure.tried_at = reader.Signed();
    failure.tried_in = reader.Signed();
  }
  if (!reader.ok() || !reader.AtEnd()) return std::nullopt;
  return failure;
}

}  // namespace stagecraft::runtime
