// How many rounds one event can have (language.md E4).
#ifndef STAGECRAFT_DSL_SEMA_ANALYSIS_CASCADE_DEPTH_H_
#define STAGECRAFT_DSL_SEMA_ANALYSIS_CASCADE_DEPTH_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "dsl/sema/analysis/cascade_graph.h"
#include "dsl/sema/analysis/facts.h"

namespace stagecraft::sema {

// What the engine stops at.
inline constexpr int kCascadeRoundsMax = 64;

// By group and part: the rounds that the part can last; 0 where nobody can tell.
using PartRounds = std::vector<std::vector<int>>;

// No event has more; mostly far too many, as guards are not asked.
int DepthBound(const CascadeGraph& graph, const PartRounds& rounds);

struct Chain {
  int rounds = 0;
  std::vector<std::uint32_t> rules;  // each can set off the next; one of each part
  bool complete = true;              // false: there was too much to ask, and there may be a longer one
};
// The longest chain of rules of which each, guards and values asked, can set off the next.
Chain LongestChain(const Facts& facts, const CascadeGraph& graph, const PartRounds& rounds);

}  // namespace stagecraft::sema

#endif  // STAGECRAFT_DSL_SEMA_ANALYSIS_CASCADE_DEPTH_H_
