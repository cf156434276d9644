// The packed form of a contact, in codec.h's primitives:
//
//   format (3, 4, 5 or 6), [format 6: standing, took over, into, at], id, number, created at, now, last sequence, last contacted
//   times but the first of these are relative to created at
//   count of slots that were ever set, each: slot - previous slot, flags (1 set, 2 text), changed at, [number or text]
//   count of entries,  each: slot, option, at
//   count of tracks,   each: tracker, count, times (each relative to the one before), first record, last record relative to it
//   count of timers,   each: rule, due, armed at
//   formats 4 to 6, of contacts for which a run ever waited, a last firing or a reminder is kept, that are not active or took others over:
//     last run id
//     count of runs, each: id, rule, at + 1 (0: has not begun), flags (1 due, 2 limit, 4 event), started at, [due], [limit], cause,
//                          [event, count of fields, each: field, value]
//     count of last firings, each: rule, at
//   format 5, of contacts with reminders: count of them, each: task, due
//
// Formats 1 and 2 are older: 3 and 4 without the records of tracks.
//
// Texts stand with their slot, whatever their place in the contact's table, so that equal contacts have equal bytes.
#include "runtime/model/contact.h"

#include <algorithm>

#include "runtime/model/codec_effect.h"

namespace stagecraft::runtime {
namespace {

constexpr std::uint8_t kOldFormat = 1;
constexpr std::uint8_t kOldFormatWithRuns = 2;
constexpr std::uint8_t kFormat = 3;
constexpr std::uint8_t kFormatWithRuns = 4;
constexpr std::uint8_t kFormatWithReminders = 5;
constexpr std::uint8_t kFormatDeparted = 6;
constexpr std::uint8_t kSlotSet = 1;
constexpr std::uint8_t kSlotText = 2;
constexpr std::uint8_t kRunDue = 1;
constexpr std::uint8_t kRunLimit = 2;
constexpr std::uint8_t kRunEvent = 4;
// A bound on slot numbers for damaged bytes only: properties are counted in hundreds.
constexpr std::uint64_t kSlotsMax = 1U << 20;

auto FindEntry(const std::vector<Entry>& entries, std::uint32_t slot, std::uint32_t option) {
  return std::lower_bound(entries.begin(), entries.end(), std::pair(slot, option),
                          [](const Entry& entry, const auto& key) { return std::pair(entry.slot, entry.option) < key; });
}

auto FindTrackPlace(const std::vector<Track>& tracks, std::uint32_t tracker) {
  return std::lower_bound(tracks.begin(), tracks.end(), tracker, [](const Track& track, std::uint32_t key) { return track.tracker < key; });
}

auto FindTimerPlace(const std::vector<ArmedTimer>& timers, std::uint32_t rule) {
  return std::lower_bound(timers.begin(), timers.end(), rule, [](const ArmedTimer& timer, std::uint32_t key) { return timer.rule < key; });
}

}  // namespace

Slot& Contact::Grow(std::uint32_t slot) {
  if (slot >= slots_.size()) slots_.resize(slot + 1);
  return slots_[slot];
}

std::string_view Contact::Text(std::uint32_t slot) const {
  if (!IsSet(slot) || !slots_[slot].is_text) return {};
  return texts_[static_cast<std::size_t>(slots_[slot].number)];
}

Value Contact::Get(std::uint32_t slot) const {
  Value value;
  if (!IsSet(slot)) return value;
  value.set = true;
  if (slots_[slot].is_text) {
    value.text = Text(slot);
  } else {
    value.number = slots_[slot].number;
  }
  return value;
}

void Contact::Set(std::uint32_t slot, const Value& value, bool is_text, Micros at) {
  Slot& place = Grow(slot);
  place.changed_at = at;
  place.set = value.set;
  if (is_text) {
    if (!place.is_text) {
      place.is_text = true;
      place.number = static_cast<std::int64_t>(texts_.size());
      texts_.emplace_back();
    }
    texts_[static_cast<std::size_t>(place.number)] = value.text;
  } else {
    place.number = value.set ? value.number : 0;
  }
}

void Contact::Confirm(std::uint32_t slot, Micros at) { Grow(slot).changed_at = at; }

bool Contact::Holds(std::uint32_t slot, const Value& value) const {
  if (IsSet(slot) != value.set) return false;
  if (!value.set) return true;
  return slots_[slot].is_text ? Text(slot) == value.text : slots_[slot].number == value.number;
}

std::optional<Micros> Contact::EnteredAt(std::uint32_t slot, std::uint32_t option) const {
  const auto place = FindEntry(entered_, slot, option);
  if (place == entered_.end() || place->slot != slot || place->option != option) return std::nullopt;
  return place->at;
}

void Contact::SetEntered(std::uint32_t slot, std::uint32_t option, std::optional<Micros> at) {
  const auto place = entered_.begin() + (FindEntry(entered_, slot, option) - entered_.cbegin());
  const bool found = place != entered_.end() && place->slot == slot && place->option == option;
  if (found && at) {
    place->at = *at;
  } else if (found) {
    entered_.erase(place);
  } else if (at) {
    entered_.insert(place, Entry{slot, option, *at});
  }
}

const Track* Contact::FindTrack(std::uint32_t tracker) const {
  const auto place = FindTrackPlace(tracks_, tracker);
  return place != tracks_.end() && place->tracker == tracker ? &*place : nullptr;
}

void Contact::AddTrack(std::uint32_t tracker, Micros at, Sequence record, Micros keep_from, bool once) {
  auto place = tracks_.begin() + (FindTrackPlace(tracks_, tracker) - tracks_.cbegin());
  if (place == tracks_.end() || place->tracker != tracker) place = tracks_.insert(place, Track{tracker, {}, 0, 0});
  std::vector<Micros>& times = place->times;
  const bool same = !times.empty() && at == times.back();
  if (times.empty() || at >= times.back()) {
    if (!same) place->first_record = record;
    place->last_record = record;
  }
  if (!same || !once) times.insert(std::upper_bound(times.begin(), times.end(), at), at);
  times.erase(times.begin(), std::lower_bound(times.begin(), times.end(), keep_from));
  if (times.empty()) tracks_.erase(place);
}

const ArmedTimer* Contact::FindTimer(std::uint32_t rule) const {
  const auto place = FindTimerPlace(timers_, rule);
  return place != timers_.end() && place->rule == rule ? &*place : nullptr;
}

void Contact::Arm(const ArmedTimer& timer) {
  const auto place = timers_.begin() + (FindTimerPlace(timers_, timer.rule) - timers_.cbegin());
  if (place != timers_.end() && place->rule == timer.rule) {
    *place = timer;
  } else {
    timers_.insert(place, timer);
  }
}

bool Contact::Disarm(std::uint32_t rule) {
  const auto place = FindTimerPlace(timers_, rule);
  if (place == timers_.end() || place->rule != rule) return false;
  timers_.erase(place);
  return true;
}

namespace {

void PutRun(Writer& writer, Micros base, const Run& run) {
  writer.Unsigned(run.id);
  writer.Unsigned(run.rule);
  writer.Unsigned(run.HasBegun() ? std::uint64_t{run.at} + 1 : 0);
  const bool has_due = run.due != Run::kNever;
  const bool has_limit = run.limit != Run::kNever;
  const bool has_event = run.event != kNoEvent;
  writer.Byte(static_cast<std::uint8_t>((has_due ? kRunDue : 0) | (has_limit ? kRunLimit : 0) | (has_event ? kRunEvent : 0)));
  writer.Relative(run.started_at, base);
  if (has_due) writer.Relative(run.due, base);
  if (has_limit) writer.Relative(run.limit, base);
  writer.Signed(run.cause);
  if (!has_event) return;
  writer.Unsigned(run.event);
  writer.Unsigned(run.fields.size());
  for (const RecordedField& field : run.fields) {
    writer.Unsigned(field.field);
    PutValue(writer, field.value);
  }
}

void PutProgress(Writer& writer, Micros base, bool with_reminders, const Progress& progress) {
  writer.Unsigned(progress.last_run);
  writer.Unsigned(progress.runs.size());
  for (const Run& run : progress.runs) PutRun(writer, base, run);
  writer.Unsigned(progress.last_firings.size());
  for (const LastFiring& firing : progress.last_firings) {
    writer.Unsigned(firing.rule);
    writer.Relative(firing.at, base);
  }
  if (!with_reminders) return;
  writer.Unsigned(progress.reminders.size());
  for (const Reminder& reminder : progress.reminders) {
    writer.Signed(reminder.task);
    writer.Relative(reminder.due, base);
  }
}

bool HasReminders(std::uint8_t format) { return format == kFormatWithReminders || format == kFormatDeparted; }

std::uint8_t FormatOf(const Progress& progress) {
  if (progress.IsEmpty()) return kFormat;
  return progress.reminders.empty() ? kFormatWithRuns : kFormatWithReminders;
}

}  // namespace

void Contact::Encode(std::string& out) const {
  Writer writer(out);
  const bool departed = departure() != Departure();
  const std::uint8_t format = departed ? kFormatDeparted : FormatOf(progress());
  writer.Byte(format);
  if (departed) {
    writer.Byte(static_cast<std::uint8_t>(departure().standing));
    writer.Byte(departure().took_over ? 1 : 0);
    writer.Unsigned(departure().into);
    writer.Signed(departure().at);
  }
  writer.Text(id_);
  writer.Unsigned(number_);
  writer.Signed(created_at_);
  writer.Relative(now_, created_at_);
  writer.Signed(last_sequence_);
  writer.Relative(last_contacted_, created_at_);

  const auto was_set = [](const Slot& slot) { return slot.set || slot.changed_at != 0; };
  writer.Unsigned(static_cast<std::uint64_t>(std::count_if(slots_.begin(), slots_.end(), was_set)));
  std::size_t previous = 0;
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    const Slot& slot = slots_[i];
    if (!was_set(slot)) continue;
    writer.Unsigned(i - previous);
    previous = i;
    writer.Byte(static_cast<std::uint8_t>(!slot.set ? 0 : slot.is_text ? kSlotSet | kSlotText : kSlotSet));
    writer.Relative(slot.changed_at, created_at_);
    if (!slot.set) continue;
    if (slot.is_text) {
      writer.Text(texts_[static_cast<std::size_t>(slot.number)]);
    } else {
      writer.Signed(slot.number);
    }
  }
  writer.Unsigned(entered_.size());
  for (const Entry& entry : entered_) {
    writer.Unsigned(entry.slot);
    writer.Unsigned(entry.option);
    writer.Relative(entry.at, created_at_);
  }
  writer.Unsigned(tracks_.size());
  for (const Track& track : tracks_) {
    writer.Unsigned(track.tracker);
    writer.Unsigned(track.times.size());
    Micros base = created_at_;
    for (const Micros at : track.times) {
      writer.Relative(at, base);
      base = at;
    }
    writer.Signed(track.first_record);
    writer.Relative(track.last_record, track.first_record);
  }
  writer.Unsigned(timers_.size());
  for (const ArmedTimer& timer : timers_) {
    writer.Unsigned(timer.rule);
    writer.Relative(timer.due, created_at_);
    writer.Relative(timer.armed_at, created_at_);
  }
  if (format != kFormat) PutProgress(writer, created_at_, HasReminders(format), progress());
}

