#include "tests/reference/deployments.h"

#include <algorithm>
#include <functional>
#include <sstream>
#include <utility>

#include "dsl/support/text.h"
#include "tests/reference/derived.h"
#include "tests/reference/timers.h"

namespace stagecraft::reference {
namespace {

using TriggerKind = sema::Trigger::Kind;

std::string WithoutSwitches(const std::string& rule) {
  std::istringstream words(rule);
  std::string kept;
  for (std::string word; words >> word;) {
    if (word != "disabled" && word != "migrate") kept += word + " ";
  }
  return kept;
}

// The options that the rule's trigger and conditions mean: `before Connected` means more when there is one more before it.
std::string OptionsIn(const Script& script, std::size_t number) {
  std::string all;
  const auto add = [&](Symbol property, const std::vector<std::uint32_t>& options) {
    // A list by hand has no options.
    const std::vector<sema::OptionSymbol>& known = script.vocabulary().property(property).options.options;
    for (const std::uint32_t option : options) all += (known.empty() ? std::to_string(option) : known[option].label) + "|";
    all += ";";
  };
  const sema::Rule& rule = script.rule(number);
  if (rule.trigger.kind == TriggerKind::kBecomes) {
    add(rule.trigger.symbol, rule.trigger.options);
    if (rule.trigger.from.has_value()) add(rule.trigger.symbol, *rule.trigger.from);
  }
  WalkConditions(rule, [&](const sema::Condition& each) {
    const bool of_property =
        each.reference.space == sema::Reference::Space::kProperty || each.reference.space == sema::Reference::Space::kPrevious;
    if (each.kind == sema::Condition::Kind::kOptionIn && of_property) add(each.reference.symbol, each.options);
  });
  return all;
}

// The names of one script, as the other has them.
class Names {
 public:
  Names(const Script& before, const Script& after) : before_(before.vocabulary()), after_(after.vocabulary()) {}

  Symbol Property(Symbol property) const {
    const sema::PropertySymbol& was = before_.property(property);
    for (Symbol is = 0; is < after_.properties().size(); ++is) {
      const sema::PropertySymbol& other = after_.property(is);
      if (other.name == was.name && other.type == was.type && other.hidden == was.hidden) return is;
    }
    throw Unsupported("a property that is gone");
  }
  std::uint32_t Option(Symbol property, std::int64_t option) const {
    const std::string& label = before_.property(property).options.options[static_cast<std::size_t>(option)].label;
    const std::optional<std::uint32_t> is = after_.property(Property(property)).options.Find(FoldCase(label));
    if (!is.has_value()) throw Unsupported("an option that is gone");
    return *is;
  }
  Value ValueOf(Symbol property, Value value) const {
    if (before_.property(property).type == sema::Type::kOption && value.set) value.number = Option(property, value.number);
    return value;
  }
  Happening Event(Happening event) const {
    const sema::EventSymbol& was = before_.event(event.event);
    const std::map<std::uint32_t, Value> fields = std::move(event.fields);
    event.event = after_.FindEvent(FoldCase(was.name)).value();
    event.fields.clear();
    for (const auto& [field, value] : fields) {
      event.fields[after_.event(event.event).FindField(FoldCase(was.fields[field].name)).value()] = value;
    }
    return event;
  }

