// Edges while a graph is made: one for each pair of nodes.
#ifndef STAGECRAFT_DSL_GRAPH_EDGE_TABLE_H_
#define STAGECRAFT_DSL_GRAPH_EDGE_TABLE_H_

#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "dsl/graph/rule_graph.h"

namespace stagecraft::graph {

class EdgeTable {
 public:
  // The same cause of the same edge twice counts once; nothing is added to a full table.
  void Add(std::uint32_t from, std::uint32_t to, bool later, Cause cause);
  // By the numbers of their nodes.
  std::vector<Edge> Take();
  bool full() const { return causes_ == kCausesMax; }

 private:
  std::map<std::tuple<std::uint32_t, std::uint32_t, bool>, Edge> edges_;
  std::size_t causes_ = 0;
};

Place PlaceOf(const ir::Program& program, const ir::Place& place);
// Rules that run, in the order of the script.
std::vector<std::uint32_t> RunningRules(const ir::Program& program);

}  // namespace stagecraft::graph

#endif  // STAGECRAFT_DSL_GRAPH_EDGE_TABLE_H_
