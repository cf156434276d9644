#include "runtime/engine/event_ids.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <cstring>

#include "runtime/model/codec.h"

namespace stagecraft::runtime {
namespace {

void Add(std::string& out, std::uint64_t number) {
  char bytes[sizeof number];
  std::memcpy(bytes, &number, sizeof number);
  out.append(bytes, sizeof number);
}

// With its length, so that ("ab", "c") and ("a", "bc") differ.
void Add(std::string& out, std::string_view text) {
  Add(out, text.size());
  out.append(text);
}

void Add(std::string& out, const InputValue& value) {
  Add(out, std::uint64_t{value.index()});
  if (const auto* text = std::get_if<std::string_view>(&value)) Add(out, *text);
  if (const auto* time = std::get_if<Micros>(&value)) Add(out, static_cast<std::uint64_t>(*time));
  if (const auto* truth = std::get_if<bool>(&value)) Add(out, std::uint64_t{*truth});
  if (const auto* number = std::get_if<double>(&value)) {
    std::uint64_t bits = 0;
    std::memcpy(&bits, number, sizeof bits);
    Add(out, bits);
  }
}

void Add(std::string& out, std::span<const NamedInput> values) {
  Add(out, std::uint64_t{values.size()});
  for (const NamedInput& named : values) {
    Add(out, named.name);
    Add(out, named.value);
  }
}

}  // namespace

std::uint64_t HashContent(const EventInput& event, std::string& scratch) {
  scratch.clear();
  Add(scratch, event.contact);
  Add(scratch, event.type);
  Add(scratch, event.actor);
  Add(scratch, static_cast<std::uint64_t>(event.occurred_at));
  Add(scratch, static_cast<std::uint64_t>(event.created_at));
  Add(scratch, static_cast<std::uint64_t>(event.create));
  Add(scratch, event.fields);
  Add(scratch, event.properties);
  return XXH3_64bits(scratch.data(), scratch.size());
}

EventKey EventIds::KeyOf(std::string_view id) const {
  const XXH128_hash_t hash = XXH3_128bits_withSeed(id.data(), id.size(), seed_);
  return {hash.low64, hash.high64};
}

const KnownEvent* EventIds::Find(const EventKey& key) const {
  const auto found = index_.Find(key.low, [&](std::uint32_t number) { return events_[number].key == key; });
  return found ? &events_[*found] : nullptr;
}

void EventIds::Add(const KnownEvent& event) {
  index_.Insert(event.key.low, static_cast<std::uint32_t>(events_.size()));
  events_.emplace_back(event);
}

KnownEvent EventIds::FromRecord(const Record& record) const {
  KnownEvent known;
  known.key = KeyOf(record.event_id);
  known.content = record.content;
  known.sequence = record.sequence;
  for (const Effect& effect : record.effects) {
    if (effect.kind == EffectKind::kPropertySet) ++known.changes;
    if (effect.kind == EffectKind::kRuleFired) ++known.rules_fired;
    if (effect.kind == EffectKind::kFailed) known.failed = 1;
  }
  return known;
}

std::string EventIds::EncodePart(std::size_t part) const {
  std::string out;
  Writer writer(out);
  const std::size_t end = std::min(events_.size(), (part + 1) * kPart);
  Sequence previous = 0;
  for (std::size_t i = part * kPart; i < end; ++i) {
    const KnownEvent& event = events_[i];
    writer.Unsigned(event.key.low);
    writer.Unsigned(event.key.high);
    writer.Unsigned(event.content);
    writer.Relative(event.sequence, previous);
    writer.Unsigned(event.changes);
    writer.Unsigned(std::uint64_t{event.rules_fired} << 1 | event.failed);
    previous = event.sequence;
  }
  return out;
}

bool EventIds::DecodePart(std::string_view bytes) {
  Reader reader(bytes);
  Sequence previous = 0;
  while (reader.ok() && !reader.AtEnd()) {
    KnownEvent event;
    event.key.low = reader.Unsigned();
    event.key.high = reader.Unsigned();
    event.content = reader.Unsigned();
    event.sequence = reader.Relative(previous);
    event.changes = reader.Bounded<std::uint32_t>();
    const auto rest = reader.Bounded<std::uint32_t>();
    event.rules_fired = rest >> 1;
    event.failed = rest & 1;
    previous = event.sequence;
    if (reader.ok()) Add(event);
  }
  return reader.ok();
}

}  // namespace stagecraft::runtime
