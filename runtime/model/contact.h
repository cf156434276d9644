// The state of one contact: typed slots, not a map of strings. Layout numbers index everything (dsl/ir/layout.h).
#ifndef STAGECRAFT_RUNTIME_MODEL_CONTACT_H_
#define STAGECRAFT_RUNTIME_MODEL_CONTACT_H_

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/ir/program.h"
#include "runtime/model/effect.h"
#include "runtime/model/rare.h"
#include "runtime/model/run.h"

namespace stagecraft::runtime {

// A slot's present content. Texts are in the contact's own table; `number` is then their place there.
struct Slot {
  std::int64_t number = 0;
  Micros changed_at = 0;  // own time of the last word on it: set, cleared or said again (E6); 0: never
  bool set = false;
  bool is_text = false;
};

// When the contact last entered an option of a property that tracks it.
struct Entry {
  std::uint32_t slot = 0;
  std::uint32_t option = 0;
  Micros at = 0;
};

// Times of the events that a tracker matched, ascending; never empty.
struct Track {
  std::uint32_t tracker = 0;
  std::vector<Micros> times;
  // The records that came first and last of those with the latest time: a run tells by them whether it was only what set it off. 0: not
  // known.
  Sequence first_record = 0;
  Sequence last_record = 0;
};

// `armed_at`: own time of what armed it: for a stay, its beginning.
struct ArmedTimer {
  std::uint32_t rule = 0;
  Micros due = 0;
  Micros armed_at = 0;
};

// What a contact is to the engine (language.md E12).
enum class Standing : std::uint8_t {
  kActive,
  kDeleted,  // it can be restored; nothing happens to it until then
  kMerged,   // into another, which its id now means
  kErased,   // nothing of it is kept but its number
};
inline constexpr Standing kStandingLast = Standing::kErased;

// Of a contact that is not active, or that others were merged into.
struct Departure {
  Standing standing = Standing::kActive;
  bool took_over = false;  // others were merged into it: their histories are parts of its own
  std::uint32_t into = 0;  // kMerged: the number of the contact that goes on for both
  Micros at = 0;           // when it departed; 0: it is active

  friend bool operator==(const Departure&, const Departure&) = default;
};

class Contact {
 public:
  Contact(std::string id, std::uint32_t number, Micros created_at) : id_(std::move(id)), number_(number), created_at_(created_at) {}

  const std::string& id() const { return id_; }
  std::uint32_t number() const { return number_; }  // dense: 0, 1, 2 …
  const Departure& departure() const { return departure_.Get(); }
  bool is_active() const { return departure().standing == Standing::kActive; }
  Micros created_at() const { return created_at_; }
  // The contact's own present: the latest own time of anything applied to it. Never moves back (E6).
  Micros now() const { return now_; }
  Sequence last_sequence() const { return last_sequence_; }  // head of its chain in the journal

  bool IsSet(std::uint32_t slot) const { return slot < slots_.size() && slots_[slot].set; }
  // Unset: 0. Texts: not meaningful.
  std::int64_t Number(std::uint32_t slot) const { return slot < slots_.size() ? slots_[slot].number : 0; }
  // Unset or not a text: empty.
  std::string_view Text(std::uint32_t slot) const;
  // Fetches the slot from memory, for somebody who is going to read it soon.
  void PrefetchSlot(std::uint32_t slot) const {
    if (slot < slots_.size()) __builtin_prefetch(&slots_[slot]);
  }
  Micros ChangedAt(std::uint32_t slot) const { return slot < slots_.size() ? slots_[slot].changed_at : 0; }
  Value Get(std::uint32_t slot) const;
  void Set(std::uint32_t slot, const Value& value, bool is_text, Micros at);
  // The value stays; the last word on it is now from `at`.
  void Confirm(std::uint32_t slot, Micros at);
  bool Holds(std::uint32_t slot, const Value& value) const;

  std::optional<Micros> EnteredAt(std::uint32_t slot, std::uint32_t option) const;
  void SetEntered(std::uint32_t slot, std::uint32_t option, std::optional<Micros> at);

  // nullptr: no event yet.
  const Track* FindTrack(std::uint32_t tracker) const;
  // The event at `at` that `record` tells of. Keeps `times` ascending; drops those before `keep_from`. `once`: the latest time is kept
  // once, whatever happened then.
  void AddTrack(std::uint32_t tracker, Micros at, Sequence record, Micros keep_from, bool once);
  const std::vector<Track>& tracks() const { return tracks_; }  // ascending by tracker

  // Ascending by rule; a rule has at most one.
  const std::vector<ArmedTimer>& timers() const { return timers_; }
  const ArmedTimer* FindTimer(std::uint32_t rule) const;
  // Replaces the rule's timer, if it has one.
  void Arm(const ArmedTimer& timer);
  // False when the rule has none.
  bool Disarm(std::uint32_t rule);

  // Ascending by id.
  const std::vector<Run>& runs() const { return progress_.Get().runs; }
  // Ascending by task.
  const std::vector<Reminder>& reminders() const { return progress_.Get().reminders; }
  const Progress& progress() const { return progress_.Get(); }
  Progress& mutable_progress() { return progress_.Change(); }

  // When sales reached out or spoke to the contact last; 0: never.
  Micros last_contacted() const { return last_contacted_; }

  // Derived values by node number, and the next moment at which time alone changes one of them; recomputed by exec/, never
  // stored.
  std::vector<std::int64_t> derived;
  Micros next_window_close = kNever;
  static constexpr Micros kNever = std::numeric_limits<Micros>::max();

  // For exec/ and recovery, which keep the invariants between these.
  void set_now(Micros now) { now_ = now; }
  Departure& mutable_departure() { return departure_.Change(); }
  void set_created_at(Micros at) { created_at_ = at; }
  void set_last_contacted(Micros at) { last_contacted_ = at; }
  void set_last_sequence(Sequence sequence) { last_sequence_ = sequence; }
  std::vector<ArmedTimer>& mutable_timers() { return timers_; }
  std::vector<Track>& mutable_tracks() { return tracks_; }

  // Appends the checkpoint's packed form: all but what is recomputed. Equal contacts have equal bytes.
  void Encode(std::string& out) const;
  // Nothing when the bytes are damaged.
  static std::optional<Contact> Decode(std::string_view bytes);

 private:
  std::string id_;
  std::uint32_t number_ = 0;
  Micros created_at_ = 0;
  Micros now_ = 0;
  Sequence last_sequence_ = 0;
  Micros last_contacted_ = 0;
  Slot& Grow(std::uint32_t slot);

  std::vector<Slot> slots_;
  std::vector<std::string> texts_;
  std::vector<Entry> entered_;
  std::vector<Track> tracks_;
  std::vector<ArmedTimer> timers_;
  Rare<Progress> progress_;
  Rare<Departure> departure_;
};

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_MODEL_CONTACT_H_
