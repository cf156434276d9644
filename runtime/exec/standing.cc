#include "runtime/exec/standing.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "runtime/exec/executor.h"
#include "runtime/exec/rearm.h"

namespace stagecraft::runtime {
namespace {

Effect& Add(std::vector<Effect>& effects, EffectKind kind, std::uint32_t target) {
  Effect& effect = effects.emplace_back();
  effect.kind = kind;
  effect.target = target;
  return effect;
}

void AddReminder(std::vector<Effect>& effects, std::int64_t task, Micros due) {
  Effect& effect = Add(effects, EffectKind::kReminder, 0);
  effect.number = task;
  effect.number_before = due;
  effect.detail = due == Run::kNever ? 1 : 0;
}

// Scores and lists that are not what they were.
void ReportNodes(const Plan& plan, const std::vector<std::int64_t>& before, const Contact& contact, std::vector<Effect>& effects) {
  for (std::size_t node = 0; node < before.size(); ++node) {
    const ir::NodeKind kind = plan.program->nodes[node].kind;
    if (before[node] == contact.derived[node] || (kind != ir::NodeKind::kScore && kind != ir::NodeKind::kList)) continue;
    Effect& effect = Add(effects, EffectKind::kNodeChanged, plan.node_targets[node]);
    effect.detail = static_cast<std::uint8_t>(kind);
    effect.number = contact.derived[node];
    effect.number_before = before[node];
  }
}

void ReportTimers(const std::vector<ArmedTimer>& before, const Contact& contact, std::vector<Effect>& effects) {
  const auto was_armed = [&](std::uint32_t rule) {
    return std::find_if(before.begin(), before.end(), [rule](const ArmedTimer& timer) { return timer.rule == rule; });
  };
  for (const ArmedTimer& timer : before) {
    if (contact.FindTimer(timer.rule) == nullptr) Add(effects, EffectKind::kTimerDropped, timer.rule);
  }
  for (const ArmedTimer& timer : contact.timers()) {
    const auto old = was_armed(timer.rule);
    if (old != before.end() && old->due == timer.due && old->armed_at == timer.armed_at) continue;
    Effect& effect = Add(effects, EffectKind::kTimerArmed, timer.rule);
    effect.number = timer.due;
    effect.number_before = timer.armed_at;
    effect.detail = old != before.end() ? 1 : 0;
  }
}

void MergeProperties(const ir::Program& program, const Contact& contact, const Contact& other, std::vector<Effect>& effects) {
  // Of the other's company nothing comes to one that has a company of its own.
  const bool has_company = program.well_known.company_id && contact.IsSet(*program.well_known.company_id);
  for (std::uint32_t slot = 0; slot < program.properties.size(); ++slot) {
    if (contact.IsSet(slot) || !other.IsSet(slot) || (has_company && program.properties[slot].of_company)) continue;
    Effect& effect = Add(effects, EffectKind::kPropertySet, slot);
    effect.after = other.Get(slot);
    effect.number = other.ChangedAt(slot);
  }
}

// Only where the other has the value that the contact now has from it would its entry dates alone be right; all of them are history of
// the person, so that what the contact never entered is taken over.
void MergeEntries(const ir::Program& program, const Contact& contact, const Contact& other, std::vector<Effect>& effects) {
  for (std::uint32_t slot = 0; slot < program.properties.size(); ++slot) {
    const std::vector<ir::Option>& options = program.properties[slot].options;
    for (std::uint32_t option = 0; option < options.size(); ++option) {
      const std::optional<Micros> at = other.EnteredAt(slot, option);
      if (!at || contact.EnteredAt(slot, option)) continue;
      Effect& effect = Add(effects, EffectKind::kEntered, slot);
      effect.number = *at;
      effect.number_before = option;
    }
  }
}

}  // namespace

std::vector<Effect> DepartureEffects(const Contact& contact, Standing standing, const Contact* into) {
  std::vector<Effect> effects;
  for (const Run& run : contact.runs()) {
    Effect& effect = Add(effects, EffectKind::kRunEnded, run.rule);
    effect.number = run.id;
    effect.detail = static_cast<std::uint8_t>(RunEnd::kDeparted);
  }
  for (const ArmedTimer& timer : contact.timers()) Add(effects, EffectKind::kTimerDropped, timer.rule);
  for (const Reminder& reminder : contact.reminders()) AddReminder(effects, reminder.task, Run::kNever);
  Effect& departed = Add(effects, EffectKind::kDeparted, 0);
  departed.detail = static_cast<std::uint8_t>(standing);
  if (into != nullptr) {
    departed.number = into->number();
    departed.text = into->id();
  }
  return effects;
}

std::vector<Effect> MergeEffects(const ir::Program& program, const Contact& contact, const Contact& other) {
  std::vector<Effect> effects;
  Effect& merged = Add(effects, EffectKind::kMergedFrom, 0);
  merged.number = other.number();
  merged.text = other.id();
  merged.number_before = other.created_at();
  merged.before = {true, other.last_sequence(), {}};
  merged.after = {true, other.now(), {}};
  MergeProperties(program, contact, other, effects);
  MergeEntries(program, contact, other, effects);
  for (const Track& track : other.tracks()) {
    for (const Micros at : track.times) Add(effects, EffectKind::kTracked, track.tracker).number = at;
  }
  if (other.last_contacted() > contact.last_contacted()) Add(effects, EffectKind::kContacted, 0).number = other.last_contacted();
  for (const Reminder& reminder : other.reminders()) AddReminder(effects, reminder.task, reminder.due);
  for (const LastFiring& firing : other.progress().last_firings) {
    const LastFiring* own = contact.progress().FindLastFiring(firing.rule);
    if (own == nullptr || own->at < firing.at) Add(effects, EffectKind::kFiringKept, firing.rule).number = firing.at;
  }
  return effects;
}

void FollowFolded(const Plan& plan, Contact& contact, Record& record) {
  std::vector<std::int64_t> derived_before = contact.derived;
  derived_before.resize(plan.program->nodes.size());
  RecomputeAll(plan, contact);
  ReportNodes(plan, derived_before, contact, record.effects);
  const std::vector<ArmedTimer> timers_before = contact.timers();
  RearmTimers(plan, contact, record.occurred_at);
  ReportTimers(timers_before, contact, record.effects);
}

}  // namespace stagecraft::runtime