 private:
  const sema::Vocabulary& before_;
  const sema::Vocabulary& after_;
};

void Rename(const Script& before, const Script& after, Contact& contact) {
  const Names names(before, after);
  std::map<Symbol, Slot> slots;
  for (const auto& [property, slot] : contact.slots) {
    slots[names.Property(property)] = {names.ValueOf(property, slot.value), slot.said_at};
  }
  contact.slots = std::move(slots);
  std::map<std::pair<Symbol, std::uint32_t>, Micros> entered;
  for (const auto& [key, at] : contact.entered) entered[{names.Property(key.first), names.Option(key.first, key.second)}] = at;
  contact.entered = std::move(entered);
  for (Happening& event : contact.happened) event = names.Event(event);
  for (Run& run : contact.runs) {
    if (run.event.has_value()) run.event = names.Event(*run.event);
  }
  for (Deal& deal : contact.deals) {
    const std::string& name = before.checked().pipelines[deal.pipeline].name;
    const std::vector<sema::Pipeline>& pipelines = after.checked().pipelines;
    const auto is = std::find_if(pipelines.begin(), pipelines.end(), [&](const sema::Pipeline& each) { return each.name == name; });
    if (is == pipelines.end()) throw Unsupported("a pipeline that is gone");
    deal.pipeline = static_cast<std::size_t>(is - pipelines.begin());
  }
}

bool IsAnnounced(const sema::Rule& rule) {
  return rule.trigger.kind == TriggerKind::kAfterEvent || rule.trigger.kind == TriggerKind::kBeforeEvent;
}

// The run waits at the place with this number; an SLA waits for what it expects at its beginning.
std::uint32_t NumberOf(const Script& script, const Run& run) { return run.IsSla() ? 0 : script.NumberOf(run.wait); }

// The same rule, written the same.
void GoOnWith(const Script& before, const Script& after, std::size_t rule, Run& run) {
  if (run.wait != nullptr) {
    const std::vector<WaitingPlace> was = before.WaitsOf(run.rule);
    const std::vector<WaitingPlace> is = after.WaitsOf(rule);
    const auto place = std::find_if(was.begin(), was.end(), [&](const WaitingPlace& each) { return each.wait == run.wait; });
    const WaitingPlace& same = is.at(static_cast<std::size_t>(place - was.begin()));
    run.wait = same.wait;
    run.rest = same.rest;
  }
  run.rule = rule;
}

// With other code that waits at the same number; false: it does not.
bool MigrateTo(const Script& before, const Script& after, std::size_t rule, Run& run) {
  const std::uint32_t number = NumberOf(before, run);
  const bool sla = after.rule(rule).kind == sema::Rule::Kind::kSla;
  if (sla != (before.rule(run.rule).kind == sema::Rule::Kind::kSla)) return false;
  if (sla && number == 0) {
    run.wait = nullptr;
    run.rest.clear();
    run.rule = rule;
    return true;
  }
  for (const WaitingPlace& place : after.WaitsOf(rule)) {
    if (after.NumberOf(place.wait) != number) continue;
    run.wait = place.wait;
    run.rest = place.rest;
    run.rule = rule;
    // It waits for nothing by time: for a date that is not set, if the code waits for one.
    run.over = place.wait->kind == sema::Wait::Kind::kMoment && run.due == kNever;
    return true;
  }
  return false;
}

// Why the run ends; empty: it goes on.
std::string Move(const Script& before, const Script& after, Run& run) {
  const std::optional<std::size_t> today = after.FindRule(before.KeyOf(run.rule));
  const std::string& text = before.TextOf(run.rule);
  if (today.has_value() && DoTheSame(text, after.TextOf(*today))) {
    GoOnWith(before, after, *today, run);
    return {};
  }
  if (!run.begun) {
    if (!today.has_value()) return "gone";
    if (!IsAnnounced(after.rule(*today))) return "changed";
    run.rule = *today;
    return {};
  }
  if (today.has_value() && after.rule(*today).migrate) return MigrateTo(before, after, *today, run) ? "" : "changed";
  for (std::size_t rule = after.rules(); rule < after.all_rules(); ++rule) {
    if (after.TextOf(rule) != text) continue;
    if (!after.Fits(rule)) return "not fitting";
    GoOnWith(before, after, rule, run);
    return {};
  }
  throw std::logic_error("the code of a run is not kept");
}

// When the contact came to be in the states, as far as that is known.
Micros BeganStay(const Script& script, const Contact& contact, const sema::Trigger& trigger) {
  const Slot& slot = contact.slots.at(trigger.symbol);
  const sema::PropertySymbol& property = script.vocabulary().property(trigger.symbol);
  Micros began = slot.said_at;
  if (!property.tracks_entry) return began;
  for (std::int64_t option = slot.value.number; option >= 0; option = property.options.options[static_cast<std::size_t>(option)].parent) {
    const bool named =
        std::find(trigger.options.begin(), trigger.options.end(), static_cast<std::uint32_t>(option)) != trigger.options.end();
    const auto entered = contact.entered.find({trigger.symbol, static_cast<std::uint32_t>(option)});
    if (named && entered != contact.entered.end()) began = entered->second;
  }
  return began;
}

// Both wait for the same, but for how long.
bool WaitForTheSame(const Script& before, const sema::Trigger& was, const Script& after, const sema::Trigger& is) {
  if (was.kind != is.kind || was.before != is.before) return false;
  const auto labels = [](const Script& script, const sema::Trigger& trigger) {
    std::string all = script.vocabulary().property(trigger.symbol).name;
    for (const std::uint32_t option : trigger.options)
      all += "|" + script.vocabulary().property(trigger.symbol).options.options[option].label;
    return all;
  };
  switch (is.kind) {
    case TriggerKind::kStays:
      return labels(before, was) == labels(after, is);
    case TriggerKind::kWithout:
      return sema::CanonicalText(was.events, before.vocabulary()) == sema::CanonicalText(is.events, after.vocabulary());
    case TriggerKind::kDate:
      return sema::CanonicalText(was.reference, before.vocabulary()) == sema::CanonicalText(is.reference, after.vocabulary());
    case TriggerKind::kSchedule:
      return true;
    default:
      return false;
  }
}

// What the rule waits for, of the contact as it is now. `armed`: nullptr when it did not wait for it before.
std::optional<Timer> WantedTimer(const Script& script, const Contact& contact, const sema::Trigger& trigger, const Timer* armed,
                                 Micros now) {
  const runtime::Calendar& calendar = script.calendar();
  switch (trigger.kind) {
    case TriggerKind::kStays: {
      if (!IsIn(contact, trigger.symbol, trigger.options)) return std::nullopt;
      const Micros since = armed != nullptr ? armed->since : BeganStay(script, contact, trigger);
      return Timer{calendar.Add(since, ToIr(trigger.delay)), since};
    }
    case TriggerKind::kWithout: {
      Micros since = contact.created_at;
      for (const Happening& event : contact.happened) {
        if (MatchesAny(script, trigger.events, event)) since = std::max(since, event.at);
      }
      return Timer{calendar.Add(since, ToIr(trigger.delay))};
    }
    case TriggerKind::kDate: {
      const std::optional<Micros> due = MomentAround(script, contact, trigger);
      return due.has_value() ? std::optional(Timer{*due}) : std::nullopt;
    }
    case TriggerKind::kSchedule: {
      if (!IsScheduled(script, contact, trigger)) return std::nullopt;
      return Timer{calendar.Next(ToIr(trigger.recurrence), now)};
    }
    default:
      return std::nullopt;
  }
}

}  // namespace

bool DoTheSame(const std::string& rule, const std::string& other) { return WithoutSwitches(rule) == WithoutSwitches(other); }

std::vector<std::string> MoveTo(const Script& before, const Script& after, Contact& contact) {
  std::vector<std::string> lines;
  std::vector<Run> kept;
  for (Run& run : contact.runs) {
    const std::string name = before.RuleName(run.rule);
    const bool was_old = run.rule >= before.rules();
    const std::string end = Move(before, after, run);
    if (end.empty()) {
      const bool is_old = run.rule >= after.rules();
      if (was_old != is_old) lines.push_back("run of `" + name + "` goes on as " + (is_old ? "it began" : "the rule is now"));
      kept.push_back(run);
    } else {
      lines.push_back("run of `" + name + "` ends (" + end + ")");
    }
  }
  contact.runs = std::move(kept);
  Rename(before, after, contact);
  return lines;
}

void Rearm(const Script& before, const Script& after, const std::map<std::size_t, Timer>& timers, Micros now, Contact& contact) {
  contact.timers.clear();
  for (std::size_t rule = 0; rule < after.rules(); ++rule) {
    if (after.rule(rule).disabled) continue;
    const sema::Trigger& trigger = after.rule(rule).trigger;
    const Timer* armed = nullptr;
    const std::optional<std::size_t> was = before.FindRule(after.KeyOf(rule));
    if (was.has_value() && timers.contains(*was) && WaitForTheSame(before, before.rule(*was).trigger, after, trigger)) {
      armed = &timers.at(*was);
    }
    const std::optional<Timer> wanted = WantedTimer(after, contact, trigger, armed, now);
    if (armed != nullptr && armed->due <= now && wanted.has_value()) {
      contact.timers[rule] = *armed;
    } else if (wanted.has_value() && wanted->due != kNever && wanted->due > now) {
      contact.timers[rule] = *wanted;
    }
  }
}

std::vector<std::size_t> RulesToEnrol(const Script& before, const Script& after) {
  std::vector<std::size_t> rules;
  for (std::size_t rule = 0; rule < after.rules(); ++rule) {
    if (after.rule(rule).disabled) continue;
    const std::optional<std::size_t> was = before.FindRule(after.KeyOf(rule));
    const bool known = was.has_value() && !before.rule(*was).disabled && DoTheSame(before.TextOf(*was), after.TextOf(rule)) &&
                       OptionsIn(before, *was) == OptionsIn(after, rule);
    if (!known) rules.push_back(rule);
  }
  return rules;
}

bool IsInStateOf(const Script& script, std::size_t rule, const Contact& contact) {
  const sema::Trigger& trigger = script.rule(rule).trigger;
  switch (trigger.kind) {
    case TriggerKind::kBecomes:
      return !trigger.from.has_value() && IsIn(contact, trigger.symbol, trigger.options);
    case TriggerKind::kRises:
      return contact.derived[trigger.symbol] != 0;
    case TriggerKind::kTurnsTrue:
      return IsTrue(script, contact, trigger.condition);
    default:
      return false;
  }
}

}  // namespace stagecraft::reference
