#include "runtime/exec/rearm.h"

#include <algorithm>
#include <optional>

#include "runtime/exec/due.h"
#include "runtime/exec/executor.h"

namespace stagecraft::runtime {
namespace {

// When the contact's present stay in the rule's mask began; only meaningful while it is in it.
Micros StayBegan(const ir::Program& program, const ir::Rule& rule, const Contact& contact) {
  const ir::Property& property = program.properties[rule.slot];
  Micros began = contact.ChangedAt(rule.slot);
  if (!property.tracks_entry) return began;
  // The outermost option of the mask that the value is in was entered when the stay began, at the latest.
  for (std::int64_t option = contact.Number(rule.slot); option >= 0; option = property.options[static_cast<std::size_t>(option)].parent) {
    if (!ir::MaskHas(rule.mask, option)) break;
    began = contact.EnteredAt(rule.slot, static_cast<std::uint32_t>(option)).value_or(began);
  }
  return began;
}

// The timer that the rule wants for the contact's present state, whether or not its time has passed; nothing: none.
std::optional<ArmedTimer> WantedTimer(const Plan& plan, const Contact& contact, std::uint32_t number, Micros now) {
  const ir::Rule& rule = plan.program->rules[number];
  const ArmedTimer* armed = contact.FindTimer(number);
  const Scene scene = plan.SceneOf(contact);
  switch (rule.trigger) {
    case ir::TriggerKind::kStays: {
      if (!InMask(rule.mask, contact.Get(rule.slot))) return std::nullopt;
      const Micros began = armed != nullptr ? armed->armed_at : StayBegan(*plan.program, rule, contact);
      return ArmedTimer{number, plan.calendar.Add(began, rule.delay), began};
    }
    case ir::TriggerKind::kWithout:
      return ArmedTimer{number, DueOfSilence(scene, rule), armed != nullptr ? armed->armed_at : now};
    case ir::TriggerKind::kDate: {
      const std::optional<Micros> due = DueOfDate(scene, rule);
      if (!due) return std::nullopt;
      return ArmedTimer{number, *due, armed != nullptr ? armed->armed_at : now};
    }
    case ir::TriggerKind::kSchedule: {
      if (!IsScheduled(rule, contact)) return std::nullopt;
      const Micros due = plan.calendar.Next(rule.recurrence, now);
      if (due == Calendar::kNever) return std::nullopt;
      return ArmedTimer{number, due, armed != nullptr ? armed->armed_at : now};
    }
    default:
      return std::nullopt;
  }
}

// But for how long.
bool WaitForTheSame(const ir::Rule& a, const ir::Rule& b) {
  if (a.trigger != b.trigger) return false;
  switch (a.trigger) {
    case ir::TriggerKind::kStays:
      return a.slot == b.slot && a.mask == b.mask;
    case ir::TriggerKind::kWithout:
      return a.tracker == b.tracker;
    case ir::TriggerKind::kDate:
      return a.date == b.date && a.before == b.before;
    default:
      return true;
  }
}

}  // namespace

std::vector<std::uint32_t> RulesThatWaitAnew(const ir::Program& before, const ir::Program& after) {
  std::vector<std::uint32_t> rules;
  for (std::uint32_t number = 0; number < std::min(before.rules.size(), after.rules.size()); ++number) {
    if (!WaitForTheSame(before.rules[number], after.rules[number])) rules.push_back(number);
  }
  return rules;
}

void RearmTimers(const Plan& plan, Contact& contact, Micros now) {
  std::vector<ArmedTimer> wanted;
  if (!contact.is_active()) return;  // it has none
  for (const std::uint32_t number : plan.timed_rules) {
    const std::optional<ArmedTimer> timer = WantedTimer(plan, contact, number, now);
    if (!timer) continue;
    // One that was due before the deployment is still owed to the contact, at that time (E7): whether it had its turn before the
    // deployment depends on how busy the engine was. What only the deployment would make overdue is not: nothing fires by a deployment.
    const ArmedTimer* armed = contact.FindTimer(number);
    if (armed != nullptr && armed->due <= now) {
      wanted.push_back(*armed);
    } else if (timer->due > now) {
      wanted.push_back(*timer);
    }
  }
  contact.mutable_timers().clear();
  for (const ArmedTimer& timer : wanted) contact.Arm(timer);
}

bool IsWanted(const Plan& plan, const Contact& contact, const ArmedTimer& timer) {
  if (!std::binary_search(plan.timed_rules.begin(), plan.timed_rules.end(), timer.rule)) return false;
  // Just before it is due, a schedule's next time is this one.
  const std::optional<ArmedTimer> wanted = WantedTimer(plan, contact, timer.rule, timer.due - 1);
  return wanted && wanted->due == timer.due;
}

}  // namespace stagecraft::runtime
