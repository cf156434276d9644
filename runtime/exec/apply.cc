// Effects on the state: every change of a contact is an effect of the record, and can be undone (E4).
#include <algorithm>

#include "runtime/exec/decision.h"

namespace stagecraft::runtime {

Effect& Decision::Emit(EffectKind kind, std::uint32_t target) {
  Effect& effect = record_->effects.emplace_back();
  effect.kind = kind;
  effect.target = target;
  effect.by = rule_effect_;
  effect.action = static_cast<std::uint16_t>(action_);
  return effect;
}

void Decision::MoveTime(Micros to) {
  const Micros from = contact_->now();
  if (to <= from) return;
  if (to >= contact_->next_window_close) {
    windows_moved_ = true;
    plan_.windows.ForPassed(
        plan_.SceneOf(*contact_), from, to,
        [this](std::uint32_t tracker) { MarkAllDirty(program_.index.nodes_by_tracker, tracker, kByEvent); },
        [this](std::uint32_t node) { MarkDirty(node, kByEvent); });
  }
  contact_->set_now(to);
}

void Decision::ApplyChange(const ResolvedChange& change) {
  const Micros changed_at = LastWordOn(change.slot);
  const bool holds = contact_->Holds(change.slot, change.value);
  if (changed_at > record_->occurred_at) {
    if (!holds) Refuse(change.slot, RefusalReason::kLate, change.value);
    return;
  }
  by_person_.push_back(change.slot);
  company_touched_ = company_touched_ || plan_.of_company[change.slot];
  if (!holds) {
    Write(change.slot, change.value, {});
  } else if (contact_->ChangedAt(change.slot) < record_->occurred_at) {
    RememberSlot(change.slot);
    contact_->Confirm(change.slot, record_->occurred_at);
    Emit(EffectKind::kConfirmed, change.slot);
  }
}

void Decision::TrackEvent(std::uint32_t event, const Scene& scene) {
  const auto& index = program_.index.trackers_by_event;
  if (event >= index.size()) return;
  const Micros at = record_->occurred_at;
  for (const std::uint32_t tracker : index[event]) {
    const std::vector<ir::Tracker::Match>& matches = program_.trackers[tracker].matches;
    const bool matched = std::any_of(matches.begin(), matches.end(), [&](const ir::Tracker::Match& match) {
      return match.event == event && Meets(scene, plan_.tables(), match.condition);
    });
    const Track* track = contact_->FindTrack(tracker);
    const Micros keep_from = KeepFrom(program_, *contact_, tracker, at);
    // An event that says nothing new: gone already, or the only one that is kept is as late and of this very record.
    const bool once = !program_.trackers[tracker].keeps_all;
    const bool is_there = once && track != nullptr && track->times.back() == at;
    if (!matched || at < keep_from || (is_there && track->last_record == record_->sequence)) continue;
    TrackAdded added{tracker, at, 0, !is_there, 0, 0};
    if (track != nullptr) {
      added.first_record = track->first_record;
      added.last_record = track->last_record;
      const auto kept = std::lower_bound(track->times.begin(), track->times.end(), keep_from);
      added.dropped = static_cast<std::uint32_t>(kept - track->times.begin());
      dropped_times_.insert(dropped_times_.end(), track->times.begin(), kept);
    }
    tracks_added_.push_back(added);
    contact_->AddTrack(tracker, at, record_->sequence, keep_from, once);
    windows_moved_ = true;
    Emit(EffectKind::kTracked, tracker).number = at;
    MarkAllDirty(program_.index.nodes_by_tracker, tracker, LastEffect());
    if (contact_->FindTrack(tracker)->times.back() == at) FollowSilence(tracker);
  }
}

void Decision::NoteContact(const ir::Event& event) {
  if (!event.is_contact || record_->occurred_at <= contact_->last_contacted()) return;
  contact_->set_last_contacted(record_->occurred_at);
  Emit(EffectKind::kContacted, 0).number = record_->occurred_at;
  for (const std::uint32_t node : program_.index.nodes_by_last_contacted) MarkDirty(node, LastEffect());
  windows_moved_ = windows_moved_ || plan_.windows.ReadsLastContacted();
}

void Decision::RememberSlot(std::uint32_t slot) {
  company_touched_ = company_touched_ || plan_.of_company[slot] || slot == program_.well_known.company_id;
  if (before_of_[slot] != kNone) return;
  before_of_[slot] = static_cast<std::uint32_t>(slots_before_.size());
  slots_before_.push_back({slot, contact_->Get(slot), contact_->ChangedAt(slot), kByEvent, kByEvent});
}

void Decision::Write(std::uint32_t slot, const Value& value, std::string_view reason) {
  RememberSlot(slot);
  if (write_of_[slot] == kNone) {
    write_of_[slot] = static_cast<std::uint32_t>(writes_.size());
    writes_.push_back({slot, contact_->Get(slot), contact_->ChangedAt(slot), kByEvent, rule_});
  }
  if (contact_->Holds(slot, value)) return;
  Effect& effect = Emit(EffectKind::kPropertySet, slot);
  effect.before = contact_->Get(slot);
  effect.after = value;
  effect.text = reason;
  writes_[write_of_[slot]].effect = LastEffect();
  const bool counts = plan_.holdings.Reads(slot);
  if (counts) shared_->holdings.Count(plan_.holdings, *contact_, -1);
  contact_->Set(slot, value, ir::IsText(program_.properties[slot].type), record_->occurred_at);
  if (counts) shared_->holdings.Count(plan_.holdings, *contact_, 1);
  ++changes_;
}

void Decision::EndRound() {
  if (program_.well_known.company_id && write_of_[*program_.well_known.company_id] != kNone) FollowCompany();
  for (const SlotBefore& write : writes_) write_of_[write.slot] = kNone;
  writes_.erase(
      std::remove_if(writes_.begin(), writes_.end(), [this](const SlotBefore& write) { return contact_->Holds(write.slot, write.value); }),
      writes_.end());
  writes_.swap(net_changes_);
  writes_.clear();

  const std::uint32_t rule_effect = rule_effect_;
  const std::uint32_t action = action_;
  for (const SlotBefore& change : net_changes_) {
    rule_effect_ = record_->effects[change.effect].by;
    action_ = record_->effects[change.effect].action;
    Enter(change);
    FollowStays(change);
    FollowDates(change);
    FollowSchedules(program_.index.schedule_by_slot, change.slot, contact_->IsSet(change.slot));
    windows_moved_ = windows_moved_ || plan_.windows.ReadsSlot(change.slot);
    MarkAllDirty(program_.index.nodes_by_property, change.slot, change.effect);
  }
  rule_effect_ = rule_effect;
  action_ = action;
  if (!program_.promises.empty()) NoteMoves();
  UpdateDerived();
}

bool Decision::Enters(const SlotBefore& change, std::int64_t option) const {
  const ir::Property& property = program_.properties[change.slot];
  const auto is_in = [&](const Value& value) {
    std::int64_t held = value.set ? value.number : -1;
    while (held >= 0 && held != option) held = property.options[static_cast<std::size_t>(held)].parent;
    return held == option;
  };
  return is_in(contact_->Get(change.slot)) && !is_in(change.value);
}

void Decision::Enter(const SlotBefore& change) {
  const ir::Property& property = program_.properties[change.slot];
  if (!property.tracks_entry || !contact_->IsSet(change.slot)) return;
  // Moving among the sub-values of an option is not entering it again.
  for (std::int64_t option = contact_->Number(change.slot); option >= 0 && Enters(change, option);
       option = property.options[static_cast<std::size_t>(option)].parent) {
    const auto number = static_cast<std::uint32_t>(option);
    entered_before_.push_back({change.slot, number, contact_->EnteredAt(change.slot, number)});
    contact_->SetEntered(change.slot, number, record_->occurred_at);
    Effect& effect = Emit(EffectKind::kEntered, change.slot);
    effect.number = record_->occurred_at;
    effect.number_before = option;
  }
}

void Decision::UndoTracks() {
  for (auto added = tracks_added_.rbegin(); added != tracks_added_.rend(); ++added) {
    std::vector<Track>& tracks = contact_->mutable_tracks();
    const auto track = std::find_if(tracks.begin(), tracks.end(), [&](const Track& each) { return each.tracker == added->tracker; });
    std::vector<Micros>& times = track->times;
    if (added->is_new) times.erase(std::find(times.begin(), times.end(), added->at));
    track->first_record = added->first_record;
    track->last_record = added->last_record;
    const auto dropped = dropped_times_.end() - added->dropped;
    times.insert(times.begin(), dropped, dropped_times_.end());
    dropped_times_.erase(dropped, dropped_times_.end());
    if (times.empty()) tracks.erase(track);
  }
}

void Decision::Undo() {
  const HoldingsPlan& holdings = plan_.holdings;
  const bool counts = std::any_of(slots_before_.begin(), slots_before_.end(), [&](const auto& each) { return holdings.Reads(each.slot); });
  if (counts) shared_->holdings.Count(holdings, *contact_, -1);
  for (const SlotBefore& before : slots_before_) {
    contact_->Set(before.slot, before.value, ir::IsText(program_.properties[before.slot].type), before.changed_at);
  }
  if (counts) shared_->holdings.Count(holdings, *contact_, 1);
  for (auto before = entered_before_.rbegin(); before != entered_before_.rend(); ++before) {
    contact_->SetEntered(before->slot, before->option, before->at);
  }
  UndoTurns();
  UndoTracks();
  if (timers_remembered_) contact_->mutable_timers() = timers_before_;
  UndoProgress();
  contact_->set_last_contacted(contacted_before_);
  contact_->set_now(now_before_);
}

}  // namespace stagecraft::runtime