namespace {

void DecodeDeparture(Reader& reader, Departure& departure) {
  const std::uint8_t standing = reader.Byte();
  if (standing > static_cast<std::uint8_t>(kStandingLast)) reader.Fail();
  departure.standing = static_cast<Standing>(standing);
  departure.took_over = reader.Byte() != 0;
  departure.into = reader.Bounded<std::uint32_t>();
  departure.at = reader.Signed();
}

// Reads a slot's content and sets it.
void DecodeSlot(Reader& reader, std::uint64_t slot, Contact& contact) {
  const std::uint8_t flags = reader.Byte();
  const Micros changed_at = reader.Relative(contact.created_at());
  Value value;
  value.set = (flags & kSlotSet) != 0;
  const bool is_text = (flags & kSlotText) != 0;
  if (value.set && is_text) value.text = reader.Text();
  if (value.set && !is_text) value.number = reader.Signed();
  if (slot >= kSlotsMax) reader.Fail();
  if (reader.ok()) contact.Set(static_cast<std::uint32_t>(slot), value, is_text, changed_at);
}

void DecodeTrack(Reader& reader, bool has_records, Contact& contact) {
  Track track;
  track.tracker = reader.Bounded<std::uint32_t>();
  Micros base = contact.created_at();
  for (std::size_t count = reader.Count(); count > 0 && reader.ok(); --count) {
    base = reader.Relative(base);
    track.times.push_back(base);
  }
  if (has_records) {
    track.first_record = reader.Signed();
    track.last_record = reader.Relative(track.first_record);
  }
  std::vector<Track>& tracks = contact.mutable_tracks();
  const bool in_order = tracks.empty() || tracks.back().tracker < track.tracker;
  if (!in_order || track.times.empty() || !std::is_sorted(track.times.begin(), track.times.end())) reader.Fail();
  if (reader.ok()) tracks.push_back(std::move(track));
}

void DecodeRun(Reader& reader, Micros base, Run& run) {
  run.id = reader.Bounded<std::uint32_t>();
  run.rule = reader.Bounded<std::uint32_t>();
  const auto at = reader.Bounded<std::uint32_t>();
  run.at = at == 0 ? Run::kPending : at - 1;
  const std::uint8_t flags = reader.Byte();
  run.started_at = reader.Relative(base);
  if ((flags & kRunDue) != 0) run.due = reader.Relative(base);
  if ((flags & kRunLimit) != 0) run.limit = reader.Relative(base);
  run.cause = reader.Signed();
  if ((flags & kRunEvent) == 0) return;
  run.event = reader.Bounded<std::uint32_t>();
  for (std::size_t count = reader.Count(); count > 0 && reader.ok(); --count) {
    RecordedField& field = run.fields.emplace_back();
    field.field = reader.Bounded<std::uint32_t>();
    GetValue(reader, field.value);
  }
}

void DecodeProgress(Reader& reader, Micros base, bool has_reminders, Progress& progress) {
  progress.last_run = reader.Bounded<std::uint32_t>();
  std::uint32_t before = 0;
  for (std::size_t count = reader.Count(); count > 0 && reader.ok(); --count) {
    Run& run = progress.runs.emplace_back();
    DecodeRun(reader, base, run);
    if (run.id <= before || run.id > progress.last_run) reader.Fail();
    before = run.id;
  }
  for (std::size_t count = reader.Count(); count > 0 && reader.ok(); --count) {
    const auto rule = reader.Bounded<std::uint32_t>();
    progress.SetLastFiring(rule, reader.Relative(base));
  }
  if (!has_reminders) return;
  for (std::size_t count = reader.Count(); count > 0 && reader.ok(); --count) {
    const std::int64_t task = reader.Signed();
    progress.SetReminder(task, reader.Relative(base));
  }
}

}  // namespace

