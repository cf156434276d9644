#include "dsl/graph/edge_table.h"

#include <algorithm>
#include <utility>

namespace stagecraft::graph {

void EdgeTable::Add(std::uint32_t from, std::uint32_t to, bool later, Cause cause) {
  if (full()) return;
  const auto found = edges_.find({from, to, later});
  if (found != edges_.end()) {
    const auto same = [&](const Cause& other) {
      return other.text == cause.text && other.note == cause.note && other.place.file == cause.place.file &&
             other.place.line == cause.place.line;
    };
    if (std::any_of(found->second.causes.begin(), found->second.causes.end(), same)) return;
  }
  ++causes_;
  Edge& edge = edges_[{from, to, later}];
  edge.from = from;
  edge.to = to;
  edge.later = later;
  edge.causes.push_back(std::move(cause));
}

std::vector<Edge> EdgeTable::Take() {
  std::vector<Edge> edges;
  for (auto& [key, edge] : edges_) edges.push_back(std::move(edge));
  edges_.clear();
  return edges;
}

Place PlaceOf(const ir::Program& program, const ir::Place& place) { return {program.files[place.file], place.line}; }

std::vector<std::uint32_t> RunningRules(const ir::Program& program) {
  std::vector<std::uint32_t> rules;
  for (std::uint32_t number = 0; number < program.rules.size(); ++number) {
    if (program.rules[number].MayFire()) rules.push_back(number);
  }
  std::sort(rules.begin(), rules.end(), [&](std::uint32_t a, std::uint32_t b) { return program.rules[a].order < program.rules[b].order; });
  return rules;
}

}  // namespace stagecraft::graph
