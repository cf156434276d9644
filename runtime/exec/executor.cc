#include "runtime/exec/executor.h"

#include <utility>

#include "runtime/exec/decision.h"
#include "runtime/exec/plan.h"
#include "runtime/exec/rule_index.h"

namespace stagecraft::runtime {
namespace {

// Each is a line of the cache for each event that is on its way.
constexpr std::size_t kHotSlots = 4;

}  // namespace

struct Executor::Impl {
  Impl(std::shared_ptr<const ir::Program> program, const ExecLimits& limits)
      : plan(std::move(program)),
        index(*plan.program, limits.leaf_rules_max),
        decision(plan, index, limits),
        hot_slots(index.MostReadSlots(kHotSlots)) {}

  Plan plan;
  RuleIndex index;
  Decision decision;
  std::vector<std::uint32_t> hot_slots;  // the ones that nearly every event reads
};

Executor::Executor(std::shared_ptr<const ir::Program> program, ExecLimits limits)
    : impl_(std::make_unique<Impl>(std::move(program), limits)) {}

Executor::~Executor() = default;

const ir::Program& Executor::program() const { return *impl_->plan.program; }

ExecResult Executor::ApplyEvent(const ResolvedEvent& event, bool created, Contact& contact, SharedState& shared, Record& record) {
  return impl_->decision.DecideEvent(event, created, contact, shared, record);
}

ExecResult Executor::FireTimer(std::uint32_t rule, Contact& contact, SharedState& shared, Record& record) {
  return impl_->decision.DecideTimer(rule, contact, shared, record);
}

ExecResult Executor::CloseWindows(Contact& contact, SharedState& shared, Record& record) {
  return impl_->decision.DecideTimer(kNoRule, contact, shared, record);
}

void Executor::Prefetch(const Contact& contact) const {
  for (const std::uint32_t slot : impl_->hot_slots) contact.PrefetchSlot(slot);
}

void Executor::Recompute(Contact& contact) const { RecomputeAll(impl_->plan, contact); }

std::optional<Micros> Executor::NextWindowClose(const Contact& contact) const {
  if (contact.next_window_close == Contact::kNever) return std::nullopt;
  return contact.next_window_close;
}

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

}  // namespace

void Executor::RearmTimers(Contact& contact, Micros now) const {
  const ir::Program& program = *impl_->plan.program;
  std::vector<ArmedTimer> wanted;
  for (std::uint32_t slot = 0; slot < program.index.by_stay.size(); ++slot) {
    for (const std::uint32_t number : program.index.by_stay[slot]) {
      const ir::Rule& rule = program.rules[number];
      if (rule.disabled || !rule.declared || !InMask(rule.mask, contact.Get(slot))) continue;
      const ArmedTimer* armed = contact.FindTimer(number);
      const Micros began = armed != nullptr ? armed->armed_at : StayBegan(program, rule, contact);
      const Micros due = began + rule.delay_us;
      // One that was due before the deployment is still owed to the contact (E7). What only the deployment would make overdue is
      // not: nothing fires by a deployment.
      const bool owed = armed != nullptr && armed->due <= now;
      if (owed || due > now) wanted.push_back({number, due, began});
    }
  }
  contact.mutable_timers().clear();
  for (const ArmedTimer& timer : wanted) contact.Arm(timer);
}

bool Executor::Meets(const Contact& contact, const CompiledCondition& condition) const {
  const Tables tables{condition.tests, condition.masks, condition.texts, condition.sinces};
  return runtime::Meets(impl_->plan.SceneOf(contact), tables, condition.entry);
}

}  // namespace stagecraft::runtime
