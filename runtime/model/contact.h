// The state of one contact: typed slots, not a map of strings. Layout numbers index everything (dsl/ir/layout.h).
#ifndef STAGECRAFT_RUNTIME_MODEL_CONTACT_H_
#define STAGECRAFT_RUNTIME_MODEL_CONTACT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/ir/program.h"
#include "runtime/model/effect.h"

namespace stagecraft::runtime {

// A slot's present content. Texts are in the contact's own table; `number` is then their place there.
struct Slot {
  std::int64_t number = 0;
  Micros changed_at = 0;  // own time of the event that set or cleared it last (E6); 0: never
  bool set = false;
  bool is_text = false;
};

// When the contact last entered an option of a property that tracks it.
struct Entry { std::uint32_t slot = 0; std::uint32_t option = 0; Micros at = 0; };

// Times of the events that a tracker matched, ascending.
struct Track { std::uint32_t tracker = 0; std::vector<Micros> times; };

struct ArmedTimer { std::uint32_t rule = 0; Micros due = 0; Micros armed_at = 0; };

class Contact {
 public:
  Contact(std::string id, std::uint32_t number, Micros created_at) : id_(std::move(id)), number_(number), created_at_(created_at) {}

  const std::string& id() const { return id_; }
  std::uint32_t number() const { return number_; }  // dense: 0, 1, 2 …
  Micros created_at() const { return created_at_; }
  // The contact's own present: the latest own time of anything applied to it. Never moves back (E6).
  Micros now() const { return now_; }
  Sequence last_sequence() const { return last_sequence_; }  // head of its chain in the journal

  bool IsSet(std::uint32_t slot) const { return slot < slots_.size() && slots_[slot].set; }
  // Unset: 0. Texts: not meaningful.
  std::int64_t Number(std::uint32_t slot) const { return slot < slots_.size() ? slots_[slot].number : 0; }
  // Unset or not a text: empty.
  std::string_view Text(std::uint32_t slot) const;
  Micros ChangedAt(std::uint32_t slot) const { return slot < slots_.size() ? slots_[slot].changed_at : 0; }
  Value Get(std::uint32_t slot) const;
  void Set(std::uint32_t slot, const Value& value, bool is_text, Micros at);

  std::optional<Micros> EnteredAt(std::uint32_t slot, std::uint32_t option) const;
  void SetEntered(std::uint32_t slot, std::uint32_t option, std::optional<Micros> at);

  const Track* FindTrack(std::uint32_t tracker) const;
  // Keeps `times` ascending; drops those before `keep_from`.
  void AddTrack(std::uint32_t tracker, Micros at, Micros keep_from);

  const std::vector<ArmedTimer>& timers() const { return timers_; }

  // Derived values by node number; recomputed by exec/, never stored.
  std::vector<std::int64_t> derived;

  // For exec/ and recovery, which keep the invariants between these.
  void set_now(Micros now) { now_ = now; }
  void set_last_sequence(Sequence sequence) { last_sequence_ = sequence; }
  std::vector<ArmedTimer>& mutable_timers() { return timers_; }
  std::vector<Track>& mutable_tracks() { return tracks_; }

  // The checkpoint's packed form, everything but `derived`.
  void Encode(std::string& out) const;
  static std::optional<Contact> Decode(std::string_view bytes);

 private:
  std::string id_;
  std::uint32_t number_ = 0;
  Micros created_at_ = 0;
  Micros now_ = 0;
  Sequence last_sequence_ = 0;
  std::vector<Slot> slots_;
  std::vector<std::string> texts_;
  std::vector<Entry> entered_;
  std::vector<Track> tracks_;
  std::vector<ArmedTimer> timers_;
};

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_MODEL_CONTACT_H_
