// When rules fire: triggers, `when` and `until` as questions to the guards.
#include <utility>

#include "dsl/sema/analysis/facts.h"

namespace stagecraft::sema {

std::size_t MatchesOf(const Trigger& trigger) { return trigger.kind == Trigger::Kind::kEvent ? trigger.events.size() : 1; }

bool ActsAtOnce(const Rule& rule) { return rule.kind == Rule::Kind::kRule && !rule.disabled && rule.trigger.kind != Trigger::Kind::kNone; }

bool IsTimed(const Trigger& trigger) {
  switch (trigger.kind) {
    case Trigger::Kind::kStays:
    case Trigger::Kind::kWithout:
    case Trigger::Kind::kAfterEvent:
    case Trigger::Kind::kBeforeEvent:
    case Trigger::Kind::kDate:
    case Trigger::Kind::kSchedule:
      return true;
    default:
      return false;
  }
}

namespace {

bool AddBecomes(const Trigger& trigger, const Step& step, Query& query) {
  const auto version = [&](const Changes* state) {
    return state != nullptr ? state->VersionOf(Reference::Space::kProperty, trigger.symbol) : 0;
  };
  const IntervalSet options = IntervalSet::Of(trigger.options);
  const std::uint32_t is = version(step.after);
  const std::uint32_t was = version(step.before);
  if (step.after != nullptr && is == was) return false;
  query.pins.push_back({Guards::Of(trigger.symbol, is), options, std::nullopt, false, true});
  if (step.after == nullptr) return true;
  query.pins.push_back({Guards::Of(trigger.symbol, was), options.Complement(), std::nullopt, true, true});
  if (trigger.from.has_value()) {
    query.pins.push_back({Guards::Of(trigger.symbol, was), IntervalSet::Of(*trigger.from), std::nullopt, false, true});
  }
  return true;
}

}  // namespace

bool Facts::AddTrigger(const Trigger& trigger, std::size_t match, const Step& step, Query& query) const {
  const Changes* changes = step.after;
  const auto after = [&](const Condition& condition, bool holds) { query.goals.push_back({&condition, holds, changes}); };
  const auto turns = [&](const Condition& condition, bool to) {
    after(condition, to);
    if (changes != nullptr) query.goals.push_back({&condition, !to, step.before});
  };
  switch (trigger.kind) {
    case Trigger::Kind::kEvent: {
      const EventMatch& one = trigger.events[match];
      if (changes != nullptr && changes->event != one.event) return false;
      for (const Condition& condition : one.conditions) after(condition, true);
      return true;
    }
    case Trigger::Kind::kBecomes:
    case Trigger::Kind::kStays:
      return AddBecomes(trigger, step, query);
    case Trigger::Kind::kChanges:
      if (changes != nullptr && !changes->Touches(Reference::Space::kProperty, trigger.symbol)) return false;
      after(trigger.condition, true);
      return true;
    case Trigger::Kind::kRises:
      turns(script_.derived[trigger.symbol].condition, true);
      return true;
    case Trigger::Kind::kFalls:
      turns(script_.derived[trigger.symbol].condition, false);
      return true;
    case Trigger::Kind::kTurnsTrue:
      turns(trigger.condition, true);
      return true;
    case Trigger::Kind::kWithout: {
      Condition seen;
      seen.kind = Condition::Kind::kSeen;
      seen.events = trigger.events;
      seen.within_us = trigger.delay.months == 0 && !trigger.delay.business ? trigger.delay.micros : 0;
      if (seen.within_us > 0) after(Keep(std::move(seen)), false);
      return changes == nullptr;
    }
    case Trigger::Kind::kSchedule:
      if (!trigger.on_everybody) after(Keep(InList(trigger.symbol)), true);
      return changes == nullptr;
    case Trigger::Kind::kDate: {
      Condition set;
      set.kind = Condition::Kind::kIsSet;
      set.reference = trigger.reference;
      after(Keep(std::move(set)), true);
      return changes == nullptr;
    }
    case Trigger::Kind::kAfterEvent:
    case Trigger::Kind::kBeforeEvent:
    case Trigger::Kind::kNone:
      return changes == nullptr;
  }
  return false;
}

bool Facts::AddFiring(const Rule& rule, std::size_t match, const Step& step, Query& query) const {
  if (!AddTrigger(rule.trigger, match, step, query)) return false;
  if (rule.guard.kind != Condition::Kind::kAlways) query.goals.push_back({&rule.guard, true, step.after});
  if (rule.until.has_value()) query.goals.push_back({&*rule.until, false, step.after});
  return true;
}

}  // namespace stagecraft::sema
