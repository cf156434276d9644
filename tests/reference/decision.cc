#include "tests/reference/decision.h"

#include <algorithm>
#include <tuple>

#include "tests/reference/derived.h"
#include "tests/reference/timers.h"

namespace stagecraft::reference {
namespace {

using TriggerKind = sema::Trigger::Kind;

bool Has(const std::vector<std::uint32_t>& options, const Value& value) {
  return value.set && std::find(options.begin(), options.end(), static_cast<std::uint32_t>(value.number)) != options.end();
}

}  // namespace

bool Decision::ApplyEvent(const Incoming& incoming) {
  Happening event = incoming.event;
  if (!before_.exists) {
    contact_.exists = true;
    contact_.created_at = at_;
    Say("created");
    FollowSilence(script_, nullptr, contact_);
  }
  PassTime();
  // What comes with the event is said of the company that it joins.
  const std::optional<Symbol> company_id = script_.vocabulary().FindProperty("company id");
  for (const auto& [property, value] : incoming.properties) {
    if (property == company_id) SetByEvent(property, value);
  }
  for (const auto& [property, value] : incoming.properties) {
    if (property != company_id) SetByEvent(property, value);
  }
  if (TouchTask(event)) events_.push_back(event);
  if (!before_.exists && !script_.IsEvent(event.event, "contact created")) {
    const std::optional<Symbol> created = script_.vocabulary().FindEvent("contact created");
    if (created.has_value()) events_.push_back({*created, at_, record_, {}});
  }
  for (const Happening& each : events_) TakeNote(each);
  StartByHand(event);
  EndRound(before_);
  return Cascade();
}

bool Decision::FireTimer(std::size_t rule) {
  timer_ = rule;
  UseUp(script_, rule, contact_);
  return Close();
}

bool Decision::Start(std::size_t rule) {
  timer_ = rule;
  return Close();
}

bool Decision::WouldStart(std::size_t rule) const { return MayBegin(Firing{rule, 0, {}, {}, {}, {}, false}, contact_); }

bool Decision::WakeRun(std::uint32_t run) {
  waking_ = run;
  return Close();
}

bool Decision::Try(const Failed& failed) {
  if (failed.is_cascade) return Start(failed.rule);
  again_ = failed;
  return Close();
}

bool Decision::Close() {
  PassTime();
  EndRound(before_);
  return Cascade();
}

void Decision::PassTime() { contact_.now = std::max(contact_.now, at_); }

void Decision::SetByEvent(Symbol property, const Value& value) {
  Slot& slot = contact_.slots[property];
  const Micros last = LastWordOn(property);
  if (slot.value == value) {
    if (at_ < last) return;
    people_first_.insert(property);
    touched_.insert(property);
    slot.said_at = std::max(slot.said_at, at_);
    return;
  }
  if (at_ < last) {
    SayRefused("late", property, value);
    return;
  }
  Say(script_.vocabulary().property(property).name + ": " + Show(property, slot.value) + " → " + Show(property, value));
  slot = {value, at_};
  written_.insert(property);
  touched_.insert(property);
  people_first_.insert(property);
}

void Decision::TakeNote(const Happening& event) {
  FollowSilence(script_, &event, contact_);
  contact_.happened.push_back(event);
  // Of meetings those that took place: nobody spoke to anybody by booking one, or before it is over.
  const bool reached =
      script_.IsEvent(event.event, "email sent") || script_.IsOfFamily(event.event, "call") || script_.IsEvent(event.event, "meeting ends");
  if (reached && (!contact_.last_contacted.has_value() || *contact_.last_contacted < event.at)) contact_.last_contacted = event.at;
  Announce(event);
}

void Decision::EndRound(const Contact& start) {
  FollowCompany(start);
  const std::vector<sema::PropertySymbol>& properties = script_.vocabulary().properties();
  for (Symbol property = 0; property < properties.size(); ++property) {
    if (!properties[property].tracks_entry) continue;
    for (std::uint32_t option = 0; option < properties[property].options.options.size(); ++option) {
      const std::vector<std::uint32_t> all = properties[property].options.WithSubValues(option);
      if (!Has(all, start.Get(property)) && Has(all, contact_.Get(property))) contact_.entered[{property, option}] = at_;
    }
  }
  contact_.derived = DerivedOf(script_, contact_);
  WatchMoves(start);
  FollowRound(script_, start, at_, contact_);
  for (Run& run : contact_.runs) {
    if (run.wait != nullptr && run.wait->kind == sema::Wait::Kind::kMoment) WaitFor(run, *run.wait);
  }
}

bool Decision::Cascade() {
  Contact previous = before_;
  for (round_ = 1;; ++round_) {
    const Contact start = contact_;
    const std::vector<Firing> firings = FindFirings(previous, start);
    if (firings.empty()) break;
    if (round_ > rounds_max_) return false;
    holders_.clear();
    written_.clear();
    moved_ = false;
    for (const Firing& firing : firings) Perform(firing);
    EndRound(start);
    previous = start;
  }
  WatchPromises();
  BringToCompany();
  return true;
}

std::vector<Firing> Decision::FindFirings(const Contact& previous, const Contact& start) {
  std::vector<Firing> firings;
  if (again_.has_value() && round_ == 1) {
    Firing firing{again_->rule, 0, {}, again_->event, {}, again_->path, true};
    firing.lost = IsLost(firing.path.wait, SceneOf(start, firing));
    firings.push_back(std::move(firing));
  }
  std::set<std::size_t> enrolled(enrolled_.begin(), enrolled_.end());
  for (const std::size_t sequence : enrolled_) {
    if (script_.IsDisabled(sequence) || MayBegin(Firing{sequence, 0, {}, {}, {}, {}, false}, start)) continue;
    Say("run of " + Quoted(sequence) + " ends (not begun)");
    enrolled.erase(sequence);
  }
  enrolled_.clear();
  for (const Run& run : start.runs) {
    const bool begins = !run.begun && round_ == 1 && run.id == waking_;
    if (!run.begun && !begins) continue;
    std::optional<Firing> firing = begins ? Begins(run, start) : GoesOn(run, start);
    if (firing.has_value()) firings.push_back(std::move(*firing));
  }
  for (std::size_t rule = 0; rule < script_.rules(); ++rule) {
    if (script_.IsDisabled(rule)) continue;
    std::optional<Firing> firing = enrolled.contains(rule) ? Firing{rule, 0, {}, {}, {}, {}, false} : SetOff(rule, previous, start);
    if (!firing.has_value() || !MayBegin(*firing, start)) continue;
    firing->path = FindPath(Beginning(rule), SceneOf(start, *firing));
    firings.push_back(std::move(*firing));
  }
  // A rule that fires comes before its runs that go on, those in the order of their beginning.
  const auto place = [](const Firing& firing) { return std::tuple(firing.rule, firing.goes_on.has_value(), firing.run); };
  std::sort(firings.begin(), firings.end(), [&](const Firing& a, const Firing& b) { return place(a) < place(b); });
  return firings;
}

std::optional<Firing> Decision::SetOff(std::size_t rule, const Contact& previous, const Contact& start) {
  const sema::Trigger& trigger = script_.rule(rule).trigger;
  if (round_ == 1 && timer_ == rule) return Firing{rule, 0, {}, {}, {}, {}, false};
  switch (trigger.kind) {
    case TriggerKind::kEvent:
      for (const Happening& event : events_) {
        if (round_ == 1 && MatchesAny(script_, trigger.events, event)) return Firing{rule, 0, {}, event, {}, {}, false};
      }
      return std::nullopt;
    case TriggerKind::kBecomes:
    case TriggerKind::kChanges:
      return SetOffByChange(rule, previous, start);
    case TriggerKind::kRises:
    case TriggerKind::kFalls:
    case TriggerKind::kTurnsTrue:
      return SetOffByTruth(rule, previous, start);
    default:
      return std::nullopt;
  }
}

std::optional<Firing> Decision::SetOffByChange(std::size_t rule, const Contact& previous, const Contact& start) {
  const sema::Trigger& trigger = script_.rule(rule).trigger;
  const Value was = previous.Get(trigger.symbol);
  const Value is = start.Get(trigger.symbol);
  if (was == is) return std::nullopt;
  if (trigger.kind == TriggerKind::kChanges) {
    if (!Holds(Scene{script_, start, &before_, nullptr, at_}, trigger.condition)) return std::nullopt;
  } else {
    if (Has(trigger.options, was) || !Has(trigger.options, is)) return std::nullopt;
    if (trigger.from.has_value() && !Has(*trigger.from, was)) return std::nullopt;
  }
  Firing firing{rule, 0, {}, {}, {}, {}, false};
  if (round_ == 1) firing.set_off_by = trigger.symbol;
  return firing;
}

std::optional<Firing> Decision::SetOffByTruth(std::size_t rule, const Contact& previous, const Contact& start) {
  const sema::Trigger& trigger = script_.rule(rule).trigger;
  Firing firing{rule, 0, {}, {}, {}, {}, false};
  if (trigger.kind == TriggerKind::kTurnsTrue) {
    if (IsTrue(script_, previous, trigger.condition) || !IsTrue(script_, start, trigger.condition)) return std::nullopt;
    if (round_ == 1) firing.set_off_by = JustBy(trigger.condition, previous, start);
    return firing;
  }
  const std::int64_t was = previous.exists ? previous.derived[trigger.symbol] : 0;
  const std::int64_t wanted = trigger.kind == TriggerKind::kRises ? 1 : 0;
  if (was == wanted || start.derived[trigger.symbol] != wanted) return std::nullopt;
  return firing;
}

// What moved of that which a condition reads; definitions are looked through.
struct Decision::Moved {
  std::set<Symbol> properties;
  bool other = false;
};

void Decision::FindMoved(const sema::Condition& condition, const Scene& before, const Scene& after, Moved& moved) const {
  using Kind = sema::Condition::Kind;
  using Space = sema::Reference::Space;
  Walk(condition, [&](const sema::Condition& each) {
    if (each.kind == Kind::kSeen || each.kind == Kind::kSeenSince) {
      // Also one that came too late for the window.
      const bool happened =
          std::any_of(events_.begin(), events_.end(), [&](const Happening& event) { return MatchesAny(script_, each.events, event); });
      moved.other = moved.other || happened || Holds(before, each) != Holds(after, each);
      return;
    }
    const bool reads = each.kind == Kind::kIsSet || each.kind == Kind::kOptionIn || each.kind == Kind::kCompare ||
                       each.kind == Kind::kText || each.kind == Kind::kLately || each.kind == Kind::kSoon || each.kind == Kind::kInTeam;
    if (!reads) return;
    const Symbol symbol = each.reference.symbol;
    const bool derived = each.reference.space == Space::kDerived;
    if (derived && script_.vocabulary().derived()[symbol].kind == sema::DerivedKind::kDefinition) {
      FindMoved(script_.checked().derived[symbol].condition, before, after, moved);
      return;
    }
    if (Read(before, each.reference) == Read(after, each.reference)) return;
    // When the value was entered is part of it.
    if (each.reference.space == Space::kProperty || each.reference.space == Space::kEntered) {
      moved.properties.insert(symbol);
    } else {
      moved.other = true;
    }
  });
}

// The one property that the condition reads and that moved, when nothing else that it reads did.
std::optional<Symbol> Decision::JustBy(const sema::Condition& condition, const Contact& previous, const Contact& start) const {
  Contact before = previous;
  if (!previous.exists) {
    before = Contact();
    before.derived = DerivedOf(script_, before);
  }
  // What time moves has moved before the event.
  before.now = start.now;
  Moved moved;
  FindMoved(condition, Scene{script_, before}, Scene{script_, start}, moved);
  if (moved.other || moved.properties.size() != 1) return std::nullopt;
  return *moved.properties.begin();
}

bool Decision::MayBegin(const Firing& firing, const Contact& start) const {
  const sema::Rule& rule = script_.rule(firing.rule);
  const Scene scene = SceneOf(start, firing);
  if (!Holds(scene, rule.guard)) return false;
  if (rule.until.has_value() && Holds(scene, *rule.until)) return false;
  if (firing.run == 0 && !rule.every_time && IsInProgress(firing.rule, start)) return false;
  const auto last = start.last_firings.find(script_.KeyOf(firing.rule));
  if (rule.once == sema::Rule::Once::kAlways || last == start.last_firings.end()) return true;
  if (rule.once == sema::Rule::Once::kPerContact) return false;
  return at_ >= script_.calendar().Add(last->second, ToIr(rule.period));
}

void Decision::Perform(const Firing& firing) {
  if (firing.goes_on.has_value() && contact_.FindRun(firing.run) == nullptr) return;
  const sema::Rule& rule = script_.rule(firing.rule);
  constexpr const char* kEnds[] = {" goes on (time)", " goes on (condition)", " goes on (time-out)", " goes on (lost)"};
  const std::string how = firing.again ? " is tried again" : firing.goes_on.has_value() ? kEnds[static_cast<int>(*firing.goes_on)] : "";
  Say("round " + std::to_string(round_) + ": " + Quoted(firing.rule) + how);
  if (!firing.again && !firing.goes_on.has_value() && rule.once != sema::Rule::Once::kAlways)
    contact_.last_firings[script_.KeyOf(firing.rule)] = at_;
  trying_ = &firing;
  for (const sema::Action* action : firing.path.actions) {
    doing_ = {{action}, nullptr, {}};
    if (Do(*action, firing)) continue;
    trying_ = nullptr;
    return;
  }
  doing_ = {{}, firing.path.wait, firing.path.rest};
  if (!firing.again || firing.path.actions.empty()) KeepRun(firing);
  trying_ = nullptr;
}

void Decision::SayRefused(const std::string& why, std::optional<Symbol> property, const Value& value, const std::string& end) {
  std::string line = "refused (" + why + ")";
  if (property.has_value()) line += ": " + script_.vocabulary().property(*property).name;
  if (property.has_value() && value.set) line += " " + Show(*property, value);
  Say(line + end);
  NoteFailure(line + end);
}

std::string Decision::Show(Symbol property, const Value& value) const {
  const sema::PropertySymbol& declared = script_.vocabulary().property(property);
  return value.set ? script_.Show(declared.type, &declared.options, value) : "unset";
}

}  // namespace stagecraft::reference
