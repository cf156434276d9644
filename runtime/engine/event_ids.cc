#include "runtime/engine/event_ids.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <cstring>

#include "runtime/model/codec.h"

namespace stagecraft::runtime {
namespace {

// What is hashed, put together in memory that is large enough from the start.
class Content {
 public:
  Content(std::string& memory, std::size_t size_max) : begin_(Grown(memory, size_max)), end_(begin_) {}

  void Add(std::uint64_t number) {
    std::memcpy(end_, &number, sizeof number);
    end_ += sizeof number;
  }
  // With its length, so that ("ab", "c") and ("a", "bc") differ.
  void Add(std::string_view text) {
    Add(std::uint64_t{text.size()});
    end_ += text.copy(end_, text.size());
  }
  void Add(const InputValue& value) {
    Add(std::uint64_t{value.index()});
    if (const auto* text = std::get_if<std::string_view>(&value)) Add(*text);
    if (const auto* time = std::get_if<Micros>(&value)) Add(static_cast<std::uint64_t>(*time));
    if (const auto* truth = std::get_if<bool>(&value)) Add(std::uint64_t{*truth});
    if (const auto* number = std::get_if<double>(&value)) {
      std::uint64_t bits = 0;
      std::memcpy(&bits, number, sizeof bits);
      Add(bits);
    }
  }
  void Add(std::span<const NamedInput> values) {
    Add(std::uint64_t{values.size()});
    for (const NamedInput& named : values) {
      Add(named.name);
      Add(named.value);
    }
  }
  std::uint64_t Hash() const { return XXH3_64bits(begin_, static_cast<std::size_t>(end_ - begin_)); }

 private:
  static char* Grown(std::string& memory, std::size_t size) {
    if (memory.size() < size) memory.resize(size);
    return memory.data();
  }

  char* begin_;
  char* end_;
};

// Of each value: the length of its name, the kind, and a number or the length of a text.
std::size_t SizeMax(std::span<const NamedInput> values) {
  std::size_t size = sizeof(std::uint64_t);
  for (const NamedInput& named : values) {
    const auto* text = std::get_if<std::string_view>(&named.value);
    size += 3 * sizeof(std::uint64_t) + named.name.size() + (text == nullptr ? 0 : text->size());
  }
  return size;
}

}  // namespace

std::uint64_t HashContent(const EventInput& event, std::string& scratch) {
  constexpr std::size_t kNumbers = 6;  // three lengths, two times, the mode
  const std::string_view actor = event.actor_is_said ? event.actor : std::string_view();
  const std::size_t texts = event.contact.size() + event.type.size() + actor.size();
  Content content(scratch, kNumbers * sizeof(std::uint64_t) + texts + SizeMax(event.fields) + SizeMax(event.properties));
  content.Add(event.contact);
  content.Add(event.type);
  content.Add(actor);
  content.Add(static_cast<std::uint64_t>(event.occurred_at));
  content.Add(static_cast<std::uint64_t>(event.created_at));
  content.Add(static_cast<std::uint64_t>(event.create));
  content.Add(event.fields);
  content.Add(event.properties);
  return content.Hash();
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
    // Of an event the company's values are the contact's, which count already.
    if (record.kind == RecordKind::kCompany && effect.kind == EffectKind::kCompanySet && effect.before != effect.after) ++known.changes;
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