std::optional<Contact> Contact::Decode(std::string_view bytes) {
  Reader reader(bytes);
  const std::uint8_t format = reader.Byte();
  if (format < kOldFormat || format > kFormatDeparted) return std::nullopt;
  Departure departure;
  if (format == kFormatDeparted) DecodeDeparture(reader, departure);
  const bool has_records = format >= kFormat;
  std::string id(reader.Text());
  const auto number = reader.Bounded<std::uint32_t>();
  const Micros created_at = reader.Signed();
  Contact contact(std::move(id), number, created_at);
  if (format == kFormatDeparted) contact.mutable_departure() = departure;
  contact.now_ = reader.Relative(created_at);
  contact.last_sequence_ = reader.Signed();
  contact.last_contacted_ = reader.Relative(created_at);

  std::uint64_t slot = 0;
  for (std::size_t count = reader.Count(); count > 0 && reader.ok(); --count) {
    slot += reader.Bounded<std::uint32_t>();
    DecodeSlot(reader, slot, contact);
  }
  for (std::size_t count = reader.Count(); count > 0 && reader.ok(); --count) {
    const auto entered_slot = reader.Bounded<std::uint32_t>();
    const auto option = reader.Bounded<std::uint32_t>();
    contact.SetEntered(entered_slot, option, reader.Relative(created_at));
  }
  for (std::size_t count = reader.Count(); count > 0 && reader.ok(); --count) DecodeTrack(reader, has_records, contact);
  for (std::size_t count = reader.Count(); count > 0 && reader.ok(); --count) {
    ArmedTimer timer;
    timer.rule = reader.Bounded<std::uint32_t>();
    timer.due = reader.Relative(created_at);
    timer.armed_at = reader.Relative(created_at);
    contact.Arm(timer);
  }
  if (format != kFormat && format != kOldFormat) DecodeProgress(reader, created_at, HasReminders(format), contact.mutable_progress());
  if (!reader.ok() || !reader.AtEnd()) return std::nullopt;
  return contact;
}

}  // namespace stagecraft::runtime
