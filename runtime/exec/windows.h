// What changes by time alone (language.md E8): windows behind events, dates that come near and pass.
#ifndef STAGECRAFT_RUNTIME_EXEC_WINDOWS_H_
#define STAGECRAFT_RUNTIME_EXEC_WINDOWS_H_

#include <cstdint>
#include <vector>

#include "dsl/ir/program.h"
#include "dsl/ir/test_walk.h"
#include "runtime/exec/machine.h"
#include "runtime/model/contact.h"

namespace stagecraft::runtime {

class Windows {
 public:
  // `program` must outlive the construction only.
  explicit Windows(const ir::Program& program);

  // The next moment after `after` at which one closes; Contact::kNever when none will. `scene` is of the contact.
  Micros NextClose(const Scene& scene, Micros after) const;

  // Calls `on_tracker(tracker)` for each tracker, and `on_node(node)` for each node that asks for a date, whose value may differ between
  // the two moments. `scene` is of the contact.
  template <typename OnTracker, typename OnNode>
  void ForPassed(const Scene& scene, Micros from, Micros to, const OnTracker& on_tracker, const OnNode& on_node) const {
    for (const Track& track : scene.contact->tracks()) {
      if (HasPassed(track, from, to)) on_tracker(track.tracker);
    }
    for (const Near& near : nears_) {
      if (!HasPassed(scene, near, from, to)) continue;
      for (const std::uint32_t node : near.nodes) on_node(node);
    }
  }

  // Some date that a window asks for is in the slot, is a fact of every contact, is when sales spoke to it last.
  bool ReadsSlot(std::uint32_t slot) const { return slot < slots_.size() && slots_[slot]; }
  bool ReadsFacts() const { return reads_facts_; }
  bool ReadsLastContacted() const { return reads_last_contacted_; }

 private:
  // A test that a date or moment is near.
  struct Near {
    ir::Test test;
    std::vector<std::uint32_t> nodes;  // that have it in their condition; runs that wait for it are looked at whenever time passes
  };
  void Add(ir::TestWalk& walk, ir::Entry condition, std::uint32_t node);
  void AddNear(const ir::Test& test, std::uint32_t node);
  bool HasPassed(const Track& track, Micros from, Micros to) const;
  static bool HasPassed(const Scene& scene, const Near& near, Micros from, Micros to);

  std::vector<std::vector<Micros>> by_tracker_;
  std::vector<Near> nears_;
  std::vector<bool> slots_;
  bool reads_facts_ = false;
  bool reads_last_contacted_ = false;
};

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_EXEC_WINDOWS_H_
