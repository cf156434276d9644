#include <algorithm>
#include <optional>
#include <utility>

#include "dsl/graph/edge_table.h"
#include "dsl/graph/moves.h"
#include "dsl/graph/rule_graph.h"

namespace stagecraft::graph {
namespace {

// As many arrows with the same words are still easier to read than one from "any".
constexpr std::size_t kArrowsMax = 2;
// "any" but this many can still be said in a few words.
constexpr std::size_t kExceptionsMax = 2;

class StatusGraphBuilder {
 public:
  StatusGraphBuilder(const ir::Program& program, std::uint32_t slot)
      : program_(program), property_(program.properties[slot]), slot_(slot), possible_(program, slot) {}

  RuleGraph Build() {
    RuleGraph graph;
    graph.title = property_.name;
    for (const std::uint32_t rule : RunningRules(program_)) AddRule(program_.rules[rule]);
    NumberNodes(graph);
    for (const Arrow& arrow : arrows_) table_.Add(numbers_[arrow.from], numbers_[arrow.to], false, arrow.cause);
    graph.edges = table_.Take();
    graph.cut = table_.full();
    return graph;
  }

 private:
  // Values by number; the two behind them stand for "not set" and "any".
  struct Arrow {
    std::uint32_t from = 0;
    std::uint32_t to = 0;
    Cause cause;
  };

  std::uint32_t any() const { return possible_.unset() + 1; }

  std::uint32_t TopOf(std::uint32_t value) const {
    if (value >= property_.options.size() || property_.options[value].parent < 0) return value;
    return static_cast<std::uint32_t>(property_.options[value].parent);
  }

  // Options with sub-values that are all there or all not stand for them.
  std::vector<std::uint32_t> TopValues(const Values& values) const {
    std::vector<std::uint32_t> result;
    for (std::uint32_t value = 0; value < values.size(); ++value) {
      const bool covered = TopOf(value) != value && values[TopOf(value)];
      if (values[value] && !covered) result.push_back(value);
    }
    return result;
  }

  void AddRule(const ir::Rule& rule) {
    for (const Move& move : MovesOf(program_, rule, slot_, possible_)) AddMove(rule, move);
  }

  void AddMove(const ir::Rule& rule, const Move& move) {
    const std::uint32_t to = move.to.value_or(any());
    const Cause cause{rule.name, {}, PlaceOf(program_, rule.place)};
    std::vector<std::uint32_t> from = TopValues(move.from);
    from.erase(std::remove(from.begin(), from.end(), to), from.end());
    if (from.empty()) return;
    if (move.from_any && from.size() > kArrowsMax) {
      arrows_.push_back({any(), to, cause});
      return;
    }
    const std::vector<std::uint32_t> exceptions = ExceptionsOf(move, to);
    if (from.size() > kArrowsMax && exceptions.size() <= kExceptionsMax) {
      Cause excepted = cause;
      for (const std::uint32_t option : exceptions) {
        excepted.note += (excepted.note.empty() ? "not from " : ", ") + property_.options[option].label;
      }
      arrows_.push_back({any(), to, std::move(excepted)});
      return;
    }
    for (const std::uint32_t value : from) arrows_.push_back({value, to, cause});
  }

  // The options that the rule keeps the move from coming from. That a stage does not go back goes without saying.
  std::vector<std::uint32_t> ExceptionsOf(const Move& move, std::uint32_t to) const {
    std::vector<std::uint32_t> result;
    for (std::uint32_t value = 0; value < possible_.unset(); ++value) {
      if (possible_.all()[value] && TopOf(value) == value && value != to && !move.from[value] && !move.refused[value])
        result.push_back(value);
    }
    return result;
  }

  bool IsUsed(std::uint32_t value) const {
    return std::any_of(arrows_.begin(), arrows_.end(), [value](const Arrow& arrow) { return arrow.from == value || arrow.to == value; });
  }

  void AddNode(RuleGraph& graph, std::uint32_t value, Node node) {
    numbers_[value] = static_cast<std::uint32_t>(graph.nodes.size());
    graph.nodes.push_back(std::move(node));
  }

  void NumberNodes(RuleGraph& graph) {
    numbers_.assign(any() + 1, 0);
    if (IsUsed(any())) AddNode(graph, any(), {Node::Kind::kAny, "any", "any " + property_.name, ir::OptionGroup::kNone, -1, {}});
    const std::uint32_t unset = possible_.unset();
    if (IsUsed(unset)) AddNode(graph, unset, {Node::Kind::kUnset, "unset", "no " + property_.name, ir::OptionGroup::kNone, -1, {}});
    for (const std::uint32_t value : OptionsInOrder()) {
      const ir::Option& option = property_.options[value];
      const std::uint32_t top = TopOf(value);
      if (top != value && !IsUsed(value)) continue;
      const std::string label = top == value ? option.label : property_.options[top].label + ": " + option.label;
      AddNode(graph, value, {Node::Kind::kOption, option.internal_name, label, option.group, option.rank, {}});
    }
  }

  std::vector<std::uint32_t> OptionsInOrder() const {
    std::vector<std::uint32_t> options;
    for (std::uint32_t value = 0; value < property_.options.size(); ++value) {
      if (property_.options[value].declared) options.push_back(value);
    }
    std::stable_sort(options.begin(), options.end(), [&](std::uint32_t a, std::uint32_t b) {
      return std::pair(property_.options[a].group, property_.options[a].rank) <
             std::pair(property_.options[b].group, property_.options[b].rank);
    });
    return options;
  }

  const ir::Program& program_;
  const ir::Property& property_;
  std::uint32_t slot_;
  PossibleValues possible_;
  std::vector<Arrow> arrows_;
  std::vector<std::uint32_t> numbers_;  // by value
  EdgeTable table_;
};

}  // namespace

RuleGraph StatusGraph(const ir::Program& program, std::uint32_t slot) { return StatusGraphBuilder(program, slot).Build(); }

std::vector<std::uint32_t> GraphProperties(const ir::Program& program) {
  std::vector<std::uint32_t> slots;
  for (std::uint32_t slot = 0; slot < program.properties.size(); ++slot) {
    const ir::Property& property = program.properties[slot];
    if (property.declared && !property.hidden && property.type == ir::Type::kOption) slots.push_back(slot);
  }
  const auto rank = [&](std::uint32_t slot) {
    return slot == program.well_known.status ? 0 : slot == program.well_known.lifecycle ? 1 : 2;
  };
  std::stable_sort(slots.begin(), slots.end(), [&](std::uint32_t a, std::uint32_t b) { return rank(a) < rank(b); });
  return slots;
}

}  // namespace stagecraft::graph
