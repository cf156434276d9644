// The colours of a picture: light grounds under dark text (contrast above 10:1), told apart by lightness as well as by hue.
#ifndef STAGECRAFT_DSL_GRAPH_PALETTE_H_
#define STAGECRAFT_DSL_GRAPH_PALETTE_H_

#include <string_view>

#include "dsl/graph/rule_graph.h"

namespace stagecraft::graph {

struct Colours {
  std::string_view ground;  // behind a group
  std::string_view fill;    // of a node
  std::string_view line;    // around both
};

inline constexpr std::string_view kTextColour = "#0f172a";
inline constexpr std::string_view kMutedColour = "#475569";
inline constexpr std::string_view kEdgeColour = "#334155";
inline constexpr std::string_view kBackColour = "#b45309";

inline Colours ColoursOf(ir::OptionGroup group) {
  switch (group) {
    case ir::OptionGroup::kStart:
      return {"#eff6ff", "#bfdbfe", "#1d4ed8"};
    case ir::OptionGroup::kProcess:
      return {"#fffbeb", "#fde68a", "#b45309"};
    case ir::OptionGroup::kOutcome:
      return {"#f0fdf4", "#bbf7d0", "#15803d"};
    case ir::OptionGroup::kNone:
      break;
  }
  return {"#ffffff", "#e2e8f0", "#475569"};
}

}  // namespace stagecraft::graph

#endif  // STAGECRAFT_DSL_GRAPH_PALETTE_H_
