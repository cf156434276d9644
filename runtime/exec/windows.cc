#include "runtime/exec/windows.h"

#include <algorithm>

namespace stagecraft::runtime {
namespace {

constexpr std::uint32_t kNoNode = 0xFFFF'FFFF;

}  // namespace

Windows::Windows(const ir::Program& program) : by_tracker_(program.trackers.size()) {
  for (const ir::WindowUse& use : program.windows) by_tracker_[use.tracker].push_back(use.window_us);
  ir::TestWalk walk(program.tests);
  for (std::uint32_t i = 0; i < program.nodes.size(); ++i) Add(walk, program.nodes[i].condition, i);
  // What runs wait for may turn true by time as well.
  for (const ir::Rule& rule : program.rules) {
    if (!rule.has_waits) continue;
    Add(walk, rule.until, kNoNode);
    for (const ir::Action& action : rule.actions) {
      if (action.wait) Add(walk, action.wait->condition, kNoNode);
    }
  }
}

void Windows::Add(ir::TestWalk& walk, ir::Entry condition, std::uint32_t node) {
  walk(condition, [&](const ir::Test& test) {
    if (test.op == ir::Op::kLately || test.op == ir::Op::kSoon) AddNear(test, node);
  });
}

void Windows::AddNear(const ir::Test& test, std::uint32_t node) {
  const auto same = [&](const Near& near) {
    return near.test.op == test.op && near.test.operand == test.operand && near.test.imm == test.imm;
  };
  auto found = std::find_if(nears_.begin(), nears_.end(), same);
  if (found == nears_.end()) found = nears_.insert(nears_.end(), {test, {}});
  if (node != kNoNode) found->nodes.push_back(node);
  const ir::Operand& operand = test.operand;
  if (operand.space == ir::Space::kContact) {
    const bool contacted = static_cast<ir::ContactFact>(operand.index) == ir::ContactFact::kLastContacted;
    (contacted ? reads_last_contacted_ : reads_facts_) = true;
  } else if (operand.space == ir::Space::kProperty || operand.space == ir::Space::kEntered) {
    if (operand.index >= slots_.size()) slots_.resize(operand.index + std::size_t{1});
    slots_[operand.index] = true;
  }
}

Micros Windows::NextClose(const Scene& scene, Micros after) const {
  Micros next = Contact::kNever;
  for (const Track& track : scene.contact->tracks()) {
    if (track.tracker >= by_tracker_.size()) continue;
    for (const Micros window : by_tracker_[track.tracker]) {
      const auto first = std::upper_bound(track.times.begin(), track.times.end(), after - window);
      if (first != track.times.end()) next = std::min(next, *first + window);
    }
  }
  for (const Near& near : nears_) {
    const NearSpan span = SpanOf(scene, near.test);
    if (span.first > after) next = std::min(next, span.first);
    if (span.end > after) next = std::min(next, span.end);
  }
  return next;
}

bool Windows::HasPassed(const Track& track, Micros from, Micros to) const {
  if (track.tracker >= by_tracker_.size()) return false;
  const std::vector<Micros>& windows = by_tracker_[track.tracker];
  return std::any_of(windows.begin(), windows.end(), [&](Micros window) {
    const auto first = std::upper_bound(track.times.begin(), track.times.end(), from - window);
    return first != track.times.end() && *first <= to - window;
  });
}

bool Windows::HasPassed(const Scene& scene, const Near& near, Micros from, Micros to) {
  const NearSpan span = SpanOf(scene, near.test);
  const auto within = [&](Micros at) { return from < at && at <= to; };
  return within(span.first) || within(span.end);
}

}  // namespace stagecraft::runtime
