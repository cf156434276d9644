// The events there have been (language.md E5): from an event's id to what was answered. 40 bytes an event and about 12 in
// the index; ids themselves stand only in the journal.
#ifndef STAGECRAFT_RUNTIME_ENGINE_EVENT_IDS_H_
#define STAGECRAFT_RUNTIME_ENGINE_EVENT_IDS_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "runtime/engine/chunked.h"
#include "runtime/engine/hash_index.h"
#include "runtime/model/event.h"
#include "runtime/model/record.h"

namespace stagecraft::runtime {

// A hash of 128 bits stands for the id: with 10^12 events the chance that two ids share one is below 10^-14.
struct EventKey {
  std::uint64_t low = 0;
  std::uint64_t high = 0;

  friend bool operator==(const EventKey&, const EventKey&) = default;
};

struct KnownEvent {
  EventKey key;
  std::uint64_t content = 0;
  Sequence sequence = 0;
  std::uint32_t changes = 0;
  std::uint32_t rules_fired : 31 = 0;
  std::uint32_t failed : 1 = 0;

  friend bool operator==(const KnownEvent&, const KnownEvent&) = default;
};

// Hashes all of the event but its id; `scratch` spares an allocation.
std::uint64_t HashContent(const EventInput& event, std::string& scratch);

class EventIds {
 public:
  // Fixed before the first use: without it, callers could choose ids that all fall into one place.
  void set_seed(std::uint64_t seed) { seed_ = seed; }
  std::uint64_t seed() const { return seed_; }

  EventKey KeyOf(std::string_view id) const;
  // Fetches from memory what Find will look at.
  void Prefetch(const EventKey& key) const { index_.Prefetch(key.low); }
  // nullptr: not seen yet. Good until the next Add.
  const KnownEvent* Find(const EventKey& key) const;
  void Add(const KnownEvent& event);
  // Reads what is to be known from a record of kind kEvent, or kCompany of no contact.
  KnownEvent FromRecord(const Record& record) const;

  std::size_t size() const { return events_.size(); }
  // In the order of their adding.
  const KnownEvent& operator[](std::size_t place) const { return events_[place]; }
  // The sequence of the last event added; 0 when there is none.
  Sequence last_sequence() const { return events_.empty() ? 0 : events_.back().sequence; }

  // For the checkpoint: the events are cut, in the order of their adding, into parts of this many. A part is written again
  // until it is full.
  static constexpr std::size_t kPart = 1024;
  std::string EncodePart(std::size_t part) const;
  // Adds the events of a part; parts must come in order. False when the bytes are damaged.
  bool DecodePart(std::string_view bytes);

 private:
  std::uint64_t seed_ = 0;
  Chunked<KnownEvent> events_;
  HashIndex index_;
};

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_ENGINE_EVENT_IDS_H_
