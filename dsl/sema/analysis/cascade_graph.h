// Which rule's actions can set off which rule (language.md E4), and the circles in it.
#ifndef STAGECRAFT_DSL_SEMA_ANALYSIS_CASCADE_GRAPH_H_
#define STAGECRAFT_DSL_SEMA_ANALYSIS_CASCADE_GRAPH_H_

#include <cstdint>
#include <vector>

#include "dsl/sema/analysis/facts.h"

namespace stagecraft::sema {

// Rules that set each other off, in the order of the script; a circle unless it is one rule that does not set off itself.
struct CascadePart {
  std::vector<std::uint32_t> rules;
  bool circle = false;
};
// What looked like one circle before guards and values were asked.
struct CascadeGroup {
  std::vector<CascadePart> parts;   // a part that another one can set off stands before it
  std::vector<std::uint32_t> next;  // groups that it can set off; all stand before it
};

struct CascadeGraph {
  // By rule: what it may write in the record in which it fires, that of the sequences that it starts included.
  std::vector<std::vector<const Write*>> writes;
  std::vector<CascadeGroup> groups;
  std::vector<std::vector<std::uint32_t>> nodes;  // rules, then values: which values a rule writes, which rules a value may set off
  Changes changes;                                // what rules write at all
};

// True where the write comes in a later round than the one in which `rule` fires: behind a wait, or by a sequence.
inline bool IsLater(const Write& write, std::uint32_t rule) { return !write.first || write.rule != rule; }

// A rule that can be set off inside a cascade.
bool CanFollow(const Rule& rule);

// Can something that `from` writes be what sets `to` off? False is a proof.
bool SetsOff(const Facts& facts, const CascadeGraph& graph, std::uint32_t from, std::uint32_t to);

CascadeGraph BuildCascadeGraph(const Facts& facts);

}  // namespace stagecraft::sema

#endif  // STAGECRAFT_DSL_SEMA_ANALYSIS_CASCADE_GRAPH_H_
