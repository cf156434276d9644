#include "runtime/exec/due.h"

namespace stagecraft::runtime {

namespace {

// `delay` after (`before`: before) the date or the moment that `operand` reads.
std::optional<Micros> Shifted(const Scene& scene, const ir::Operand& operand, const ir::Duration& delay, bool before) {
  const std::optional<Micros> moment = MomentOf(scene, operand);
  if (!moment) return std::nullopt;
  const Calendar& calendar = *scene.calendar;
  return operand.type == ir::Type::kDate ? calendar.ShiftFrom(calendar.DateOf(*moment), delay, before)
                                         : calendar.ShiftDays(*moment, delay, before);
}

}  // namespace

std::optional<Micros> DueOfDate(const Scene& scene, const ir::Rule& rule) {
  const std::optional<Micros> due = Shifted(scene, rule.date, rule.delay, rule.before);
  if (!due) return std::nullopt;
  return rule.minute ? scene.calendar->AtMinute(*due, *rule.minute) : due;
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
  return Shifted(scene, operand, rule.delay, rule.before);
}

bool IsScheduled(const ir::Rule& rule, const Contact& contact) {
  if (rule.node != ir::kNoList) return contact.derived[rule.node] != 0;
  return rule.slot == ir::kNoList || contact.IsSet(rule.slot);
}

}  // namespace stagecraft::runtime
