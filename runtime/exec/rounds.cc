// The course of a decision: round 0 applies what happened, each following round the rules that the one before has set off.
#include <algorithm>
#include <tuple>

#include "runtime/exec/decision.h"

namespace stagecraft::runtime {
namespace {

// How many rules the text of a failure names: enough to see a circle.
constexpr int kChainRulesMax = 8;

bool HasBranches(const ir::Program& program) {
  return std::any_of(program.rules.begin(), program.rules.end(), [](const ir::Rule& rule) { return rule.branches; });
}

}  // namespace

Decision::Decision(const Plan& plan, const RuleIndex& index, const ExecLimits& limits)
    : plan_(plan), program_(*plan.program), index_(index), limits_(limits), any_branches_(HasBranches(program_)) {
  const std::size_t nodes = program_.nodes.size();
  write_of_.assign(program_.properties.size(), kNone);
  before_of_.assign(program_.properties.size(), kNone);
  dirty_.assign((nodes + 63) / 64, 0);
  dirty_from_ = dirty_.size();
  cause_.assign(nodes, kByEvent);
  score_delta_.assign(nodes, 0);
}

void Decision::Begin(Contact& contact, SharedState& shared, Record& record) {
  contact_ = &contact;
  shared_ = &shared;
  record_ = &record;
  record.ClearEffects();
  if (shared.teams.size() < program_.teams.size()) shared.teams.resize(program_.teams.size());
  if (shared.holdings.empty() && !plan_.holdings.slots.empty()) shared.holdings.Begin(plan_.holdings);
  created_ = false;
  too_many_deliveries_ = false;
  company_joined_ = false;
  company_touched_ = false;
  deals_loaded_ = false;
  rounds_max_ = limits_.rounds_max;
  changes_ = rules_fired_ = deliveries_ = 0;
  rule_ = rule_effect_ = kByEvent;
  round_ = 0;
  action_ = 0;
  timer_rules_.clear();
  retried_ = kNone;
  net_changes_.clear();
  node_changes_.clear();
  by_person_.clear();
  by_derived_.clear();
  windows_moved_ = closing_ = false;
  unseen_.clear();
  for (const SlotBefore& before : slots_before_) before_of_[before.slot] = kNone;
  slots_before_.clear();
  entered_before_.clear();
  tracks_added_.clear();
  dropped_times_.clear();
  turns_before_.clear();
  idle_event_ = false;
  reminded_ = 0;
  timers_remembered_ = false;
  progress_remembered_ = false;
  enrolled_.clear();
  ready_.clear();
  woken_ = 0;
  resuming_ = leaving_ = in_run_ = by_creation_ = false;
  watched_before_.clear();
  broken_.clear();
  now_before_ = contact.now();
  contacted_before_ = contact.last_contacted();
}

ExecResult Decision::Finish() {
  if (!program_.promises.empty()) CheckPromises();
  if (company_touched_) BringToCompany();
  if (windows_moved_) FindNextWindowClose(plan_, *contact_);
  return {false, changes_, rules_fired_};
}

ExecResult Decision::Fail() {
  std::string chain = DescribeChain();
  Undo();
  record_->ClearEffects();
  rule_effect_ = kByEvent;
  action_ = 0;
  resuming_ = in_run_ = by_creation_ = false;
  // A timer that stayed, or a time that did not pass, would fail again at once.
  if (record_->kind == RecordKind::kTimer) {
    if (!timer_rules_.empty()) DropTimer(timer_rules_.front());
    if (!timer_rules_.empty() && program_.rules[timer_rules_.front()].trigger == ir::TriggerKind::kSchedule)
      ArmNext(timer_rules_.front(), record_->occurred_at);
    if (woken_ != 0) EndRun(woken_, RunEnd::kFailed);
    if (reminded_ != 0) SetReminder(reminded_, Run::kNever);
  }
  if (record_->kind != RecordKind::kEvent) contact_->set_now(std::max(now_before_, record_->occurred_at));
  RecomputeAll(plan_, *contact_);
  if (record_->kind == RecordKind::kCompany) {
    // The rules failed, not who changed the company: the contact must not be left with other values than its company has.
    round_ = 0;
    TakeCompanyValues();
    EndRound();
    FindNextWindowClose(plan_, *contact_);
  }
  Emit(EffectKind::kFailed, 0).text = std::move(chain);
  return {true, 0, 0};
}

namespace {

void FillFromRun(const Run& run, const ir::Program& program, Scene& scene) {
  scene.run_started_at = run.started_at;
  scene.run_cause = run.cause;
  scene.event = run.event == kNoEvent ? nullptr : &program.events[run.event];
  scene.fields = &run.fields;
}

}  // namespace

Scene Decision::RunScene(const Run& run) const {
  Scene scene = EventScene();
  FillFromRun(run, program_, scene);
  return scene;
}

Scene Decision::EventScene() const {
  Scene scene = plan_.SceneOf(*contact_);
  scene.before = &slots_before_;
  scene.run_cause = record_->sequence;
  if (record_->HasEvent() && !by_creation_) {
    scene.event = &program_.events[record_->event];
    scene.fields = &record_->fields;
  }
  if (in_run_) FillFromRun(running_, program_, scene);
  return scene;
}

Scene Decision::CreationScene() const {
  Scene scene = EventScene();
  scene.event = nullptr;
  scene.fields = nullptr;
  return scene;
}

ExecResult Decision::DecideEvent(const ResolvedEvent& event, bool created, Contact& contact, SharedState& shared, Record& record) {
  Begin(contact, shared, record);
  created_ = created;
  BeginDerived(created);
  MoveTime(record.occurred_at);
  if (created) {
    Effect& effect = Emit(EffectKind::kContactCreated, 0);
    effect.text = contact.id();
    effect.number = contact.created_at();
  }
  // What comes with the event is said of the company that it joins, wherever that stands in it.
  const std::optional<std::uint32_t> company_id = program_.well_known.company_id;
  for (const ResolvedChange& change : event.changes) {
    if (change.slot == company_id) ApplyChange(change);
  }
  for (const ResolvedChange& change : event.changes) {
    if (change.slot != company_id) ApplyChange(change);
  }
  idle_event_ = event.task && SaysNothingNew(*event.task);
  if (!idle_event_) {
    if (event.task) ApplyTask(*event.task);
    const Scene scene = EventScene();
    TrackEvent(event.event, scene);
    FollowEvent(event.event, scene);
  }
  if (IsCreationToo()) {
    by_creation_ = true;
    TrackEvent(program_.well_known.contact_created, CreationScene());
    FollowEvent(program_.well_known.contact_created, CreationScene());
    by_creation_ = false;
  }
  if (created) FollowCreation();
  NoteContact(program_.events[event.event]);
  for (const DealEvent& deal : plan_.deal_events) {
    if (deal.event == event.event) NoteDealEvent(deal);
  }
  if (event.event == plan_.rule_started) StartByHand();
  EndRound();
  return RunRounds() ? Finish() : Fail();
}

ExecResult Decision::DecideTimer(std::uint32_t rule, Contact& contact, SharedState& shared, Record& record) {
  Begin(contact, shared, record);
  BeginDerived(false);
  const ArmedTimer* timer = contact.FindTimer(rule);
  if (timer == nullptr || timer->due > record.occurred_at) return {};
  MoveTime(record.occurred_at);
  DropTimer(rule);
  if (program_.rules[rule].trigger == ir::TriggerKind::kSchedule && IsLive(rule)) ArmNext(rule, record.occurred_at);
  timer_rules_.push_back(rule);
  EndRound();
  return RunRounds() ? Finish() : Fail();
}

ExecResult Decision::DecideClosing(Contact& contact, SharedState& shared, Record& record) {
  Begin(contact, shared, record);
  BeginDerived(false);
  closing_ = true;
  const auto ready = RunsThatGoOn();
  MoveTime(record.occurred_at);
  EndRound();
  // What held before goes on with the contact's next record, which this is not for that alone.
  if (closing_ && record.effects.empty() && RunsThatGoOn() == ready) return TakeBackClosing();
  if (!RunRounds()) return Fail();
  return closing_ && record.effects.empty() ? TakeBackClosing() : Finish();
}

ExecResult Decision::TakeBackClosing() {
  for (const NodeChange& change : unseen_) contact_->derived[change.node] = change.before;
  contact_->set_now(now_before_);
  ExecResult result;
  result.idle = true;
  return result;
}

ExecResult Decision::DecideRun(std::uint32_t number, Contact& contact, SharedState& shared, Record& record) {
  Begin(contact, shared, record);
  BeginDerived(false);
  const Run* run = contact.progress().FindRun(number);
  if (run == nullptr || run->WakesAt() > record.occurred_at) return {};
  MoveTime(record.occurred_at);
  woken_ = number;
  EndRound();
  return RunRounds() ? Finish() : Fail();
}

ExecResult Decision::DecideCompany(const CompanyNews& news, Contact& contact, SharedState& shared, Record& record) {
  Begin(contact, shared, record);
  BeginDerived(false);
  if (news.quiet) rounds_max_ = 0;
  by_person_ = news.by_person;
  MoveTime(record.occurred_at);
  TakeCompanyValues();
  EndRound();
  return RunRounds() ? Finish() : Fail();
}

ExecResult Decision::DecideStart(std::uint32_t rule, Contact& contact, SharedState& shared, Record& record) {
  Begin(contact, shared, record);
  BeginDerived(false);
  MoveTime(record.occurred_at);
  timer_rules_.push_back(rule);
  EndRound();
  return RunRounds() ? Finish() : Fail();
}

bool Decision::WouldStart(std::uint32_t number, Micros at, Contact& contact) {
  const ir::Rule& rule = program_.rules[number];
  if (!rule.MayFire()) return false;
  const bool is_in =
      rule.trigger == ir::TriggerKind::kNodeRises ? contact.derived[rule.node] != 0 : InMask(rule.mask, contact.Get(rule.slot));
  if (!is_in) return false;
  probe_.occurred_at = at;
  contact_ = &contact;
  record_ = &probe_;
  const Scene scene = plan_.SceneOf(contact);
  return Meets(scene, plan_.tables(), rule.condition) && MayFire(rule, number, scene);
}

bool Decision::OwesClosing(Contact contact, Micros at) {
  contact_ = &contact;
  record_ = &probe_;
  RecomputeAll(plan_, contact);
  const std::vector<std::int64_t> before = contact.derived;
  const auto ready = RunsThatGoOn();
  const auto is_seen = [&](std::size_t node) { return IsVisible(program_.nodes[node].kind) && before[node] != contact.derived[node]; };
  for (;;) {
    const Micros closing = plan_.windows.NextClose(plan_.SceneOf(contact), contact.now());
    if (closing > at) return false;
    probe_.occurred_at = closing;
    contact.set_now(closing);
    RecomputeAll(plan_, contact);
    for (std::size_t node = 0; node < before.size(); ++node) {
      if (is_seen(node)) return true;
    }
    if (RunsThatGoOn() != ready) return true;
  }
}

ExecResult Decision::DecideRetry(std::uint32_t rule, std::uint32_t action, Contact& contact, SharedState& shared, Record& record) {
  Begin(contact, shared, record);
  BeginDerived(false);
  MoveTime(record.occurred_at);
  retried_rule_ = rule;
  retried_ = action;
  EndRound();
  return RunRounds() ? Finish() : Fail();
}

bool Decision::RunRounds() {
  for (round_ = 1;; ++round_) {
    FindFirings(round_);
    if (firings_.empty()) return true;
    if (round_ > rounds_max_) return false;
    net_changes_.clear();
    node_changes_.clear();
    Fire(round_);
    EndRound();
    if (too_many_deliveries_) return false;
  }
}

void Decision::FindFirings(std::uint32_t round) {
  firings_.clear();
  const Scene scene = EventScene();
  if (round == 1) {
    for (const std::uint32_t number : timer_rules_) {
      if (program_.rules[number].MayFire()) Propose(RuleIndex::CandidateOf(program_, number, std::nullopt), kByEvent, scene);
    }
    if (retried_ != kNone) {
      Firing& firing = firings_.emplace_back();
      firing.order = program_.rules[retried_rule_].order;
      firing.rule = retried_rule_;
      firing.is_retry = true;
      if (IsLost(program_.rules[retried_rule_].actions[retried_], scene)) firing.wait_end = WaitEnd::kLost;
    }
    if (record_->kind == RecordKind::kEvent && !idle_event_) {
      FindByEvent(record_->event, scene, false);
      if (IsCreationToo()) FindByEvent(program_.well_known.contact_created, CreationScene(), true);
    }
  }
  if (!net_changes_.empty() || !node_changes_.empty()) present_.Begin(index_, scene);
  for (const SlotBefore& change : net_changes_) FindBySlot(change, scene);
  for (const NodeChange& change : node_changes_) FindByNode(change, scene);
  if (!enrolled_.empty()) FindEnrolled(scene);
  if (!contact_->runs().empty()) FindRuns();
  if (firings_.size() > 1) SortFirings();
  if (!any_branches_) return;
  path_.clear();
  for (Firing& firing : firings_) {
    if (program_.rules[firing.rule].branches && !firing.is_retry) FindPath(firing);
  }
}

void Decision::SortFirings() {
  // A rule fires once in a round for each run, whatever sets it off; what happened first is named as its trigger.
  std::sort(firings_.begin(), firings_.end(), [](const Firing& a, const Firing& b) {
    // kByEvent + 1 is 0: the event itself is the first of all triggers.
    return std::tuple(a.order, a.rule, a.run, a.is_retry, a.trigger + 1, a.by_creation) <
           std::tuple(b.order, b.rule, b.run, b.is_retry, b.trigger + 1, b.by_creation);
  });
  const auto same = [](const Firing& a, const Firing& b) { return a.rule == b.rule && a.run == b.run && a.is_retry == b.is_retry; };
  firings_.erase(std::unique(firings_.begin(), firings_.end(), same), firings_.end());
}

Decision::Firing* Decision::Propose(const RuleIndex::Candidate& candidate, std::uint32_t trigger, const Scene& scene) {
  if (!Meets(scene, plan_.tables(), candidate.condition)) return nullptr;
  if (candidate.limited && !MayFire(program_.rules[candidate.rule], candidate.rule, scene)) return nullptr;
  Firing& firing = firings_.emplace_back();
  firing.order = candidate.order;
  firing.rule = candidate.rule;
  firing.trigger = trigger;
  // Among thousands of rules the one that fires is seldom in the cache.
  __builtin_prefetch(&program_.rules[candidate.rule].actions);
  return &firing;
}

void Decision::FindByEvent(std::uint32_t event, const Scene& scene, bool by_creation) {
  present_.Begin(index_, scene);
  index_.ForEvent(event, present_, [&](const RuleIndex::Candidate& candidate) {
    if (!Meets(scene, plan_.tables(), candidate.event_condition)) return;
    if (Firing* firing = Propose(candidate, kByEvent, scene)) firing->by_creation = by_creation;
  });
}

void Decision::FindBySlot(const SlotBefore& change, const Scene& scene) {
  if (contact_->IsSet(change.slot)) {
    index_.ForOption(change.slot, contact_->Number(change.slot), present_, [&](const RuleIndex::Candidate& candidate) {
      const ir::Rule& rule = program_.rules[candidate.rule];
      const bool from = !rule.from_mask || InMask(*rule.from_mask, change.value);
      if (from && !InMask(rule.mask, change.value)) Propose(candidate, change.effect, scene);
    });
  }
  index_.ForChange(change.slot, present_, [&](const RuleIndex::Candidate& candidate) { Propose(candidate, change.effect, scene); });
}

void Decision::FindByNode(const NodeChange& change, const Scene& scene) {
  const bool was = change.before != 0;
  const bool is = contact_->derived[change.node] != 0;
  if (was == is) return;
  const ir::TriggerKind wanted = is ? ir::TriggerKind::kNodeRises : ir::TriggerKind::kNodeFalls;
  index_.ForNode(change.node, present_, [&](const RuleIndex::Candidate& candidate) {
    if (program_.rules[candidate.rule].trigger == wanted) Propose(candidate, change.effect, scene);
  });
}

void Decision::Fire(std::uint32_t round) {
  for (const Firing& firing : firings_) __builtin_prefetch(program_.rules[firing.rule].actions.data());
  for (const Firing& firing : firings_) {
    rule_effect_ = kByEvent;
    action_ = 0;
    if (firing.is_retry) {
      FireRetry(firing, round);
      continue;
    }
    if (firing.run != 0 && !TakeRun(firing)) continue;
    const ir::Rule& rule = program_.rules[firing.rule];
    by_creation_ = firing.by_creation;
    if (resuming_) action_ = running_.at;
    Effect& fired = Emit(resuming_ ? EffectKind::kRunResumed : EffectKind::kRuleFired, firing.rule);
    fired.number = round;
    fired.number_before = firing.run;
    fired.trigger = firing.trigger;
    if (resuming_) fired.detail = static_cast<std::uint8_t>(firing.wait_end);
    rule_ = firing.rule;
    rule_effect_ = LastEffect();
    if (!resuming_) NoteFiring(rule);
    Apply(firing, rule);
    resuming_ = in_run_ = by_creation_ = false;
  }
  rule_ = rule_effect_ = kByEvent;
  action_ = 0;
}

void Decision::FireRetry(const Firing& firing, std::uint32_t round) {
  const ir::Action& action = program_.rules[firing.rule].actions[retried_];
  action_ = retried_;
  Effect& again = Emit(EffectKind::kRetried, firing.rule);
  again.number = round;
  again.number_before = record_->failure;
  rule_ = firing.rule;
  rule_effect_ = LastEffect();
  leaving_ = false;
  if (firing.wait_end == WaitEnd::kLost) {
    RefuseWait(*action.wait, EventScene());
  } else if (action.wait) {
    Arrive({.wait = retried_}, *action.wait);
  } else {
    Do(action);
  }
}

void Decision::Apply(const Firing& firing, const ir::Rule& rule) {
  const std::vector<ir::Action>& actions = rule.actions;
  leaving_ = false;
  if (!rule.branches) {
    for (std::uint32_t i = 0; i < actions.size() && !leaving_; ++i) {
      action_ = i;
      Do(actions[i]);
    }
    if (firing.run != 0 && !leaving_) EndRun(firing.run, RunEnd::kDone);
    return;
  }
  for (std::uint32_t i = 0; i < firing.path_count && !leaving_; ++i) {
    action_ = path_[firing.path_first + i];
    Do(actions[action_]);
  }
  if (!leaving_) FinishFiring(firing, rule);
}

std::string Decision::DescribeChain() const {
  std::string chain;
  std::uint32_t rule = firings_.front().rule;
  std::uint32_t trigger = firings_.front().trigger;
  for (int named = 0; named < kChainRulesMax; ++named) {
    const ir::Rule& link = program_.rules[rule];
    std::string place = link.place.file < program_.files.size() ? program_.files[link.place.file] + ":" : std::string("line ");
    std::string step = "`" + link.name + "` (" + place + std::to_string(link.place.line) + ")";
    chain = chain.empty() ? std::move(step) : step + " → " + chain;
    // What set the rule off is owed to the rule before it, directly or through a derived value.
    while (trigger != kByEvent && record_->effects[trigger].kind == EffectKind::kNodeChanged) trigger = record_->effects[trigger].trigger;
    if (trigger == kByEvent || record_->effects[trigger].by == kByEvent) return chain;
    // Once around says it all.
    if (named > 0 && rule == firings_.front().rule) break;
    const Effect& fired = record_->effects[record_->effects[trigger].by];
    rule = fired.target;
    trigger = fired.trigger;
  }
  return "… → " + chain;
}

}  // namespace stagecraft::runtime
