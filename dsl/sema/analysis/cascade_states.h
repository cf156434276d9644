// All states that a circle of rules can take the contact through: finite where the rules write options, truths and fixed numbers.
#ifndef STAGECRAFT_DSL_SEMA_ANALYSIS_CASCADE_STATES_H_
#define STAGECRAFT_DSL_SEMA_ANALYSIS_CASCADE_STATES_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "dsl/sema/analysis/cascade_graph.h"
#include "dsl/sema/analysis/facts.h"

namespace stagecraft::sema {

// The value of a property in a cascade. Nothing: not set.
using Held = std::optional<std::int64_t>;

// Values of the properties that the circle writes, in the order of CircleStates::properties.
using HeldState = std::vector<Held>;

struct CircleStep {
  HeldState before;                  // at the start of the round before
  HeldState now;                     // at the start of the round: what changed sets the rules off
  std::vector<std::uint32_t> rules;  // that fire
};

struct CircleStates {
  enum class Outcome : std::uint8_t {
    kEnds,     // no course of rounds comes back to where it was; at most `rounds` of them
    kCircle,   // `circle` comes back, if something holds all the time that the guards ask for
    kNotTold,  // values without end, or too many states
  };
  Outcome outcome = Outcome::kNotTold;
  int rounds = 0;
  std::vector<Symbol> properties;
  std::vector<CircleStep> circle;  // the shortest
};

CircleStates ExploreCircle(const Facts& facts, const CascadeGraph& graph, const CascadePart& part);

}  // namespace stagecraft::sema

#endif  // STAGECRAFT_DSL_SEMA_ANALYSIS_CASCADE_STATES_H_
