#include "runtime/exec/executor.h"

#include <algorithm>
#include <utility>

#include "runtime/exec/decision.h"
#include "runtime/exec/plan.h"
#include "runtime/exec/rearm.h"
#include "runtime/exec/rule_index.h"
#include "runtime/exec/standing.h"

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

void Executor::CountPaths(PathCounts* counts) { impl_->decision.CountPaths(counts); }

ExecResult Executor::ApplyEvent(const ResolvedEvent& event, bool created, Contact& contact, SharedState& shared, Record& record) {
  return impl_->decision.DecideEvent(event, created, contact, shared, record);
}

ExecResult Executor::FireTimer(std::uint32_t rule, Contact& contact, SharedState& shared, Record& record) {
  return impl_->decision.DecideTimer(rule, contact, shared, record);
}

ExecResult Executor::WakeRun(std::uint32_t run, Contact& contact, SharedState& shared, Record& record) {
  return impl_->decision.DecideRun(run, contact, shared, record);
}

ExecResult Executor::Remind(const Task& task, Contact& contact, SharedState& shared, Record& record) {
  return impl_->decision.DecideReminder(task, contact, shared, record);
}

ExecResult Executor::CloseWindows(Contact& contact, SharedState& shared, Record& record) {
  return impl_->decision.DecideClosing(contact, shared, record);
}

ExecResult Executor::TakeFromCompany(const CompanyNews& news, Contact& contact, SharedState& shared, Record& record) {
  return impl_->decision.DecideCompany(news, contact, shared, record);
}

const std::vector<std::uint32_t>& Executor::by_person() const { return impl_->decision.by_person(); }

void Executor::Prefetch(const Contact& contact) const {
  for (const std::uint32_t slot : impl_->hot_slots) contact.PrefetchSlot(slot);
}

ExecResult Executor::StartRule(std::uint32_t rule, Contact& contact, SharedState& shared, Record& record) {
  return impl_->decision.DecideStart(rule, contact, shared, record);
}

bool Executor::WouldStart(std::uint32_t rule, Micros at, Contact& contact) { return impl_->decision.WouldStart(rule, at, contact); }

ExecResult Executor::RetryAction(std::uint32_t rule, std::uint32_t action, Contact& contact, SharedState& shared, Record& record) {
  return impl_->decision.DecideRetry(rule, action, contact, shared, record);
}

void Executor::Recompute(Contact& contact) const { RecomputeAll(impl_->plan, contact); }

bool Executor::ChangesBy(const Contact& contact, Micros at) const {
  if (NextWindowClose(contact, contact.now()) > at) return false;
  Contact before = contact;
  Recompute(before);
  Contact after = contact;
  after.set_now(at);
  Recompute(after);
  const std::vector<ir::Node>& nodes = program().nodes;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (IsVisible(nodes[i].kind) && before.derived[i] != after.derived[i]) return true;
  }
  return false;
}

bool Executor::OwesClosing(const Contact& contact, Micros at) {
  return NextWindowClose(contact, contact.now()) <= at && impl_->decision.OwesClosing(contact, at);
}

Micros Executor::NextWindowClose(const Contact& contact, Micros after) const {
  return impl_->plan.windows.NextClose(impl_->plan.SceneOf(contact), after);
}

void Executor::RearmTimers(Contact& contact, Micros now) const { runtime::RearmTimers(impl_->plan, contact, now); }

void Executor::BeginHoldings(SharedState& shared) const { shared.holdings.Begin(impl_->plan.holdings); }

bool Executor::CountsHoldings() const { return !impl_->plan.holdings.slots.empty(); }

void Executor::CountHoldings(const Contact& contact, std::int64_t by, SharedState& shared) const {
  shared.holdings.Count(impl_->plan.holdings, contact, by);
}

bool Executor::Wants(const Contact& contact, const ArmedTimer& timer) const { return IsWanted(impl_->plan, contact, timer); }

std::uint32_t Executor::TargetOf(std::uint32_t node) const { return impl_->plan.node_targets[node]; }

void Executor::Follow(Contact& contact, Record& record) const { FollowFolded(impl_->plan, contact, record); }

Scene Executor::SceneOf(const Contact& contact, Micros now, std::string_view viewer) const {
  Scene scene = impl_->plan.SceneOf(contact);
  scene.viewer = viewer;
  scene.now = std::max(scene.now, now);
  return scene;
}

bool Executor::Meets(const Contact& contact, const CompiledCondition& condition, Micros now, std::string_view viewer) const {
  const Tables tables{condition.tests, condition.masks, condition.texts, condition.sinces};
  return runtime::Meets(SceneOf(contact, now, viewer), tables, condition.entry);
}

std::string_view Executor::ManagerOf(std::string_view user) const { return impl_->plan.ManagerOf(user); }

}  // namespace stagecraft::runtime
