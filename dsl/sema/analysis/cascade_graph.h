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
  std::vector<CascadePart> parts;
  std::vector<std::uint32_t> next;  // groups that it can set off; all stand before it
};

struct CascadeGraph {
  std::vector<std::vector<const Write*>> writes;  // by rule: what it writes in its round, that of the sequences that it starts included
  std::vector<bool> through_sequence;             // by rule: it starts sequences
  std::vector<CascadeGroup> groups;
};

// A rule that can be set off inside a cascade.
bool CanFollow(const Rule& rule);

CascadeGraph BuildCascadeGraph(const Facts& facts);

}  // namespace stagecraft::sema

#endif  // STAGECRAFT_DSL_SEMA_ANALYSIS_CASCADE_GRAPH_H_
