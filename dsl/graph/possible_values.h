// Which values of one property a condition leaves possible: what a picture of the rules can say of where they lead from.
#ifndef STAGECRAFT_DSL_GRAPH_POSSIBLE_VALUES_H_
#define STAGECRAFT_DSL_GRAPH_POSSIBLE_VALUES_H_

#include <cstdint>
#include <map>
#include <tuple>
#include <utility>
#include <vector>

#include "dsl/ir/program.h"

namespace stagecraft::graph {

// A set of values of one property. By option number (of `yes or no`: 0 and 1); the last place stands for "not set".
using Values = std::vector<bool>;

class PossibleValues {
 public:
  // `slot`: of a property of type kOption or kTruth. `program` must outlive this.
  PossibleValues(const ir::Program& program, std::uint32_t slot);

  std::uint32_t unset() const { return unset_; }
  // The declared options and "not set".
  const Values& all() const { return all_; }

  // Can the condition come out so while the property has the value? What it asks of anything else may be either way, so a yes is a
  // "perhaps" and a no is certain.
  bool Can(ir::Entry entry, bool outcome, std::uint32_t value) { return Can(entry, outcome, value, 0); }
  // Can the node (list, definition, watch) be 1, or 0?
  bool NodeCan(std::uint32_t node, bool outcome, std::uint32_t value) { return NodeCan(node, outcome, value, 0); }

  // Can the node's value change when the property goes from one value to the other, and nothing else changes?
  bool NodeFeels(std::uint32_t node, std::uint32_t from, std::uint32_t to) { return NodeFeels(node, from, to, 0); }

  // Those of `values` with which the condition can come out so.
  Values Where(const Values& values, ir::Entry entry, bool outcome);
  Values WhereNode(const Values& values, std::uint32_t node, bool outcome);
  // Those of `values` that are in the mask.
  Values Within(const Values& values, const ir::Mask& mask) const;
  // The one value.
  Values Only(std::uint32_t value) const;

 private:
  struct Outcomes {
    bool holds = true;
    bool fails = true;
  };
  bool Can(ir::Entry entry, bool outcome, std::uint32_t value, int depth);
  bool NodeCan(std::uint32_t node, bool outcome, std::uint32_t value, int depth);
  bool NodeFeels(std::uint32_t node, std::uint32_t from, std::uint32_t to, int depth);
  bool Feels(ir::Entry entry, std::uint32_t from, std::uint32_t to, int depth);
  bool TestFeels(const ir::Test& test, std::uint32_t from, std::uint32_t to, int depth);
  bool Reads(const ir::Operand& operand) const;
  Outcomes OutcomesOf(const ir::Test& test, std::uint32_t value, int depth);
  Outcomes OutcomesOfNode(const ir::Test& test, std::uint32_t value, int depth);

  const ir::Program& program_;
  std::uint32_t slot_;
  std::uint32_t unset_;
  Values all_;
  std::map<std::pair<std::uint32_t, std::uint32_t>, Outcomes> nodes_;                 // by node and value
  std::map<std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>, bool> feelings_;  // by node and both values
};

bool IsEmpty(const Values& values);
// Both sets have the same size.
Values Union(Values left, const Values& right);

}  // namespace stagecraft::graph

#endif  // STAGECRAFT_DSL_GRAPH_POSSIBLE_VALUES_H_
