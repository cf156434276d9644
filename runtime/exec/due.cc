#include "runtime/exec/due.h"

namespace stagecraft::runtime {

std::optional<Micros> DueOfDate(const Scene& scene, const ir::Rule& rule) {
  const std::optional<Micros> moment = MomentOf(scene, rule.date);
  if (!moment) return std::nullopt;
  const Micros due = scene.calendar->ShiftDays(*moment, rule.delay, rule.before);
  return rule.minute ? scene.calendar->AtMinute(due, *rule.minute) : due;
}

Micros DueOfSilence(const Scene& scene, const ir::Rule& rule) {
  const Track* track = scene.contact->FindTrack(rule.tracker);
  return scene.calendar->Add(track == nullptr ? scene.contact->created_at() : track->times.back(), rule.delay);
}

std::optional<Micros> DueOfEvent(const Scene& scene, const ir::Rule& rule, const ir::EventTiming& timing, Micros at) {
  if (!timing.field) return rule.before ? scene.calendar->Subtract(at, rule.delay) : scene.calendar->Add(at, rule.delay);
  ir::Operand operand;
  operand.space = ir::Space::kField;
  operand.index = static_cast<std::uint16_t>(*timing.field);
  operand.type = scene.event->fields[*timing.field].type;
  const std::optional<Micros> moment = MomentOf(scene, operand);
  if (!moment) return std::nullopt;
  return scene.calendar->ShiftDays(*moment, rule.delay, rule.before);
}

bool IsScheduled(const ir::Rule& rule, const Contact& contact) {
  if (rule.node != ir::kNoList) return contact.derived[rule.node] != 0;
  return rule.slot == ir::kNoList || contact.IsSet(rule.slot);
}

}  // namespace stagecraft::runtime
