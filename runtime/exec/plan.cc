#include "runtime/exec/plan.h"

#include <algorithm>
#include <limits>

#include "dsl/support/text.h"

namespace stagecraft::runtime {
namespace {

// The Layout's number of a score or list. Every node has one: lowering interned it.
std::uint32_t NumberIn(const ir::Registry& registry, const std::string& name) {
  if (const auto number = registry.Find(name)) return *number;
  return registry.Find(FoldCase(name)).value_or(0);
}

bool ReadsFact(const ir::Test& test) {
  return test.operand.space == ir::Space::kContact && test.op != ir::Op::kSeen && test.op != ir::Op::kSeenSince &&
         static_cast<ir::ContactFact>(test.operand.index) != ir::ContactFact::kLastContacted;
}

// The nodes whose own condition reads a fact that the baseline does not know.
std::vector<std::uint32_t> FindFactNodes(const ir::Program& program) {
  std::vector<std::uint32_t> found;
  std::vector<std::uint32_t> visited_for(program.tests.size());  // the last node, plus one, that a test was visited for
  std::vector<ir::Entry> open;
  for (std::uint32_t i = 0; i < program.nodes.size(); ++i) {
    open.assign(1, program.nodes[i].condition);
    bool reads = false;
    while (!open.empty() && !reads) {
      const ir::Entry entry = open.back();
      open.pop_back();
      if (entry >= ir::kFails || visited_for[entry] == i + 1) continue;
      visited_for[entry] = i + 1;
      reads = ReadsFact(program.tests[entry]);
      open.insert(open.end(), {program.tests[entry].on_true, program.tests[entry].on_false});
    }
    if (reads) found.push_back(i);
  }
  return found;
}

}  // namespace

Plan::Plan(std::shared_ptr<const ir::Program> from) : program(std::move(from)), calendar(program->calendar) {
  windows_by_tracker.resize(program->trackers.size());
  for (const ir::WindowUse& use : program->windows) {
    std::vector<Micros>& windows = windows_by_tracker[use.tracker];
    if (std::find(windows.begin(), windows.end(), use.window_us) == windows.end()) windows.push_back(use.window_us);
  }
  node_targets.resize(program->nodes.size());
  for (std::uint32_t i = 0; i < program->nodes.size(); ++i) {
    const ir::Node& node = program->nodes[i];
    if (node.kind == ir::NodeKind::kScore) node_targets[i] = NumberIn(program->layout.scores, node.name);
    if (node.kind == ir::NodeKind::kList) node_targets[i] = NumberIn(program->layout.lists, node.name);
  }
  fact_nodes = FindFactNodes(*program);
  for (const ir::Team& team : program->teams) {
    if (!team.declared || team.manager.empty()) continue;
    for (const std::string& member : team.members) managers.try_emplace(FoldCase(member), team.manager);
  }
  Contact nobody("", 0, 0);
  RecomputeAll(*this, nobody);
  baseline = std::move(nobody.derived);
  for (std::uint32_t i = 0; i < baseline.size(); ++i) {
    if (baseline[i] != 0) baseline_set.push_back(i);
  }
}

std::string_view Plan::ManagerOf(std::string_view user) const {
  const auto found = managers.find(FoldCase(user));
  return found == managers.end() ? std::string_view() : std::string_view(found->second);
}

namespace {

// How many events of the tracker lie within the node's window and at or after its `since`.
std::int64_t CountEvents(const Plan& plan, const Contact& contact, const ir::Node& node) {
  const Track* track = contact.FindTrack(node.tracker);
  if (track == nullptr) return 0;
  auto first = track->times.begin();
  if (node.since) {
    const std::optional<Micros> since = MomentOf(plan.SceneOf(contact), *node.since);
    if (!since) return 0;
    first = std::lower_bound(first, track->times.end(), *since);
  }
  if (node.window_us != 0) first = std::upper_bound(first, track->times.end(), contact.now() - node.window_us);
  return track->times.end() - first;
}

}  // namespace

std::int64_t EvaluateNode(const Plan& plan, const Contact& contact, std::uint32_t number) {
  const ir::Node& node = plan.program->nodes[number];
  switch (node.kind) {
    case ir::NodeKind::kCounter:
      return CountEvents(plan, contact, node);
    case ir::NodeKind::kCriterion:
      if (node.each) return node.points * CountEvents(plan, contact, node);
      return Meets(plan.SceneOf(contact), plan.tables(), node.condition) ? node.points : 0;
    case ir::NodeKind::kScore: {
      std::int64_t sum = 0;
      for (const std::uint32_t criterion : node.criteria) sum += contact.derived[criterion];
      return sum;
    }
    case ir::NodeKind::kList:
    case ir::NodeKind::kWatch:
      return Meets(plan.SceneOf(contact), plan.tables(), node.condition) ? 1 : 0;
  }
  return 0;
}

void RecomputeAll(const Plan& plan, Contact& contact) {
  contact.derived.assign(plan.program->nodes.size(), 0);
  for (std::uint32_t i = 0; i < contact.derived.size(); ++i) contact.derived[i] = EvaluateNode(plan, contact, i);
  contact.next_window_close = FindNextWindowClose(plan, contact);
}

Micros FindNextWindowClose(const Plan& plan, const Contact& contact) {
  Micros next = Contact::kNever;
  for (const Track& track : contact.tracks()) {
    if (track.tracker >= plan.windows_by_tracker.size()) continue;
    for (const Micros window : plan.windows_by_tracker[track.tracker]) {
      const auto first = std::upper_bound(track.times.begin(), track.times.end(), contact.now() - window);
      if (first != track.times.end()) next = std::min(next, *first + window);
    }
  }
  return next;
}

Micros KeepFrom(const ir::Program& program, const Contact& contact, std::uint32_t tracker, Micros at) {
  const ir::Tracker& kind = program.trackers[tracker];
  const Micros window_from = kind.window_us == 0 ? std::numeric_limits<Micros>::min() : contact.now() - kind.window_us;
  if (kind.keeps_all) return window_from;
  const Track* track = contact.FindTrack(tracker);
  return std::max({window_from, at, track == nullptr ? at : track->times.back()});
}

bool InMask(const ir::Mask& mask, const Value& value) { return value.set && ir::MaskHas(mask, value.number); }

}  // namespace stagecraft::runtime
