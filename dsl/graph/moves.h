// What a rule's actions do to one property: from which values to which.
#ifndef STAGECRAFT_DSL_GRAPH_MOVES_H_
#define STAGECRAFT_DSL_GRAPH_MOVES_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "dsl/graph/possible_values.h"

namespace stagecraft::graph {

struct Move {
  Values from;                      // what the property can be when the action comes, where the move is not refused
  Values refused;                   // what else it can be: the move would lead back and is refused (language.md E9)
  bool from_any = false;            // nothing in the rule says what it is
  std::optional<std::uint32_t> to;  // the value; PossibleValues::unset(): cleared; absent: it is computed
};

// The moves of `rule` on the property that `possible` is about, in the order of its actions.
std::vector<Move> MovesOf(const ir::Program& program, const ir::Rule& rule, std::uint32_t slot, PossibleValues& possible);

}  // namespace stagecraft::graph

#endif  // STAGECRAFT_DSL_GRAPH_MOVES_H_
