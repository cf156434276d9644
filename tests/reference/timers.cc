#include "tests/reference/timers.h"

#include <algorithm>

#include "tests/reference/conditions.h"

namespace stagecraft::reference {
namespace {

using Kind = sema::Trigger::Kind;

void Arm(std::size_t rule, Micros due, Contact& contact, Micros since = 0) {
  if (due == kNever) {
    contact.timers.erase(rule);
  } else {
    contact.timers[rule] = {due, since};
  }
}

void FollowStay(const Script& script, std::size_t rule, const Contact& before, Micros at, Contact& contact) {
  const sema::Trigger& trigger = script.rule(rule).trigger;
  const bool was_in = before.exists && IsIn(before, trigger.symbol, trigger.options);
  const bool is_in = IsIn(contact, trigger.symbol, trigger.options);
  if (!was_in && is_in) Arm(rule, script.calendar().Add(at, ToIr(trigger.delay)), contact, at);
  if (was_in && !is_in) contact.timers.erase(rule);
}

// True when `reference` is the date of an option that the contact was not in before.
bool Becomes(const Script& script, const Contact& before, const Contact& contact, const sema::Reference& reference) {
  if (reference.space != sema::Reference::Space::kEntered) return false;
  const sema::OptionSet& set = script.vocabulary().property(reference.symbol).options;
  const std::vector<std::uint32_t> options = set.WithSubValues(reference.option);
  return !IsIn(before, reference.symbol, options) && IsIn(contact, reference.symbol, options);
}

void FollowDate(const Script& script, std::size_t rule, const Contact& before, Micros at, Contact& contact) {
  const sema::Trigger& trigger = script.rule(rule).trigger;
  const Value was = before.exists ? Read(Scene{script, before}, trigger.reference) : Value();
  const Value is = Read(Scene{script, contact}, trigger.reference);
  // Each becoming counts anew, also one of the same moment as the last.
  if (was == is && !Becomes(script, before, contact, trigger.reference)) return;
  const std::optional<Micros> due = MomentAround(script, contact, trigger);
  Arm(rule, due.has_value() && *due >= at ? *due : kNever, contact);
}

void FollowSchedule(const Script& script, std::size_t rule, const Contact& before, Contact& contact) {
  const sema::Trigger& trigger = script.rule(rule).trigger;
  const bool was_in = IsScheduled(script, before, trigger);
  const bool is_in = IsScheduled(script, contact, trigger);
  if (!was_in && is_in) Arm(rule, script.calendar().Next(ToIr(trigger.recurrence), contact.now), contact);
  if (was_in && !is_in) contact.timers.erase(rule);
}

}  // namespace

bool IsIn(const Contact& contact, Symbol property, const std::vector<std::uint32_t>& options) {
  const Value value = contact.Get(property);
  return value.set && std::find(options.begin(), options.end(), static_cast<std::uint32_t>(value.number)) != options.end();
}

bool IsScheduled(const Script& script, const Contact& contact, const sema::Trigger& trigger) {
  if (!contact.exists) return false;
  if (trigger.on_everybody) return true;
  const sema::ListSymbol& list = script.vocabulary().lists()[trigger.symbol];
  return list.by_hand ? contact.Get(list.member).set : contact.derived[list.member] != 0;
}

std::optional<Micros> MomentAround(const Script& script, const Contact& contact, const sema::Trigger& trigger) {
  const Value value = Read(Scene{script, contact}, trigger.reference);
  if (!value.set) return std::nullopt;
  const runtime::Calendar& calendar = script.calendar();
  const ir::Duration delay = ToIr(trigger.delay);
  const bool date = trigger.reference.type == sema::Type::kDate;
  const Micros due =
      date ? calendar.ShiftFrom(value.number, delay, trigger.before) : calendar.ShiftDays(value.number, delay, trigger.before);
  return trigger.minute.has_value() ? calendar.AtMinute(due, *trigger.minute) : due;
}

void FollowSilence(const Script& script, const Happening* event, Contact& contact) {
  for (std::size_t rule = 0; rule < script.rules(); ++rule) {
    const sema::Trigger& trigger = script.rule(rule).trigger;
    if (trigger.kind != Kind::kWithout || script.rule(rule).disabled) continue;
    const Micros since = event == nullptr ? contact.created_at : event->at;
    if (event != nullptr && !MatchesAny(script, trigger.events, *event)) continue;
    const bool older = event != nullptr && std::any_of(contact.happened.begin(), contact.happened.end(), [&](const Happening& other) {
                         return other.at > event->at && MatchesAny(script, trigger.events, other);
                       });
    if (!older) Arm(rule, script.calendar().Add(since, ToIr(trigger.delay)), contact);
  }
}

void FollowRound(const Script& script, const Contact& before, Micros at, Contact& contact) {
  for (std::size_t rule = 0; rule < script.rules(); ++rule) {
    const sema::Rule& declared = script.rule(rule);
    if (declared.disabled) continue;
    if (declared.trigger.kind == Kind::kStays) FollowStay(script, rule, before, at, contact);
    if (declared.trigger.kind == Kind::kDate) FollowDate(script, rule, before, at, contact);
    if (declared.trigger.kind == Kind::kSchedule) FollowSchedule(script, rule, before, contact);
  }
}

void UseUp(const Script& script, std::size_t rule, Contact& contact) {
  const sema::Trigger& trigger = script.rule(rule).trigger;
  const Micros due = contact.timers.at(rule).due;
  const bool again = trigger.kind == Kind::kSchedule;
  Arm(rule, again ? script.calendar().Next(ToIr(trigger.recurrence), due) : kNever, contact);
}

}  // namespace stagecraft::reference
