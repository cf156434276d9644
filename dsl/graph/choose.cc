#include "dsl/graph/choose.h"

#include <algorithm>
#include <vector>

#include "dsl/support/nearest.h"
#include "dsl/support/text.h"

namespace stagecraft::graph {
namespace {

constexpr std::string_view kRules = "rules";
constexpr std::size_t kNamesShown = 6;

std::string UnknownProperty(const ir::Program& program, std::string_view of, const std::vector<std::uint32_t>& slots) {
  std::vector<std::string> names = {std::string(kRules)};
  std::string listed;
  for (const std::uint32_t slot : slots) {
    if (names.size() < kNamesShown) listed += "`" + program.properties[slot].name + "`, ";
    names.push_back(program.properties[slot].name);
  }
  const auto near = Nearest(of, names);
  return "there is no property with options called `" + std::string(of) + "`; " +
         (near.has_value() ? "did you mean `" + *near + "`?" : "expected " + listed + "or `rules`");
}

}  // namespace

tl::expected<RuleGraph, std::string> MakeGraph(const ir::Program& program, std::string_view of) {
  const std::string folded = FoldCase(of);
  const std::vector<std::uint32_t> slots = GraphProperties(program);
  const auto found = program.property_names.find(folded);
  if (found != program.property_names.end()) {
    if (std::count(slots.begin(), slots.end(), found->second) != 0) return StatusGraph(program, found->second);
    return tl::unexpected("`" + program.properties[found->second].name + "` is " +
                          std::string(sema::TypeWithArticle(program.properties[found->second].type)) +
                          "; a graph is of a property with options, such as `status`, or of `rules`");
  }
  if (folded == kRules) return CascadeGraph(program);
  return tl::unexpected(UnknownProperty(program, of, slots));
}

}  // namespace stagecraft::graph
