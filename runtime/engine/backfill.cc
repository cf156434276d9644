#include "runtime/engine/backfill.h"

#include <algorithm>
#include <utility>

namespace stagecraft::runtime {
namespace {

bool ReachesFurther(const ir::Tracker& after, const ir::Tracker& before) {
  if (after.keeps_all && !before.keeps_all) return true;
  return before.window_us != 0 && (after.window_us == 0 || after.window_us > before.window_us);
}

bool HasFailed(const Record& record) { return !record.effects.empty() && record.effects.back().kind == EffectKind::kFailed; }

bool MadeItsContact(const Record& record) { return !record.effects.empty() && record.effects.front().kind == EffectKind::kContactCreated; }

}  // namespace

Backfill::Backfill(const ir::Program& before, std::shared_ptr<const ir::Program> after) : plan_(std::move(after)) {
  const std::vector<ir::Tracker>& trackers = plan_.program->trackers;
  for (std::uint32_t i = 0; i < trackers.size(); ++i) {
    if (!trackers[i].declared) continue;
    const bool known = i < before.trackers.size() && before.trackers[i].declared;
    if (!known || ReachesFurther(trackers[i], before.trackers[i])) trackers_.push_back(i);
  }
}

void Backfill::Clear(Contact& contact) const {
  std::erase_if(contact.mutable_tracks(),
                [&](const Track& track) { return std::binary_search(trackers_.begin(), trackers_.end(), track.tracker); });
}

void Backfill::Feed(const Record& record, Contact& contact) const {
  if (record.kind != RecordKind::kEvent || HasFailed(record) || record.event >= plan_.program->events.size()) return;
  Scene scene = plan_.SceneOf(contact);
  scene.event = &plan_.program->events[record.event];
  scene.fields = &record.fields;
  FeedEvent(record.event, record, scene, contact);
  // Whatever made the contact stands for its creation as well, as it did when it was decided.
  const std::uint32_t creation = plan_.program->well_known.contact_created;
  if (MadeItsContact(record) && record.event != creation) FeedEvent(creation, record, plan_.SceneOf(contact), contact);
}

void Backfill::FeedEvent(std::uint32_t event, const Record& record, const Scene& scene, Contact& contact) const {
  const Micros at = record.occurred_at;
  for (const std::uint32_t tracker : trackers_) {
    if (!Matches(tracker, event, scene)) continue;
    const Micros keep_from = KeepFrom(*plan_.program, contact, tracker, at);
    if (at >= keep_from) contact.AddTrack(tracker, at, record.sequence, keep_from, !plan_.program->trackers[tracker].keeps_all);
  }
}

bool Backfill::Matches(std::uint32_t tracker, std::uint32_t event, const Scene& scene) const {
  const std::vector<ir::Tracker::Match>& matches = plan_.program->trackers[tracker].matches;
  return std::any_of(matches.begin(), matches.end(), [&](const ir::Tracker::Match& match) {
    return match.event == event && Meets(scene, plan_.tables(), match.condition);
  });
}

}  // namespace stagecraft::runtime
