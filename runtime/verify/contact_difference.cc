#include "runtime/verify/contact_difference.h"

#include <algorithm>

#include "runtime/exec/resolve.h"

namespace stagecraft::runtime {
namespace {

std::string BytesOf(const Contact& contact) {
  std::string bytes;
  contact.Encode(bytes);
  return bytes;
}

class Difference {
 public:
  Difference(const ir::Program& program, const Contact& stored, const Contact& folded)
      : program_(program), stored_(stored), folded_(folded) {}

  std::string Find() const {
    for (std::uint32_t slot = 0; slot < program_.properties.size(); ++slot) {
      if (std::string found = OfSlot(slot); !found.empty()) return found;
    }
    if (stored_.last_sequence() != folded_.last_sequence()) {
      return Say("its last record", std::to_string(stored_.last_sequence()), std::to_string(folded_.last_sequence()));
    }
    if (stored_.now() != folded_.now()) return Say("its time", Time(stored_.now()), Time(folded_.now()));
    if (stored_.created_at() != folded_.created_at()) {
      return Say("its creation", Time(stored_.created_at()), Time(folded_.created_at()));
    }
    if (stored_.last_contacted() != folded_.last_contacted()) {
      return Say("its last contact", Time(stored_.last_contacted()), Time(folded_.last_contacted()));
    }
    if (std::string found = OfTracks(); !found.empty()) return found;
    if (std::string found = OfTimers(); !found.empty()) return found;
    if (!std::equal(stored_.runs().begin(), stored_.runs().end(), folded_.runs().begin(), folded_.runs().end())) {
      return Say("its runs", std::to_string(stored_.runs().size()), std::to_string(folded_.runs().size()));
    }
    return "its entry dates, or when rules fired last, are not what the journal says";
  }

 private:
  static std::string Say(const std::string& what, const std::string& stored, const std::string& folded) {
    if (stored == folded) return what + " (" + stored + " in both) are not what the journal says";
    return what + ": " + stored + " in the checkpoint, " + folded + " by the journal";
  }
  std::string Time(Micros at) const { return FormatValue(program_, ir::Type::kTime, 0, {true, at, {}}); }
  std::string ValueOf(const Contact& contact, std::uint32_t slot) const {
    const Value value = contact.Get(slot);
    return value.set ? FormatValue(program_, program_.properties[slot].type, slot, value) : "unset";
  }
  std::string OfSlot(std::uint32_t slot) const {
    const std::string name = "`" + program_.properties[slot].name + "`";
    if (stored_.Get(slot) != folded_.Get(slot)) return Say(name, ValueOf(stored_, slot), ValueOf(folded_, slot));
    if (stored_.ChangedAt(slot) == folded_.ChangedAt(slot)) return {};
    return Say(name + " as of", Time(stored_.ChangedAt(slot)), Time(folded_.ChangedAt(slot)));
  }
  std::string OfTracks() const {
    for (std::uint32_t tracker = 0; tracker < program_.trackers.size(); ++tracker) {
      const Track* stored = stored_.FindTrack(tracker);
      const Track* folded = folded_.FindTrack(tracker);
      if (stored == nullptr && folded == nullptr) continue;
      const bool same = stored != nullptr && folded != nullptr && stored->times == folded->times &&
                        stored->first_record == folded->first_record && stored->last_record == folded->last_record;
      if (same) continue;
      const auto count = [](const Track* track) { return std::to_string(track == nullptr ? 0 : track->times.size()); };
      return Say("its events of `" + program_.layout.trackers.Name(tracker) + "`", count(stored), count(folded));
    }
    return {};
  }
  std::string OfTimers() const {
    for (std::uint32_t rule = 0; rule < program_.rules.size(); ++rule) {
      const ArmedTimer* stored = stored_.FindTimer(rule);
      const ArmedTimer* folded = folded_.FindTimer(rule);
      const auto due = [&](const ArmedTimer* timer) { return timer == nullptr ? "none" : Time(timer->due); };
      if (due(stored) != due(folded)) return Say("its timer of rule `" + program_.rules[rule].name + "`", due(stored), due(folded));
    }
    return {};
  }

  const ir::Program& program_;
  const Contact& stored_;
  const Contact& folded_;
};

// Older versions did not keep the records of tracks; then they are not known to this day.
void ForgetUnknownRecords(const Contact& stored, Contact& folded) {
  for (Track& track : folded.mutable_tracks()) {
    const Track* known = stored.FindTrack(track.tracker);
    if (known == nullptr) continue;
    if (known->first_record == 0) track.first_record = 0;
    if (known->last_record == 0) track.last_record = 0;
  }
}

}  // namespace

std::string DifferenceOf(const ir::Program& program, const Contact& stored, Contact folded) {
  ForgetUnknownRecords(stored, folded);
  if (BytesOf(stored) == BytesOf(folded)) return {};
  return Difference(program, stored, folded).Find();
}

}  // namespace stagecraft::runtime
