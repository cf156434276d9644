// Which rules can fire at all: the rules of each trigger, told apart by what their conditions ask of the state, so that an
// event's cost does not grow with the rules there are. It only leaves out rules whose conditions cannot hold; the conditions
// of all others are still to be tested.
//
// The rules of a trigger form a tree. A node looks at one operand: below it are the rules that ask for the value that is
// there, and those that ask nothing of the operand (`rest`). A few rules, or rules that no operand tells apart, are a leaf.
#ifndef STAGECRAFT_RUNTIME_EXEC_RULE_INDEX_H_
#define STAGECRAFT_RUNTIME_EXEC_RULE_INDEX_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "dsl/ir/program.h"
#include "runtime/exec/machine.h"
#include "runtime/exec/value_sets.h"

namespace stagecraft::runtime {

class RuleIndex {
 public:
  // A rule that is declared and enabled, with what deciding whether it fires needs most.
  struct Candidate {
    std::uint32_t rule = 0;
    std::uint32_t order = 0;
    ir::Entry event_condition = ir::kHolds;
    ir::Entry condition = ir::kHolds;
    bool limited = false;  // it may be kept from firing although its condition holds (E10, `once …`, `until`)
  };
  static Candidate CandidateOf(const ir::Program& program, std::uint32_t rule, std::optional<std::uint32_t> event);

  // What the operands of an index hold in one scene: each is read, and a text folded, at most once. Kept between scenes for
  // its memory.
  class Present {
   public:
    // `scene` must stay as it is until the next Begin.
    void Begin(const RuleIndex& index, const Scene& scene);

   private:
    friend class RuleIndex;
    struct Cell {
      std::uint64_t read_in = 0;  // the scene that `value` is of
      std::optional<std::int64_t> value;
    };
    std::optional<std::int64_t> ValueOf(std::uint32_t operand);

    const RuleIndex* index_ = nullptr;
    Scene scene_;
    std::uint64_t scene_number_ = 0;
    std::vector<Cell> cells_;
  };

  // Up to `leaf_max` rules are not told apart. `program` must outlive the construction only.
  RuleIndex(const ir::Program& program, std::uint32_t leaf_max);

  // The slots that most rules ask something of, at most `count` of them.
  std::vector<std::uint32_t> MostReadSlots(std::size_t count) const;

  // Each calls `visit` with the candidates of a trigger, in no particular order.
  template <typename Visit>
  void ForEvent(std::uint32_t event, Present& present, const Visit& visit) const {
    if (event < by_event_.size()) Descend(by_event_[event], present, visit);
  }
  template <typename Visit>
  void ForOption(std::uint32_t slot, std::int64_t option, Present& present, const Visit& visit) const {
    if (slot >= by_option_.size() || static_cast<std::uint64_t>(option) >= by_option_[slot].size()) return;
    Descend(by_option_[slot][static_cast<std::size_t>(option)], present, visit);
  }
  template <typename Visit>
  void ForChange(std::uint32_t slot, Present& present, const Visit& visit) const {
    if (slot < by_change_.size()) Descend(by_change_[slot], present, visit);
  }
  // Rules that wait for the node to rise and those that wait for it to fall.
  template <typename Visit>
  void ForNode(std::uint32_t node, Present& present, const Visit& visit) const {
    if (node < by_node_.size()) Descend(by_node_[node], present, visit);
  }

 private:
  friend class RuleIndexBuilder;
  static constexpr std::uint32_t kNone = 0xFFFF'FFFF;

  struct Node {
    std::uint32_t operand = kNone;  // kNone: a leaf
    std::uint32_t first = 0;        // a leaf's in candidates_, another's in branches_
    std::uint32_t count = 0;
    std::uint32_t rest = kNone;
  };
  struct Branch {
    std::int64_t value = 0;
    std::uint32_t node = kNone;
  };

  template <typename Visit>
  void Descend(std::uint32_t number, Present& present, const Visit& visit) const {
    while (number != kNone) {
      const Node& node = nodes_[number];
      if (node.operand == kNone) {
        for (std::uint32_t i = node.first; i < node.first + node.count; ++i) visit(candidates_[i]);
        return;
      }
      Descend(BranchFor(node, present.ValueOf(node.operand)), present, visit);
      number = node.rest;
    }
  }
  std::uint32_t BranchFor(const Node& node, std::optional<std::int64_t> value) const;

  std::vector<Node> nodes_;
  std::vector<Branch> branches_;  // each node's by ascending value
  std::vector<Candidate> candidates_;
  std::vector<ir::Operand> operands_;
  std::vector<std::size_t> rules_asking_;  // by operand
  TextNumbers texts_;
  // The roots of the trees; kNone: no rules.
  std::vector<std::uint32_t> by_event_;
  std::vector<std::vector<std::uint32_t>> by_option_;
  std::vector<std::uint32_t> by_change_;
  std::vector<std::uint32_t> by_node_;
};

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_EXEC_RULE_INDEX_H_
