// Pictures of what rules do, as data: how contacts move between the options of a property, and which rule can set off which.
#ifndef STAGECRAFT_DSL_GRAPH_RULE_GRAPH_H_
#define STAGECRAFT_DSL_GRAPH_RULE_GRAPH_H_

#include <cstdint>
#include <string>
#include <vector>

#include "dsl/ir/program.h"

namespace stagecraft::graph {

// Where something stands in the scripts; line 0: nowhere.
struct Place {
  std::string file;
  std::uint32_t line = 0;
};

struct Node {
  enum class Kind : std::uint8_t {
    kOption,  // of the property
    kAny,     // whatever the property is
    kUnset,   // the property is not set
    kRule,
    kSequence,  // a sequence
    kSla,       // `within … expect …`
  } kind = Kind::kOption;
  std::string id;     // unique in the graph, stable: the option's internal name, the rule's key in the layout; "any", "unset"
  std::string label;  // as people know it
  ir::OptionGroup group = ir::OptionGroup::kNone;  // kOption
  std::int32_t rank = -1;                          // kOption: its place in the order; -1: none
  Place place;                                     // kRule, kSequence, kSla
};

// One reason for an edge.
struct Cause {
  std::string text;  // of a status graph: the rule that moves contacts, as people know it; of a cascade: what it does ("status New")
  std::string note;  // "not from Recycle"; may be empty
  Place place;       // of the rule
};

struct Edge {
  std::uint32_t from = 0;  // into RuleGraph::nodes
  std::uint32_t to = 0;
  bool later = false;         // cascade: not at once, but in its time (`after 3 days in …`, a schedule, a date)
  std::vector<Cause> causes;  // in the order of the script
};

struct RuleGraph {
  enum class Kind : std::uint8_t { kProperty, kCascade } kind = Kind::kProperty;
  std::string title;  // "status", "rules"
  std::vector<Node> nodes;
  std::vector<Edge> edges;           // one for each pair of nodes (and `later`), in the order of the nodes
  std::uint32_t rules_left_out = 0;  // cascade: that neither set off another rule nor are set off by one
  bool cut = false;                  // there is more: it ends at kCausesMax
};

// Beyond it nobody can look at a graph any more.
inline constexpr std::size_t kCausesMax = 5'000;

// The moves that rules make between the options of the property `slot`, of type kOption. All its declared options are nodes, sub-values
// only where a rule names them; disabled rules are left out. An edge comes from the options that the rule's trigger and guards leave
// possible, from "any" where they do not tell.
RuleGraph StatusGraph(const ir::Program& program, std::uint32_t slot);

// Which rule's actions can set off which rule, as far as triggers and guards tell: a missing edge is certain, an edge is a "perhaps".
RuleGraph CascadeGraph(const ir::Program& program);

// The properties that a status graph can be made of: declared, for people, with options; `status` and `lifecycle` first.
std::vector<std::uint32_t> GraphProperties(const ir::Program& program);

}  // namespace stagecraft::graph

#endif  // STAGECRAFT_DSL_GRAPH_RULE_GRAPH_H_
