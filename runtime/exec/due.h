// When the timers of rules are due: what decisions follow and deployments set anew.
#ifndef STAGECRAFT_RUNTIME_EXEC_DUE_H_
#define STAGECRAFT_RUNTIME_EXEC_DUE_H_

#include <optional>

#include "runtime/exec/machine.h"

namespace stagecraft::runtime {

// kDate: nothing when the date is not set.
std::optional<Micros> DueOfDate(const Scene& scene, const ir::Rule& rule);

// kWithout.
Micros DueOfSilence(const Scene& scene, const ir::Rule& rule);

// kEventTimed: of the event in `scene`, which happened at `at`; nothing when the field that announces is not set.
std::optional<Micros> DueOfEvent(const Scene& scene, const ir::Rule& rule, const ir::EventTiming& timing, Micros at);

// kSchedule: whether the contact is in the rule's list.
bool IsScheduled(const ir::Rule& rule, const Contact& contact);

// Runs of rules that events set off keep the event, for what reads its fields after a wait.
constexpr bool KeepsEvent(ir::TriggerKind trigger) { return trigger == ir::TriggerKind::kEvent || trigger == ir::TriggerKind::kEventTimed; }

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_EXEC_DUE_H_
