// Rules that wait.
#include <algorithm>
#include <utility>

#include "tests/reference/compute.h"
#include "tests/reference/decision.h"

namespace stagecraft::reference {
namespace {

using TriggerKind = sema::Trigger::Kind;

constexpr std::size_t kRunsMax = 256;  // of a contact (E10)

bool IsAnnounced(const sema::Trigger& trigger) {
  return trigger.kind == TriggerKind::kAfterEvent || trigger.kind == TriggerKind::kBeforeEvent;
}

// The moment that the event announces, and the time before it or behind the event.
std::vector<Micros> AnnouncedBy(const Script& script, const sema::Trigger& trigger, const Happening& event) {
  const runtime::Calendar& calendar = script.calendar();
  const ir::Duration delay = ToIr(trigger.delay);
  if (trigger.kind == TriggerKind::kAfterEvent) {
    if (!MatchesAny(script, trigger.events, event)) return {};
    return {calendar.Add(event.at, delay)};
  }
  std::vector<Micros> moments;
  for (const sema::Trigger::Announcement& announcement : trigger.announcements) {
    if (!Matches(script, announcement.match, event)) continue;
    const auto found = event.fields.find(announcement.field);
    if (found == event.fields.end()) continue;
    const std::int64_t moment = found->second.number;
    const bool date = script.vocabulary().event(event.event).fields[announcement.field].type == sema::Type::kDate;
    moments.push_back(date ? calendar.ShiftFrom(moment, delay, true) : calendar.ShiftDays(moment, delay, true));
  }
  return moments;
}

}  // namespace

void Decision::Withdraw(const Happening& event) {
  const std::vector<Run> runs = contact_.runs;
  for (const Run& run : runs) {
    const std::vector<Symbol>& withdrawals = script_.rule(run.rule).trigger.withdrawals;
    const bool withdrawn = std::find(withdrawals.begin(), withdrawals.end(), event.event) != withdrawals.end();
    if (!run.begun && withdrawn) EndRun(run.id, "withdrawn");
  }
}

void Decision::Announce(const Happening& event) {
  Withdraw(event);
  for (std::size_t rule = 0; rule < script_.rules(); ++rule) {
    const sema::Trigger& trigger = script_.rule(rule).trigger;
    if (!IsAnnounced(trigger) || script_.rule(rule).disabled) continue;
    for (const Micros due : AnnouncedBy(script_, trigger, event)) {
      if (due < at_) continue;
      if (contact_.runs.size() == kRunsMax) {
        SayRefused("too many runs", std::nullopt, {}, ": " + Quoted(rule));
        continue;
      }
      Run run;
      run.id = ++contact_.last_run;
      run.rule = rule;
      run.begun = false;
      run.started_at = at_;
      run.due = due;
      run.event = event;
      run.cause = record_;
      contact_.runs.push_back(run);
    }
  }
}

Scene Decision::SceneOf(const Contact& contact, const Firing& firing) const {
  Scene scene{script_, contact, &before_, firing.event.has_value() ? &*firing.event : nullptr, at_};
  scene.run_started_at = at_;
  scene.run_cause = record_;
  for (const Run& run : contact_.runs) {
    if (run.id != firing.run) continue;
    if (run.begun) scene.run_started_at = run.started_at;
    scene.run_cause = run.cause;
  }
  return scene;
}

bool Decision::IsOf(const Run& run, std::size_t rule) const { return script_.KeyOf(run.rule) == script_.KeyOf(rule); }

bool Decision::IsInProgress(std::size_t rule, const Contact& contact) const {
  const sema::Rule& declared = script_.rule(rule);
  const bool sla = declared.kind == sema::Rule::Kind::kSla;
  if (!sla && script_.WaitsOf(rule).empty()) return false;
  // What is done about an SLA that was missed does not hold the next one off.
  const auto holds_off = [&](const Run& run) {
    return run.begun && IsOf(run, rule) && (script_.rule(run.rule).kind != sema::Rule::Kind::kSla || run.IsSla());
  };
  return std::any_of(contact.runs.begin(), contact.runs.end(), holds_off);
}

std::vector<Frame> Decision::Beginning(std::size_t rule) const {
  const sema::Rule& declared = script_.rule(rule);
  if (declared.kind == sema::Rule::Kind::kSla) return {};
  return {{&declared.finally, 0}, {&declared.actions, 0}};
}

Path Decision::FindPath(std::vector<Frame> frames, const Scene& scene) const {
  Path path;
  while (!frames.empty()) {
    Frame& frame = frames.back();
    if (frame.next == frame.block->size()) {
      frames.pop_back();
      continue;
    }
    const sema::Action& action = (*frame.block)[frame.next++];
    if (const auto* wait = std::get_if<sema::Wait>(&action.node)) {
      path.wait = wait;
      path.rest = std::move(frames);
      return path;
    }
    if (const auto* split = std::get_if<sema::Split>(&action.node)) {
      frames.push_back({&script_.Choose(*split, scene.contact.id), 0});
      continue;
    }
    const auto* choice = std::get_if<sema::If>(&action.node);
    if (choice == nullptr) {
      path.actions.push_back(&action);
      continue;
    }
    const auto taken = std::find_if(choice->branches.begin(), choice->branches.end(),
                                    [&](const sema::If::Branch& branch) { return Holds(scene, branch.condition); });
    frames.push_back({taken == choice->branches.end() ? &choice->otherwise : &taken->actions, 0});
  }
  return path;
}

std::optional<Firing> Decision::Begins(const Run& run, const Contact& start) {
  Firing firing{run.rule, run.id, {}, run.event, {}, {}};
  if (script_.IsDisabled(run.rule) || !MayBegin(firing, start)) {
    EndRun(run.id, "not begun");
    return std::nullopt;
  }
  firing.path = FindPath(Beginning(run.rule), SceneOf(start, firing));
  return firing;
}

std::optional<Firing> Decision::GoesOn(const Run& run, const Contact& start) {
  const sema::Rule& rule = script_.rule(run.rule);
  Firing firing{run.rule, run.id, WaitEnd::kTime, run.event, {}, {}, false};
  const Scene scene = SceneOf(start, firing);
  if (rule.until.has_value() && Holds(scene, *rule.until)) {
    EndRun(run.id, "stopped");
    return std::nullopt;
  }
  if (script_.IsDisabled(run.rule)) return std::nullopt;
  const bool sla = run.IsSla();
  const bool condition =
      sla ? Holds(scene, *rule.expected) : run.wait->kind == sema::Wait::Kind::kCondition && Holds(scene, run.wait->condition);
  const bool woken = round_ == 1 && waking_ == run.id;
  std::vector<Frame> frames = run.rest;
  if (condition) {
    firing.goes_on = WaitEnd::kCondition;
    if (sla) frames.clear();
  } else if (!sla && IsLost(run.wait, scene)) {
    firing.goes_on = WaitEnd::kLost;
    firing.lost = true;
    firing.path = {{}, run.wait, run.rest};
    return firing;
  } else if (run.over || (woken && run.due <= at_)) {
    firing.goes_on = WaitEnd::kTime;
  } else if (woken) {
    firing.goes_on = WaitEnd::kTimeOut;
    if (sla) frames = {{&rule.actions, 0}};
    if (!sla && run.wait->otherwise.has_value()) frames.push_back({&*run.wait->otherwise, 0});
  } else {
    return std::nullopt;
  }
  firing.path = FindPath(std::move(frames), scene);
  return firing;
}

bool Decision::IsLost(const sema::Wait* wait, const Scene& scene) {
  return wait != nullptr && wait->kind == sema::Wait::Kind::kMoment && !MomentOf(scene, wait->moment).has_value();
}

void Decision::WaitFor(Run& run, const sema::Wait& wait) const {
  const runtime::Calendar& calendar = script_.calendar();
  const bool anew = run.wait != &wait;
  const Micros before = run.due;
  if (anew) run.limit = wait.at_most.has_value() ? calendar.Add(at_, ToIr(*wait.at_most)) : kNever;
  run.wait = &wait;
  run.due = kNever;
  if (wait.kind == sema::Wait::Kind::kFor) run.due = calendar.Add(at_, ToIr(wait.duration));
  if (wait.kind == sema::Wait::Kind::kRecurrence) run.due = calendar.Next(ToIr(wait.recurrence), at_);
  if (wait.kind != sema::Wait::Kind::kMoment) return;
  const std::optional<Micros> moment =
      MomentOf(Scene{script_, contact_, nullptr, run.event.has_value() ? &*run.event : nullptr}, wait.moment);
  // Of a rule that is disabled the run stands still: a moment that is gone has come when it goes on.
  if (!moment.has_value() && !anew && script_.IsDisabled(run.rule)) run.due = std::min(before, at_);
  if (moment.has_value()) run.due = wait.minute.has_value() ? calendar.AtMinute(*moment, *wait.minute) : *moment;
  if (anew || run.due != before || !moment.has_value()) run.over = run.due == kNever || run.due <= at_;
}

void Decision::KeepRun(const Firing& firing) {
  const sema::Rule& rule = script_.rule(firing.rule);
  const bool sla = rule.kind == sema::Rule::Kind::kSla;
  Run* run = contact_.FindRun(firing.run);
  if (firing.lost) {
    SayRefused("not set", std::nullopt, {}, ": " + NameOf(SceneOf(contact_, firing), firing.path.wait->moment));
    if (run != nullptr) EndRun(run->id, "lost");
    return;
  }
  const bool was_sla = run != nullptr && run->IsSla();
  if (firing.path.wait == nullptr && !(sla && !firing.goes_on.has_value())) {
    if (run != nullptr) {
      EndRun(run->id, !was_sla ? "done" : firing.goes_on == WaitEnd::kCondition ? "met" : "missed");
    }
    return;
  }
  if (was_sla) Say("run of " + Quoted(firing.rule) + " ends (missed)");
  if (run == nullptr && contact_.runs.size() == kRunsMax) {
    SayRefused("too many runs", std::nullopt, {}, ": " + Quoted(firing.rule));
    return;
  }
  if (run == nullptr) {
    run = &contact_.runs.emplace_back();
    run->id = ++contact_.last_run;
    run->rule = firing.rule;
    run->event = firing.event;
    run->cause = record_;
    run->started_at = at_;
  } else if (!run->begun) {
    run->begun = true;
    run->started_at = at_;
  }
  run->rest = firing.path.rest;
  if (firing.path.wait != nullptr) {
    run->wait = nullptr;
    run->over = false;
    WaitFor(*run, *firing.path.wait);
  } else {
    run->limit = script_.calendar().Add(at_, ToIr(rule.within));
    run->due = kNever;
  }
}

void Decision::EndRun(std::uint32_t run, const char* how) {
  const auto found = std::find_if(contact_.runs.begin(), contact_.runs.end(), [&](const Run& each) { return each.id == run; });
  if (found == contact_.runs.end()) return;
  Say("run of " + Quoted(found->rule) + " ends (" + how + ")");
  contact_.runs.erase(found);
}

}  // namespace stagecraft::reference
